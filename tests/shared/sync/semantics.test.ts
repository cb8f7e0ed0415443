import type { Circumstance } from '../../../local/semantics/circumstances';
import { itemStates, type Row, recordStates, rowsOf } from '../../../local/semantics/rows';
import { sections } from '../../../local/semantics/tables';
import { isMeeting } from '../../../shared/model/entity';
import type { SeenRecord } from '../../../shared/model/seen';
import { type Entity, entities, type Values } from '../../../shared/model/values';
import type { ItemSide, Link, RecordSide } from '../../../shared/sync/link';
import type { PairPlan, PlanContext } from '../../../shared/sync/pair-plan';
import { planPair } from '../../../shared/sync/plan';
import { withoutPrivate } from '../../../shared/sync/private';
import { agreed, item, itemSideOf, link, pair, past, recordSideOf, rules, under } from './pairs';

/** What a circumstance means to the values that both sides agreed on, and to what was edited since. */
interface Effect {
  readonly record?: Values;
  readonly item?: Values;
  /** Instead of the usual edit of the record. */
  readonly edit?: Values;
  /** What the record holds now and did not when both agreed. */
  readonly recordNow?: Values;
  /** What the item holds now and did not when both agreed. */
  readonly itemNow?: Values;
  readonly link?: Partial<Link>;
  readonly standing?: SeenRecord['standing'];
}

const guests = { requiredAttendees: ['guest@fabrikam.example'] };

const effects: Readonly<Record<Circumstance, Effect>> = {
  completed: { record: { status: 'completed' }, item: { status: 'completed' } },
  past: { record: { time: past }, item: { time: past } },
  elsewhere: { item: { organizedHere: false } },
  guests: { record: guests, item: guests },
  room: { item: { resources: ['room@contoso.example'] } },
  withheld: { link: { withheld: true } },
  invites: { edit: guests },
  shown: { edit: { status: 'tentative' } },
  canceled: { recordNow: { status: 'canceled' } },
  private: { itemNow: { sensitivity: 'private' } },
  filtered: { standing: 'filtered' },
  wished: { link: { tracked: true } },
  uncategorized: { item: { categories: [rules.trackingCategory] }, itemNow: { categories: [] } },
};

function planOf(row: Row): PairPlan {
  const { entity, given } = row;
  const effect = given.circumstances.map((each) => effects[each]);
  const all = (name: keyof Effect): Values => Object.assign({}, ...effect.map((each) => each[name] ?? {}));
  const now = { ...all('record'), ...all('recordNow') };
  const read = withRecord(recordIn(row), entity, now, effect.find(({ edit }) => edit !== undefined)?.edit);
  const record = standingAs(read, effect.find(({ standing }) => standing !== undefined)?.standing);
  const item = withItem(itemIn(row), contextOf(given.settings), { ...all('item'), ...all('itemNow') });
  return planPair(pair(entity, linkOf(row, effect, all('record'), all('item')), record, item), contextOf(given.settings));
}

function recordIn({ record, entity }: Row): RecordSide {
  return record === 'unmade' ? { kind: 'none' } : recordSideOf(record, entity);
}

function itemIn({ item: state, entity }: Row): ItemSide {
  return state === 'tracked' ? { kind: 'tracked', item: item(entity) } : itemSideOf(state, entity);
}

function linkOf({ link: state, entity, given }: Row, effect: readonly Effect[], record: Values, item: Values): Link | null {
  if (state === 'none') return null;
  const bases = { dynamics: { ...agreed[entity].dynamics, ...record }, exchange: { ...agreed[entity].exchange, ...item } };
  const facts = Object.assign({}, ...effect.map((each) => each.link ?? {}));
  if (state !== 'released') return link(entity, { state, bases, ...facts });
  return link(entity, { state, reason: given.after ?? 'closed', bases: given.after === 'closed' ? bases : null, ...facts });
}

