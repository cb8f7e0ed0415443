import { planPair } from '../../../shared/sync/plan';
import { context, item, link, pair, record } from './pairs';

const kinds = ['phonecall', 'letter', 'fax'] as const;

describe.each(kinds)('a %s in Exchange', (entity) => {
  test.each(['inProgress', 'waiting', 'deferred'])('that is %s there is still just open in Dynamics: nothing is written', (status) => {
    const plan = planPair(
      pair(
        entity,
        link(entity),
        { kind: 'same', record: record(entity) },
        { kind: 'changed', item: item(entity, { status }, { version: 'W/2' }) },
      ),
      context,
    );
    expect(plan).toMatchObject({ toRecord: { kind: 'none' }, toItem: { kind: 'none' }, ending: { kind: 'linked' }, lost: [] });
  });

  test('that is completed there is completed in Dynamics and let go', () => {
    const done = item(entity, { status: 'completed', completedDate: '2026-10-01' }, { version: 'W/2' });
    const plan = planPair(pair(entity, link(entity), { kind: 'same', record: record(entity) }, { kind: 'changed', item: done }), context);
    expect(plan).toMatchObject({
      toRecord: { kind: 'update', changes: { status: 'completed', completedDate: '2026-10-01' } },
      ending: { kind: 'released', reason: 'closed' },
    });
  });

  test('is completed where Dynamics cancels it, and never canceled in Dynamics by Exchange', () => {
    const canceled = record(entity, { status: 'canceled' }, { version: '101', standing: 'closed' });
    const plan = planPair(pair(entity, link(entity), { kind: 'closed', record: canceled }, { kind: 'same', item: item(entity) }), context);
    expect(plan).toMatchObject({ toRecord: { kind: 'none' }, toItem: { kind: 'update', changes: { status: 'completed' } } });
  });
});
