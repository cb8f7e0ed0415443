import { recurrenceText } from '../../../shared/model/recurrence';
import type { Values } from '../../../shared/model/values';
import type { PairPlan, PlanContext } from '../../../shared/sync/pair-plan';
import { planPair } from '../../../shared/sync/plan';
import { itemSide, recordSide } from '../../../shared/sync/sides';
import { agreed, context, type ItemKind, item, itemSideOf, link, pair, type RecordKind, record, recordSideOf, under } from './pairs';

const guests: Values = { requiredAttendees: ['carl@y.example'] };
const ended: Values = {
  time: '2026-08-03T09:00:00Z/2026-08-03T10:00:00Z',
  recurrence: recurrenceText({
    pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday'] },
    range: { start: '2026-08-03', end: { kind: 'count', count: 3 } },
  }),
};
/** Began long ago and goes on. */
const running: Values = { time: '2026-01-05T09:00:00Z/2026-01-05T10:00:00Z' };
const theirs: Values = { organizedHere: false };

interface Row {
  readonly row: number;
  readonly title: string;
  readonly record: RecordKind;
  readonly item: ItemKind;
  /** What both sides hold besides what they hold at first. */
  readonly held?: Values;
  readonly under?: PlanContext;
  readonly expected: string;
}

const invite = under({ attendeeMail: 'invite' });

const rows: readonly Row[] = [
  { row: 1, title: 'nothing happened', record: 'same', item: 'same', expected: 'none none untouched agreed' },
  { row: 2, title: 'edited in Dynamics', record: 'changed', item: 'same', expected: 'none update linked record-edited' },
  { row: 3, title: 'edited in Exchange', record: 'same', item: 'changed', expected: 'update none linked item-edited' },
  { row: 4, title: 'edited on both sides', record: 'changed', item: 'changed', expected: 'update update linked both-edited' },
  { row: 5, title: 'completed or canceled in Dynamics', record: 'closed', item: 'same', expected: 'none update released closed' },
  { row: 6, title: 'closed in Dynamics, gone in Exchange', record: 'closed', item: 'deleted', expected: 'none none released closed' },
  { row: 7, title: 'deleted in Dynamics', record: 'deleted', item: 'same', expected: 'none delete forgotten record-deleted' },
  {
    row: 8,
    title: 'deleted in Dynamics, running for long',
    record: 'deleted',
    item: 'same',
    held: running,
    expected: 'none delete forgotten record-deleted',
  },
  {
    row: 9,
    title: 'deleted in Dynamics, ended',
    record: 'deleted',
    item: 'same',
    held: ended,
    expected: 'none none released deleted-in-dynamics',
  },
  {
    row: 10,
    title: 'deleted in Dynamics, organized elsewhere',
    record: 'deleted',
    item: 'same',
    held: theirs,
    expected: 'none none released deleted-in-dynamics',
  },
  {
    row: 11,
    title: 'deleted in Dynamics, with guests',
    record: 'deleted',
    item: 'same',
    held: guests,
    expected: 'none none linked would-mail',
  },
  {
    row: 12,
    title: 'deleted in Dynamics, with guests who are to hear of it',
    record: 'deleted',
    item: 'same',
    held: guests,
    under: invite,
    expected: 'none delete forgotten record-deleted',
  },
  {
    row: 13,
    title: 'deleted in Dynamics, edited in Exchange',
    record: 'deleted',
    item: 'changed',
    expected: 'none none released deleted-but-edited',
  },
  { row: 14, title: 'deleted in Exchange', record: 'same', item: 'deleted', expected: 'delete none forgotten item-deleted' },
  {
    row: 15,
    title: 'deleted in Exchange, ended: it is not asked whether a series is past',
    record: 'same',
    item: 'deleted',
    held: ended,
    expected: 'delete none forgotten item-deleted',
  },
  {
    row: 16,
    title: 'deleted in Exchange, organized elsewhere',
    record: 'same',
    item: 'deleted',
    held: theirs,
    expected: 'none none released deleted-in-exchange',
  },
  {
    row: 17,
    title: 'deleted in Exchange, edited in Dynamics',
    record: 'changed',
    item: 'deleted',
    expected: 'none none released deleted-but-edited',
  },
  {
    row: 18,
    title: 'deleted in Exchange, where records are to stay',
    record: 'same',
    item: 'deleted',
    under: under({ appointmentDeletedInExchange: 'release' }),
    expected: 'none none released deleted-in-exchange',
  },
  { row: 19, title: 'gone on both sides', record: 'deleted', item: 'deleted', expected: 'none none forgotten both-gone' },
  { row: 20, title: 'another organizer in Dynamics', record: 'movedHome', item: 'same', expected: 'none delete released moved-home' },
  {
    row: 21,
    title: 'another organizer in Dynamics, ended',
    record: 'movedHome',
    item: 'same',
    held: ended,
    expected: 'none none released moved-home',
  },
  { row: 22, title: 'out of the filter', record: 'filteredOut', item: 'same', expected: 'none none released left-filter' },
  { row: 23, title: 'no longer readable', record: 'unreadable', item: 'same', expected: 'none none released unreadable' },
];

