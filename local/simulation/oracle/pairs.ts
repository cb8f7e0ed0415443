import { castMember } from '../cast';
import type { Edit, Entry, OwnItem, Side } from '../ledger';
import { isItemOf, tellingValues } from '../pairing';
import { fieldsFollowed, itemKindOf } from '../people/fields';
import { isMeeting, type RecordSeen } from '../people/records';
import type { Holding, Scene } from '../scene';
import { dateWrongs } from './dates';
import type { Seen } from './look';

/** What is wrong with one record and its item (promises 1, 3, 5 and 6). */
export function entryWrongs(scene: Scene, entry: Entry, seen: Seen): string[] {
  const record = seen.records.get(entry.id);
  const byHand = scene.ledger.ownIds();
  const copies = seen.items.filter(({ item }) => isItemOf(entry, item, byHand));
  return [
    ...lostEdits(entry, record, copies, seen),
    ...wrongRecord(scene, entry, record, seen),
    ...wrongCopies(scene, entry, record, copies, seen),
    ...disagreements(entry, record, copies),
    ...dateWrongs(entry, record, copies),
  ].map((wrong) => `${wrong} (${entry.entity} ${entry.name})`);
}

/** Promise 1: what a person wrote stands somewhere, or in the journal, or a person who saw it gave it up. */
function lostEdits(entry: Entry, record: RecordSeen | undefined, copies: readonly Holding[], { journal }: Seen): string[] {
  const standing = new Set([record?.held, ...copies.map(({ item }) => item.held)].flatMap((held) => Object.values(held ?? {}).flat()));
  return entry.edits
    .filter(({ value, givenUp }) => !givenUp && !standing.has(value) && !journal.includes(told(value)))
    .map(({ side, field, value }) => `promise 1: '${value}', written to ${field} of the ${side}, is lost`);
}

/** Promises 1 and 3: a record is gone only where a person deleted it, or deleted its item and had seen every edit of it. */
function wrongRecord({ everSet }: Scene, entry: Entry, record: RecordSeen | undefined, { replaced }: Seen): string[] {
  if (entry.deleted.has('record')) return record === undefined ? [] : ['promise 5: the record came back'];
  if (record !== undefined) return [];
  if (entry.id === '') return unmade(entry);
  const setting = everSet.get(itemKindOf(entry.entity) === 'task' ? 'taskDeletedInExchange' : 'appointmentDeletedInExchange');
  const mayGo = entry.entity !== 'contact' && setting?.has('"delete"') === true;
  if (!mayGo || !(entry.deleted.has('item') || entry.wasRestored)) return ['promise 3: the record is gone and nobody deleted it'];
  return unseenEdits(entry, 'record', replaced).map(
    ({ value }) => `promise 1: the record was deleted with '${value}', which the deleter had not seen`,
  );
}

/** Promise 6: what its person wants in Dynamics has a record there, unless somebody removed it or put it away before Tandem had made one. */
function unmade({ isWished, deleted, wasClosed, wasElsewhere, wasRestored }: Entry): string[] {
  const mayLack = !isWished || deleted.size > 0 || wasClosed || wasElsewhere || wasRestored;
  return mayLack ? [] : ['promise 6: what somebody tracks has no record'];
}

/** Promise 5: one copy at the most, in the mailbox of its home, and none of what people removed. Promise 3: none is gone without a deletion. */
function wrongCopies(scene: Scene, entry: Entry, record: RecordSeen | undefined, copies: readonly Holding[], seen: Seen): string[] {
  const { deleted, hasMoved, wasElsewhere } = entry;
  const holders = copies.map(({ who }) => who.key);
  const mayStayBehind =
    hasMoved && (entry.wasClosed || entry.mayBeHeld || deleted.size > 0 || wasElsewhere || entry.mayHaveLeft || entry.wasUntracked);
  if (new Set(holders).size < holders.length || (copies.length > 1 && !mayStayBehind))
    return [`promise 5: copies lie with ${holders.join(', ')}`];
  if (entry.wasClosed || entry.wasRestored || entry.mayBeHeld) return [];
  if (deleted.size === 0 && !hasMoved && copies.length === 0 && (entry.wasUntracked || entry.staysInExchange))
    return ['promise 3: the item is gone, which was to stay when it was let go'];
  if (entry.wasUntracked && (hasMoved || !entry.isWished)) return [];
  if (deleted.has('record')) return strayedCopy(scene, entry, copies, seen);
  if (deleted.has('item')) return copies.length > 0 && !hasMoved ? ['promise 5: what was removed came back'] : [];
  if (record === undefined) return [];
  return wrongHolders(scene, entry, record, holders, seen);
}

/** The copy lies with the home of its record, and nowhere else; a record outside the filters needs none, and one that has ever left them may leave an old one behind. */
function wrongHolders(scene: Scene, entry: Entry, record: RecordSeen, holders: readonly string[], seen: Seen): string[] {
  const home = isMeeting(record.entity) ? record.organizer : record.owner;
  const expected = home !== null && seen.takingPart.has(home) ? (castMember(home)?.key ?? '') : '';
  if (holders.join() === expected) return [];
  // Who tracked the item wished for it in a mailbox of her own; in the one where it has moved the filters decide.
  const isLeftOut = (!entry.isWished || entry.hasMoved) && !scene.filters.letThrough(entry.entity, entry.mark, home);
  if (entry.mayHaveLeft && (isLeftOut || expected === '' || (entry.hasMoved && holders.includes(expected)))) return [];
  return [`promise 5: ${holders.join() || 'nobody'} holds the copy, not ${expected || 'nobody'}`];
}

