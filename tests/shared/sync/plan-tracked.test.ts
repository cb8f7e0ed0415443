import { type RecurrenceEnd, recurrenceText } from '../../../shared/model/recurrence';
import type { SeenItem } from '../../../shared/model/seen';
import type { Entity, Values } from '../../../shared/model/values';
import type { Link, Pair, RecordSide } from '../../../shared/sync/link';
import { planPair } from '../../../shared/sync/plan';
import { isPrivate, privateSubject, withoutPrivate } from '../../../shared/sync/private';
import { carriesCategory, itemRecordId, trackedRecordId } from '../../../shared/sync/tracked';
import { seriesObstacle } from '../../../shared/sync/tracked-series';
import { agreed, context, item, link, record, recordId, rules, under } from './pairs';

const categories = [rules.trackingCategory];
const entities: readonly Entity[] = ['task', 'contact', 'appointment', 'series'];

function tracked(
  entity: Entity,
  recordNow: RecordSide,
  values: Values = {},
  linked: Link | null = null,
  facts: Partial<SeenItem> = {},
): Pair {
  return {
    entity,
    recordId,
    link: linked,
    record: recordNow,
    item: { kind: 'tracked', item: item(entity, { categories, ...values }, facts) },
  };
}

describe.each(entities)('a tracked %s', (entity) => {
  test('without a record gets one with everything that may travel, and is told which', () => {
    const plan = planPair(tracked(entity, { kind: 'none' }), context);
    expect(plan).toMatchObject({
      toRecord: { kind: 'create' },
      toItem: { kind: 'update', changes: {}, mark: true },
      ending: { kind: 'linked', withheld: false, hold: null },
      mails: [],
      reason: 'tracked',
    });
    const { values } = plan.toRecord.kind === 'create' ? plan.toRecord : { values: {} };
    const { categories: _own, organizedHere: _here, ...known } = agreed[entity].exchange;
    for (const [name, value] of Object.entries(values)) expect(known[name]).toEqual(value);
    expect(values).not.toHaveProperty('categories');
  });

  test('whose record is there already is linked to it, and nothing in Dynamics is overwritten', () => {
    const plan = planPair(tracked(entity, { kind: 'created', record: record(entity) }), context);
    expect(plan).toMatchObject({ toRecord: { kind: 'none' }, toItem: { kind: 'update', mark: true }, ending: { kind: 'linked' } });
  });

  test('that carries its marker already is not written to', () => {
    const facts = { marker: `contoso/${entity}/${recordId}/1` };
    const plan = planPair(tracked(entity, { kind: 'created', record: record(entity) }, {}, null, facts), context);
    expect(plan.toItem).toEqual({ kind: 'none' });
  });

  test.each([
    ['is deleted', { kind: 'deleted' }],
    ['is unreadable', { kind: 'unreadable' }],
    ['has another home', { kind: 'movedHome', record: record(entity) }],
    ['is closed', { kind: 'closed', record: record(entity) }],
    ['does not sync', { kind: 'filteredOut', record: record(entity) }],
  ] satisfies [string, RecordSide][])('whose record %s is left alone, and its wish is noted where it was let go before', (_what, side) => {
    expect(planPair(tracked(entity, side), context)).toMatchObject({ ending: { kind: 'untouched' }, toItem: { kind: 'none' } });
    const released = link(entity, { state: 'released', reason: 'category-removed', bases: null });
    expect(planPair(tracked(entity, side, {}, released), context)).toMatchObject({ ending: { kind: 'noted', tracked: true } });
  });

  test('that loses the category is let go with what its user edited last, and both stay', () => {
    const before = { ...agreed[entity].exchange, categories };
    const linked = link(entity, { bases: { dynamics: agreed[entity].dynamics, exchange: before } });
    const now = item(entity, { categories: [] });
    const pair: Pair = {
      entity,
      recordId,
      link: linked,
      record: { kind: 'same', record: record(entity) },
      item: { kind: 'changed', item: now },
    };
    expect(planPair(pair, context)).toMatchObject({
      toItem: { kind: 'none' },
      toRecord: { kind: 'none' },
      ending: { kind: 'released', reason: 'category-removed' },
    });
    expect(planPair(pair, under({ trackCategorizedItems: false }))).toMatchObject({ ending: { kind: 'untouched' } });
    expect(planPair(pair, under({ trackingCategory: 'Another name' }))).toMatchObject({ ending: { kind: 'untouched' } });
  });

  test('that loses it before its record was made is forgotten', () => {
    const waiting = link(entity, { state: 'tracking', tracked: true });
    const now = item(entity, { categories: [] });
    const pair: Pair = { entity, recordId, link: waiting, record: { kind: 'deleted' }, item: { kind: 'same', item: now } };
    expect(planPair(pair, context)).toMatchObject({ ending: { kind: 'forgotten' }, toItem: { kind: 'none' }, reason: 'untracked' });
  });
});

