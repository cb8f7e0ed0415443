import type { Entity, Values } from '../../../shared/model/values';
import type { ItemSide, Link, RecordSide } from '../../../shared/sync/link';
import type { PairPlan } from '../../../shared/sync/pair-plan';
import { planPair } from '../../../shared/sync/plan';
import { agreed, context, future, hour, item, link, now, pair, past, record, under, weekly } from './pairs';

const guests = { requiredAttendees: ['ben@x.example'] };
const unread = { kind: 'same', record: null } as const;
const keepBoth = under({ notesConflict: 'keepBoth' });

function based(entity: Entity, dynamics: Values, exchange: Values, facts: Partial<Link> = {}): Link {
  const bases = { dynamics: { ...agreed[entity].dynamics, ...dynamics }, exchange: { ...agreed[entity].exchange, ...exchange } };
  return link(entity, { bases, ...facts });
}

function recordNow(entity: Entity, values: Values = {}, at = now - hour): RecordSide {
  return { kind: 'changed', record: record(entity, values, { version: '101', modifiedAt: at }) };
}

function itemNow(entity: Entity, values: Values = {}, at = now - hour): ItemSide {
  return { kind: 'changed', item: item(entity, values, { version: 'W/2', modifiedAt: at }) };
}

function plan(entity: Entity, of: Link | null, record: RecordSide, item: ItemSide, given = context): PairPlan {
  return planPair(pair(entity, of, record, item), given);
}

describe('an item that is made for a record', () => {
  test('gets what goes to Exchange alone, and of each value what Exchange can hold', () => {
    const phones = { businessPhones: ['1', '2', '3'] };
    const made = plan('contact', null, { kind: 'created', record: record('contact', phones) }, { kind: 'none' });
    expect(made.toItem).toMatchObject({ kind: 'create', values: { company: 'Adatum', businessPhones: ['1', '2'] } });
  });
});

describe('a linked pair', () => {
  test('brings an edit to Dynamics though the record was not read', () => {
    expect(plan('task', link('task'), unread, itemNow('task', { notes: 'Mine' }))).toMatchObject({
      toRecord: { kind: 'update', changes: { notes: 'Mine' } },
      reason: 'item-edited',
    });
  });

  test('takes note of an item that has another id now, as a task that changed its list has', () => {
    const moved = { kind: 'same', item: item('task', {}, { id: 'item-2' }) } as const;
    expect(plan('task', link('task'), unread, moved)).toMatchObject({ toItem: { kind: 'none' }, ending: { kind: 'linked' } });
    expect(plan('task', link('task'), unread, { kind: 'same', item: item('task') }).ending).toEqual({ kind: 'untouched' });
  });

  test('a service activity that both edited is as Dynamics has it, however late the other edit came', () => {
    const theirs = plan(
      'serviceappointment',
      link('serviceappointment'),
      recordNow('serviceappointment', { subject: 'Theirs' }),
      itemNow('serviceappointment', { subject: 'Hers' }, now),
    );
    expect(theirs).toMatchObject({ toRecord: { kind: 'none' }, toItem: { changes: { subject: 'Theirs' } } });
  });

  test('takes no edit of the past from Dynamics where the settings say so, but for a series, and but for what was still to come', () => {
    const ignore = under({ pastAppointmentEditedInDynamics: 'ignore' });
    const over = { time: past };
    const late = plan('appointment', based('appointment', {}, {}), recordNow('appointment', over), itemNow('appointment'), ignore);
    expect(late.toItem).toMatchObject({ kind: 'update', changes: over });
    const begun = { recurrence: weekly, ...over };
    const of = based('series', begun, begun);
    const series = plan('series', of, recordNow('series', { ...begun, subject: 'New' }), itemNow('series', begun), ignore);
    expect(series.toItem).toMatchObject({ kind: 'update', changes: { subject: 'New' } });
  });
});

