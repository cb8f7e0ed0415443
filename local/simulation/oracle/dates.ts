import { type Entry, isOn, type Side } from '../ledger';
import { type DateSeen, fieldsOfDate } from '../people/dates';
import type { RecordSeen } from '../people/records';
import { daysOfRule } from '../people/series-rule';
import type { Holding } from '../scene';

/** What is wrong with the dates of a series whose two sides are alive (promises 1, 3, 5 and 6). */
export function dateWrongs(entry: Entry, record: RecordSeen | undefined, copies: readonly Holding[]): string[] {
  const [holding] = copies;
  if (entry.entity !== 'series' || record === undefined || holding === undefined || copies.length > 1) return [];
  if (entry.wasClosed || entry.wasRestored || entry.mayBeHeld || entry.deleted.size > 0) return [];
  // Who was let go and is taken up again keeps what each side says.
  if (entry.wasUntracked || entry.mayHaveLeft) return [];
  const [rule = ''] = record.held.rule ?? [];
  if (rule === '' || rule !== holding.item.held.rule?.join()) return [];
  const shown = { record: byDay(record.dates), item: byDay(holding.item.dates) };
  const planned = new Set(daysOfRule(rule));
  const days = new Set([...planned, ...shown.record.keys(), ...shown.item.keys()]);
  return [...days].flatMap((on) => (planned.has(on) ? wrongsOn(entry, on, shown) : [`promise 5: ${on} is no date of the series`]));
}

type Shown = Readonly<Record<Side, ReadonlyMap<string, DateSeen>>>;

function wrongsOn(entry: Entry, on: string, shown: Shown): string[] {
  const [one, other] = [shown.record.get(on), shown.item.get(on)];
  if (one !== undefined && other !== undefined)
    return isGone(entry, on) ? [`promise 5: ${on}, which was deleted, is there`] : differences(on, one, other);
  if (!entry.datesDeleted.some((deleted) => deleted.on === on)) return [`promise 3: ${on} is gone and nobody deleted it`];
  if (one === undefined && other === undefined) return [];
  const [living, gone]: readonly Side[] = one === undefined ? ['item', 'record'] : ['record', 'item'];
  if (living === undefined || gone === undefined || hasUnseenEdit(entry, on, living, gone)) return [];
  return [`promise 6: ${on} is gone from the ${gone} and stands in the ${living}`];
}

/**
 * A date that somebody deleted stays deleted, unless the series got other dates, or went to somebody whose copy is made of the record, which kept the date because
 * whoever deleted it in Exchange had not seen an edit of it (promise 1).
 */
function isGone({ datesDeleted, edits, wasRecast, hasMoved }: Entry, on: string): boolean {
  const isUnseen = (shown: ReadonlySet<string>) => edits.some((edit) => edit.side === 'record' && isOn(edit, on) && !shown.has(edit.value));
  const stays = datesDeleted.filter((deleted) => deleted.on === on && !(hasMoved && deleted.side === 'item' && isUnseen(deleted.shown)));
  return !wasRecast && stays.length > 0;
}

/** A deletion takes along no edit that the deleter had not seen (promise 1): the date stays as each side has it. */
function hasUnseenEdit({ edits, shown }: Entry, on: string, living: Side, gone: Side): boolean {
  return edits.some((edit) => edit.side === living && isOn(edit, on) && !shown[gone].has(edit.value));
}

function differences(on: string, one: DateSeen, other: DateSeen): string[] {
  return fieldsOfDate.flatMap(({ name }) => {
    const [left, right] = [one.held[name]?.join() ?? '', other.held[name]?.join() ?? ''];
    return left === right ? [] : [`promise 6: ${name} of ${on} is '${left}' in Dynamics and '${right}' in Exchange`];
  });
}

function byDay(dates: readonly DateSeen[]): ReadonlyMap<string, DateSeen> {
  return new Map(dates.map((date) => [date.on, date]));
}
