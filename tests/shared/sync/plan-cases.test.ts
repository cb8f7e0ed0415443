import type { SeenItem, SeenRecord } from '../../../shared/model/seen';
import type { Entity, Values } from '../../../shared/model/values';
import type { Link } from '../../../shared/sync/link';
import type { PairPlan, PlanContext } from '../../../shared/sync/pair-plan';
import { planPair } from '../../../shared/sync/plan';
import { itemSide, recordSide } from '../../../shared/sync/sides';
import { agreed, context, future, hour, item, link, now, pair, past, record, under } from './pairs';

const me = { systemUserId: 'me' };
const invite = under({ attendeeMail: 'invite' });

/** Plans a linked pair from what was read, the way a cycle does. */
function planRead(seen: SeenRecord, found: SeenItem, of: Link, given: PlanContext = context): PairPlan {
  return planPair(pair(seen.entity, of, recordSide(seen, of, me, given.rules), itemSide(found, of, given.rules)), given);
}

/** A link whose sides agree on these values too. */
function linkWith(entity: Entity, dynamics: Values, exchange: Values, facts: Partial<Link> = {}): Link {
  return link(entity, {
    bases: { dynamics: { ...agreed[entity].dynamics, ...dynamics }, exchange: { ...agreed[entity].exchange, ...exchange } },
    ...facts,
  });
}

const newer = { version: '101' };
const changed = { version: 'W/2' };

describe('two edits of one field', () => {
  const conflict = (itemLater: number, given: PlanContext = context) => {
    const seen = record('task', { subject: 'from Dynamics' }, { ...newer, modifiedAt: now - hour });
    const found = item('task', { subject: 'from Exchange' }, { ...changed, modifiedAt: now - hour + itemLater });
    return planRead(seen, found, link('task'), given);
  };
  const lostInExchange = [{ field: 'subject', side: 'exchange', value: 'from Exchange' }];
  const lostInDynamics = [{ field: 'subject', side: 'dynamics', value: 'from Dynamics' }];

  test.each([-60_000, 0, 1_999, 2_000])('the item’s, %i ms later, yields to Dynamics: two seconds are a tie', (later) => {
    expect(conflict(later)).toMatchObject({
      toRecord: { kind: 'none' },
      toItem: { changes: { subject: 'from Dynamics' } },
      lost: lostInExchange,
    });
  });

  test('the item’s wins from 2,001 ms on, and the other is kept', () => {
    expect(conflict(2_001)).toMatchObject({
      toRecord: { changes: { subject: 'from Exchange' } },
      toItem: { kind: 'none' },
      lost: lostInDynamics,
    });
  });

  test('a fixed policy does not look at the time', () => {
    const fixed = (side: 'dynamics' | 'exchange') => under({ conflict: { ...context.rules.conflict, task: side } });
    expect(conflict(hour, fixed('dynamics')).lost).toEqual(lostInExchange);
    expect(conflict(-hour, fixed('exchange')).lost).toEqual(lostInDynamics);
  });
});

