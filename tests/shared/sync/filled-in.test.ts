import { planPair } from '../../../shared/sync/plan';
import { agreed, context, item, link, now, pair, record } from './pairs';

const start = '2026-10-05';
const blank = { startDate: null, dueDate: null, dueTime: null };
const bases = { dynamics: { ...agreed.task.dynamics, ...blank }, exchange: { ...agreed.task.exchange, startDate: null, dueDate: null } };

function plan(inDynamics: object, inExchange: object) {
  const seen = record('task', { ...blank, ...inDynamics }, { version: '101', modifiedAt: now - 60_000 });
  const found = item('task', { ...blank, ...inExchange }, { version: 'W/2', modifiedAt: now });
  return planPair(pair('task', link('task', { bases }), { kind: 'changed', record: seen }, { kind: 'changed', item: found }), context);
}

test('a due date that both systems filled in is no conflict and no write', () => {
  const both = { startDate: start, dueDate: start };
  expect(plan(both, both)).toMatchObject({ toRecord: { kind: 'none' }, toItem: { kind: 'none' }, lost: [] });
});

test('a due date that somebody chose wins over one that was filled in, however late that came', () => {
  const chosen = plan({ startDate: start, dueDate: '2026-10-09' }, { startDate: start, dueDate: start });
  expect(chosen).toMatchObject({ toRecord: { kind: 'none' }, toItem: { kind: 'update', changes: { dueDate: '2026-10-09' } }, lost: [] });
  const other = plan({ startDate: start, dueDate: start }, { startDate: start, dueDate: '2026-10-09' });
  expect(other).toMatchObject({ toRecord: { kind: 'update', changes: { dueDate: '2026-10-09' } }, toItem: { kind: 'none' }, lost: [] });
});

test('one that was filled in takes nothing else along that its side has edited', () => {
  const mine = plan({ startDate: start, dueDate: start, subject: 'Mine' }, { startDate: start, dueDate: '2026-10-09' });
  expect(mine).toMatchObject({ toRecord: { changes: { dueDate: '2026-10-09' } }, toItem: { changes: { subject: 'Mine' } }, lost: [] });
});

test('a due date that somebody moved to the start date was chosen: it meets another edit like any value (promise 1)', () => {
  const had = { startDate: start, dueDate: '2026-10-20' };
  const bases = { dynamics: { ...agreed.task.dynamics, ...had }, exchange: { ...agreed.task.exchange, ...had } };
  const seen = record('task', { ...had, dueDate: start }, { version: '101', modifiedAt: now });
  const found = item('task', { ...had, dueDate: '2026-10-09' }, { version: 'W/2', modifiedAt: now - 60_000 });
  const sides = [
    { kind: 'changed', record: seen },
    { kind: 'changed', item: found },
  ] as const;
  expect(planPair(pair('task', link('task', { bases }), ...sides), context)).toMatchObject({
    toItem: { changes: { dueDate: start } },
    lost: [{ field: 'dueDate', side: 'exchange', value: '2026-10-09' }],
  });
});

test('one that was filled in on one side alone goes on', () => {
  expect(plan({ startDate: start }, { startDate: start, dueDate: start }).toRecord).toMatchObject({ changes: { dueDate: start } });
});
