import { kindOf } from '../model/entity';
import { type PairKey, pairName } from '../storage/link-rows';
import type { Link } from '../sync/link';
import { itemSide } from '../sync/sides';
import { type HeardTracked, unheard } from './recognise';
import type { Session } from './session';
import type { Heard, PairWork } from './work';

/** A task that its user tracks and of which nothing is known. */
type Stray = PairWork & { readonly heard: HeardTracked };

/**
 * The pairs, each task that was moved to another list before it carried its marker with the record that was being made of it: moving gives a task another id, and without a marker
 * only what it holds tells what it was. It is the task of that record where the one of before is no longer there and everything that syncs is as it was, and where no other could
 * be meant; so no second record is made of it (promise 5).
 */
export async function withMoved(session: Session, work: readonly PairWork[]): Promise<readonly PairWork[]> {
  const strays = work.filter(isStray);
  if (strays.length === 0) return work;
  const left = await leftBehind(session, work);
  const fits = (link: Link, { heard }: Stray): boolean => itemSide(heard.item, link, session.rules).kind === 'same';
  const found = left.flatMap((link) => {
    const [stray, ...more] = strays.filter((each) => fits(link, each));
    return stray === undefined || more.length > 0 || left.some((other) => other !== link && fits(other, stray)) ? [] : [{ link, stray }];
  });
  const taken = new Set<PairWork>(found.map(({ stray }) => stray));
  const moved = new Map(
    found.map(({ link, stray }) => [pairName(link), workOn(session, work, link, { kind: 'moved', item: stray.heard.item })]),
  );
  const kept = work.filter(({ key }) => !moved.has(pairName(key)));
  return [...kept.flatMap((each) => (taken.has(each) ? unheard(each) : [each])), ...moved.values()];
}

function isStray(work: PairWork): work is Stray {
  const { link, heard } = work;
  return link === null && heard?.kind === 'tracked' && heard.item.kind === 'task' && heard.item.marker === null;
}

/** The links of records that were being made of tasks that are no longer where they were. Such a pair waits for its next try, or a delta has told that its task is gone. */
async function leftBehind(session: Session, work: readonly PairWork[]): Promise<Link[]> {
  const waiting: PairKey[] = [...session.parked.values(), ...[...session.heard.values()].map(({ key }) => key)];
  const known = await session.partition.links(waiting.filter(({ entity }) => kindOf(entity) === 'task'));
  const links = new Map([...known.values(), ...work.flatMap(({ link }) => link ?? [])].map((link) => [pairName(link), link]));
  const begun = [...links.values()].filter(
    ({ entity, state, bases }) => kindOf(entity) === 'task' && state === 'tracking' && bases !== null,
  );
  if (begun.length === 0) return [];
  const there = await session.mailbox.readItems(begun.map(({ itemId, feed }) => ({ kind: 'task', id: itemId, feed })));
  return begun.filter(({ itemId }) => !there.some(({ id }) => id === itemId));
}

/** What is to be done about the pair, with the task under the id that it has now. */
function workOn({ parked, intents }: Session, work: readonly PairWork[], link: Link, heard: Heard): PairWork {
  const name = pairName(link);
  const given = work.find(({ key }) => pairName(key) === name);
  if (given !== undefined) return { ...given, heard };
  const key = { entity: link.entity, recordId: link.recordId };
  const waits = { parked: parked.get(name) ?? null, intent: intents.get(name) ?? null };
  return { key, link, heard, inbox: null, ...waits, decision: null, undo: null };
}
