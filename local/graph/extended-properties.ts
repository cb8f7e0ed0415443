import { z } from 'zod';
import { badBody, badUri, invalidRequest, notImplemented } from './errors';
import { type Condition, parseFilter } from './filter-syntax';
import { parseInstant, plainStamp } from './time';

/** Extended properties of one item: value by canonical id. They are never shown unless `$expand` asks for them by id. */
export type ExtendedProperties = Readonly<Record<string, string>>;

export const extendedPropertiesSchema = z.array(z.strictObject({ id: z.string(), value: z.string().nullable() }));

const types = ['String', 'Integer', 'Boolean', 'SystemTime', 'Double', 'Float', 'Short', 'Long', 'Currency', 'CLSID', 'ApplicationTime'];
const guid = '\\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\}?';
const named = new RegExp(`^(\\w+) ${guid} Name (.+)$`, 'i');
const numbered = new RegExp(`^(\\w+) ${guid} Id (0x[0-9a-f]+|\\d+)$`, 'i');
const tagged = /^(\w+) 0x([0-9a-f]{1,4})$/i;

/** MAPI tags behind a contact's own properties: reading one through the other is not simulated. */
const tagsOfContactProperties = new Set([
  '0x3a06',
  '0x3a08',
  '0x3a09',
  '0x3a0a',
  '0x3a11',
  '0x3a16',
  '0x3a17',
  '0x3a18',
  '0x3a1b',
  '0x3a1c',
  '0x3a2f',
  '0x3a30',
  '0x3a42',
  '0x3a44',
  '0x3a45',
  '0x3a48',
  '0x3a4e',
  '0x3a4f',
  '0x3a51',
  '0x3a58',
]);

/**
 * The one spelling of an extended property's id: GUID in lower case, tag without leading zeros. The name's case counts (extended properties docs).
 * Undefined where it follows none of the three forms.
 */
export function canonicalId(id: string): string | undefined {
  if (!readIds.has(id)) {
    if (readIds.size > 1000) readIds.clear();
    readIds.set(id, readId(id));
  }
  return readIds.get(id);
}

const readIds = new Map<string, string | undefined>();

function readId(id: string): string | undefined {
  const byName = named.exec(id);
  if (byName !== null) return withType(byName[1], `{${byName[2]?.toLowerCase()}} Name ${byName[3]}`);
  const byNumber = numbered.exec(id);
  if (byNumber !== null) return withType(byNumber[1], `{${byNumber[2]?.toLowerCase()}} Id 0x${Number(byNumber[3]).toString(16)}`);
  const byTag = tagged.exec(id);
  return byTag === null ? undefined : withType(byTag[1], `0x${Number.parseInt(byTag[2] ?? '', 16).toString(16)}`);
}

function withType(given: string | undefined, rest: string): string | undefined {
  const type = types.find((each) => each.toLowerCase() === given?.toLowerCase());
  return type === undefined ? undefined : `${type} ${rest}`;
}

/** Whether two ids name the same property. */
export function sameExtendedId(left: string, right: string): boolean {
  const canonical = canonicalId(left);
  return canonical !== undefined && canonical === canonicalId(right);
}

/** The properties after a write that sent `changes`; a null value takes one away. */
export function writeExtended(
  before: ExtendedProperties,
  changes: z.output<typeof extendedPropertiesSchema>,
  owner: 'event' | 'contact',
): ExtendedProperties {
  const after: Record<string, string> = { ...before };
  for (const { id, value } of changes) {
    const canonical = requireCanonical(id, owner);
    if (value === null) delete after[canonical];
    else after[canonical] = readValue(canonical, value);
  }
  return after;
}

/** The ids that `$expand=singleValueExtendedProperties($filter=…)` asks for. */
export function expandedIds(filter: string | undefined, owner: 'event' | 'contact'): string[] {
  if (filter === undefined) throw badUri('The expand of singleValueExtendedProperties needs a $filter on id.');
  return [...idsIn(parseFilter(filter))].map((id) => requireCanonical(id, owner));
}

/** The asked properties that the item has, as `$expand` shows them; undefined where it has none. */
export function showExtended(properties: ExtendedProperties, ids: readonly string[]): { id: string; value: string }[] | undefined {
  const shown = ids.flatMap((id) => (properties[id] === undefined ? [] : [{ id, value: properties[id] }]));
  return shown.length === 0 ? undefined : shown;
}

/** All properties, for `$filter` alone. */
export function listExtended(properties: ExtendedProperties): { id: string; value: string }[] {
  return Object.entries(properties).map(([id, value]) => ({ id, value }));
}

function* idsIn(condition: Condition): Generator<string> {
  if (condition.kind === 'or') {
    yield* idsIn(condition.left);
    yield* idsIn(condition.right);
    return;
  }
  const { left, right } = condition.kind === 'compare' && condition.operator === 'eq' ? condition : { left: undefined, right: undefined };
  if (left?.kind !== 'path' || left.path.join('/') !== 'id' || right?.kind !== 'literal' || typeof right.value !== 'string')
    throw badUri('An expand of singleValueExtendedProperties can only be filtered by id.');
  yield right.value;
}

function requireCanonical(id: string, owner: 'event' | 'contact'): string {
  const canonical = canonicalId(id);
  if (canonical === undefined) throw invalidRequest(`The extended property id '${id}' is invalid.`);
  const tag = tagged.test(id) ? canonical.split(' ')[1] : undefined;
  if (owner === 'contact' && tag !== undefined && tagsOfContactProperties.has(tag))
    throw notImplemented(`the property tag ${tag} of a contact's own property`);
  return canonical;
}

function readValue(id: string, value: string): string {
  if (!id.startsWith('SystemTime ')) return value;
  const instant = parseInstant(value);
  if (instant === undefined) throw badBody(`Cannot convert the literal '${value}' to the type 'Edm.DateTimeOffset'.`);
  return plainStamp(instant);
}
