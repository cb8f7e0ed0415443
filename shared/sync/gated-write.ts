import { isMeeting } from '../model/entity';
import type { Values } from '../model/values';
import { withoutDateLists } from './date-lists';
import { type Decision, discards, type Hold } from './decision';
import { changedDerived, derive } from './derive';
import type { Link, Pair } from './link';
import { type Approved, attendeeFields, type MailAnswer, mailGate } from './mail-gate';
import type { MergedNow } from './merged-pair';
import { type ItemAction, nothing, type PlanContext } from './pair-plan';

export interface GatedUpdate {
  readonly action: Extract<ItemAction, { readonly kind: 'none' | 'update' }>;
  /** True where the attendee list was left out. */
  readonly listKept: boolean;
  readonly hold: Hold | null;
  readonly mails: readonly string[];
}

/**
 * The update of an item as far as the mail gate lets it through, with the reminder that the merged record asks for: what waits for an admin counts
 * there as it was, so that a reminder never goes by a time that the item does not have.
 */
export function gatedUpdate(
  { entity }: Pick<Pair, 'entity'>,
  { withheld, reminderDue }: Pick<Link, 'withheld' | 'reminderDue'>,
  wanted: Values,
  recordAfter: Values,
  merged: MergedNow,
  context: PlanContext,
): GatedUpdate {
  const bodyKept = isMeeting(entity) && sharesBody(merged.item) ? withoutFields(wanted, ['body']) : wanted;
  const ask = (changes: Values): MailAnswer => gate(entity, { action: 'update', changes, current: merged.item, withheld }, context);
  const first = ask(bodyKept);
  const listKept = first.kind === 'withhold' ? withoutAttendees(bodyKept, merged.item) : bodyKept;
  const answer = ask(listKept);
  const refused = answer.kind === 'hold' ? answer.fields : [];
  const held = refused.filter((field) => !isDiscarded(context, field));
  const changes = withoutFields(listKept, refused);
  const before = merged.bases.dynamics;
  const told = { ...recordAfter, ...Object.fromEntries(refused.map((field) => [field, before[field] ?? null])) };
  const reminded = reminderDue === true ? {} : derive(entity, before, context.zone, context.now);
  const derived = changedDerived(reminded, derive(entity, told, context.zone, context.now));
  return {
    action: hasValues(changes) || hasValues(derived) ? { kind: 'update', changes, derived } : nothing,
    listKept: first.kind === 'withhold',
    hold: answer.kind === 'hold' && held.length > 0 ? { reason: 'would-mail', action: 'update', fields: held, whom: answer.whom } : null,
    mails: mailsOf(answer),
  };
}

/** True for an online meeting of which nobody can tell what people wrote from the block by which they join: its body is never written. */
function sharesBody({ online, bodyApart }: Values): boolean {
  return online === true && bodyApart !== true;
}

export function gate(
  entity: Pair['entity'],
  question: Omit<Parameters<typeof mailGate>[0], 'setting' | 'now' | 'approved'>,
  context: PlanContext,
): MailAnswer {
  if (!isMeeting(entity)) return { kind: 'silent' };
  const approved = approvedFor(question.action, context.decision);
  return mailGate({ ...question, setting: context.rules.attendeeMail, now: context.now, ...(approved === null ? {} : { approved }) });
}

/** What an admin approved of an action; of a deletion, whom it may be told to. */
function approvedFor(action: 'create' | 'update' | 'delete', decision: Decision | undefined): Approved | null {
  if (decision?.verdict !== 'approve' || decision.reason !== 'would-mail') return null;
  const wanted = action === 'delete' ? 'deleteItem' : 'update';
  return decision.action === wanted ? decision : null;
}

/** True for a field whose new value an admin wants kept from the item: it counts as told. */
function isDiscarded({ decision }: PlanContext, field: string): boolean {
  return discards(decision, { reason: 'would-mail', action: 'update' }) && decision?.fields.includes(field) === true;
}

export function mailsOf(answer: MailAnswer): readonly string[] {
  return answer.kind === 'mail' ? answer.whom : [];
}

/** The changes without what touches whom the event, or a single date of a series, invites. */
export function withoutAttendees(changes: Values, current: Values): Values {
  return withoutDateLists(withoutFields(changes, attendeeFields), current);
}

export function withoutFields(values: Values, fields: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !fields.includes(name)));
}

export function hasValues(values: object): boolean {
  return Object.keys(values).length > 0;
}
