import { entities } from '../../../shared/model/values';
import type { PlanContext } from '../../../shared/sync/pair-plan';
import { planPair } from '../../../shared/sync/plan';
import { type Reason, reasons } from '../../../shared/sync/reasons';
import type { SyncRules } from '../../../shared/sync/rules';
import { context, itemKinds, itemSideOf, link, pair, recordKinds, recordSideOf, rules } from './pairs';
import { oneOf } from './runs';

test('every combination of link, sides, settings and entity has a plan with a reason, and none throws', () => {
  const settings: SyncRules[] = [
    rules,
    { ...rules, attendeeMail: 'invite', taskDeletedInExchange: 'release', contactDeletedInDynamics: 'delete' },
    {
      ...rules,
      conflict: { ...rules.conflict, task: 'exchange', contact: 'dynamics', appointment: 'exchange', series: 'exchange' },
      appointmentDeletedInExchange: 'release',
    },
    { ...rules, directions: { task: { subject: 'none', status: 'toDynamics' }, appointment: { time: 'toExchange' } } },
  ];
  const contexts: PlanContext[] = settings.flatMap((chosen) =>
    [true, false].map((firstLoad) => ({ ...context, rules: chosen, firstLoad, zone: 'Nowhere/Land' })),
  );
  let combinations = 0;
  for (const entity of entities) {
    const links = [
      null,
      ...(['linked', 'held', 'frozen'] as const).flatMap((state) => [
        link(entity, { state }),
        link(entity, { state, bases: null }),
        link(entity, { state, withheld: true }),
      ]),
      ...(Object.keys(reasons) as Reason[]).flatMap((reason) => [
        link(entity, { state: 'released', reason }),
        link(entity, { state: 'released', reason, bases: null }),
      ]),
    ];
    const records = [...recordKinds.map((kind) => recordSideOf(kind, entity)), { kind: 'same', record: null } as const];
    const items = [...itemKinds.map((kind) => itemSideOf(kind, entity)), { kind: 'same', item: null } as const];
    for (const of of links)
      for (const record of records)
        for (const item of items)
          for (const each of contexts) {
            combinations += 1;
            if (combinations % oneOf !== 0) continue;
            const plan = planPair(pair(entity, of, record, item), each);
            expect(reasons[plan.reason]).toBeDefined();
          }
  }
  expect(combinations).toBeGreaterThan(10_000);
});