describe('notes that both sides wrote', () => {
  const both = (given: typeof context, recordAt: number, itemAt: number) =>
    plan('task', link('task'), recordNow('task', { notes: 'Office' }, recordAt), itemNow('task', { notes: 'Road' }, itemAt), given);

  test('are the newest alone, and the other is named as lost, where nothing else was chosen (promise 1)', () => {
    expect(both(context, now, now - hour)).toMatchObject({
      toItem: { changes: { notes: 'Office' } },
      lost: [{ field: 'notes', side: 'exchange', value: 'Road' }],
    });
  });

  test('are kept on both sides under keepBoth, the newest first, with the day of the other (promise 1)', () => {
    const day = 24 * hour;
    const office = 'Office\n\n--- Outlook, 2026-09-29 ---\nRoad';
    expect(both(keepBoth, now, now - 2 * day)).toMatchObject({
      toRecord: { changes: { notes: office } },
      toItem: { changes: { notes: office } },
      lost: [],
    });
    const road = 'Road\n\n--- Dynamics 365, 2026-09-28 ---\nOffice';
    expect(both(keepBoth, now - 3 * day, now)).toMatchObject({
      toRecord: { changes: { notes: road } },
      toItem: { changes: { notes: road } },
    });
  });

  test('are one text where only one side wrote, where the other emptied them, and where the field is no note', () => {
    const one = plan('task', link('task'), recordNow('task', { notes: 'Office' }), itemNow('task'), keepBoth);
    expect(one).toMatchObject({ toRecord: { kind: 'none' }, toItem: { changes: { notes: 'Office' } } });
    const of = based('task', { notes: 'Old' }, { notes: 'Old' });
    const emptied = plan('task', of, recordNow('task', { notes: null }), itemNow('task', { notes: 'Road' }, now), keepBoth);
    expect(emptied).toMatchObject({ toRecord: { changes: { notes: 'Road' } }, toItem: { kind: 'none' } });
    const subjects = plan('task', link('task'), recordNow('task', { subject: 'A' }, now), itemNow('task', { subject: 'B' }), keepBoth);
    expect(subjects).toMatchObject({ toRecord: { kind: 'none' }, toItem: { changes: { subject: 'A' } }, lost: [{ value: 'B' }] });
  });

  test('are the newest alone under keepBoth where they may travel one way only, or would not fit', () => {
    const oneWay = under({ notesConflict: 'keepBoth', directions: { task: { notes: 'toExchange' } } });
    expect(both(oneWay, now, now - hour)).toMatchObject({ toRecord: { kind: 'none' }, toItem: { changes: { notes: 'Office' } } });
    const long = 'x'.repeat(1_990);
    const full = plan('task', link('task'), recordNow('task', { notes: long }, now), itemNow('task', { notes: 'Road' }), keepBoth);
    expect(full).toMatchObject({ toRecord: { kind: 'none' }, toItem: { changes: { notes: long } }, lost: [{ value: 'Road' }] });
  });
});

describe('a meeting that somebody else organizes', () => {
  const theirs = { organizedHere: false };
  const of = based('appointment', {}, theirs);

  test('takes from Dynamics only how it shows and what it is about there', () => {
    const edit = { subject: 'Edited', time: '2026-10-06T09:00:00Z/2026-10-06T10:00:00Z', status: 'tentative', regarding: 'Fabrikam' };
    expect(plan('appointment', of, recordNow('appointment', edit), itemNow('appointment', theirs)).toItem).toMatchObject({
      changes: { status: 'tentative', regarding: 'Fabrikam' },
    });
    const kept = plan('appointment', of, recordNow('appointment', edit), itemNow('appointment', theirs));
    expect(Object.keys(kept.toItem.kind === 'update' ? kept.toItem.changes : {}).toSorted()).toEqual(['regarding', 'status']);
  });

  test('brings what its organizer changed to Dynamics, unless that may not travel there', () => {
    const found = itemNow('appointment', { ...theirs, subject: 'Theirs', location: 'Room 2' });
    expect(plan('appointment', of, recordNow('appointment'), found).toRecord).toMatchObject({
      changes: { subject: 'Theirs', location: 'Room 2' },
    });
    const narrowed = under({ directions: { appointment: { location: 'toExchange', body: 'toDynamics' } } });
    const changed = itemNow('appointment', { ...theirs, location: 'Room 2', body: 'Agenda' });
    const told = plan('appointment', of, recordNow('appointment', { location: 'Elsewhere' }), changed, narrowed);
    expect(told).toMatchObject({ toRecord: { kind: 'update', changes: { body: 'Agenda' } }, toItem: { kind: 'none' } });
  });
});

describe('a record that was closed', () => {
  const closed = (entity: Entity, values: Values): RecordSide => ({
    kind: 'closed',
    record: record(entity, values, { version: '101', standing: 'closed' }),
  });
  const over = { status: 'completed', completedDate: '2026-10-01' };

  test('gives its item its last state and the end, and leaves there what the user alone had edited', () => {
    const told = plan('task', link('task'), closed('task', { ...over, subject: 'Last' }), itemNow('task', { notes: 'Mine' }));
    expect(told).toMatchObject({
      toRecord: { kind: 'none' },
      toItem: { kind: 'update', changes: { ...over, subject: 'Last' } },
      ending: { kind: 'released', reason: 'closed', untold: ['notes'] },
      reason: 'closed',
    });
    expect(told.toItem).not.toHaveProperty('changes.notes');
  });

  test('gives its item no edit that both made, and none against its direction; what it belongs to goes on', () => {
    const both = plan(
      'task',
      link('task'),
      closed('task', { ...over, notes: 'Theirs', regarding: 'Fabrikam' }),
      itemNow('task', { notes: 'Mine' }, now),
    );
    expect(both.toItem).toMatchObject({ changes: { ...over, regarding: 'Fabrikam' } });
    expect(both.toItem).not.toHaveProperty('changes.notes');
    const oneWay = under({ directions: { task: { subject: 'toDynamics' } } });
    const kept = plan('task', link('task'), closed('task', { ...over, subject: 'Last' }), itemNow('task'), oneWay);
    expect(kept.toItem).not.toHaveProperty('changes.subject');
  });

  test('ends in Exchange too where the user had another end in mind, and also on which day', () => {
    const later = plan('task', link('task'), closed('task', over), itemNow('task', { ...over, completedDate: '2026-09-30' }, now));
    expect(later.toItem).toMatchObject({ changes: { completedDate: '2026-10-01' } });
    expect(later.ending).toMatchObject({ untold: [] });
  });

  test('stays linked while an edit of it would be mailed, and waits for an admin (promise 2)', () => {
    const of = based('appointment', guests, guests);
    const told = plan(
      'appointment',
      of,
      closed('appointment', { ...guests, status: 'completed', subject: 'Last' }),
      itemNow('appointment', guests),
    );
    expect(told).toMatchObject({
      mails: [],
      ending: { kind: 'linked', hold: { reason: 'would-mail', fields: ['subject'] } },
      reason: 'would-mail',
    });
    expect(told.toItem).not.toHaveProperty('changes.subject');
  });
});