describe('a task that ends', () => {
  const done = { status: 'completed', completedDate: '2026-10-01' };

  test('completed in Exchange and edited in Dynamics, both arrive and the pair is let go', () => {
    const plan = planRead(record('task', { subject: 'Call today' }, newer), item('task', done, changed), link('task'));
    expect(plan.toRecord).toEqual({ kind: 'update', changes: done });
    expect(plan.toItem).toMatchObject({ changes: { subject: 'Call today' }, derived: { reminderAt: null } });
    expect(plan.ending).toEqual({ kind: 'released', reason: 'closed', untold: [] });
  });

  test('canceled in Dynamics it is completed in Exchange, and what the user had noted stays in the item', () => {
    const seen = record('task', { status: 'canceled' }, { ...newer, standing: 'closed' });
    const plan = planRead(seen, item('task', { notes: 'Ask for Anna' }, changed), link('task'));
    expect(plan.toRecord).toEqual({ kind: 'none' });
    expect(plan.toItem).toMatchObject({ changes: { status: 'completed' } });
    expect(plan.lost).toEqual([]);
    expect(plan.ending).toEqual({ kind: 'released', reason: 'closed', untold: ['notes'] });
  });

  test('what both sides changed alike before the end is told already: a later edit of it is news (promise 1)', () => {
    const dated = linkWith('letter', { dueDate: '2026-10-05' }, { dueDate: '2026-10-05' });
    const seen = record('letter', { dueDate: null, status: 'completed' }, { ...newer, standing: 'closed' });
    const plan = planRead(seen, item('letter', { dueDate: null }, changed), dated);
    expect(plan.ending).toEqual({ kind: 'released', reason: 'closed', untold: [] });
  });

  test('a status that the user set meanwhile is overwritten by the end, and kept as lost (promise 1)', () => {
    const seen = record('task', done, { ...newer, standing: 'closed' });
    const plan = planRead(seen, item('task', { status: 'inProgress' }, changed), link('task'));
    expect(plan.toItem).toMatchObject({ changes: done });
    expect(plan.lost).toEqual([{ field: 'status', side: 'exchange', value: 'inProgress' }]);
  });

  test('a completion that loses to a newer status leaves no date of completion behind in an open record', () => {
    const seen = record('task', { status: 'inProgress' }, { ...newer, modifiedAt: now });
    const plan = planRead(seen, item('task', done, changed), link('task'));
    expect(plan.toRecord).toEqual({ kind: 'none' });
    expect(plan.toItem).toMatchObject({ changes: { status: 'inProgress' } });
    expect(plan.lost).toEqual([{ field: 'status', side: 'exchange', value: 'completed' }]);
  });

  test('a status that may not travel takes its date of completion along: it stays where it is', () => {
    const narrowed = under({ directions: { task: { status: 'toExchange' } } });
    expect(planRead(record('task'), item('task', done, changed), link('task'), narrowed).toRecord).toEqual({ kind: 'none' });
  });

  test('opened again in Dynamics, it takes up where it stopped, with what the user had edited since', () => {
    const closed = linkWith('task', done, done, { state: 'released', reason: 'closed' });
    const found = item('task', { ...done, notes: 'Ask for Anna' }, changed);
    const plan = planRead(record('task', {}, newer), found, closed);
    expect(plan.toRecord).toEqual({ kind: 'update', changes: { notes: 'Ask for Anna' } });
    expect(plan.toItem).toEqual({
      kind: 'update',
      changes: { status: 'notStarted', completedDate: null },
      derived: { reminderAt: Date.parse('2026-10-05T09:00:00Z') },
    });
  });
});

describe('a due date and its reminder', () => {
  test('a new time of day in Dynamics moves the reminder and nothing else', () => {
    const plan = planRead(record('task', { dueTime: '17:30' }, newer), item('task'), link('task'));
    expect(plan.toItem).toEqual({ kind: 'update', changes: {}, derived: { reminderAt: Date.parse('2026-10-05T17:30:00Z') } });
    expect(plan.toRecord).toEqual({ kind: 'none' });
  });

  test('a new date in Exchange keeps the time of day and moves the reminder', () => {
    const plan = planRead(record('task'), item('task', { dueDate: '2026-10-09' }, changed), link('task'));
    expect(plan.toRecord).toEqual({ kind: 'update', changes: { dueDate: '2026-10-09' } });
    expect(plan.toItem).toEqual({ kind: 'update', changes: {}, derived: { reminderAt: Date.parse('2026-10-09T09:00:00Z') } });
  });

  test('a date that is taken away in Exchange takes the reminder along', () => {
    const plan = planRead(record('task'), item('task', { dueDate: null }, changed), link('task'));
    expect(plan.toRecord).toEqual({ kind: 'update', changes: { dueDate: null } });
    expect(plan.toItem).toEqual({ kind: 'update', changes: {}, derived: { reminderAt: null } });
  });
});