function planRow({ record: recordKind, item: itemKind, held = {}, under: given = context }: Row): PairPlan {
  const bases = { dynamics: { ...agreed.series.dynamics, ...held }, exchange: { ...agreed.series.exchange, ...held } };
  const of = link('series', { bases });
  const [recordNow, itemNow] = [recordSideOf(recordKind, 'series'), itemSideOf(itemKind, 'series')];
  const seen =
    'record' in recordNow && recordNow.record !== null
      ? { ...recordNow, record: { ...recordNow.record, values: { ...recordNow.record.values, ...held } } }
      : recordNow;
  const found =
    'item' in itemNow && itemNow.item !== null
      ? { ...itemNow, item: { ...itemNow.item, values: { ...itemNow.item.values, ...held } } }
      : itemNow;
  return planPair(pair('series', of, seen, found), given);
}

describe('a series that is linked', () => {
  test.each(rows)('$row. $title: $expected', (row) => {
    const { toRecord, toItem, ending, reason } = planRow(row);
    expect([toRecord.kind, toItem.kind, ending.kind, reason].join(' ')).toBe(row.expected);
  });
});

describe('single dates', () => {
  const at = '2026-10-12T09:00:00Z';
  const me = { systemUserId: 'me' };
  const plan = (ofRecord: string[], ofItem: string[], base: string[] = []) => {
    const bases = {
      dynamics: { ...agreed.series.dynamics, occurrences: base },
      exchange: { ...agreed.series.exchange, occurrences: base },
    };
    const of = link('series', { bases });
    const seen = record('series', { occurrences: ofRecord }, { version: ofRecord === base ? '100' : '101' });
    const found = item('series', { occurrences: ofItem }, { version: 'W/2' });
    const made = planPair(pair('series', of, recordSide(seen, of, me, context.rules), itemSide(found, of, context.rules)), context);
    const changesOf = (action: typeof made.toRecord | typeof made.toItem) => ('changes' in action ? action.changes : {});
    return [changesOf(made.toRecord), changesOf(made.toItem)];
  };

  test('a record whose version is the same may still have dates that changed', () => {
    const of = link('series');
    const seen = record('series', { occurrences: [`${at}|subject|A`] }, { version: '100' });
    expect(recordSide(seen, of, me, context.rules).kind).toBe('changed');
  });

  test('a date that was changed on one side is changed on the other', () => {
    expect(plan([`${at}|subject|A`], [])).toEqual([{}, { occurrences: [`${at}|subject|A`] }]);
    expect(plan([], [`${at}|deleted|true`])).toEqual([{ occurrences: [`${at}|deleted|true`] }, {}]);
  });

  test('a date that was deleted on one side only is on both as the other has it, once it is there again', () => {
    const [gone, edited] = [[`${at}|deleted|true`], [`${at}|subject|A`]];
    const bases = {
      dynamics: { ...agreed.series.dynamics, occurrences: gone },
      exchange: { ...agreed.series.exchange, occurrences: edited },
    };
    const of = link('series', { bases });
    const again = record('series', { occurrences: [] }, { version: '101' });
    const plan = planPair(pair('series', of, recordSide(again, of, me, context.rules), { kind: 'same', item: null }), context);
    expect(plan).toMatchObject({ toRecord: { kind: 'update', changes: { occurrences: edited } }, toItem: { kind: 'none' } });
  });

  test('different fields of one date meet', () => {
    const both = [`${at}|location|B`, `${at}|subject|A`];
    expect(plan([`${at}|subject|A`], [`${at}|location|B`])).toEqual([{ occurrences: both }, { occurrences: both }]);
  });

  test('a date that is again as its series on one side becomes so on the other', () => {
    expect(plan([], [`${at}|subject|A`], [`${at}|subject|A`])).toEqual([{}, { occurrences: [] }]);
  });

  describe('that is closed in Dynamics takes no edits', () => {
    const closed = `${at}|status|canceled`;
    const free = `${at}|status|free`;
    const moved = `${at}|location|Kitchen`;
    const shown = [moved, free];
    /** The plan where each side held, and holds, these dates. */
    const planOf = (ofRecord: { base: string[]; now: string[] }, ofItem: { base: string[]; now: string[] }, given = context) => {
      const bases = {
        dynamics: { ...agreed.series.dynamics, occurrences: ofRecord.base },
        exchange: { ...agreed.series.exchange, occurrences: ofItem.base },
      };
      const of = link('series', { bases });
      const seen = record('series', { occurrences: ofRecord.now }, { version: '101' });
      const found = item('series', { occurrences: ofItem.now }, { version: 'W/2' });
      return planPair(pair('series', of, recordSide(seen, of, me, context.rules), itemSide(found, of, context.rules)), given);
    };
    const still = (list: string[]) => ({ base: list, now: list });

    test('so what its user changes of it stays in the item, and nothing is asked of the record', () => {
      const plan = planOf(still([closed]), { base: [free], now: shown });
      expect(plan).toMatchObject({ toRecord: { kind: 'none' }, toItem: { kind: 'none' }, ending: { kind: 'linked' }, lost: [] });
    });

    test('not even where the edit and the end cross: the end arrives, the edit stays', () => {
      const plan = planOf({ base: [], now: [closed] }, { base: [], now: [moved] });
      expect(plan).toMatchObject({ toRecord: { kind: 'none' }, toItem: { changes: { occurrences: [moved, closed] } }, lost: [] });
    });

    test('and it ends on both sides whichever edit is newer', () => {
      const newer = under({ conflict: { ...context.rules.conflict, series: 'exchange' } });
      const plan = planOf({ base: [], now: [closed] }, { base: [], now: [`${at}|status|oof`] }, newer);
      expect(plan).toMatchObject({ toRecord: { kind: 'none' }, toItem: { changes: { occurrences: [closed] } } });
      expect(plan.lost).toEqual([{ field: 'occurrences', side: 'exchange', value: `${at}|status|oof` }]);
    });

    test('but the other dates do', () => {
      const other = '2026-10-19T09:00:00Z|location|Kitchen';
      const plan = planOf(still([closed]), { base: [free], now: [...shown, other] });
      expect(plan).toMatchObject({ toRecord: { changes: { occurrences: [closed, other] } }, toItem: { kind: 'none' } });
    });

    test('until it is open again: then it is given what stayed in the item', () => {
      const plan = planOf({ base: [closed], now: [] }, still(shown));
      expect(plan).toMatchObject({
        toRecord: { changes: { occurrences: [moved] } },
        toItem: { changes: { occurrences: [moved] } },
        lost: [],
      });
    });

    test('and what both held before counts as nobody’s edit then', () => {
      const agreedOn = `${at}|subject|Long`;
      const plan = planOf({ base: [closed, agreedOn], now: [`${at}|subject|Longer`] }, still([free, agreedOn]));
      expect(plan).toMatchObject({ toRecord: { kind: 'none' }, toItem: { changes: { occurrences: [`${at}|subject|Longer`] } }, lost: [] });
    });

    test('nor does who deletes it delete an edit that could not be told (promise 1)', () => {
      const gone = [`${at}|deleted|true`];
      expect(planOf({ base: [closed], now: gone }, still(shown))).toMatchObject({ toRecord: { kind: 'none' }, toItem: { kind: 'none' } });
      expect(planOf({ base: [closed], now: gone }, still([free]))).toMatchObject({ toItem: { changes: { occurrences: gone } } });
    });

    test('nor does who deletes the series delete an edit that could not be told (promise 1)', () => {
      const kept = (ofItem: string[]) => {
        const bases = {
          dynamics: { ...agreed.series.dynamics, occurrences: [closed] },
          exchange: { ...agreed.series.exchange, occurrences: ofItem },
        };
        return planPair(pair('series', link('series', { bases }), { kind: 'deleted' }, { kind: 'same', item: null }), context).reason;
      };
      expect(kept(shown)).toBe('deleted-but-edited');
      expect(kept([free])).toBe('record-deleted');
    });
  });
});
