import type { ItemKind } from '../model/entity';
import { elementsOf, normalText, type Value, type Values } from '../model/values';

/** An item of which nothing is linked, as far as it takes to tell whether it and a record are the same. */
export interface Candidate {
  readonly id: string;
  /** The record that its marker names, as `pairName`s name it, if it is one of this integration; null for an item without any marker. */
  readonly markedFor: string | null;
  /** False for what its owner keeps private, what is over, and what carries a marker of somewhere else. */
  readonly isFree: boolean;
  readonly keys: readonly string[];
}

/** A record that has no item yet. */
export interface Seeker {
  readonly name: string;
  readonly keys: readonly string[];
}

/**
 * The natural keys of a record or an item: two that share one may be the same. A contact has one for each address, with its name; a task its subject and due date;
 * an event its iCalUId and its subject and start, and a series with these how it goes on. None where half of a key is missing: then nobody can tell.
 */
export function naturalKeys(kind: ItemKind, values: Values): string[] {
  switch (kind) {
    case 'contact':
      return contactKeys(values);
    case 'task':
      return keyOf('due', values.subject, values.dueDate);
    case 'event':
      return [...keyOf('ical', values.iCalUId), ...keyOf('start', values.subject, startOf(values.time))];
    case 'series':
      return [...keyOf('ical', values.iCalUId), ...keyOf('series', values.subject, startOf(values.time), values.recurrence)];
  }
}

/** The keys by which a record seeks: one that knows its iCalUId is no other meeting, whatever that is called. */
export function seekingKeys(kind: ItemKind, values: Values): string[] {
  const keys = naturalKeys(kind, values);
  const known = keys.filter((key) => key.startsWith('["ical"'));
  return known.length > 0 ? known : keys;
}

/**
 * Which candidate belongs to which record, by name. One that carries the record's own marker is its item, whatever it looks like now. Any other has to be the one
 * candidate on both sides: the only item that this record fits, and no other record that seeks fits it (design: first meeting). `rivals` are the keys of all records
 * of the home that have no item, by name.
 */
export function twinsOf(
  seekers: readonly Seeker[],
  candidates: readonly Candidate[],
  rivals: ReadonlyMap<string, readonly string[]>,
): Map<string, string> {
  const found = new Map<string, string>();
  for (const seeker of seekers) {
    const own = candidates.filter(({ markedFor }) => markedFor === seeker.name);
    const best = own.find(({ keys }) => share(keys, seeker.keys)) ?? own.toSorted((left, right) => (left.id < right.id ? -1 : 1))[0];
    if (best !== undefined) found.set(seeker.name, best.id);
  }
  const free = candidates.filter(({ isFree, markedFor }) => isFree && markedFor === null);
  for (const seeker of seekers) {
    if (found.has(seeker.name)) continue;
    const [twin, ...more] = fitting(seeker, free);
    if (twin === undefined || more.length > 0) continue;
    const others = [...new Map([...rivals, ...seekers.map(({ name, keys }) => [name, keys] as const)])];
    if (!others.some(([name, keys]) => name !== seeker.name && share(keys, twin.keys))) found.set(seeker.name, twin.id);
  }
  return found;
}

/** The candidates that share a key with a record. */
export function fitting({ keys }: Pick<Seeker, 'keys'>, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter((candidate) => share(candidate.keys, keys));
}

function contactKeys(values: Values): string[] {
  const name = words([values.firstName, values.lastName]);
  if (name === null) return [];
  return elementsOf(values.emails).flatMap((address) => keyOf('address', address, name));
}

function keyOf(of: string, ...parts: readonly (Value | undefined)[]): string[] {
  const told = parts.map((part) => words([part]));
  return told.includes(null) ? [] : [JSON.stringify([of, ...told])];
}

/** The texts as they are compared: without regard to case and to how they are spaced. */
function words(texts: readonly (Value | undefined)[]): string | null {
  const told = texts.flatMap((text) => (typeof text === 'string' ? [text] : [])).join(' ');
  return normalText(told.replace(/\s+/g, ' ').trim().toLowerCase());
}

function startOf(time: Value | undefined): string | null {
  return typeof time === 'string' ? (time.split('/')[0] ?? null) : null;
}

function share(left: readonly string[], right: readonly string[]): boolean {
  return left.some((key) => right.includes(key));
}
