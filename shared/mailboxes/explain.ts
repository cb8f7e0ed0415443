import type { PlannedPair } from '../cycle/apply';
import { itemNow, recordNow } from '../cycle/apply';
import { type DryPair, dryPair } from '../cycle/dry-run';
import { preview } from '../cycle/preview';
import type { CycleServices } from '../cycle/services';
import { Session } from '../cycle/session';
import { asTracked, type TrackedItem } from '../cycle/tracked-items';
import { chosenFields, hasSeveralHomes, isMeeting, sameIn } from '../model/entity';
import type { Feed, SeenItem, SeenRecord } from '../model/seen';
import type { Entity, Values } from '../model/values';
import type { Services } from '../services';
import type { Integration, Page } from '../storage/integrations';
import type { JournalEntry } from '../storage/journal';
import { type PairKey, pairName } from '../storage/link-rows';
import type { StoredMailbox } from '../storage/mailboxes';
import { type Reason, reasons } from '../sync/reasons';
import { directionOf } from '../sync/rules';
import { noMailbox } from './disable';
import { noIntegration } from './enable';
import { type Waiting, waitingOf } from './waiting';

/** Why a record or an item has nothing to sync with: stable codes, each with the sentence an admin reads. */
export const absences = {
  'no-such-record': 'Dynamics has no record with this id.',
  'not-readable': 'Not even the service account of the integration may read this record.',
  'no-organizer': 'An appointment without an organizer does not sync: nobody knows in whose calendar it belongs.',
  'no-owner': 'The record belongs to a team or to nobody; only what belongs to one person has a home.',
  'owner-takes-no-part': 'The mailbox of the person to whom the record belongs does not take part.',
  'no-such-item': 'The mailbox has no event, contact or task with this id.',
  'part-of-series': 'It is one date of a recurring series, which syncs as a whole: ask about the series.',
  'tracked-elsewhere':
    'The item is tracked, and another mailbox has the meeting, or it is a copy of a linked item: nothing is made from it here.',
  'cannot-be-made': 'The item is tracked, and Dynamics cannot hold it as it is, or nobody can tell now.',
  'not-tracked': 'The item was made in Exchange and nobody has asked for it to be in Dynamics.',
} as const;

export type Absence = keyof typeof absences;

/** What Tandem knows about a record or an item, and what it would do about it now. No value of a field is in it. */
export interface Explanation {
  readonly entity: Entity | null;
  readonly recordId: string | null;
  readonly itemId: string | null;
  /** The mailbox that it is synced with; null where there is none. */
  readonly mailbox: string | null;
  readonly state: 'tracking' | 'linked' | 'held' | 'frozen' | 'released' | 'unlinked';
  /** Why the pair is in this state. */
  readonly reason: Reason | Absence;
  readonly sentence: string;
  /** When Tandem last did something about the pair, UTC ms. */
  readonly at: number | null;
  /** What the pair waits for. */
  readonly waiting: readonly Waiting[];
  /** What the next cycle would do; null where it cannot be judged yet. */
  readonly next: (DryPair & { readonly sentence: string }) | null;
  /** Fields that both sides could share and in which they differ now. */
  readonly differences: readonly string[];
  /** What the journal says of the pair, newest first, without values. */
  readonly history: readonly Omit<JournalEntry, 'value'>[];
}

/** By what a pair is looked up. */
export type Question =
  | { readonly by: 'record'; readonly entity: Entity; readonly recordId: string }
  | { readonly by: 'item'; readonly mailbox: string; readonly itemId: string };

/** What explaining takes. */
export type ExplainServices = CycleServices & Pick<Services, 'integrations' | 'mailboxes' | 'homes' | 'journal'>;

const nothingKnown = { state: 'unlinked', at: null, waiting: [], next: null, differences: [], history: [] } as const;

/**
 * Explains a record of an integration, or an item of one of its mailboxes: what it is linked to, what was done last and why, or why it does not sync. Both sides are
 * read, nothing is written.
 * @throws TandemError `not-found` for an unknown integration or mailbox
 */
export async function explain(services: ExplainServices, integrationId: string, question: Question): Promise<Explanation> {
  const integration = await services.integrations.get(integrationId);
  if (integration === null) throw noIntegration(integrationId);
  return question.by === 'record' ? explainRecord(services, integration, question) : explainItem(services, integration, question);
}

async function explainRecord(
  services: ExplainServices,
  integration: Integration,
  { entity, recordId }: Extract<Question, { by: 'record' }>,
): Promise<Explanation> {
  const key = { entity, recordId };
  const found = await homeOf(services, integration, key);
  if (typeof found !== 'string') return explainPair(services, integration, found, key);
  return { ...nothingKnown, ...key, itemId: null, mailbox: null, reason: found, sentence: absences[found] };
}

/** The mailbox where a record is known or belongs, or why there is none. The one where it was last routed comes first: that is where its link is. */
async function homeOf(
  services: ExplainServices,
  integration: Integration,
  { entity, recordId }: PairKey,
): Promise<StoredMailbox | Absence> {
  for (const routed of (await services.homes.getMany(integration.id, entity, [recordId])).get(recordId)?.homes ?? []) {
    const known = await services.mailboxes.get(integration.id, routed);
    if (known !== null) return known;
  }
  const existence = await services.dynamics(integration).existence(entity, recordId, 'UTC');
  if (existence.kind !== 'exists') return existence.kind === 'deleted' ? 'no-such-record' : 'not-readable';
  if (existence.record.partOf !== undefined) return 'part-of-series';
  const persons = personsOf(existence.record);
  for (const person of persons) {
    const known = await services.mailboxes.get(integration.id, person);
    if (known !== null && known.status !== 'off') return known;
  }
  if (persons.length > 0) return 'owner-takes-no-part';
  return isMeeting(entity) && !hasSeveralHomes(entity) ? 'no-organizer' : 'no-owner';
}

