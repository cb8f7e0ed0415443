import { debounce } from '../messaging/slots';
import { errorCodes, TandemError } from '../platform/errors';
import type { PollingServices } from '../polling/services';
import type { DecisionRow, HeldRow } from '../storage/hold-rows';
import type { Page } from '../storage/integrations';
import type { Journal, JournalEntry } from '../storage/journal';
import { type PairKey, pairName } from '../storage/link-rows';
import type { LinkPartition } from '../storage/links';
import type { Mailboxes } from '../storage/mailboxes';
import type { Decision, HoldReason } from '../sync/decision';
import { noMailbox } from './disable';

/** What listing and deciding takes. */
export interface HoldServices extends Pick<PollingServices, 'clock' | 'log' | 'messenger' | 'links'> {
  readonly settings: Pick<PollingServices['settings'], 'wakeUpSlotMs'>;
  readonly mailboxes: Pick<Mailboxes, 'get'>;
  readonly journal: Pick<Journal, 'write'>;
}

type Verdict = Decision['verdict'];

/** Who decides, and about the holds of which mailbox. */
export interface Decider {
  readonly integration: string;
  readonly id: string;
  /** The Entra object id of the admin. */
  readonly by: string;
}

/**
 * What a mailbox has waiting for an admin, in the order of the records.
 * @throws TandemError `not-found`
 */
export async function listHolds(
  services: HoldServices,
  integration: string,
  id: string,
  page: { readonly limit: number; readonly cursor: string | null },
): Promise<Page<HeldRow>> {
  const { holds } = await (await partitionOf(services, integration, id)).state();
  const all = [...holds].sort((left, right) => (pairName(left) < pairName(right) ? -1 : 1));
  const rest = page.cursor === null ? all : all.filter((held) => pairName(held) > (page.cursor ?? ''));
  const items = rest.slice(0, page.limit);
  const last = items.at(-1);
  return { items, next: rest.length > items.length && last !== undefined ? pairName(last) : null };
}

/**
 * Writes down what an admin decided about one hold and wakes the mailbox. It is planned again then: what would be more than what was approved is held again.
 * @param seenAt since when the hold was there as the admin saw it, UTC ms; null where she did not say
 * @throws TandemError `not-found` where nothing is held, `stale` where it is another hold than the one that was seen
 */
export async function decideHold(
  services: HoldServices,
  decider: Decider,
  pair: PairKey,
  verdict: Verdict,
  seenAt: number | null,
): Promise<void> {
  const partition = await partitionOf(services, decider.integration, decider.id);
  const { holds } = await partition.state();
  const held = holds.find((each) => pairName(each) === pairName(pair));
  if (held === undefined) throw nothingHeld(pair);
  if (seenAt !== null && seenAt !== held.at) throw otherHold();
  await decide(services, partition, decider, [held], verdict);
}

/**
 * Approves everything that a mailbox holds for one reason, and returns how much that is.
 * @throws TandemError `not-found`
 */
export async function approveAll(services: HoldServices, decider: Decider, reason: HoldReason): Promise<number> {
  const partition = await partitionOf(services, decider.integration, decider.id);
  const held = (await partition.state()).holds.filter((each) => each.reason === reason);
  await decide(services, partition, decider, held, 'approve');
  return held.length;
}

/** The journal is written first: a decision that is carried out is always in it. */
async function decide(
  services: HoldServices,
  partition: LinkPartition,
  { integration, id, by }: Decider,
  held: readonly HeldRow[],
  verdict: Verdict,
): Promise<void> {
  if (held.length === 0) return;
  const { clock, journal, messenger, log, settings } = services;
  const at = clock.now();
  const decisions = held.map((each): DecisionRow => ({ ...each, verdict, by, at }));
  await journal.write({ integration, id }, decisions.map(entryOf));
  await partition.decide(decisions);
  const slot = debounce(`approval|${integration}|${id}`, at, settings.wakeUpSlotMs);
  await messenger.wake({ kind: 'work', integration, mailbox: id, reason: 'approval', sentAt: at }, slot);
  log.info('hold-decided', { integration, mailbox: id, verdict, count: held.length });
}

function entryOf({ entity, recordId, reason, action, verdict, by, at }: DecisionRow): JournalEntry {
  return {
    at,
    entity,
    recordId,
    itemId: null,
    field: null,
    side: action === 'deleteRecord' ? 'dynamics' : 'exchange',
    version: verdict,
    action: verdict === 'approve' ? 'approved' : 'discarded',
    reason,
    value: null,
    winner: null,
    cycle: 0,
    by,
  };
}

async function partitionOf(services: HoldServices, integration: string, id: string): Promise<LinkPartition> {
  if ((await services.mailboxes.get(integration, id)) === null) throw noMailbox(integration, id);
  return services.links({ integration, id });
}

function nothingHeld({ entity, recordId }: PairKey): TandemError {
  return new TandemError(errorCodes.notFound, {
    retry: 'never',
    fix: 'List what is held: it may have been settled in the meantime.',
    detail: `nothing of the ${entity} ${recordId} is held`,
  });
}

function otherHold(): TandemError {
  return new TandemError(errorCodes.stale, {
    retry: 'never',
    fix: 'List what is held and decide again.',
    detail: 'something else is held now than what was seen',
  });
}
