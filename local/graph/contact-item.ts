import { z } from 'zod';
import type { Writable } from './call';
import { badProperty } from './errors';
import { type ExtendedProperties, extendedPropertiesSchema, writeExtended } from './extended-properties';
import type { Item } from './mailbox';
import { parseInstant, plainStamp } from './time';

export const textNames = [
  'givenName',
  'middleName',
  'surname',
  'displayName',
  'fileAs',
  'initials',
  'nickName',
  'title',
  'generation',
  'jobTitle',
  'companyName',
  'department',
  'officeLocation',
  'profession',
  'manager',
  'assistantName',
  'spouseName',
  'businessHomePage',
  'personalNotes',
  'mobilePhone',
  'yomiGivenName',
  'yomiSurname',
  'yomiCompanyName',
] as const;
export const listNames = ['children', 'businessPhones', 'homePhones', 'imAddresses', 'categories'] as const;
export const addressNames = ['businessAddress', 'homeAddress', 'otherAddress'] as const;
export const slotNames = ['primaryEmailAddress', 'secondaryEmailAddress', 'tertiaryEmailAddress'] as const;

type TextName = (typeof textNames)[number];
type ListName = (typeof listNames)[number];
type AddressName = (typeof addressNames)[number];

export interface EmailAddress {
  readonly name: string;
  readonly address: string;
}
type PhysicalAddress = Readonly<Record<string, string>>;

/** A contact as Exchange keeps it. */
export interface StoredContact extends Item, ContactFields {}

export interface ContactFields {
  texts: Readonly<Record<TextName, string | null>>;
  lists: Readonly<Record<ListName, readonly string[]>>;
  addresses: Readonly<Record<AddressName, PhysicalAddress>>;
  /** Three places; a contact may have its second address and no first. */
  emails: readonly (EmailAddress | null)[];
  birthday: string | null;
  extended: ExtendedProperties;
}

export interface StoredContactFolder extends Item {
  displayName: string;
}

const text = z.string().nullish();
const list = z.array(z.string().nullable()).nullish();
const email = z.strictObject({ name: text, address: text }).nullish();
const address = z.strictObject({ street: text, city: text, state: text, countryOrRegion: text, postalCode: text }).nullish();

function each<N extends string, S>(names: readonly N[], schema: S): Record<N, S> {
  return Object.fromEntries(names.map((name) => [name, schema])) as Record<N, S>;
}

export const writableContact = {
  type: 'contact',
  schema: z.strictObject({
    ...each(textNames, text),
    ...each(listNames, list),
    ...each(addressNames, address),
    ...each(slotNames, email),
    emailAddresses: z.array(email).nullish(),
    birthday: text,
    singleValueExtendedProperties: extendedPropertiesSchema.optional(),
  }),
  readOnly: ['id', 'changeKey', 'createdDateTime', 'lastModifiedDateTime', 'parentFolderId'],
  unsupported: ['extensions', 'multiValueExtendedProperties', 'photo', 'flag', 'gender', 'weddingAnniversary'],
} satisfies Writable<z.ZodType>;
export type ContactInput = z.output<typeof writableContact.schema>;

export const emptyContact: ContactFields = {
  texts: each(textNames, null),
  lists: each(listNames, []),
  addresses: each(addressNames, {}),
  emails: [null, null, null],
  birthday: null,
  extended: {},
};

/** The contact after a write. Exchange drops blank phones, and makes display and file-as names again when a part of the name changes. */
export function writeContact(before: ContactFields, input: ContactInput): ContactFields {
  const texts = { ...before.texts };
  for (const name of textNames) if (input[name] !== undefined) texts[name] = input[name];
  const lists = { ...before.lists };
  for (const name of listNames) if (input[name] !== undefined) lists[name] = writeList(name, input[name]);
  const addresses = { ...before.addresses };
  for (const name of addressNames) if (input[name] !== undefined) addresses[name] = filled(input[name] ?? {});

  const nameChanged = (['givenName', 'middleName', 'surname', 'generation'] as const).some((name) => texts[name] !== before.texts[name]);
  if (input.displayName === undefined && nameChanged) texts.displayName = displayNameOf(texts);
  if (input.fileAs === undefined && nameChanged) texts.fileAs = fileAsOf(texts);
  return {
    texts,
    lists,
    addresses,
    emails: writeEmails(before.emails, input),
    birthday: input.birthday === undefined ? before.birthday : writeBirthday(input.birthday),
    extended: writeExtended(before.extended, input.singleValueExtendedProperties ?? [], 'contact'),
  };
}

function writeList(name: ListName, given: readonly (string | null)[] | null): string[] {
  const kept = (given ?? []).flatMap((entry) => (entry === null || entry.trim() === '' ? [] : [entry]));
  if ((name === 'businessPhones' || name === 'homePhones') && kept.length > 2) throw badProperty(`A contact holds at most two ${name}.`);
  return kept;
}

function writeEmails(before: readonly (EmailAddress | null)[], input: ContactInput): (EmailAddress | null)[] {
  let slots = [...before];
  if (input.emailAddresses !== undefined) {
    const kept = (input.emailAddresses ?? []).flatMap((entry) => writeEmail(entry) ?? []);
    if (kept.length > slotNames.length) throw badProperty('A contact holds at most three e-mail addresses.');
    slots = slotNames.map((_, index) => kept[index] ?? null);
  }
  return slots.map((slot, index) => {
    const given = input[slotNames[index] ?? 'primaryEmailAddress'];
    return given === undefined ? slot : writeEmail(given);
  });
}

function writeEmail(given: z.output<typeof email>): EmailAddress | null {
  const address = given?.address?.trim() ?? '';
  return address === '' ? null : { name: given?.name ?? address, address };
}

function writeBirthday(given: string | null): string | null {
  if (given === null) return null;
  const instant = parseInstant(given);
  if (instant === undefined) throw badProperty(`Cannot convert '${given}' to the birthday of a contact.`);
  return plainStamp(instant);
}

function displayNameOf(texts: ContactFields['texts']): string {
  return joined([texts.givenName, texts.middleName, texts.surname, texts.generation], ' ');
}

function fileAsOf(texts: ContactFields['texts']): string {
  return joined([texts.surname, joined([texts.givenName, texts.middleName], ' ')], ', ');
}

function joined(parts: readonly (string | null)[], separator: string): string {
  return parts.filter((part) => part !== null && part !== '').join(separator);
}

function filled(address: Readonly<Record<string, string | null | undefined>>): PhysicalAddress {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(address)) if (value !== null && value !== undefined && value !== '') kept[name] = value;
  return kept;
}
