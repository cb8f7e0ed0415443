import type { Values } from '../model/values';
import type { LinkChange } from '../storage/link-changes';
import type { Link } from '../sync/link';
import { pendingOf } from '../sync/pending';
import { itemNow, type PlannedPair, recordNow } from './apply';

/**
 * The row that says what is about to be written to a linked pair, so that a process that takes over can tell these writes from people's, and that its
 * departure has been counted, so that it is not counted once more.
 */
export function pendingChange(planned: PlannedPair): LinkChange[] {
  const { link, work } = planned.read;
  const pending = link === null ? null : withCount(planned, link, withPending(planned, link));
  if (pending === null) return [];
  return link === work.link
    ? [{ put: 'pending', link: pending }]
    : [{ put: 'link', link: pending, formerItemId: work.link?.itemId ?? null }];
}

/** The link with the updates of its plan as pending writes; null where nothing of it is updated. */
export function withPending({ read, plan }: PlannedPair, link: Link): Link | null {
  const toRecord: Values = plan.toRecord.kind === 'update' ? plan.toRecord.changes : {};
  const toItem: Values = plan.toItem.kind === 'update' ? plan.toItem.changes : {};
  const reminds = plan.toItem.kind === 'update' && Object.keys(plan.toItem.derived).length > 0;
  if (link.bases === null || Object.keys({ ...toRecord, ...toItem }).length === 0) return null;
  return { ...link, pending: pendingOf(toRecord, toItem, recordNow(read), itemNow(read), reminds) };
}

function withCount({ countedAt }: PlannedPair, link: Link, pending: Link | null): Link | null {
  return countedAt === undefined ? pending : { ...(pending ?? link), countedAt };
}
