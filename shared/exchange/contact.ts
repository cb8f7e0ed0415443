import { z } from 'zod';
import type { SeenItem } from '../model/seen';
import { elementsOf, normalText, type Value, type Values } from '../model/values';
import { type ExtendedJson, type ExtendedProperty, expandOf, extendedJson, extendedValue, markerProperty } from './extended';
import { categoriesOf, headOf, itemHead, known, read, shaped, textOf } from './item';
import { dayOf, dayStamp, noDay } from './times';

/** Plain texts: field and Graph property. */
const texts = {
  firstName: 'givenName',
  middleName: 'middleName',
  lastName: 'surname',
  salutation: 'title',
  suffix: 'generation',
  nickname: 'nickName',
  yomiFirstName: 'yomiGivenName',
  yomiLastName: 'yomiSurname',
  jobTitle: 'jobTitle',
  company: 'companyName',
  department: 'department',
  manager: 'manager',
  assistant: 'assistantName',
  spouse: 'spouseName',
  mobilePhone: 'mobilePhone',
  webPage: 'businessHomePage',
  notes: 'personalNotes',
} as const;

/** Fields for which Graph has no property: MAPI tags (MS-OXPROPS). */
const extended = {
  assistantPhone: 'String 0x3A2E',
  businessFax: 'String 0x3A24',
  otherPhone: 'String 0x3A1F',
  pager: 'String 0x3A21',
  callback: 'String 0x3A02',
  companyPhone: 'String 0x3A57',
  ftpSite: 'String 0x3A4C',
  governmentId: 'String 0x3A07',
  anniversary: 'SystemTime 0x3A41',
} as const;

/** The parts of an address: end of the field's name, and Graph's name. */
const addressParts = { Street: 'street', City: 'city', State: 'state', PostalCode: 'postalCode', Country: 'countryOrRegion' } as const;

/** Graph's addresses of a contact, and the beginning of the names of their fields. */
const addresses = { businessAddress: 'address', homeAddress: 'home', otherAddress: 'other' } as const;

const nameParts = ['firstName', 'middleName', 'lastName', 'suffix'] as const;

/** Exchange keeps three addresses of a contact. */
const mostEmails = 3;

/** PidTagSensitivity: a contact of Graph has no property for it (MS-OXPROPS). */
export const sensitivityProperty = 'Integer 0x36';
const sensitivities = [null, 'personal', 'private', 'confidential'];

/** The fields that no reply shows unless `$expand` asks for them. */
export const contactUnechoed: readonly string[] = ['sensitivity', ...Object.keys(extended)];

/** The extended properties of a contact that is read whole. */
export const contactProperties: readonly string[] = [markerProperty, sensitivityProperty, ...Object.values(extended)];

/** The `$expand` of a contact that is read whole. */
export const contactExpand = expandOf(contactProperties);

const textJson = z.string().nullish();
const textsJson = z.array(textJson).nullish();
const addressJson = z.record(z.string(), z.unknown()).nullish();

const contactJson = z.looseObject({
  ...itemHead,
  birthday: textJson,
  children: textsJson,
  businessPhones: textsJson,
  homePhones: textsJson,
  emailAddresses: z.array(z.object({ name: textJson, address: textJson }).nullish()).nullish(),
  businessAddress: addressJson,
  homeAddress: addressJson,
  otherAddress: addressJson,
  singleValueExtendedProperties: extendedJson,
});

type ContactJson = z.output<typeof contactJson>;

/** A contact as a neutral item. `expanded` says that its extended properties were asked for; otherwise their fields are absent and the marker is null. */
export function contactOf(json: unknown, zone: string, expanded: boolean): SeenItem {
  const contact = shaped(contactJson, json, 'a contact');
  return {
    ...headOf(contact),
    kind: 'contact',
    feed: 'contacts',
    marker: extendedValue(contact.singleValueExtendedProperties, markerProperty),
    values: known({
      ...plainFields(contact),
      ...listFields(contact),
      ...addressFields(contact),
      birthday: read(contact.birthday, (stamp) => dayOf(stamp, zone)),
      categories: categoriesOf(contact),
      ...(expanded ? { sensitivity: sensitivityOf(contact.singleValueExtendedProperties) } : {}),
      ...(expanded ? extendedFields(contact.singleValueExtendedProperties, zone) : {}),
    }),
  };
}

