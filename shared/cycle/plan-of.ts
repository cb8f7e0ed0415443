import { markerOf } from '../model/seen';
import type { PairPlan, PlanContext } from '../sync/pair-plan';
import { planPair } from '../sync/plan';
import { type Obstacle, planUndo, type UndoPlan } from '../sync/undo';
import type { PlannedPair } from './apply';
import type { Session } from './session';
import { isFirstLoad, type ReadPair } from './work';

/** For so long an undo whose writes fail is tried again, ms. */
const undoLifeMs = 3_600_000;

/** A record that is made anew from the item of a pair that was let go is its next incarnation. */
function madeAs({ link, work }: ReadPair): number {
  return work.former === undefined ? Math.max(1, link?.incarnation ?? 1) : (work.link?.incarnation ?? 1) + 1;
}

/** The plan of a pair that was read, by the rules of its cycle, with the incarnation that a create would give its item. */
export function planOf(session: Session, read: ReadPair): PlannedPair {
  const { link: stored, intent } = read.work;
  const { plan, obstacle } = planned(session, read);
  if (plan.toRecord.kind === 'create') return { read, plan, incarnation: madeAs(read), obstacle };
  const before = read.link?.incarnation ?? stored?.incarnation ?? incarnationOf(read);
  const incarnation = plan.toItem.kind !== 'create' ? Math.max(1, before) : (intent?.incarnation ?? before + 1);
  return { read, plan, incarnation, obstacle };
}

/** What an admin wants taken back comes before what the sides ask for; where something stands in its way, they are served as ever. */
function planned(
  session: Session,
  { work, link, record, item }: ReadPair,
): { readonly plan: PairPlan; readonly obstacle: Obstacle | null } {
  const pair = { ...work.key, link, record, item };
  const { now, zone, rules } = session;
  const { decision } = work;
  const context: PlanContext = {
    rules,
    now,
    zone,
    firstLoad: isFirstLoad(work),
    ...(decision === null ? {} : { decision }),
  };
  if (work.undo === null) return { plan: planPair(pair, context), obstacle: null };
  const isLate = now - work.undo.at > undoLifeMs;
  const undo: UndoPlan = isLate ? { kind: 'refused', obstacle: 'too-late' } : planUndo(pair, work.undo.done, context);
  if (undo.kind === 'plan') return { plan: undo.plan, obstacle: null };
  return { plan: planPair(pair, context), obstacle: undo.kind === 'refused' ? undo.obstacle : null };
}

/** What the item that a record is about to be linked to says by its marker: the count goes on where tables were lost. */
function incarnationOf({ item }: ReadPair): number {
  return 'item' in item && item.item !== null ? (markerOf(item.item.marker)?.incarnation ?? 0) : 0;
}
