import { streetLines } from '../model/contact';
import type { SeenRecord } from '../model/seen';
import { elementsOf, normalText, type Values } from '../model/values';
import { dateIn, lookupNameIn, numberIn, type Row, recordFacts, textIn } from './row';
import { slotColumns } from './slots';
import type { Table } from './table';

/** Fields that one text column holds. */
const texts: Readonly<Record<string, string>> = {
  firstName: 'firstname',
  middleName: 'middlename',
  lastName: 'lastname',
  salutation: 'salutation',
  suffix: 'suffix',
  nickname: 'nickname',
  yomiFirstName: 'yomifirstname',
  yomiLastName: 'yomilastname',
  jobTitle: 'jobtitle',
  department: 'department',
  manager: 'managername',
  assistant: 'assistantname',
  spouse: 'spousesname',
  children: 'childrensnames',
  governmentId: 'governmentid',
  mobilePhone: 'mobilephone',
  assistantPhone: 'assistantphone',
  businessFax: 'fax',
  otherPhone: 'telephone3',
  pager: 'pager',
  callback: 'callback',
  companyPhone: 'company',
  webPage: 'websiteurl',
  ftpSite: 'ftpsiteurl',
  notes: 'description',
  addressCity: 'address1_city',
  addressState: 'address1_stateorprovince',
  addressPostalCode: 'address1_postalcode',
  addressCountry: 'address1_country',
};

const dates: Readonly<Record<string, string>> = { birthday: 'birthdate', anniversary: 'anniversary' };

/** Fields that are lists, and the columns that hold their elements in order. */
const lists: Readonly<Record<string, readonly string[]>> = {
  emails: ['emailaddress1', 'emailaddress2', 'emailaddress3'],
  businessPhones: ['telephone1', 'business2'],
  homePhones: ['telephone2', 'home2'],
};

const streetColumns = ['address1_line1', 'address1_line2', 'address1_line3'];

/** Rows of `contact` and their values. */
export const contactTable: Table = {
  set: 'contacts',
  key: 'contactid',
  columns: [
    'contactid',
    ...Object.values(texts),
    ...Object.values(dates),
    ...Object.values(lists).flat(),
    ...streetColumns,
    '_parentcustomerid_value',
    'statecode',
    '_ownerid_value',
    'modifiedon',
  ],
  sources: {
    ...mapped({ ...texts, ...dates, company: 'parentcustomerid' }, (column) => [column]),
    ...lists,
    addressStreet: streetColumns,
  },
  home: (systemUserId) => `_ownerid_value eq ${systemUserId} and statecode eq 0`,
  recordOf,
  columnsOf,
};

function recordOf(row: Row): SeenRecord {
  const filled = Object.values(lists)
    .flat()
    .filter((column) => textIn(row, column) !== null);
  return {
    entity: 'contact',
    ...recordFacts(row, 'contactid'),
    organizer: null,
    standing: numberIn(row, 'statecode') === 1 ? 'inactive' : 'open',
    values: {
      ...mapped(texts, (column) => textIn(row, column)),
      ...mapped(dates, (column) => dateIn(row, column)),
      ...mapped(lists, (columns) => present(columns.map((column) => textIn(row, column)))),
      slots: filled,
      company: lookupNameIn(row, 'parentcustomerid'),
      addressStreet: normalText(present(streetColumns.map((column) => textIn(row, column))).join('\n')),
    },
  };
}

function columnsOf(changes: Values, current: Values): Row {
  const columns: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(changes)) {
    const single = texts[field] ?? dates[field];
    if (single !== undefined) columns[single] = value;
    const slots = lists[field];
    if (slots !== undefined)
      Object.assign(columns, slotColumns(slots, elementsOf(value), elementsOf(current[field]), elementsOf(current.slots)));
  }
  if ('addressStreet' in changes) {
    const lines = typeof changes.addressStreet === 'string' ? streetLines(changes.addressStreet) : [];
    for (const [index, column] of streetColumns.entries()) columns[column] = lines[index] ?? null;
  }
  return columns;
}

function mapped<From, To>(fields: Readonly<Record<string, From>>, read: (from: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(fields).map(([field, from]) => [field, read(from)]));
}

function present(texts: readonly (string | null)[]): string[] {
  return texts.filter((text) => text !== null);
}
