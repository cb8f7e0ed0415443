import { kindOf } from '../model/entity';
import type { SeenItem } from '../model/seen';
import type { UndoRow } from '../storage/hold-rows';
import { type InboxRow, type PairKey, pairName } from '../storage/link-rows';
import type { Link } from '../sync/link';
import type { PlannedPair } from './apply';
import { asHeld } from './brake';
import { planOf } from './plan-of';
import { read } from './read';
import type { Session } from './session';
import type { TrackedItem } from './tracked-items';
import type { Heard, LaterPair, PairWork } from './work';

/** What a cycle would do about pairs as things stand now. */
export interface Preview {
  readonly planned: readonly PlannedPair[];
  /** Pairs that cannot be judged yet: a create may still be under way, or a missing task has to be looked for once more. */
  readonly later: readonly LaterPair[];
}

/** A version that no row has, so that every record is read. */
const unknownVersion = '?';

/**
 * Plans pairs from both sides as they are, by the rules of a cycle, and writes nothing: to neither side, to no table, and no delta link is read. `firstLoad`
 * says that the mailbox has not been loaded yet; `undos` are judged in place of what the sides ask for;
 * `tracked` are items that have no link yet.
 */
export async function preview(
  session: Session,
  keys: readonly PairKey[],
  firstLoad: boolean,
  undos: readonly UndoRow[] = [],
  tracked: readonly TrackedItem[] = [],
): Promise<Preview> {
  session.looksOnly = true;
  const asked = new Map(tracked.map((each) => [pairName(each.key), each.heard]));
  const wanted = new Map(undos.map((undo) => [pairName(undo), undo]));
  const links = await session.partition.links(keys);
  const items = await itemsOf(session, [...links.values()]);
  const names = new Set(keys.map(pairName));
  const pairs = [...keys, ...tracked.map(({ key }) => key).filter((key) => !names.has(pairName(key)))];
  const work = pairs.map((key): PairWork => {
    const name = pairName(key);
    const link = links.get(name) ?? null;
    const inbox: InboxRow = { ...key, version: unknownVersion, firstLoad, etag: '' };
    return {
      key,
      link,
      heard: link === null ? (asked.get(name) ?? null) : heardOf(link, items),
      inbox: names.has(name) ? inbox : null,
      parked: session.parked.get(name) ?? null,
      intent: session.intents.get(name) ?? null,
      decision: session.decisions.get(name) ?? null,
      undo: wanted.get(name) ?? null,
    };
  });
  const { pairs: judged, later } = await read(session, work);
  return { planned: judged.map((pair) => asHeld(session, planOf(session, pair))), later };
}

async function itemsOf(session: Session, links: readonly Link[]): Promise<ReadonlyMap<string, SeenItem>> {
  const linked = links.filter(({ state }) => state !== 'released');
  if (linked.length === 0) return new Map();
  const items = await session.mailbox.readItems(linked.map(({ entity, itemId, feed }) => ({ kind: kindOf(entity), id: itemId, feed })));
  return new Map(items.map((item) => [item.id, item]));
}

/** An item that does not answer is asked for where deleted things lie, as after a delta that called it removed. */
function heardOf(link: Link, items: ReadonlyMap<string, SeenItem>): Heard | null {
  if (link.state === 'released') return null;
  const item = items.get(link.itemId);
  return item === undefined ? { kind: 'removed' } : { kind: 'changed', item };
}