describe('one side is gone (promises 1 and 3)', () => {
  test('a record goes with its item although the item alone has the block by which an online meeting is joined, or is private', () => {
    const line = '_'.repeat(80);
    const block = `Agenda\n${line}\nJoin<https://teams.microsoft.com/l/meetup-join/1>\n${line}`;
    const online = linkWith('appointment', { body: 'Agenda' }, { body: block, online: true });
    const busyOnly = under({ privateItems: 'busyOnly' });
    const hidden = linkWith('appointment', { subject: 'Private' }, { subject: 'Dentist', sensitivity: 'private' });
    for (const [of, given] of [
      [online, context],
      [hidden, busyOnly],
    ] as const) {
      const seen = record('appointment', of.bases?.dynamics ?? {}, { version: of.recordVersion });
      const plan = planPair(pair('appointment', of, { kind: 'same', record: seen }, { kind: 'deleted' }), given);
      expect(plan).toMatchObject({ toRecord: { kind: 'delete' }, reason: 'item-deleted' });
    }
  });

  test('a record that was linked anew with a value of its own stays, for whoever removes the item has never seen it', () => {
    const of = linkWith('task', record('task', { notes: 'Theirs' }).values, item('task', { notes: 'Mine' }).values);
    const seen = record('task', { notes: 'Theirs' }, { version: of.recordVersion });
    expect(planPair(pair('task', of, { kind: 'same', record: seen }, { kind: 'deleted' }), context)).toMatchObject({
      toRecord: { kind: 'none' },
      ending: { kind: 'released', reason: 'deleted-but-edited' },
    });
  });

  test('an item that was edited in a field that does not travel is not deleted with its record', () => {
    const narrowed = under({ directions: { task: { notes: 'toExchange' } } });
    const found = itemSide(item('task', { notes: 'mine' }, changed), link('task'), narrowed.rules);
    const plan = planPair(pair('task', link('task'), { kind: 'deleted' }, found), narrowed);
    expect(plan).toMatchObject({ toItem: { kind: 'none' }, ending: { kind: 'released', reason: 'deleted-but-edited' } });
  });

  test('an item that Exchange only gave a new version goes with its record', () => {
    const found = itemSide(item('task', {}, changed), link('task'), context.rules);
    expect(planPair(pair('task', link('task'), { kind: 'deleted' }, found), context).toItem).toEqual({ kind: 'delete' });
  });

  test('a completed task and a past meeting stay although their records are gone', () => {
    for (const [entity, values] of [
      ['task', { status: 'completed' }],
      ['appointment', { time: past }],
    ] as const) {
      const found = item(entity, values);
      const of = linkWith(entity, {}, found.values);
      const plan = planPair(pair(entity, of, { kind: 'deleted' }, { kind: 'same', item: found }), context);
      expect(plan).toMatchObject({ toItem: { kind: 'none' }, ending: { kind: 'released', reason: 'deleted-in-dynamics' } });
    }
  });

  test('a record that was not read, or that has another version than the one agreed on, is not deleted with its item', () => {
    for (const side of [
      { kind: 'same', record: null },
      { kind: 'same', record: record('task', {}, newer) },
    ] as const) {
      const plan = planPair(pair('task', link('task'), side, { kind: 'deleted' }), context);
      expect(plan).toMatchObject({ toRecord: { kind: 'none' }, ending: { kind: 'released', reason: 'deleted-but-edited' } });
    }
  });

  test('a record with an edit that still waits for an admin is not deleted with its item', () => {
    const held = linkWith('appointment', {}, { requiredAttendees: ['a'] }, { state: 'held', reason: 'would-mail', recordVersion: '101' });
    const side = recordSide(record('appointment', { subject: 'waits' }, newer), held, me, context.rules);
    const plan = planPair(pair('appointment', held, side, { kind: 'deleted' }), context);
    expect(plan).toMatchObject({ toRecord: { kind: 'none' }, ending: { kind: 'released', reason: 'deleted-but-edited' } });
  });

  test('a meeting in the past, or one that somebody else organizes, stays in Dynamics although the item went', () => {
    for (const exchange of [{ time: past }, { organizedHere: false }]) {
      const of = linkWith('appointment', {}, exchange);
      const plan = planPair(pair('appointment', of, { kind: 'same', record: record('appointment') }, { kind: 'deleted' }), context);
      expect(plan).toMatchObject({ toRecord: { kind: 'none' }, ending: { kind: 'released', reason: 'deleted-in-exchange' } });
    }
  });
});

