import { type InboxRow, type PairKey, pairName } from '../storage/link-rows';
import type { Session } from './session';
import type { Heard, PairWork } from './work';

/** What one slice takes up, and whether more is waiting. */
export interface Gathered {
  readonly work: readonly PairWork[];
  readonly inbox: readonly InboxRow[];
  readonly more: boolean;
}

type Origin = { -readonly [K in keyof Omit<PairWork, 'link' | 'former'>]: PairWork[K] };

/** Picks up to a slice's worth of pairs: what deltas named, what the inbox holds, parked pairs that are due, creates that were cut short and decisions of admins. */
export async function gather(session: Session): Promise<Gathered> {
  const limit = session.services.settings.sliceActions;
  const { now } = session;
  const found = new Map<string, Origin>();
  const originOf = (key: PairKey): Origin => {
    const name = pairName(key);
    const origin = found.get(name) ?? {
      key: { entity: key.entity, recordId: key.recordId },
      heard: null,
      inbox: null,
      parked: null,
      intent: session.intents.get(name) ?? null,
      decision: session.decisions.get(name) ?? null,
      undo: session.undos.get(name) ?? null,
    };
    found.set(name, origin);
    return origin;
  };

  for (const [name, { key }] of session.heard) if (!session.syncs(key)) session.heard.delete(name);
  for (const { key, heard } of session.heard.values()) {
    if (found.size >= limit) break;
    originOf(key).heard = heard satisfies Heard;
  }
  for (const parked of session.parked.values()) {
    if (found.size >= limit) break;
    if (parked.due <= now) originOf(parked).parked = parked;
  }
  for (const intent of session.intents.values()) {
    if (found.size >= limit) break;
    if (isOld(session, intent.startedAt)) originOf(intent);
  }
  for (const wish of wishes(session)) {
    if (found.size >= limit) break;
    originOf(wish);
  }
  for (const { key, decision, undo } of found.values()) if (decision !== null || undo !== null) session.heeded.add(pairName(key));
  // Until every folder has told its last, nobody knows whether the item of a changed record was changed too.
  const room = !session.isFresh || session.unread().length > 0 ? 0 : Math.max(0, limit - found.size);
  await session.inboxCleared();
  const inbox = room === 0 ? [] : await session.partition.inbox(room);
  // What is switched off is loaded anew once it is switched on again.
  for (const row of inbox) if (session.syncs(row)) originOf(row).inbox = row;
  for (const name of found.keys()) session.heard.delete(name);

  const links = await session.partition.links([...found.values()].map(({ key }) => key));
  const work = [...found].map(
    ([name, origin]): PairWork => ({ ...origin, parked: origin.parked ?? session.parked.get(name) ?? null, link: links.get(name) ?? null }),
  );
  return { work, inbox, more: session.heard.size > 0 || inbox.length === room || wishes(session).length > 0 };
}

/** The pairs about which an admin wants something that this cycle has not taken up yet. */
function wishes({ decisions, undos, heeded }: Session): PairKey[] {
  return [...decisions.values(), ...undos.values()].filter((each) => !heeded.has(pairName(each)));
}

/** True once the request behind an intent can no longer be under way. */
export function isOld(session: Session, startedAt: number): boolean {
  return session.now - startedAt >= 2 * session.services.settings.requestTimeoutMs;
}
