import type { Entity, Side, Value, Values } from '../../../shared/model/values';
import type { Link, Pair } from '../../../shared/sync/link';
import type { PlanContext } from '../../../shared/sync/pair-plan';
import { type Done, type Obstacle, obstacles, planUndo, type UndoPlan } from '../../../shared/sync/undo';
import { agreed, context, future, item, link, pair, record, under } from './pairs';

const guests = { requiredAttendees: ['ben@x.example'] };
const invite = under({ attendeeMail: 'invite' });
const replaced = (side: Side, field: string, value: Value): Done => ({ action: 'replaced', side, field, value });
const created = (side: Side): Done => ({ action: 'created', side });
const removed = (side: Side, values: Values): Done => ({ action: 'deleted', side, values });

/** A pair whose sides both hold what they last agreed on, these values among it. */
function settled(entity: Entity, values: Values = {}, facts: Partial<Link> = {}): Pair {
  const bases = { dynamics: { ...agreed[entity].dynamics, ...values }, exchange: { ...agreed[entity].exchange, ...values } };
  const of = link(entity, { bases, ...facts });
  return pair(entity, of, { kind: 'same', record: record(entity, values) }, { kind: 'same', item: item(entity, values) });
}

function obstacleOf(answer: UndoPlan): Obstacle {
  if (answer.kind !== 'refused') throw new Error(`it was not refused: ${answer.kind}`);
  expect(obstacles[answer.obstacle]).toMatch(/\.$/);
  return answer.obstacle;
}

function planOf(answer: UndoPlan) {
  if (answer.kind !== 'plan') throw new Error(`there is no plan: ${JSON.stringify(answer)}`);
  return answer.plan;
}

const task = settled('task');
const subject = [replaced('exchange', 'subject', 'Before')];
const undo = (given: Pair, done: readonly Done[] = subject, under: PlanContext = context) => planUndo(given, done, under);

describe('a value that was replaced', () => {
  test('returns to the side on which it stood, and the other side keeps what it has', () => {
    expect(planOf(undo(task))).toEqual({
      pair: task,
      toRecord: { kind: 'none' },
      toItem: { kind: 'update', changes: { subject: 'Before' }, derived: {} },
      ending: { kind: 'linked', withheld: false, hold: null },
      lost: [],
      mails: [],
      reason: 'undone',
    });
    expect(planOf(undo(task, [replaced('dynamics', 'subject', 'Before')]))).toMatchObject({
      toRecord: { kind: 'update', changes: { subject: 'Before' } },
      toItem: { kind: 'none' },
    });
  });

  test('returns to each of two sides', () => {
    const both = [replaced('dynamics', 'subject', 'Mine'), replaced('exchange', 'notes', 'Hers'), replaced('exchange', 'startDate', null)];
    expect(planOf(undo(settled('task', { startDate: '2026-10-02' }), both))).toMatchObject({
      toRecord: { changes: { subject: 'Mine' } },
      toItem: { changes: { notes: 'Hers', startDate: null } },
    });
  });

  test('returns as it was before the first time, where it was replaced twice', () => {
    const twice = [replaced('exchange', 'subject', 'First'), replaced('exchange', 'subject', 'Second')];
    expect(planOf(undo(task, twice)).toItem).toMatchObject({ changes: { subject: 'First' } });
  });

  test('is not written where it stands there already', () => {
    const same = [replaced('exchange', 'subject', agreed.task.exchange.subject ?? null), replaced('dynamics', 'notes', null)];
    expect(planOf(undo(task, same))).toMatchObject({ toRecord: { kind: 'none' }, toItem: { kind: 'none' }, ending: { kind: 'linked' } });
  });

  test('leaves a list withheld that was, and a pair that was let go as it is', () => {
    expect(planOf(undo(settled('appointment', {}, { withheld: true }))).ending).toMatchObject({ kind: 'linked', withheld: true });
    expect(planOf(undo(settled('task', {}, { state: 'released', reason: 'closed' }))).ending).toEqual({
      kind: 'released',
      reason: 'undone',
      untold: [],
    });
  });
});

describe('what was made', () => {
  test('goes from the side on which it was made, and both stay apart from then on', () => {
    expect(planOf(undo(task, [created('exchange'), ...subject]))).toMatchObject({
      toRecord: { kind: 'none' },
      toItem: { kind: 'delete' },
      ending: { kind: 'released', reason: 'undone' },
      mails: [],
    });
    expect(planOf(undo(task, [created('dynamics')]))).toMatchObject({
      toRecord: { kind: 'delete' },
      toItem: { kind: 'none' },
      ending: { kind: 'released', reason: 'undone' },
    });
  });
});

