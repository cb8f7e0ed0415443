import { categoriesField, sensitivityField } from './exchange-only';
import { elementsOf, type FieldRule, normalText, type Value } from './values';

const text = (name: string): FieldRule => ({ name, direction: 'both', merge: 'whole' });

/**
 * A list of which each side holds only the first few: Dynamics has so many columns, and Exchange so many slots (`PidTagBusiness2TelephoneNumber` and its like). An
 * item that holds more all the same keeps what goes beyond; it is never given more.
 */
const list = (name: string, most: number): FieldRule => ({
  name,
  direction: 'both',
  merge: 'elements',
  inDynamics: (value: Value) => elementsOf(value).slice(0, most),
  inExchange: (value: Value) => elementsOf(value).slice(0, most),
});

/**
 * The fields of a contact. `birthday` and `anniversary` are `yyyy-MM-dd`; `company` is the name of the parent customer; `emails`, `businessPhones` and
 * `homePhones` are lists in the order of their slots; `slots` names the columns that hold them, known to Dynamics alone; `emailNames` holds the display
 * names of addresses (`address\nname`), known to Exchange alone, as are `sensitivity` and `categories`.
 * The address is Outlook's business address (mailing-address mode: Graph has no selector for the mailing address).
 */
export const contactFields: readonly FieldRule[] = [
  ...['firstName', 'middleName', 'lastName', 'salutation', 'suffix', 'nickname', 'yomiFirstName', 'yomiLastName'].map(text),
  ...['jobTitle', 'department', 'manager', 'assistant', 'spouse', 'children', 'governmentId'].map(text),
  { name: 'company', direction: 'toExchange', merge: 'whole' },
  list('emails', 3),
  { name: 'emailNames', direction: 'none', merge: 'whole' },
  list('businessPhones', 2),
  list('homePhones', 2),
  { name: 'slots', direction: 'none', merge: 'whole' },
  ...['mobilePhone', 'assistantPhone', 'businessFax', 'otherPhone', 'pager', 'callback', 'companyPhone'].map(text),
  ...['webPage', 'ftpSite', 'birthday', 'anniversary', 'notes'].map(text),
  {
    name: 'addressStreet',
    direction: 'both',
    merge: 'whole',
    inDynamics: (value: Value) => (typeof value === 'string' ? normalText(streetLines(value).join('\n')) : null),
  },
  ...['addressCity', 'addressState', 'addressPostalCode', 'addressCountry'].map(text),
  sensitivityField,
  categoriesField,
];

/** A street as the three lines that Dynamics has for it: blank lines are left out, and what goes beyond stands in the third, separated by commas. */
export function streetLines(street: string): string[] {
  const lines = (normalText(street) ?? '').split('\n').filter((line) => line.trim() !== '');
  return lines.length <= 3 ? lines : [...lines.slice(0, 2), lines.slice(2).join(', ')];
}
