import type { SeenItem } from '../model/seen';
import { meet } from './first-meeting';
import type { ItemSide, Link, Pair, RecordSide } from './link';
import { createItem, mergeSides, relink } from './living-pair';
import { breakLoop, letGoFrozen, thawOf } from './loop-breaker';
import { itemValues, wasRead } from './merged-pair';
import { itemDeleted, letGo, lettingGo, movedHome, recordClosed, recordDeleted } from './pair-endings';
import { type Draft, leave, nothing, type PairPlan, type PlanContext } from './pair-plan';
import { travels } from './private';
import { itemSide, livingSide } from './sides';
import { lostCategory, staysTracked } from './tracked';
import { planTracked } from './tracked-pair';

/** The plan for one pair. Total: every combination of sides has an answer, and the answer carries its reason. */
export function planPair(pair: Pair, context: PlanContext): PairPlan {
  const { link } = pair;
  if (pair.item.kind === 'tracked') return planOf(pair, planWish(pair, pair.item.item, context));
  if (link === null) return planOf(pair, planUnlinked(pair, context));
  switch (link.state) {
    case 'released':
      return planOf(pair, planReleased(pair, link, context));
    case 'frozen':
      return planOf(pair, planFrozen(pair, link, context));
    case 'tracking':
    case 'linked':
    case 'held':
      return breakLoop(planOf(pair, planLinked(pair, link, context)), link, context.now);
  }
}

/** What its user tracks. Where its record was closed, deleted, or went elsewhere, after it was made and before that was noted, the item is a copy like any other. */
function planWish(pair: Pair, item: SeenItem, context: PlanContext): Draft {
  const { link, record } = pair;
  const wasMade = link?.state === 'tracking' && link.bases !== null && ['movedHome', 'closed', 'deleted'].includes(record.kind);
  if (!wasMade) return planTracked(pair, item, context);
  return planLinked({ ...pair, item: itemSide(item, link, context.rules) }, { ...link, state: 'linked' }, context);
}

function planOf(pair: Pair, draft: Draft): PairPlan {
  return { pair, toRecord: nothing, toItem: nothing, lost: [], mails: [], ...draft };
}

/** A frozen pair goes on only when an admin says so, and then begins to count anew. */
function planFrozen(pair: Pair, link: Link, context: PlanContext): Draft {
  switch (thawOf(context.decision)) {
    case 'frozen':
      return leave('frozen');
    case 'let go':
      return letGoFrozen;
    case 'thaw':
      // As a held one: a pair that has nothing to tell is linked all the same.
      return planLinked(pair, { ...link, state: 'held' }, context);
  }
}

function planUnlinked(pair: Pair, context: PlanContext): Draft {
  const { record, item } = pair;
  switch (record.kind) {
    case 'created':
      return 'item' in item && item.item !== null
        ? meet(pair, record.record, item.item, context)
        : createItem(record.record, 'new-record', context);
    case 'movedHome':
      return leave('not-mine');
    case 'none':
    case 'same':
    case 'changed':
    case 'deleted':
    case 'filteredOut':
    case 'closed':
    case 'unreadable':
      return leave('not-syncing');
  }
}

/**
 * Only a record that returns to the filter, the home or the open state that it had left is linked again; what people removed does not come back, and a copy
 * that stayed here is taken up rather than made twice.
 */
function planReleased({ record, item }: Pair, link: Link, context: PlanContext): Draft {
  if (link.tracked && context.rules.trackCategorizedItems && wasRead(item) && !staysTracked(itemValues(item, link), link, context.rules))
    return { ending: { kind: 'noted', tracked: false }, reason: 'released' };
  if (record.kind !== 'created') return leave('released');
  switch (link.reason) {
    case 'moved-home':
    case 'canceled':
    case 'left-filter-deleted':
      if (item.kind === 'none' || item.kind === 'deleted') return createItem(record.record, 'came-back', context);
      return wasRead(item) ? relink(record.record, item, link, context) : leave('released');
    case 'closed':
    case 'left-filter':
    case 'unreadable':
      return wasRead(item) ? relink(record.record, item, link, context) : leave('released');
    default:
      return leave('released');
  }
}

function planLinked(given: Pair, link: Link, context: PlanContext): Draft {
  const pair = wished(given, link, context);
  const { record, item } = pair;
  if (link.state === 'tracking' && (record.kind === 'none' || record.kind === 'deleted' || item.kind === 'none'))
    return { ending: { kind: 'forgotten' }, reason: 'untracked' };
  if (!travels(pair.entity, itemValues(item, link), context.rules)) return letGo('became-private');
  if (record.kind !== 'deleted' && untracked(item, link, context))
    return lives(record) ? lettingGo(pair, link, context, 'category-removed') : letGo('category-removed');
  switch (record.kind) {
    case 'none':
    case 'deleted':
      return recordDeleted(pair, link, context);
    case 'unreadable':
      return letGo('unreadable');
    case 'movedHome':
      return movedHome(pair, record.record, link, context);
    case 'filteredOut':
      return lettingGo(pair, link, context, 'left-filter');
    case 'closed':
      return recordClosed(pair, record.record, link, context);
    case 'same':
    case 'changed':
    case 'created':
      return item.kind === 'deleted' ? itemDeleted(pair, link, context) : mergeSides(pair, link, context);
  }
}

/** A pair that its user tracks, as if its record were among those that sync: what she asked for by name is not taken back by a filter. */
function wished(pair: Pair, link: Link, { rules }: PlanContext): Pair {
  if (link.tracked !== true || pair.record.kind !== 'filteredOut' || pair.record.record.standing !== 'filtered') return pair;
  return { ...pair, record: livingSide(pair.record.record, link, rules) };
}

/** True for a record that stands at home, open, as far as anything was heard of it. */
function lives({ kind }: RecordSide): boolean {
  return kind === 'same' || kind === 'changed' || kind === 'created';
}

/** True where the user took the tracking category off since both sides last agreed. An item that came from Dynamics never had it. */
function untracked(item: ItemSide, link: Link, { rules }: PlanContext): boolean {
  return wasRead(item) && lostCategory(link.bases?.exchange ?? {}, itemValues(item, link), link, rules);
}