describe('a record that was deleted', () => {
  const values = { subject: 'Call Adatum', notes: null, categories: [], dueDate: '2026-10-05' };
  const gone = (entity: Entity, kind: 'deleted' | 'none' = 'deleted') => pair(entity, null, { kind }, { kind: 'deleted' });

  test('is made again with all that it held, and then syncs like any other', () => {
    for (const kind of ['deleted', 'none'] as const)
      expect(planOf(undo(gone('task', kind), [removed('dynamics', values)]))).toMatchObject({
        toRecord: { kind: 'create', values: { subject: 'Call Adatum', dueDate: '2026-10-05' } },
        toItem: { kind: 'none' },
        ending: { kind: 'forgotten' },
        reason: 'undone',
      });
    const plan = planOf(undo(gone('task'), [removed('dynamics', values)]));
    expect(Object.keys('values' in plan.toRecord ? plan.toRecord.values : {})).toEqual(['subject', 'dueDate']);
  });

  test('is there already where somebody, or a worker who did not live to say so, was faster', () => {
    for (const kind of ['same', 'changed'] as const)
      expect(undo({ ...gone('task'), record: { kind, record: record('task') } }, [removed('dynamics', values)])).toEqual({ kind: 'done' });
  });

  test('is left to an admin where its meeting would invite people anew (promise 2)', () => {
    const meeting = [removed('dynamics', { ...agreed.appointment.dynamics, ...guests })];
    expect(obstacleOf(undo(gone('appointment'), meeting, invite))).toBe('would-mail');
    expect(planOf(undo(gone('appointment'), meeting)).toRecord).toMatchObject({ kind: 'create' });
    const alone = [removed('dynamics', agreed.appointment.dynamics)];
    expect(planOf(undo(gone('appointment'), alone, invite)).toRecord).toMatchObject({ kind: 'create' });
    expect(planOf(undo(gone('task'), [removed('dynamics', { ...values, ...guests })], invite)).toRecord).toMatchObject({ kind: 'create' });
  });
});

describe('an item that was removed', () => {
  const gone = (entity: Entity) => pair(entity, null, { kind: 'deleted' }, { kind: 'deleted' });

  test('is made again from what it held, without what Exchange makes itself, and stays on its own', () => {
    const held = { ...agreed.appointment.exchange, location: null, unknown: 'x' };
    const plan = planOf(undo(gone('appointment'), [removed('exchange', held)]));
    expect(plan).toMatchObject({
      toRecord: { kind: 'none' },
      toItem: { kind: 'create', values: { subject: agreed.appointment.exchange.subject, time: future }, derived: {} },
      ending: { kind: 'released', reason: 'undone' },
      reason: 'undone',
      mails: [],
    });
    for (const name of ['location', 'unknown', 'iCalUId', 'organizedHere', 'online'])
      expect(plan.toItem).not.toHaveProperty(`values.${name}`);
  });

  test.each([
    ['never', context],
    ['invite', invite],
  ])('is made again without its attendees under %s (promise 2)', (_title, given) => {
    const plan = planOf(undo(gone('appointment'), [removed('exchange', { ...agreed.appointment.exchange, ...guests })], given));
    expect(plan.toItem).toMatchObject({ kind: 'create' });
    expect(plan.toItem).not.toHaveProperty('values.requiredAttendees');
  });

  test('is left as it is where it stands there again', () => {
    for (const kind of ['same', 'changed'] as const) {
      const back = { ...gone('task'), item: { kind, item: item('task') } };
      expect(planOf(undo(back, [removed('exchange', agreed.task.exchange)]))).toMatchObject({
        toItem: { kind: 'none' },
        ending: { kind: 'released', reason: 'undone' },
        reason: 'undone',
      });
    }
  });

  test('is not made again where its record lives on, in another home or in this one', () => {
    const values = [removed('exchange', agreed.task.exchange)];
    for (const kind of ['movedHome', 'same'] as const)
      expect(obstacleOf(undo({ ...gone('task'), record: { kind, record: record('task') } }, values))).toBe('lives-elsewhere');
  });
});