/** The copy of a record that somebody deleted goes, unless it was edited, or the settings let contacts stay. */
function strayedCopy({ everSet }: Scene, entry: Entry, copies: readonly Holding[], { replaced }: Seen): string[] {
  const released = entry.entity === 'contact' && everSet.get('contactDeletedInDynamics')?.has('"release"') === true;
  if (
    copies.length === 0 ||
    released ||
    entry.deleted.has('item') ||
    entry.hasMoved ||
    entry.wasElsewhere ||
    entry.wasMarked ||
    entry.mayHaveLeft
  )
    return [];
  return unseenEdits(entry, 'item', replaced).length > 0 ? [] : ['promise 6: the copy of a deleted record stayed'];
}

/** Edits of one side that were still standing there and that nobody saw who looked at the other. */
function unseenEdits({ edits, shown }: Entry, side: Side, replaced: string): Edit[] {
  const seen = shown[side === 'record' ? 'item' : 'record'];
  return edits.filter((edit) => edit.side === side && !edit.givenUp && !seen.has(edit.value) && !replaced.includes(told(edit.value)));
}

/** How a value stands in a journal: in JSON. */
function told(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** Promise 6: no change stayed unnoticed, so both sides of a living pair say the same; and nothing that nobody wrote, or that somebody had replaced. */
function disagreements(entry: Entry, record: RecordSeen | undefined, copies: readonly Holding[]): string[] {
  const [held] = copies;
  if (record === undefined || held === undefined || copies.length > 1) return [];
  if (entry.wasClosed || entry.wasRestored || entry.mayBeHeld || entry.deleted.size > 0) return [];
  return fieldsFollowed(entry.entity).flatMap(({ name, kind }) => {
    const [one, other] = [record.held[name] ?? [], held.item.held[name] ?? []];
    // Who was let go and is taken up again keeps what each side says: only gaps in Exchange are filled.
    if (entry.wasUntracked || entry.mayHaveLeft) return unwritten(entry, name, [...one, ...other]);
    const written = entry.edits.filter(({ field }) => field === name).length;
    if (!agree(written, kind === 'list', one, other))
      return [`promise 6: ${name} is '${one.join('|')}' in Dynamics and '${other.join('|')}' in Exchange`];
    return one.flatMap((value) => {
      const last = entry.edits.findLast((edit) => edit.field === name && edit.value === value);
      if (last === undefined) return [`promise 1: nobody wrote '${value}' into ${name}`];
      return last.givenUp ? [`promise 1: '${value}' is back in ${name}, which had been replaced`] : [];
    });
  });
}

/** Promise 1: nothing stands there that nobody wrote. */
function unwritten({ edits }: Entry, name: string, values: readonly string[]): string[] {
  const written = new Set(edits.filter(({ field }) => field === name).map(({ value }) => value));
  return values.filter((value) => !written.has(value)).map((value) => `promise 1: nobody wrote '${value}' into ${name}`);
}

/** Of a list each side holds two. Where there were ever more, each keeps its own, even when there is room again (docs/limits.md). */
function agree(written: number, isList: boolean, one: readonly string[], other: readonly string[]): boolean {
  if (!isList) return one.join() === other.join();
  return written > 2 || [...one].sort().join() === [...other].sort().join();
}

/** What people made in Exchange by themselves is theirs alone: nothing of it is changed or removed (promises 1 and 3). */
export function ownWrongs(own: OwnItem, { items }: Seen): string[] {
  if (own.isGone) return [];
  const held = items.find(({ who, item }) => who === own.who && item.id === own.id)?.item.held;
  if (held === undefined) return [`promise 3: the ${own.entity} that ${own.who.key} made by hand is gone (${own.name})`];
  return fieldsFollowed(own.entity)
    .filter(({ name }) => (held[name] ?? []).join() !== (own.held[name] ?? []).join())
    .map(
      ({ name }) =>
        `promise 1: ${name} of the ${own.entity} that ${own.who.key} made by hand is '${held[name]?.join() ?? ''}' (${own.name})`,
    );
}

/** Nothing is there that no person made and that belongs to nothing that a person made (promise 5). */
export function strayWrongs(scene: Scene, { records, items }: Seen): string[] {
  const entries = [...scene.ledger.entries.values()];
  const known = new Set(entries.map(({ id }) => id));
  const byHand = scene.ledger.ownIds();
  const ownValues = new Set([...scene.ledger.own.values()].flatMap(tellingValues));
  const found: string[] = [];
  for (const { id, entity } of records.values())
    if (!known.has(id)) found.push(`promise 5: nobody made a ${entity} in Dynamics that is there`);
  for (const record of records.values())
    if (tellingValues(record).some((value) => ownValues.has(value)))
      found.push(`promise 5: a ${record.entity} was made of an item that nobody tracks`);
  for (const { who, item } of items)
    if (item.isOwn && !byHand.has(item.id) && !entries.some((entry) => isItemOf(entry, item, byHand)))
      found.push(`promise 5: nobody made a ${item.entity} of ${who.key} that is there`);
  return found;
}
