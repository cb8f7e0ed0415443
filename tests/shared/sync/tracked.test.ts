import { markerText } from '../../../shared/model/seen';
import type { Entity, Values } from '../../../shared/model/values';
import type { Link, RecordSide } from '../../../shared/sync/link';
import { planPair } from '../../../shared/sync/plan';
import { itemRecordId, meetingRecordId, trackedRecordId } from '../../../shared/sync/tracked';
import { agreed, context, item, link, pair, record, recordId, under } from './pairs';

const marker = markerText({ integration: 'contoso', entity: 'task', recordId, incarnation: 1 });

function planned(entity: Entity, values: Values, side: RecordSide, of: Link | null = null, given = context, marked = false) {
  const found = item(entity, values, marked ? { marker } : {});
  return planPair(pair(entity, of, side, { kind: 'tracked', item: found }), given);
}

function made(entity: Entity, values: Values, given = context): Values {
  const { toRecord } = planned(entity, values, { kind: 'none' }, null, given);
  return toRecord.kind === 'create' ? toRecord.values : {};
}

describe('a record that is made from a tracked item', () => {
  test('has all that may travel there, as Dynamics can hold it, and nothing empty', () => {
    expect(made('contact', { emails: ['1', '2', '3', '4'], notes: null, department: 'Sales' })).toMatchObject({
      lastName: 'Weber',
      emails: ['1', '2', '3'],
      department: 'Sales',
    });
    expect(made('contact', { notes: null })).not.toHaveProperty('notes');
    expect(made('phonecall', { status: 'waiting' })).toMatchObject({ status: 'notStarted' });
  });

  test('has nothing that may not travel there, but is tied to the rows that the item names', () => {
    const values = made(
      'contact',
      { notes: 'Mine', jobTitle: 'Buyer' },
      under({ directions: { contact: { notes: 'toExchange', jobTitle: 'toDynamics' } } }),
    );
    expect(values).toMatchObject({ company: 'Adatum', jobTitle: 'Buyer' });
    expect(values).not.toHaveProperty('notes');
    expect(made('task', {})).toMatchObject({ regarding: 'Adatum' });
    expect(made('contact', {}, under({ directions: { contact: { company: 'none' } } }))).not.toHaveProperty('company');
  });

  test('begins open where the task is over: neither its end nor its day is told at once', () => {
    for (const status of ['completed', 'canceled']) {
      const values = made('task', { status, completedDate: '2026-10-01' });
      expect(values).toMatchObject({ subject: 'Call Adatum', status: 'notStarted' });
      expect(values).not.toHaveProperty('completedDate');
    }
    expect(made('task', { status: 'inProgress' })).toMatchObject({ status: 'inProgress' });
    expect(planned('task', {}, { kind: 'none' }).ending).toEqual({ kind: 'linked', withheld: false, hold: null });
  });
});

