import { isMeeting } from '../model/entity';
import { markerOf, type SeenItem, type SeenRecord } from '../model/seen';
import { type GatedUpdate, gatedUpdate } from './gated-write';
import type { Pair } from './link';
import { gapsFilled, sendable } from './living-pair';
import { attendeesOf } from './mail-gate';
import { mergeNow } from './merged-pair';
import { type Draft, type ItemAction, leave, type PlanContext } from './pair-plan';
import { isPrivate, travels } from './private';

/**
 * Links a record and an item that were the same before Tandem knew them. Nothing is written to Dynamics: what each side holds becomes its own base, and what the item
 * lacks is filled in, as far as that mails nobody and nothing of it is private. Where they differ stays as it is until somebody edits it.
 */
export function meet(pair: Pair, record: SeenRecord, item: SeenItem, context: PlanContext): Draft {
  if (!travels(pair.entity, item.values, context.rules)) return leave('private');
  const merged = mergeNow(pair, { bases: null }, context);
  const gaps = isPrivate(item.values) ? {} : gapsFilled(sendable(record, context.rules), merged.item);
  const { action } = gatedUpdate(pair, { withheld: true }, gaps, merged.record, merged, context);
  const given = attendeesOf(item.values);
  const isWithheld = isMeeting(pair.entity) && (context.firstLoad || attendeesOf(record.values).some((each) => !given.includes(each)));
  return { toItem: marked(pair, item, action), ending: { kind: 'linked', withheld: isWithheld, hold: null }, reason: 'first-meeting' };
}

/** The same action with the marker, where the item does not carry it yet. A meeting with attendees gets none: nobody knows whether Exchange would write to them over it. */
function marked({ recordId }: Pair, item: SeenItem, action: GatedUpdate['action']): ItemAction {
  if (markerOf(item.marker)?.recordId === recordId || attendeesOf(item.values).length > 0) return action;
  return action.kind === 'none' ? { kind: 'update', changes: {}, derived: {}, mark: true } : { ...action, mark: true };
}