/** To whom a record belongs: its organizer, its resources, or its owner. */
function personsOf(record: SeenRecord): readonly string[] {
  if (hasSeveralHomes(record.entity)) return record.resources ?? [];
  const person = isMeeting(record.entity) ? record.organizer : record.owner;
  return person === null ? [] : [person];
}

async function explainItem(
  services: ExplainServices,
  integration: Integration,
  { mailbox: id, itemId }: Extract<Question, { by: 'item' }>,
): Promise<Explanation> {
  const mailbox = await services.mailboxes.get(integration.id, id);
  if (mailbox === null) throw noMailbox(integration.id, id);
  const partition = await services.links({ integration: integration.id, id });
  const key = (await partition.pairsOf([itemId])).get(itemId);
  if (key !== undefined) return explainPair(services, integration, mailbox, key);
  const session = await Session.open(services, integration, mailbox, true);
  const item = await itemNamed(session, itemId);
  const [tracked] = item === null || item.partOf !== undefined ? [] : await asTracked(session, [item]);
  if (tracked !== undefined) return explainTracked(session, itemId, tracked);
  const reason = item === null ? 'no-such-item' : item.partOf === undefined ? 'not-tracked' : 'part-of-series';
  return { ...nothingKnown, entity: null, recordId: null, itemId, mailbox: id, reason, sentence: absences[reason] };
}

/** An item that is tracked and not linked yet: what the next cycle will make of it, or why it will not. */
async function explainTracked(session: Session, itemId: string, tracked: TrackedItem): Promise<Explanation> {
  const { planned, later } = await preview(session, [], false, [], [tracked]);
  const next = planned.find(({ plan }) => plan.pair.item.kind === 'tracked');
  const facts = { ...nothingKnown, itemId, mailbox: session.mailboxRow.id, entity: tracked.key.entity };
  if (next === undefined) {
    const reason = later.length > 0 ? 'cannot-be-made' : 'tracked-elsewhere';
    return { ...facts, recordId: null, reason, sentence: absences[reason] };
  }
  const { reason, pair } = next.plan;
  const sentence = reasons[reason];
  return { ...facts, recordId: pair.recordId, reason, sentence, next: { ...dryPair(next, false), sentence } };
}

/** The item by its id, in whichever folder that syncs it lies, read whole. */
async function itemNamed({ mailbox, mailboxRow: { taskLists } }: Session, itemId: string): Promise<SeenItem | null> {
  const places = [
    { kind: 'event', feed: 'calendar' },
    { kind: 'contact', feed: 'contacts' },
    ...taskLists.map((list) => ({ kind: 'task', feed: `tasks:${list}` }) as const),
  ] as const satisfies readonly { kind: string; feed: Feed }[];
  const [item] = await mailbox.readItems(places.map((place) => ({ ...place, id: itemId })));
  if (item?.kind !== 'series') return item ?? null;
  // Only who asks for a series as such is shown its dates.
  const [series] = await mailbox.readItems([{ kind: 'series', id: item.id, feed: item.feed }]);
  return series ?? null;
}

async function explainPair(
  services: ExplainServices,
  integration: Integration,
  mailbox: StoredMailbox,
  key: PairKey,
): Promise<Explanation> {
  const session = await Session.open(services, integration, mailbox, true);
  const link = (await session.partition.links([key])).get(pairName(key)) ?? null;
  const { planned } = await preview(session, [key], mailbox.status === 'loading');
  const [next] = planned;
  const reason = link?.reason ?? next?.plan.reason ?? 'not-syncing';
  return {
    ...key,
    itemId: link?.itemId ?? null,
    mailbox: mailbox.id,
    state: link?.state ?? 'unlinked',
    reason,
    sentence: reasons[reason],
    at: link?.at ?? null,
    waiting: (await waitingOf(session.partition)).filter((row) => pairName(row) === pairName(key)),
    next: next === undefined ? null : { ...dryPair(next, false), sentence: reasons[next.plan.reason] },
    differences: next === undefined || link === null || link.state === 'released' ? [] : differences(next, session, key.entity),
    history: await historyOf(services, mailbox, key),
  };
}

/** The fields that sync, that both sides hold and in which they differ, as far as the other side can hold the value. */
function differences({ read }: PlannedPair, { rules }: Session, entity: Entity): string[] {
  const record: Values = recordNow(read);
  const item: Values = itemNow(read);
  return chosenFields(entity, rules)
    .filter((field) => directionOf(rules, entity, field) !== 'none' && field.name in record && field.name in item)
    .filter((field) => {
      const { name, inExchange } = field;
      const told = record[name] ?? null;
      return !sameIn(field, item[name], told) && !sameIn(field, item[name], inExchange === undefined ? told : inExchange(told));
    })
    .map(({ name }) => name);
}

const pageOfJournal = 200;
const mostPages = 5;
const mostEntries = 20;

/** The newest entries about a pair, of the newest thousand of its mailbox. */
async function historyOf(services: ExplainServices, mailbox: StoredMailbox, key: PairKey): Promise<Explanation['history']> {
  const found: Omit<JournalEntry, 'value'>[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < mostPages && found.length < mostEntries; pages += 1) {
    const page: Page<JournalEntry> = await services.journal.read(mailbox, { limit: pageOfJournal, cursor });
    for (const { value: _, ...entry } of page.items) if (entry.entity === key.entity && entry.recordId === key.recordId) found.push(entry);
    if (page.next === null) break;
    cursor = page.next;
  }
  return found.slice(0, mostEntries);
}