describe('a tracked item whose record is there already', () => {
  const kinds = ['created', 'same', 'changed'] as const;

  test('is linked to it, and what it lacks is filled in together with its marker', () => {
    for (const kind of kinds) {
      const seen = { kind, record: record('contact', { notes: 'Theirs', jobTitle: 'Head' }) };
      expect(planned('contact', { notes: null, jobTitle: 'Buyer' }, seen)).toMatchObject({
        toRecord: { kind: 'none' },
        toItem: { kind: 'update', changes: { notes: 'Theirs' }, mark: true },
        ending: { kind: 'linked', withheld: false, hold: null },
        reason: 'tracked',
      });
    }
  });

  test('is left alone where that record was not read', () => {
    expect(planned('task', {}, { kind: 'same', record: null })).toMatchObject({
      toRecord: { kind: 'none' },
      toItem: { kind: 'none' },
      ending: { kind: 'untouched' },
      reason: 'not-syncing',
    });
  });

  test('goes on from where a slice stopped that was about to make it: what was edited since is merged', () => {
    const waiting = link('task', { state: 'tracking', reason: 'tracked', tracked: true });
    const edited = planned('task', { notes: 'Mine' }, { kind: 'changed', record: record('task', { subject: 'Theirs' }) }, waiting);
    expect(edited).toMatchObject({
      toRecord: { kind: 'update', changes: { notes: 'Mine' } },
      toItem: { kind: 'update', changes: { subject: 'Theirs' }, mark: true },
      ending: { kind: 'linked', withheld: false },
      reason: 'tracked',
    });
    const still = planned('task', {}, { kind: 'same', record: record('task') }, waiting, context, true);
    expect(still).toMatchObject({ toItem: { kind: 'none' }, ending: { kind: 'linked', withheld: false, hold: null } });
  });

  test('that was let go takes up where it stopped', () => {
    const closed = link('task', { state: 'released', reason: 'closed' });
    expect(planned('task', { notes: 'Mine' }, { kind: 'created', record: record('task') }, closed)).toMatchObject({
      toRecord: { kind: 'update', changes: { notes: 'Mine' } },
      ending: { kind: 'linked' },
      reason: 'tracked',
    });
  });

  test('is let go like any other where its record was made and closed before that was noted, so that it is linked again once that is open', () => {
    const made = link('task', { state: 'tracking', reason: 'tracked', tracked: true });
    const done = record('task', { status: 'completed' }, { standing: 'closed' });
    const plan = planned('task', { notes: 'Mine' }, { kind: 'closed', record: done }, made);
    expect(plan).toMatchObject({
      toRecord: { kind: 'none' },
      toItem: { kind: 'update', changes: { status: 'completed' } },
      ending: { kind: 'released', reason: 'closed', untold: ['notes'] },
    });
  });

  test('goes with its record where that was made and deleted before that was noted, but for what its user did since', () => {
    const made = link('task', { state: 'tracking', reason: 'tracked', tracked: true, recordVersion: '7' });
    expect(planned('task', {}, { kind: 'deleted' }, made)).toMatchObject({ toItem: { kind: 'delete' }, ending: { kind: 'forgotten' } });
    expect(planned('task', { notes: 'Mine' }, { kind: 'deleted' }, made)).toMatchObject({
      ending: { kind: 'released', reason: 'deleted-but-edited' },
    });
  });

  test('that waited to be taken up for the first time is filled in, never written over', () => {
    const waiting = link('contact', { state: 'tracking', reason: 'tracked', tracked: true, bases: null });
    const seen = { kind: 'created', record: record('contact', { notes: 'Theirs', jobTitle: 'Head' }) } as const;
    expect(planned('contact', { notes: null, jobTitle: 'Buyer' }, seen, waiting)).toMatchObject({
      toRecord: { kind: 'none' },
      toItem: { kind: 'update', changes: { notes: 'Theirs' } },
      ending: { kind: 'linked' },
    });
  });

  test('is forgotten where its record was about to be made and does not sync', () => {
    const waiting = link('task', { state: 'tracking', reason: 'tracked', bases: null });
    for (const side of [
      { kind: 'deleted' },
      { kind: 'unreadable' },
      { kind: 'closed', record: record('task') },
      { kind: 'movedHome', record: record('task') },
    ] as const)
      expect(planned('task', {}, side, waiting)).toMatchObject({ ending: { kind: 'forgotten' }, reason: 'not-syncing' });
  });

  test('is linked although a filter says no, and not where its record is inactive', () => {
    const filtered = { kind: 'filteredOut', record: record('contact', {}, { standing: 'filtered' }) } as const;
    expect(planned('contact', {}, filtered)).toMatchObject({ toItem: { mark: true }, ending: { kind: 'linked' }, reason: 'tracked' });
    const inactive = { kind: 'filteredOut', record: record('contact', {}, { standing: 'inactive' }) } as const;
    expect(planned('contact', {}, inactive)).toMatchObject({ toItem: { kind: 'none' }, reason: 'not-syncing' });
  });

  test('is written to no more than it needs where it carries the marker, or somebody else organizes it', () => {
    const seen = { kind: 'created', record: record('task', { notes: 'Theirs' }) } as const;
    expect(planned('task', { notes: null }, seen, null, context, true).toItem).toEqual({
      kind: 'update',
      changes: { notes: 'Theirs' },
      derived: expect.anything(),
    });
    const meeting = { kind: 'created', record: record('appointment', { regarding: 'Fabrikam' }) } as const;
    const told = planned('appointment', { organizedHere: false, regarding: null }, meeting);
    expect(told.toItem).toMatchObject({ kind: 'update', changes: { regarding: 'Fabrikam' } });
    expect(told.toItem).not.toHaveProperty('mark');
  });
});

describe('the id of a record that is made from an item', () => {
  const place = { integration: 'contoso', mailbox: 'anna' };

  test('goes by the item itself where nothing tells whose copy it is, though it has an identity of meetings', () => {
    const bare = item('appointment', { iCalUId: null });
    expect(trackedRecordId(place, bare, 1)).toBe(itemRecordId(place, bare, 1));
    const task = item('task', { iCalUId: 'uid' });
    expect(trackedRecordId(place, task, 1)).toBe(itemRecordId(place, task, 1));
  });

  test('is another one for a meeting and for a series of the same identity, and for each integration', () => {
    const ids = [
      meetingRecordId('appointment', 'contoso', 'uid', 1),
      meetingRecordId('series', 'contoso', 'uid', 1),
      meetingRecordId('appointment', 'fabrikam', 'uid', 1),
      itemRecordId(place, item('appointment', { iCalUId: 'uid' }), 1),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(trackedRecordId(place, item('series', { iCalUId: 'uid' }), 1)).toBe(ids[1]);
    expect(trackedRecordId(place, item('appointment', { iCalUId: 'uid' }), 1)).toBe(ids[0]);
    expect(agreed.task.exchange).not.toHaveProperty('iCalUId');
  });

  test('never changes: a create that is sent again by another version of Tandem makes no second record', () => {
    expect(itemRecordId(place, item('task'), 1)).toBe('f3fd6b2e-c95a-855c-988c-d20800f25a0a');
    expect(meetingRecordId('series', 'contoso', 'uid', 1)).toBe('9ecf07e3-0703-85c6-899c-fd746cf4a3b7');
  });
});