function withRecord(side: RecordSide, entity: Entity, values: Values, edit: Values | undefined): RecordSide {
  if (!('record' in side) || side.record === null) return side;
  const now = edit !== undefined && side.kind === 'changed' ? { ...agreed[entity].dynamics, ...edit } : side.record.values;
  return { ...side, record: { ...side.record, values: { ...now, ...values, ...(side.kind === 'changed' ? edit : {}) } } };
}

function standingAs(side: RecordSide, standing: SeenRecord['standing'] | undefined): RecordSide {
  return standing === undefined || !('record' in side) || side.record === null ? side : { ...side, record: { ...side.record, standing } };
}

/** The item as it is read: without what a setting keeps private. */
function withItem(side: ItemSide, { rules: given }: PlanContext, values: Values): ItemSide {
  if (!('item' in side) || side.item === null) return side;
  return { ...side, item: withoutPrivate({ ...side.item, values: { ...side.item.values, ...values } }, given) };
}

function contextOf(settings: Readonly<Record<string, string>>): PlanContext {
  return under(Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value])));
}

/** A plan in the words of the tables. */
function said({ pair: { link: before }, toRecord, toItem, ending, mails, reason }: PairPlan): readonly string[] {
  const withholds = ending.kind === 'linked' && ending.withheld && before?.withheld !== true ? ', list withheld' : '';
  const kind = (action: string): string => (action === 'none' ? '-' : action);
  return [kind(toRecord.kind), kind(toItem.kind), endingOf(ending) + (mails.length > 0 ? ', mails' : withholds), reason];
}

function endingOf(ending: PairPlan['ending']): string {
  switch (ending.kind) {
    case 'released':
      return `released ${ending.reason}`;
    case 'stopped':
      return ending.state;
    case 'linked':
      return ending.hold === null ? 'linked' : 'held';
    default:
      return ending.kind;
  }
}

describe.each(sections)('$title', (section) => {
  test.each(rowsOf(section).map((row) => [nameOf(row), row] as const))('%s', (_name, row) => {
    expect(said(planOf(row))).toEqual(row.expected);
  });
});

function nameOf({ entity, record, item, given }: Row): string {
  const settings = Object.entries(given.settings).map(([name, value]) => `${name}=${value}`);
  const more = [...given.circumstances, ...settings, ...(given.after === null ? [] : [`after ${given.after}`])];
  return [`${entity}: record ${record}, item ${item}`, ...more].join(', ');
}

describe('the tables', () => {
  const plain = (state: string) => sections.flatMap((section) => (section.link === state ? rowsOf(section) : [])).filter(isPlain);
  const isPlain = ({ item: state, given }: Row): boolean =>
    state !== 'tracked' && given.circumstances.length === 0 && Object.keys(given.settings).length === 0;

  test.each(['none', 'linked'])('name every combination of entity and sides of a pair that is %s once', (state) => {
    const named = plain(state).map(({ entity, record, item }) => `${entity} ${record} ${item}`);
    const all = entities.flatMap((entity) => recordStates.flatMap((record) => itemStates.map((item) => `${entity} ${record} ${item}`)));
    expect(named.sort()).toEqual(all.sort());
  });

  test('a pair that was let go is touched only where its record is open and at home again', () => {
    for (const row of plain('released'))
      for (const record of recordStates.filter((each) => each !== 'created')) {
        expect(said(planOf({ ...row, record }))).toEqual(['-', '-', 'untouched', 'released']);
      }
  });

  test('a frozen pair is left alone, whatever happens', () => {
    for (const row of plain('linked')) expect(said(planOf({ ...row, link: 'frozen' }))).toEqual(['-', '-', 'untouched', 'frozen']);
  });

  test('no line is about meetings that are none', () => {
    for (const row of sections.flatMap(rowsOf)) if (row.given.circumstances.includes('guests')) expect(isMeeting(row.entity)).toBe(true);
  });
});
