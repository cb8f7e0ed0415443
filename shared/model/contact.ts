import { elementsOf, type FieldRule, type Value } from './values';

const text = (name: string): FieldRule => ({ name, direction: 'both', merge: 'whole' });

/** A list of which Dynamics holds only the first few; what goes beyond stays in Exchange. */
const list = (name: string, dynamicsHolds: number): FieldRule => ({
  name,
  direction: 'both',
  merge: 'elements',
  inDynamics: (value: Value) => elementsOf(value).slice(0, dynamicsHolds),
});

/**
 * The fields of a contact. `birthday` and `anniversary` are `yyyy-MM-dd`; `company` is the name of the parent customer; `emails`, `businessPhones` and
 * `homePhones` are lists in the order of their slots; `emailNames` holds the display names of addresses (`address\nname`), known to Exchange alone.
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
  ...['mobilePhone', 'assistantPhone', 'businessFax', 'otherPhone', 'pager', 'callback', 'companyPhone'].map(text),
  ...['webPage', 'ftpSite', 'birthday', 'anniversary', 'notes'].map(text),
  ...['addressStreet', 'addressCity', 'addressState', 'addressPostalCode', 'addressCountry'].map(text),
];