describe('moved home', () => {
  const away = { ...newer, owner: 'you', organizer: 'you' };

  test('the record takes what its user changed before the copy goes', () => {
    const plan = planRead(record('contact', {}, away), item('contact', { notes: 'Met in Graz' }, changed), link('contact'));
    expect(plan).toMatchObject({ toRecord: { changes: { notes: 'Met in Graz' } }, toItem: { kind: 'delete' } });
  });

  test('a completed task, a past meeting and the meeting of another organizer stay with whoever had them', () => {
    for (const [entity, values] of [
      ['task', { status: 'completed' }],
      ['appointment', { time: past }],
      ['series', { organizedHere: false }],
    ] as const) {
      const found = item(entity, values);
      const plan = planRead(record(entity, {}, away), found, linkWith(entity, {}, found.values));
      expect(plan).toMatchObject({ toItem: { kind: 'none' }, ending: { kind: 'released', reason: 'moved-home' } });
    }
  });

  test('a record that was closed on the way takes no more edits, and the item is told of its end', () => {
    const seen = record('task', { status: 'completed' }, { ...away, standing: 'closed' });
    const plan = planRead(seen, item('task', { notes: 'Ask for Anna' }, changed), link('task'));
    expect(plan).toMatchObject({
      toRecord: { kind: 'none' },
      toItem: { kind: 'update', changes: { status: 'completed' } },
      ending: { kind: 'released', reason: 'closed' },
    });
  });
});

describe('linked again', () => {
  const released = link('contact', { state: 'released', reason: 'left-filter', bases: null });

  test('without bases only gaps in Exchange are filled, and nothing goes to Dynamics', () => {
    const seen = record('contact', { jobTitle: 'Head of buying', notes: 'from Dynamics' }, newer);
    const plan = planRead(seen, item('contact', { firstName: 'Anne', jobTitle: 'Retired', notes: null }, changed), released);
    expect(plan.toRecord).toEqual({ kind: 'none' });
    expect(plan.toItem).toMatchObject({ changes: { notes: 'from Dynamics' } });
  });

  test('an item of which nothing is known is left alone', () => {
    for (const reason of ['left-filter', 'closed', 'moved-home', 'unreadable'] as const) {
      const of = { ...released, reason };
      const plan = planPair(
        pair('contact', of, { kind: 'created', record: record('contact', {}, newer) }, { kind: 'same', item: null }),
        context,
      );
      expect(plan).toMatchObject({ toItem: { kind: 'none' }, ending: { kind: 'untouched' } });
    }
  });

  test('a link whose bases are not known writes nothing', () => {
    const plan = planRead(
      record('task', { subject: 'one' }, newer),
      item('task', { subject: 'other' }, changed),
      link('task', { bases: null }),
    );
    expect(plan).toMatchObject({ toRecord: { kind: 'none' }, toItem: { kind: 'none' }, lost: [] });
  });

  test('a first load invites nobody to what is linked again (promise 2)', () => {
    const of = link('appointment', { state: 'released', reason: 'left-filter', bases: null });
    const seen = record('appointment', { requiredAttendees: ['a'], location: 'Room 2' }, newer);
    const found = item('appointment', { location: null }, changed);
    const plan = planRead(seen, found, of, { ...invite, firstLoad: true });
    expect(plan).toMatchObject({ mails: [], toItem: { changes: { location: 'Room 2' } }, ending: { withheld: true } });
    expect(plan.toItem).not.toHaveProperty('changes.requiredAttendees');
    expect(planRead(seen, found, of, invite).mails).toEqual(['a']);
  });

  test('one that invites nobody is not marked as withheld', () => {
    const of = link('appointment', { state: 'released', reason: 'left-filter', bases: null });
    const plan = planRead(record('appointment', {}, newer), item('appointment'), of, { ...invite, firstLoad: true });
    expect(plan.ending).toMatchObject({ kind: 'linked', withheld: false });
  });
});

test('a closed meeting gets the list that it lacks where Exchange never had one, if people may be written to', () => {
  const { requiredAttendees: _none, ...exchange } = agreed.appointment.exchange;
  const of = link('appointment', { bases: { dynamics: agreed.appointment.dynamics, exchange } });
  const seen = record('appointment', { requiredAttendees: ['a'], status: 'completed', time: future }, { ...newer, standing: 'closed' });
  expect(planRead(seen, item('appointment'), of, invite)).toMatchObject({
    toItem: { changes: { requiredAttendees: ['a'] } },
    mails: ['a'],
  });
});