/** The properties to write for these values; lists and addresses are written whole, the rest of them taken from `current`. */
export function contactBody(changes: Values, current: Values, marker: string | null): Record<string, unknown> {
  const all: Values = { ...current, ...changes };
  const has = (fields: readonly string[]) => fields.some((field) => field in changes);
  const body: Record<string, unknown> = {};
  for (const [field, property] of Object.entries(texts)) if (field in changes) body[property] = textOf(changes[field]);
  if (has(nameParts)) body.displayName = displayNameOf(all);
  if (has(['emails'])) body.emailAddresses = emailsOf(all);
  for (const list of ['businessPhones', 'homePhones']) if (has([list])) body[list] = elementsOf(changes[list]);
  if (has(['children'])) body.children = childrenOf(textOf(changes.children));
  if (has(['birthday'])) body.birthday = stampOf(textOf(changes.birthday));
  for (const [property, start] of Object.entries(addresses)) if (has(partsOf(start))) body[property] = addressOf(start, all);
  const properties = extendedOf(changes, marker);
  if (properties.length > 0) body.singleValueExtendedProperties = properties;
  return body;
}

function plainFields(contact: ContactJson): Record<string, Value | undefined> {
  const wire: Record<string, unknown> = contact;
  return Object.fromEntries(Object.entries(texts).map(([field, property]) => [field, read(wire[property], text)]));
}

function listFields(contact: ContactJson): Record<string, Value | undefined> {
  const emails = (contact.emailAddresses ?? []).flatMap((email) => {
    const [name, address] = [normalText(email?.name), normalText(email?.address)];
    return address === null ? [] : [{ name, address }];
  });
  const named = emails.filter(({ name, address }) => name !== null && name !== address);
  return {
    emails: read(contact.emailAddresses, () => emails.map(({ address }) => address)),
    emailNames: read(contact.emailAddresses, () => named.map(({ name, address }) => `${address}\n${name}`)),
    businessPhones: read(contact.businessPhones, elements),
    homePhones: read(contact.homePhones, elements),
    children: read(contact.children, (children) => normalText(elements(children).join(', '))),
  };
}

function addressFields(contact: ContactJson): Record<string, Value | undefined> {
  const of = (whole: ContactJson['homeAddress'], start: string): [string, Value | undefined][] =>
    Object.entries(addressParts).map(([end, part]) => [start + end, read(whole, (parts) => text(parts?.[part]))]);
  const { businessAddress, homeAddress, otherAddress } = addresses;
  return Object.fromEntries([
    ...of(contact.businessAddress, businessAddress),
    ...of(contact.homeAddress, homeAddress),
    ...of(contact.otherAddress, otherAddress),
  ]);
}

/** The fields of an address. */
function partsOf(start: string): string[] {
  return Object.keys(addressParts).map((end) => start + end);
}

function extendedFields(properties: ExtendedJson, zone: string): Record<string, Value> {
  const fieldOf = (field: string, id: string) => {
    const value = extendedValue(properties, id);
    return field === 'anniversary' ? dayOf(value, zone) : normalText(value);
  };
  return Object.fromEntries(Object.entries(extended).map(([field, id]) => [field, fieldOf(field, id)]));
}

function sensitivityOf(properties: ExtendedJson): string | null {
  const code = Number(extendedValue(properties, sensitivityProperty) ?? 0);
  return code in sensitivities ? (sensitivities[code] ?? null) : 'private';
}

function extendedOf(changes: Values, marker: string | null): ExtendedProperty[] {
  const properties = Object.entries(extended).flatMap(([field, id]) =>
    field in changes ? [{ id, value: extendedText(field, textOf(changes[field])) }] : [],
  );
  return marker === null ? properties : [{ id: markerProperty, value: marker }, ...properties];
}

/** An extended property cannot be set to null: a blank one is empty text, a blank time Outlook's "no date". */
function extendedText(field: string, value: string | null): string {
  if (field === 'anniversary') return value === null ? noDay : dayStamp(value);
  return value ?? '';
}

/** Exchange makes up a display name of its own unless one comes along with the parts (update contact docs). */
function displayNameOf(values: Values): string | null {
  return normalText(nameParts.flatMap((part) => textOf(values[part]) ?? []).join(' '));
}

/** Addresses with the names that Outlook shows for them, which Dynamics does not know. */
function emailsOf(values: Values): object[] {
  const names = new Map(elementsOf(values.emailNames).map((named) => splitOnce(named)));
  return elementsOf(values.emails)
    .slice(0, mostEmails)
    .map((email) => ({ address: email, name: names.get(email.toLowerCase()) ?? email }));
}

function splitOnce(named: string): [address: string, name: string] {
  const end = named.indexOf('\n');
  return [named.slice(0, end).toLowerCase(), named.slice(end + 1)];
}

function addressOf(start: string, values: Values): Record<string, string | null> {
  return Object.fromEntries(Object.entries(addressParts).map(([end, part]) => [part, textOf(values[start + end])]));
}

function childrenOf(children: string | null): string[] {
  return (children ?? '')
    .split(',')
    .map((child) => child.trim())
    .filter((child) => child !== '');
}

function stampOf(date: string | null): string | null {
  return date === null ? null : dayStamp(date);
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? normalText(value) : null;
}

function elements(list: readonly (string | null | undefined)[] | null): string[] {
  return (list ?? []).flatMap((element) => normalText(element) ?? []);
}
