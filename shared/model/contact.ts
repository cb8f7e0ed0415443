import { categoriesField, sensitivityField } from './exchange-only';
import { elementsOf, type FieldRule, normalText, type Value } from './values';

const text = (name: string): FieldRule => ({ name, direction: 'both', merge: 'whole' });
const fixedText = (name: string): FieldRule => ({ ...text(name), settable: false });

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
 * `address…` is Outlook's business address, in either mode, because Graph has no selector for the mailing address; `home…` and `other…` are its other two.
 */
export const contactFields: readonly FieldRule[] = [
  ...['firstName', 'middleName', 'lastName', 'salutation', 'suffix'].map(fixedText),
  ...['nickname', 'yomiFirstName', 'yomiLastName'].map(text),
  ...['jobTitle', 'department', 'manager', 'assistant', 'spouse', 'children', 'governmentId'].map(text),
  { name: 'company', direction: 'toExchange', merge: 'whole', settable: false },
  list('emails', 3),
  { name: 'emailNames', direction: 'none', merge: 'whole' },
  list('businessPhones', 2),
  list('homePhones', 2),
  { name: 'slots', direction: 'none', merge: 'whole' },
  ...['mobilePhone', 'assistantPhone', 'businessFax', 'otherPhone', 'pager', 'callback', 'companyPhone'].map(text),
  ...['webPage', 'ftpSite', 'birthday', 'anniversary'].map(text),
  { ...text('notes'), isNote: true },
  ...addressFields('address'),
  ...addressFields('home').map(joining),
  ...addressFields('other').map(joining),
  sensitivityField,
  categoriesField,
];

/** The fields of an address: of the business, the home or another one. */
function addressFields(which: 'address' | 'home' | 'other'): FieldRule[] {
  const street: FieldRule = {
    ...text(`${which}Street`),
    inDynamics: (value: Value) => (typeof value === 'string' ? normalText(streetLines(value).join('\n')) : null),
  };
  return [street, ...['City', 'State', 'PostalCode', 'Country'].map((part) => text(which + part))];
}

function joining(field: FieldRule): FieldRule {
  return { ...field, joins: true };
}

/** The fields that are left out where only the mailing address syncs, or all three do. */
export const addressModes = {
  mailing: new Set([...addressFields('home'), ...addressFields('other')].map(({ name }) => name)),
  all: new Set<string>(),
} as const satisfies Record<string, ReadonlySet<string>>;

/** A street as the three lines that Dynamics has for it: blank lines are left out, and what goes beyond stands in the third, separated by commas. */
export function streetLines(street: string): string[] {
  const lines = (normalText(street) ?? '').split('\n').filter((line) => line.trim() !== '');
  return lines.length <= 3 ? lines : [...lines.slice(0, 2), lines.slice(2).join(', ')];
}