describe('nothing is taken back', () => {
  test.each<[string, Pair, readonly Done[], Obstacle]>([
    ['where the journal knows of nothing', task, [], 'nothing-done'],
    ['where the two are not linked', { ...task, link: null }, subject, 'gone-since'],
    ['where it is not known what they agreed on', settled('task', {}, { bases: null }), subject, 'gone-since'],
    ['where the item is gone', { ...task, item: { kind: 'deleted' } }, subject, 'gone-since'],
    ['where there is no item', { ...task, item: { kind: 'none' } }, subject, 'gone-since'],
    ['where the record is gone', { ...task, record: { kind: 'deleted' } }, subject, 'gone-since'],
    ['where the record can no longer be read', { ...task, record: { kind: 'unreadable' } }, subject, 'gone-since'],
    ['while the pair is held', settled('task', {}, { state: 'held' }), subject, 'under-way'],
    ['while it is frozen', settled('task', {}, { state: 'frozen' }), subject, 'under-way'],
    [
      'while a write is not confirmed',
      settled('task', {}, { pending: { toRecord: {}, toItem: {}, record: {}, item: {} } }),
      subject,
      'under-way',
    ],
    [
      'where somebody has edited the item since',
      { ...task, item: { kind: 'changed', item: item('task', { notes: 'Mine' }) } },
      subject,
      'edited-since',
    ],
    [
      'where somebody has edited the record since',
      { ...task, record: { kind: 'changed', record: record('task', { notes: 'Mine' }) } },
      subject,
      'edited-since',
    ],
    [
      'where what was made has been edited since',
      { ...task, item: { kind: 'changed', item: item('task', { notes: 'Mine' }) } },
      [created('exchange')],
      'edited-since',
    ],
  ])('%s', (_title, given, done, expected) => {
    expect(obstacleOf(undo(given, done))).toBe(expected);
  });

  test('because of a value that neither side had when both agreed, or that nobody reads', () => {
    const { notes: _notes, ...dynamics } = agreed.task.dynamics;
    const older = settled('task', {}, { bases: { dynamics, exchange: agreed.task.exchange } });
    const seen = { ...older, record: { kind: 'changed', record: record('task', { notes: 'Mine', stray: 'x' }) } } as const;
    expect(undo(seen).kind).toBe('plan');
  });

  test('of a side that was not read, all is known that was agreed', () => {
    const unread: Pair = { ...task, record: { kind: 'same', record: null }, item: { kind: 'same', item: null } };
    const done = [...subject, replaced('dynamics', 'notes', null), replaced('dynamics', 'subject', 'Before')];
    expect(planOf(undo(unread, done))).toMatchObject({
      toRecord: { kind: 'update', changes: { subject: 'Before' } },
      toItem: { changes: { subject: 'Before' } },
    });
  });
});

test('a record that was made and has another version since is not deleted: somebody may have added what Tandem does not read', () => {
  const newer: Pair = { ...task, record: { kind: 'same', record: record('task', {}, { version: '101' }) } };
  expect(obstacleOf(undo(newer, [created('dynamics')]))).toBe('edited-since');
  expect(undo(newer, [created('exchange')]).kind).toBe('plan');
  expect(undo(newer, subject).kind).toBe('plan');
});

describe('a meeting with attendees (promise 2)', () => {
  const meeting = settled('appointment', guests);

  test.each<[string, readonly Done[]]>([
    ['a value that Exchange announces', [replaced('exchange', 'subject', 'Before')]],
    ['a list of attendees', [replaced('exchange', 'requiredAttendees', [])]],
    ['the meeting itself', [created('exchange')]],
  ])('keeps %s, whatever the settings: taking back never writes to anybody', (_title, done) => {
    for (const given of [context, invite]) expect(obstacleOf(undo(meeting, done, given))).toBe('would-mail');
  });

  test('gives back what Exchange does not announce, and whatever its record held', () => {
    expect(planOf(undo(meeting, [replaced('exchange', 'status', 'free')], invite))).toMatchObject({
      toItem: { changes: { status: 'free' } },
      mails: [],
    });
    expect(planOf(undo(meeting, [replaced('dynamics', 'subject', 'Before')], invite))).toMatchObject({
      toRecord: { changes: { subject: 'Before' } },
      toItem: { kind: 'none' },
    });
    expect(planOf(undo(meeting, [created('dynamics')], invite)).toRecord).toEqual({ kind: 'delete' });
  });

  test('that has none is deleted again', () => {
    expect(planOf(undo(settled('appointment'), [created('exchange')])).toItem).toEqual({ kind: 'delete' });
  });
});
