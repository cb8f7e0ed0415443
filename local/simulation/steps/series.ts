import type { Entry, Side } from '../ledger';
import { type DateSeen, fieldOn, fieldsOfDate } from '../people/dates';
import type { Held } from '../people/fields';
import type { RecordSeen } from '../people/records';
import { clockOn } from '../people/series-rule';
import type { Holding, Scene } from '../scene';
import type { Step } from '../story';
import { allFields, anybody, member, somebody } from './choices';
import { editRecord } from './dynamics';
import { editItem } from './exchange';
import type { StepKind } from './kind';

/** So many of the first dates of a series are what people care about. */
const nearDates = 4;
/** A series keeps so many dates at least: one without any is none. */
const fewestDates = 3;

const entities = () => ['series'] as const;

/** What people do about recurring series, besides what they do to every record and item. */
export const seriesSteps: readonly StepKind[] = [
  {
    name: 'makeSeries',
    weight: 2,
    about: 'makes',
    entities,
    async play(scene, step) {
      const who = step.who % 5 === 4 ? anybody(step) : member(step);
      const held = allFields(scene, 'series', step);
      const id = await scene.records.make(who, 'series', held);
      scene.ledger.made(step.on ?? '', 'series', id, held);
      scene.say(`${who.key} makes the series ${step.on}: ${held.rule?.join()} at ${held.time?.join()}`);
    },
  },
  {
    name: 'makeOwnSeries',
    weight: 0.3,
    about: 'alone',
    entities,
    async play(scene, step) {
      const who = member(step);
      const held = allFields(scene, 'series', step);
      const id = await scene.items.make(who, 'series', held);
      scene.ledger.madeOwn({ name: `own ${step.id}`, entity: 'series', who, id, held });
      scene.say(`${who.key} makes a series of her own in Exchange`);
    },
  },
  touching('editSeries', 1.5, async (scene, step, { entry, record, holding }) => {
    if (step.pick % 2 === 0) await editRecord(scene, entry, record, step);
    else if (holding !== undefined) await editItem(scene, step, entry, holding);
  }),
  touching('editDate', 2.5, async (scene, step, hands) => {
    await editDate(scene, step, hands, sideOf(step), step.pick);
  }),
  touching('deleteDate', 1.5, async (scene, step, hands) => {
    await deleteDate(scene, step, hands, sideOf(step));
  }),
  touching('clashOnDate', 1.5, async (scene, step, hands) => {
    const sides: readonly Side[] = step.pick % 2 === 0 ? ['record', 'item'] : ['item', 'record'];
    const [one = 'record', other = 'item'] = sides;
    const way = Math.floor(step.pick / 64) % 5;
    if (way === 0) await deleteDate(scene, step, hands, one);
    else if (way === 1) await recast(scene, step, hands, one);
    else await editDate(scene, step, hands, one, step.pick);
    if (way === 2) await deleteDate(scene, step, hands, other);
    else await editDate(scene, step, hands, other, way === 3 ? step.pick : step.pick + 13, 1);
  }),
];

interface Hands {
  readonly entry: Entry;
  readonly record: RecordSeen;
  readonly holding: Holding | undefined;
}

async function editDate(scene: Scene, step: Step, hands: Hands, side: Side, pick: number, offset = 0): Promise<void> {
  const seen = seenOn(hands, side);
  const date = seen === undefined ? undefined : nearDate(seen.dates, step);
  const field = fieldsOfDate[Math.floor(pick / 13) % fieldsOfDate.length];
  if (seen === undefined || date === undefined || field === undefined) return;
  const number = step.id * 20 + 17 + offset;
  const next: Held = field.kind === 'hour' ? [clockOn(date.on, number)] : scene.value(field.kind, number);
  if (side === 'record') await scene.records.editDate(somebody, date, field.toRow(next));
  else if (hands.holding !== undefined) await scene.items.editDate(hands.holding.who, date, field.toItem(next));
  scene.ledger.edited(hands.entry, side, seen.held, fieldOn(field.name, date.on), next);
  scene.say(`${hands.entry.name}: ${field.name} of ${date.on} is set to ${next.join()} ${nameOf(side)}`);
}

async function deleteDate(scene: Scene, step: Step, hands: Hands, side: Side): Promise<void> {
  const seen = seenOn(hands, side);
  const date = seen === undefined ? undefined : nearDate(seen.dates, step);
  if (seen === undefined || date === undefined || seen.dates.length < fewestDates) return;
  if (side === 'record') await scene.records.removeDate(somebody, date);
  else if (hands.holding !== undefined) await scene.items.removeDate(hands.holding.who, date);
  scene.ledger.dateDeleted(hands.entry, side, seen.held, date.on);
  scene.say(`${hands.entry.name}: ${date.on} is deleted ${nameOf(side)}`);
}

/** The series gets another rule or time. */
async function recast(scene: Scene, step: Step, { entry, record, holding }: Hands, side: Side): Promise<void> {
  const pick = step.pick % 3 === 0 ? 3 * 7 : 4 * 7;
  if (side === 'record') await editRecord(scene, entry, record, { id: step.id, pick });
  else if (holding !== undefined) await editItem(scene, { id: step.id, pick }, entry, holding);
}

/** A step about a series that is open in Dynamics: the one that it is about, or else any other. */
function touching(name: string, weight: number, act: (scene: Scene, step: Step, hands: Hands) => Promise<void>): StepKind {
  return {
    name,
    weight,
    about: 'touches',
    async play(scene, step) {
      const all = [...scene.ledger.entries.values()].filter(({ entity }) => entity === 'series');
      const entry = all.find((each) => each.name === step.on) ?? all[step.pick % Math.max(1, all.length)];
      const record = entry === undefined ? undefined : await scene.record(entry);
      if (entry === undefined || record === undefined || record.closed) return;
      entry.touches += 1;
      await act(scene, step, { entry, record, holding: await scene.item(entry) });
    },
  };
}

function seenOn({ record, holding }: Hands, side: Side): Pick<RecordSeen, 'dates' | 'held'> | undefined {
  return side === 'record' ? record : holding?.item;
}

function nearDate(dates: readonly DateSeen[], { who }: Step): DateSeen | undefined {
  return dates[who % Math.min(nearDates, Math.max(1, dates.length))];
}

function sideOf({ pick }: Step): Side {
  return pick % 2 === 0 ? 'record' : 'item';
}

function nameOf(side: Side): string {
  return side === 'record' ? 'in Dynamics' : 'in Exchange';
}
