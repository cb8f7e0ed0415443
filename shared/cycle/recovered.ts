import type { SeenItem, SeenRecord } from '../model/seen';
import type { ItemSide, Link, RecordSide } from '../sync/link';
import { recoveredBases } from '../sync/pending';
import type { SyncRules } from '../sync/rules';
import { type HomeOwner, itemSide, recordSide } from '../sync/sides';
import type { ReadPair } from './work';

/**
 * A pair whose last writes were never confirmed, with what of them took effect counted as agreed and both sides judged anew. Other pairs as they are.
 */
export function recovered(pair: ReadPair, owner: HomeOwner, rules: SyncRules): ReadPair {
  const { link } = pair;
  if (link?.pending === undefined || link.bases === null) return pair;
  const { pending, ...rest } = link;
  const record = recordOf(pair.record);
  const item = itemOf(pair.item);
  const bases = recoveredBases(link.bases, pending, record?.values ?? {}, item?.values ?? {});
  const judged: Link = { ...rest, bases, ...(pending.reminds === true ? { reminderDue: true } : {}) };
  return {
    ...pair,
    link: judged,
    record: record !== null && pair.record.kind !== 'unreadable' ? recordSide(record, judged, owner, rules) : pair.record,
    item: item === null ? pair.item : judgedItem(pair.item, item, judged, rules),
  };
}

/** An item whose record was about to be made stays one: it may not carry its marker yet, which only the taking up of what is tracked sees to (promise 5). */
function judgedItem(side: ItemSide, item: SeenItem, judged: Link, rules: SyncRules): ItemSide {
  return side.kind === 'tracked' ? side : itemSide(item, judged, rules);
}

function recordOf(side: RecordSide): SeenRecord | null {
  return 'record' in side ? side.record : null;
}

function itemOf(side: ItemSide): SeenItem | null {
  return 'item' in side ? side.item : null;
}
