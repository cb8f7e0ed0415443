import { planPair } from '../sync/plan';
import type { PlannedPair } from './apply';
import type { Session } from './session';
import { isFirstLoad, type ReadPair } from './work';

/** The plan of a pair that was read, by the settings of its integration, with the incarnation that a create would give its item. */
export function planOf(session: Session, pair: ReadPair): PlannedPair {
  const { key, link: stored, intent, decision } = pair.work;
  const plan = planPair(
    { ...key, link: pair.link, record: pair.record, item: pair.item },
    {
      rules: session.integration.settings,
      now: session.now,
      zone: session.zone,
      firstLoad: isFirstLoad(pair.work),
      ...(decision === null ? {} : { decision }),
    },
  );
  const before = pair.link?.incarnation ?? stored?.incarnation ?? 0;
  const incarnation = plan.toItem.kind !== 'create' ? Math.max(1, before) : (intent?.incarnation ?? before + 1);
  return { read: pair, plan, incarnation };
}
