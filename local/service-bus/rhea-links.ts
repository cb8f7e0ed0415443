import type { link as Link, Sender } from 'rhea';
import type { ServiceBusFault } from './faults';

/** What the library keeps behind a sender link and does not declare, as of rhea 3.0. */
interface SenderInternals {
  credit: number;
  delivery_count: number;
  _draining: boolean;
  _drained: boolean;
  _get_drain(): boolean;
  state: { local_open: boolean; open_requests: number };
  local: { attach: { properties?: Record<string, unknown>; snd_settle_mode?: number; rcv_settle_mode?: number } };
  session: { outgoing: { next_delivery_id: number; next_pending_delivery: number; available(): number } };
  connection: { _register(): void };
}

/** Settle mode of a sender that wants no word about what it sent. */
export const SETTLED = 1;

const internals = (link: Sender) => link as unknown as SenderInternals;

/** Fields of the attach that answers the client's; to be called before that is written. */
export function answerAttach(link: Sender, fields: SenderInternals['local']['attach']): void {
  Object.assign(internals(link).local.attach, fields);
}

/** Undoes the automatic answer to an attach, until `link.open()`. */
export function withholdAttach(link: Sender): void {
  Object.assign(internals(link).state, { local_open: false, open_requests: 0 });
}

export function closeWith(link: Link, { condition, description }: ServiceBusFault): void {
  link.close({ condition, description });
}

/**
 * How many more messages may be handed to the link. It never takes more than the client's credit, because a message that waits for credit
 * blocks every other link of its AMQP session, and never more than the library's buffer of unsettled deliveries holds.
 */
export function roomOf(link: Sender): number {
  if (!link.is_open()) return 0;
  return Math.min(internals(link).credit - unwritten(link), internals(link).session.outgoing.available());
}

/**
 * The library answers a drain only while credit is left. The client waits for an answer also when messages that were under way have used it
 * up, and closes the link when none comes.
 */
export function answerEveryDrain(link: Sender): void {
  const sender = internals(link);
  sender._get_drain = () => {
    const isAnswer = sender._draining && sender._drained;
    if (isAnswer) Object.assign(sender, { delivery_count: sender.delivery_count + sender.credit, credit: 0, _draining: false });
    return isAnswer;
  };
}

/** Tells a client that asked for it that no more messages will use its credit; only once every message handed over is written. */
export function drainWhenWritten(link: Sender): void {
  if (!internals(link)._draining) return;
  setImmediate(() => {
    if (unwritten(link) > 0 || !link.is_open()) return;
    link.set_drained(true);
    internals(link).connection._register();
  });
}

/** Messages handed to the AMQP session but not yet on the wire. */
function unwritten(link: Sender): number {
  const { outgoing } = internals(link).session;
  return outgoing.next_delivery_id - outgoing.next_pending_delivery;
}
