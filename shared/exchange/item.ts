import { z } from 'zod';
import type { ItemKind } from '../model/entity';
import type { Feed } from '../model/seen';
import type { Value, Values } from '../model/values';
import { unexpected } from './errors';

/** What every item of Graph has. Only the id is sure: occurrences in a delta have little else. */
export const itemHead = {
  id: z.string(),
  '@odata.etag': z.string().nullish(),
  lastModifiedDateTime: z.string().nullish(),
  categories: z.array(z.string().nullish()).nullish(),
} as const;

/** The parts of a `SeenItem` that are alike for all entities. */
export function headOf(json: { id: string; '@odata.etag'?: string | null | undefined; lastModifiedDateTime?: string | null | undefined }): {
  readonly id: string;
  readonly version: string;
  readonly modifiedAt: number;
} {
  const modifiedAt = Date.parse(json.lastModifiedDateTime ?? '');
  return { id: json.id, version: json['@odata.etag'] ?? '', modifiedAt: Number.isNaN(modifiedAt) ? 0 : modifiedAt };
}

/** The categories of an item; sorted, for their order means nothing. Undefined where the reply did not have them. */
export function categoriesOf({
  categories,
}: {
  categories?: readonly (string | null | undefined)[] | null | undefined;
}): Value | undefined {
  return read(categories, (names) => (names ?? []).flatMap((name) => name ?? []).sort());
}

/** JSON in the shape that Graph documents; anything else throws `unexpected-reply` with the place that did not fit. */
export function shaped<T>(schema: z.ZodType<T>, json: unknown, what: string): T {
  const { success, data, error } = schema.safeParse(json);
  if (!success) throw unexpected(`${what} does not fit at ${error.issues[0]?.path.join('.') ?? ''}`);
  return data;
}

/** Values without the fields that were not read. */
export function known(values: Readonly<Record<string, Value | undefined>>): Values {
  const entries = Object.entries(values).flatMap(([name, value]): [string, Value][] => (value === undefined ? [] : [[name, value]]));
  return Object.fromEntries(entries);
}

/** What `read` makes of a property; undefined where the reply did not have it. */
export function read<T>(property: T | undefined, reader: (value: T) => Value): Value | undefined {
  return property === undefined ? undefined : reader(property);
}

/** A value as text; null for anything else. */
export function textOf(value: Value | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** The kind of items that live in a feed. */
export function kindIn(feed: Feed): ItemKind {
  if (feed === 'calendar') return 'event';
  return feed === 'contacts' ? 'contact' : 'task';
}

/** The task list behind a feed. */
export function taskListOf(feed: Feed): string {
  return feed.startsWith('tasks:') ? feed.slice('tasks:'.length) : '';
}
