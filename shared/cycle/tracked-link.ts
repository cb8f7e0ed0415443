import { withoutFiles } from '../model/attachments';
import type { SeenItem } from '../model/seen';
import type { Values } from '../model/values';
import type { LinkChange } from '../storage/link-changes';
import type { PairKey } from '../storage/link-rows';
import type { Bases, Link } from '../sync/link';
import { wishIn } from '../sync/tracked';
import type { PlannedPair } from './apply';
import type { Session } from './session';
import type { PairWork } from './work';

/**
 * The link that ties an item to the record that is about to be made from it, kept before anything is written. Whoever takes over finds by it both the item and the id
 * of the record, so that the create is finished and not done twice (promise 5).
 */
export function trackingLink(session: Session, key: PairKey, item: SeenItem, incarnation: number, bases: Bases | null): Link {
  return {
    ...key,
    itemId: item.id,
    feed: item.feed,
    state: 'tracking',
    reason: 'tracked',
    incarnation,
    recordVersion: '',
    itemVersion: '',
    bases,
    withheld: false,
    ...wishIn(item.values, {}, session.integration.settings),
    at: session.now,
  };
}

/** Before a record is made from an item: the link that says so. Once the record is there but the item is not done, the same with the record's version. */
export function creatingChange(session: Session, { read, plan, incarnation }: PlannedPair, recordVersion = ''): LinkChange[] {
  if (plan.toRecord.kind !== 'create' || read.item.kind !== 'tracked') return [];
  const { item } = read.item;
  const { values } = plan.toRecord;
  const again = plan.ending.kind === 'linked' ? (plan.ending.again ?? []) : [];
  // Dates of a series are written after it, one by one: until that is done no date is agreed on, so that one that is missing is not taken for one that somebody put back.
  const dates = read.work.key.entity === 'series' ? { occurrences: [] } : {};
  const bases = {
    dynamics: withoutFiles({ ...values, ...dates }),
    exchange: withoutFiles({ ...without(item.values, again), ...dates }),
  };
  const link = trackingLink(session, read.work.key, item, incarnation, bases);
  const { former, link: before } = read.work;
  return [
    {
      put: 'link',
      link: { ...link, recordVersion },
      formerItemId: former === undefined ? (before?.itemId ?? null) : null,
      ...(former === undefined ? {} : { formerRecordId: former.recordId }),
    },
  ];
}

/** The same link, with its item where that is now. */
export function followedLink(link: Link, { id, feed }: SeenItem): Link {
  return { ...link, itemId: id, feed };
}

/** A tracked item that could not be taken up now is kept with its pair, for nothing else names it again. It has agreed with no record on anything yet. */
export function keptChange(session: Session, { key, link, heard }: Pick<PairWork, 'key' | 'link' | 'heard'>): LinkChange[] {
  if (heard?.kind === 'moved' && link !== null) return [{ put: 'link', link: followedLink(link, heard.item), formerItemId: link.itemId }];
  if (link !== null || heard?.kind !== 'tracked') return [];
  const kept = trackingLink(session, key, heard.item, 1, null);
  return [{ put: 'link', link: kept, formerItemId: null }];
}

/** The fields as null: whatever the item holds there is news. */
function without(values: Values, fields: readonly string[]): Values {
  return { ...values, ...Object.fromEntries(fields.map((field) => [field, null])) };
}
