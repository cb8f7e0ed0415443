import { z } from 'zod';
import { quoted } from './quoted';

/** An extended property as it is written; `id` follows Graph's grammar `type {guid} Name name` or `type tag`. */
export interface ExtendedProperty {
  readonly id: string;
  readonly value: string;
}

const tandemSet = '{7a9de300-1111-4b6e-9d2e-0a5c6a3b7e10}';

/** Which record an item belongs to. */
export const markerProperty = `String ${tandemSet} Name TandemLink`;

/** The name of what an appointment is about. */
export const regardingProperty = `String ${tandemSet} Name TandemRegarding`;

/** `singleValueExtendedProperties` as Graph returns it where it was expanded. */
export const extendedJson = z.array(z.object({ id: z.string(), value: z.string().nullish() })).nullish();

export type ExtendedJson = z.output<typeof extendedJson>;

/** The value of a property; null where the item has none or an empty one. Ids compare without regard to case: Graph returns GUIDs in lower case. */
export function extendedValue(properties: ExtendedJson, id: string): string | null {
  const found = properties?.find((property) => sameId(property.id, id));
  return found?.value === undefined || found.value === null || found.value === '' ? null : found.value;
}

/** The `$expand` that returns these properties; Graph shows an extended property only to who asks for it by id. */
export function expandOf(ids: readonly string[]): string {
  return `singleValueExtendedProperties($filter=${ids.map((id) => `id eq '${id}'`).join(' or ')})`;
}

/** The `$filter` that finds items by a property's value. */
export function filterOf(id: string, value: string): string {
  return `singleValueExtendedProperties/Any(ep: ep/id eq '${id}' and ep/value eq ${quoted(value)})`;
}

/** Tags come back in other spellings: `0x3A24` as `0x3a24`. */
function sameId(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
