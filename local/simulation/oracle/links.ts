import type { Link } from '../../../shared/sync/link';
import { isItemOf } from '../pairing';
import type { ItemSeen } from '../people/items';
import type { Scene } from '../scene';
import type { Seen } from './look';

/** Promise 5: every living link names an item that is there and carries its marker, and every marked item has one link, in its own mailbox. */
export async function linkWrongs(scene: Scene, { items }: Seen): Promise<string[]> {
  const found: string[] = [];
  const byHand = scene.ledger.ownIds();
  for (const who of scene.tandem.everServed) {
    const linked = new Map<string, string>();
    const released = new Set<string>();
    const own = items.filter((each) => each.who === who && each.item.isOwn);
    for await (const page of (await scene.world.partition(who)).allLinks()) {
      for (const link of page) {
        if (linked.has(link.itemId)) found.push(`promise 5: an item of ${who.key} has two links`);
        linked.set(link.itemId, link.recordId);
        if (link.state === 'released') released.add(link.recordId);
        const held = own.find(({ item }) => item.id === link.itemId);
        if (link.state !== 'released' && held === undefined)
          found.push(`promise 5: the link of ${scene.ledger.nameOf(link.recordId)} with ${who.key} has no item`);
        if (held !== undefined && held.item.recordId !== link.recordId && !mayLackMarker(scene, held.item, link))
          found.push(`promise 5: a link of ${who.key} names another's item`);
      }
    }
    for (const { item } of own.filter(({ item: each }) => each.recordId !== null && !byHand.has(each.id)))
      if (linked.get(item.id) !== item.recordId && !released.has(item.recordId ?? ''))
        found.push(`promise 5: the item of ${scene.ledger.nameOf(item.recordId)} with ${who.key} has no link`);
  }
  return found;
}

/** An item that was tracked may lack its marker where the wish was taken back before it was carried out, and on a meeting with attendees, for nobody knows whom that would mail. */
function mayLackMarker({ ledger }: Scene, item: ItemSeen, { recordId, state }: Pick<Link, 'recordId' | 'state'>): boolean {
  if (item.recordId !== null || (state !== 'released' && item.attendees.length === 0)) return false;
  return [...ledger.entries.values()].some((entry) => entry.id === recordId && isItemOf(entry, item, ledger.ownIds()));
}