describe('a pair that is linked again', () => {
  test('keeps its list withheld', () => {
    const of = based('appointment', {}, {}, { state: 'released', reason: 'closed', withheld: true });
    const back: RecordSide = { kind: 'created', record: record('appointment', { subject: 'Again' }, { version: '102' }) };
    expect(plan('appointment', of, back, itemNow('appointment')).ending).toMatchObject({ kind: 'linked', withheld: true });
  });

  test('is given nothing of when it takes place, though its item seems to lack it', () => {
    const of = link('series', { state: 'released', reason: 'left-filter', bases: null });
    const special = ['2026-10-12T09:00:00Z|subject|Another'];
    const back: RecordSide = {
      kind: 'created',
      record: record('series', { occurrences: special, location: 'Room 2' }, { version: '102' }),
    };
    const bare = itemNow('series', { time: null, recurrence: null, occurrences: [], location: null });
    expect(plan('series', of, back, bare).toItem).toMatchObject({ kind: 'update', changes: { location: 'Room 2' } });
    const { toItem } = plan('series', of, back, bare);
    expect(Object.keys(toItem.kind === 'update' ? toItem.changes : {})).toEqual(['location']);
  });

  test('comes back as a new item where the old one went with it, and where there never was one', () => {
    for (const reason of ['moved-home', 'canceled', 'left-filter-deleted'] as const)
      for (const kind of ['none', 'deleted'] as const) {
        const of = link('appointment', { state: 'released', reason, bases: null });
        const back: RecordSide = { kind: 'created', record: record('appointment', { time: future }) };
        expect(plan('appointment', of, back, { kind })).toMatchObject({ toItem: { kind: 'create' }, reason: 'came-back' });
      }
  });
});

describe('an item that its user tracked', () => {
  const categories = [context.rules.trackingCategory];

  test('and that was let go is no longer wished for once the category is off, and as long as it is on nothing happens', () => {
    const of = link('task', { state: 'released', reason: 'deleted-in-exchange', bases: null, tracked: true });
    expect(plan('task', of, unread, itemNow('task'))).toMatchObject({
      toItem: { kind: 'none' },
      ending: { kind: 'noted', tracked: false },
      reason: 'released',
    });
    expect(plan('task', of, unread, itemNow('task', { categories })).ending).toEqual({ kind: 'untouched' });
    expect(plan('task', of, unread, { kind: 'same', item: null }).ending).toEqual({ kind: 'untouched' });
  });

  test('is forgotten where it loses the category before its record is there, or is gone itself', () => {
    const waiting = link('task', { state: 'tracking', reason: 'tracked', tracked: true, bases: null });
    expect(plan('task', waiting, { kind: 'none' }, itemNow('task'))).toMatchObject({ ending: { kind: 'forgotten' }, reason: 'untracked' });
    expect(plan('task', waiting, recordNow('task'), { kind: 'none' })).toMatchObject({
      ending: { kind: 'forgotten' },
      reason: 'untracked',
    });
    expect(plan('task', waiting, recordNow('task'), itemNow('task')).ending).not.toMatchObject({ kind: 'forgotten' });
  });

  test('brings its last edit to the record when it loses the category, and to none that is closed', () => {
    const of = based('task', {}, { categories });
    const found = itemNow('task', { categories: [], notes: 'Mine' });
    for (const kind of ['same', 'changed', 'created'] as const)
      expect(plan('task', of, { kind, record: record('task') }, found)).toMatchObject({
        toRecord: { changes: { notes: 'Mine' } },
        toItem: { kind: 'none' },
        ending: { kind: 'released', reason: 'category-removed' },
      });
    for (const kind of ['closed', 'movedHome', 'filteredOut'] as const)
      expect(plan('task', of, { kind, record: record('task') }, found)).toMatchObject({
        toRecord: { kind: 'none' },
        toItem: { kind: 'none' },
        ending: { kind: 'released', reason: 'category-removed' },
      });
  });
});