describe('a series of which a crash left some dates unwritten', () => {
  const gone = '2026-10-12T09:00:00Z|deleted|true';
  const past = '2026-08-03T09:00:00Z|subject|Long ago';
  const bases = {
    dynamics: { ...agreed.series.dynamics, occurrences: [] },
    exchange: { ...agreed.series.exchange, occurrences: [], categories },
  };
  const waiting = link('series', { state: 'tracking', tracked: true, bases });

  test.each([[[]], [[gone]], [[past]]])(
    'and that shows %j has them from Exchange, past ones too, and Exchange is given nothing',
    (written) => {
      const seen = record('series', { occurrences: written });
      const plan = planPair(tracked('series', { kind: 'changed', record: seen }, { occurrences: [gone, past] }, waiting), context);
      expect(plan.toRecord).toEqual({ kind: 'update', changes: { occurrences: [past, gone].sort() } });
      expect(plan.toItem).toEqual({ kind: 'update', changes: {}, derived: {}, mark: true });
      expect(plan.ending).toMatchObject({ kind: 'linked' });
    },
  );
});

describe('what keeps Dynamics from holding a series', () => {
  const first = '2026-10-05T12:00:00Z/2026-10-05T12:30:00Z';
  const weekly = (start: string, end: RecurrenceEnd = { kind: 'none' }) =>
    recurrenceText({ pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday'] }, range: { start, end } });
  const now = Date.parse('2026-10-01T00:00:00Z');
  const held = (values: Values, zone = 'Europe/Berlin', at = now) => seriesObstacle(values, zone, at) === null;

  test('is not the zone of its person, nor one whose clocks go along', () => {
    expect(held({ time: first, recurrence: weekly('2026-10-05'), zone: 'Europe/Berlin' })).toBe(true);
    expect(held({ time: first, recurrence: weekly('2026-10-05'), zone: 'Europe/London' })).toBe(true);
    expect(held({ time: '2026-10-05/2026-10-06', recurrence: weekly('2026-10-05'), zone: 'Asia/Tokyo' })).toBe(true);
  });

  test('is a zone whose clocks change on other days while dates are to come', () => {
    const zone = 'America/New_York';
    expect(held({ time: first, recurrence: weekly('2026-10-05'), zone })).toBe(false);
    expect(held({ time: first, recurrence: weekly('2026-10-05', { kind: 'date', date: '2026-10-19' }), zone })).toBe(true);
    expect(
      held({ time: first, recurrence: weekly('2026-10-05', { kind: 'count', count: 5 }), zone }, 'Europe/Berlin', now + 90 * 86_400_000),
    ).toBe(true);
  });

  test('is another day in the zone of its person, and a pattern that nobody knows', () => {
    const late = '2026-10-05T20:00:00Z/2026-10-05T20:30:00Z';
    expect(held({ time: late, recurrence: weekly('2026-10-06'), zone: 'Asia/Dubai' })).toBe(false);
    expect(held({ time: first, recurrence: null, zone: 'Europe/Berlin' })).toBe(false);
  });
});

test('a task that is over when it is tracked is made open, and that it is over is news at once', () => {
  const plan = planPair(tracked('task', { kind: 'none' }, { status: 'completed', completedDate: '2026-09-30' }), context);
  expect(plan.toRecord).toMatchObject({ kind: 'create', values: { status: 'notStarted' } });
  expect(plan.ending).toMatchObject({ kind: 'linked', again: ['status', 'completedDate'] });
});

test('the copy of a meeting that somebody else organizes gets no marker', () => {
  const plan = planPair(tracked('appointment', { kind: 'none' }, { organizedHere: false }), context);
  expect(plan).toMatchObject({ toRecord: { kind: 'create' }, toItem: { kind: 'none' } });
});

test('of what changes in Dynamics an attendee’s event gets only how it shows', () => {
  const theirs = { ...agreed.appointment.exchange, organizedHere: false };
  const linked = link('appointment', { bases: { dynamics: agreed.appointment.dynamics, exchange: theirs } });
  const edited = record('appointment', { subject: 'Edited', location: 'Elsewhere', status: 'oof' });
  const pair: Pair = {
    entity: 'appointment',
    recordId,
    link: linked,
    record: { kind: 'changed', record: edited },
    item: { kind: 'same', item: item('appointment', { organizedHere: false }) },
  };
  expect(planPair(pair, context)).toMatchObject({ toItem: { kind: 'update', changes: { status: 'oof' } }, mails: [] });
});

describe('a private event', () => {
  const secret = item('appointment', { sensitivity: 'private', subject: 'Secret', body: 'Secret', location: 'Secret', categories });

  test.each(['skip', 'busyOnly'] as const)('tells nothing of what it is about under %s', (privateItems) => {
    const told = withoutPrivate(secret, { privateItems });
    expect(JSON.stringify(told)).not.toContain('Secret');
    expect(isPrivate(told.values)).toBe(true);
  });

  test('is no record under "skip", and a neutral one under "busyOnly"', () => {
    const skipped = {
      ...tracked('appointment', { kind: 'none' }),
      item: { kind: 'tracked' as const, item: withoutPrivate(secret, rules) },
    };
    expect(planPair(skipped, context)).toMatchObject({ toRecord: { kind: 'none' }, reason: 'private' });
    const busy = under({ privateItems: 'busyOnly' });
    const neutral = { ...skipped, item: { kind: 'tracked' as const, item: withoutPrivate(secret, busy.rules) } };
    expect(planPair(neutral, busy).toRecord).toMatchObject({ kind: 'create', values: { subject: privateSubject } });
  });

  test('that was linked is let go under "skip", whatever else happened to it', () => {
    const pair: Pair = {
      entity: 'appointment',
      recordId,
      link: link('appointment'),
      record: { kind: 'changed', record: record('appointment', { subject: 'Edited' }) },
      item: { kind: 'changed', item: withoutPrivate(secret, rules) },
    };
    expect(planPair(pair, context)).toMatchObject({
      toItem: { kind: 'none' },
      toRecord: { kind: 'none' },
      ending: { kind: 'released', reason: 'became-private' },
    });
  });
});

describe('the id of a record that is made from an item', () => {
  const place = { integration: 'contoso', mailbox: 'anna' };
  const elsewhere = { integration: 'contoso', mailbox: 'ben' };

  test('is the same in every mailbox for a meeting, and another one each time it is linked anew', () => {
    const meeting = item('appointment', { iCalUId: 'uid' });
    const copy = { ...meeting, id: 'another id' };
    expect(trackedRecordId(place, meeting, 1)).toBe(trackedRecordId(elsewhere, copy, 1));
    expect(trackedRecordId(place, meeting, 1)).not.toBe(trackedRecordId(place, meeting, 2));
    expect(itemRecordId(place, meeting, 1)).not.toBe(itemRecordId(place, copy, 1));
  });

  test('belongs to one mailbox and one item for everything else', () => {
    const task = item('task');
    expect(trackedRecordId(place, task, 1)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(trackedRecordId(place, task, 1)).not.toBe(trackedRecordId(elsewhere, task, 1));
    expect(trackedRecordId(place, task, 1)).not.toBe(trackedRecordId(place, { ...task, id: 'item-2' }, 1));
  });
});

test('the tracking category is told without regard to case, and not at all where it is switched off', () => {
  expect(carriesCategory({ categories: ['TRACKED TO DYNAMICS 365'] }, rules)).toBe(true);
  expect(carriesCategory({ categories: ['Red category'] }, rules)).toBe(false);
  expect(carriesCategory({ categories }, { ...rules, trackCategorizedItems: false })).toBe(false);
});
