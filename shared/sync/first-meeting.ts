import { isMeeting } from '../model/entity';
import type { SeenItem, SeenRecord } from '../model/seen';
import { gatedUpdate } from './gated-write';
import type { Link, Pair } from './link';
import { gapsFilled, sendable } from './living-pair';
import { attendeesOf } from './mail-gate';
import { mergeNow } from './merged-pair';
import type { Draft, PlanContext } from './pair-plan';

/**
 * Links a record and an item that were the same before Tandem knew them. Nothing is written to Dynamics: what each side holds becomes its own base, and what the item
 * lacks is filled in, as far as that mails nobody. Where they differ stays as it is until somebody edits it.
 */
export function meet(pair: Pair, record: SeenRecord, item: SeenItem, context: PlanContext): Draft {
  const link = strangers(pair, item, context.now);
  const merged = mergeNow({ ...pair, link }, link, context);
  const gaps = gapsFilled(sendable(record, context.rules), merged.item);
  const { action } = gatedUpdate({ ...pair, link }, { withheld: true }, gaps, merged.record, merged, context);
  const given = attendeesOf(item.values);
  const isWithheld = isMeeting(pair.entity) && (context.firstLoad || attendeesOf(record.values).some((each) => !given.includes(each)));
  return { toItem: action, ending: { kind: 'linked', withheld: isWithheld, hold: null }, reason: 'first-meeting' };
}

/** A record and an item that never agreed on anything. */
function strangers({ entity, recordId }: Pair, item: SeenItem, at: number): Link {
  return {
    entity,
    recordId,
    itemId: item.id,
    feed: item.feed,
    state: 'linked',
    reason: 'first-meeting',
    incarnation: 1,
    recordVersion: '',
    itemVersion: '',
    bases: null,
    withheld: true,
    at,
  };
}
