import type { LinkChange } from '../storage/link-changes';
import { pairName } from '../storage/link-rows';
import type { PlannedPair } from './apply';
import { pendingChange } from './pending-change';
import type { Session } from './session';
import { intentOf } from './settle';
import { creatingChange } from './tracked-link';

/**
 * The first transaction of a slice that writes: the fence, what the brake has counted, the intents of all creates, and with each link what is about to be
 * written. Nothing has been written to either side yet.
 */
export async function begin(session: Session, writing: readonly PlannedPair[], counting: readonly LinkChange[]): Promise<void> {
  await prove(session, writing, counting, false);
}

/**
 * Proves the mailbox once more, right before Exchange is written to, where the last proof has grown old over the journal and the records: Exchange takes no
 * precondition that a worker who has lost the mailbox would fail at. Returns until when a request may be sent on that proof, UTC ms: it then ends before
 * anybody takes its intent for one that was left behind.
 */
export async function proveAgain(session: Session, writing: readonly PlannedPair[]): Promise<number> {
  const { requestTimeoutMs } = session.services.settings;
  if (session.now - session.provedAt > requestTimeoutMs / 2) await prove(session, writing, [], true);
  return session.provedAt + requestTimeoutMs;
}

async function prove(session: Session, writing: readonly PlannedPair[], counting: readonly LinkChange[], again: boolean): Promise<void> {
  const at = session.now;
  const intents = writing.flatMap((each) => intentOf(session, each, again));
  const pending = again ? [] : writing.flatMap((each) => [...pendingChange(each), ...creatingChange(session, each)]);
  await session.commit([
    counting,
    ...intents.map((intent): LinkChange[] => [{ put: 'intent', ...intent }]),
    ...pending.map((change) => [change]),
  ]);
  for (const { intent } of intents) session.intents.set(pairName(intent), intent);
  session.provedAt = at;
}
