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
  ...addressTexts('address', 'address1'),
  ...addressTexts('home', 'address2'),
  ...addressTexts('other', 'address3'),
};

const dates: Readonly<Record<string, string>> = { birthday: 'birthdate', anniversary: 'anniversary' };

/** Fields that are lists, and the columns that hold their elements in order. */
const lists: Readonly<Record<string, readonly string[]>> = {
  emails: ['emailaddress1', 'emailaddress2', 'emailaddress3'],
  businessPhones: ['telephone1', 'business2'],
  homePhones: ['telephone2', 'home2'],
};

/** Fields that are streets, and the columns that hold their lines. */
const streets: Readonly<Record<string, readonly string[]>> = {
  addressStreet: streetColumns('address1'),
  homeStreet: streetColumns('address2'),
  otherStreet: streetColumns('address3'),
};

function addressTexts(field: string, columns: string): Record<string, string> {
  return {
    [`${field}City`]: `${columns}_city`,
    [`${field}State`]: `${columns}_stateorprovince`,
    [`${field}PostalCode`]: `${columns}_postalcode`,
    [`${field}Country`]: `${columns}_country`,
  };
}

function streetColumns(columns: string): string[] {
  return [1, 2, 3].map((line) => `${columns}_line${line}`);
}

/** Rows of `contact` and their values. */
export const contactTable: Table = {
  set: 'contacts',
  key: 'contactid',
  columns: [
    'contactid',
    ...Object.values(texts),
    ...Object.values(dates),
    ...Object.values(lists).flat(),
    ...Object.values(streets).flat(),
    '_parentcustomerid_value',
    'statecode',
    '_ownerid_value',
    'modifiedon',
  ],
  sources: {
    ...mapped({ ...texts, ...dates, company: 'parentcustomerid' }, (column) => [column]),
    ...lists,
    ...streets,
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
      ...mapped(streets, (columns) => normalText(present(columns.map((column) => textIn(row, column))).join('\n'))),
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
    const lines = typeof value === 'string' ? streetLines(value) : [];
    for (const [index, column] of (streets[field] ?? []).entries()) columns[column] = lines[index] ?? null;
  }
  return columns;
}

function mapped<From, To>(fields: Readonly<Record<string, From>>, read: (from: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(fields).map(([field, from]) => [field, read(from)]));
}

function present(texts: readonly (string | null)[]): string[] {
  return texts.filter((text) => text !== null);
}
