import type { Marked } from '../model/seen';
import type { TandemError } from '../platform/errors';
import { type Answer, runChain, runParallel } from './batch';
import { gravest } from './errors';
import type { ProbedFolder, ProbeTarget } from './exchange';
import { batchLimit, type Graph } from './graph';
import { markIn } from './marks';
import { markOf, userPath } from './requests';
import { slots } from './slots';

interface Look {
  readonly userId: string;
  readonly feed: Marked;
}

const batchesAtOnce = 4;

/** Exchange runs four parts of a batch at once; parts of one mailbox this far apart never run together. */
const apart = 4;

/**
 * The newest change and the count of each folder. A folder whose part failed is left out; an error is thrown only where nothing at all could be read
 * and trying again later may help. All parts of a mailbox are in batches that run one after the other.
 */
export async function probe(graph: Graph, targets: readonly ProbeTarget[]): Promise<ReadonlyMap<string, readonly ProbedFolder[]>> {
  const found = new Map<string, ProbedFolder[]>();
  const failures: TandemError[] = [];
  const slot = slots(batchesAtOnce);
  const probeGroup = async (group: readonly ProbeTarget[]) => {
    const looks = feedMajor(group);
    for (const [index, answer] of (await answersTo(graph, looks)).entries()) {
      const look = looks[index];
      const mark = markIn(answer);
      if (!answer.ok) failures.push(answer.error);
      if (look !== undefined && mark !== null) found.set(look.userId, [...(found.get(look.userId) ?? []), { feed: look.feed, mark }]);
    }
  };
  await Promise.all(grouped(targets).map((group) => slot(() => probeGroup(group))));
  const error = gravest(failures.filter(({ retry }) => retry === 'later'));
  if (found.size === 0 && error !== undefined) throw error;
  return found;
}

function answersTo(graph: Graph, looks: readonly Look[]): Promise<Answer[]> {
  const parts = looks.map(({ userId, feed }) => markOf(userPath(userId), feed));
  return keepsApart(looks) ? runParallel(graph, parts) : runChain(graph, parts);
}

/** Mailboxes that share a batch: as many as fit with all their folders. One that does not fit alone gets chained batches of its own. */
export function grouped(targets: readonly ProbeTarget[]): ProbeTarget[][] {
  const groups: ProbeTarget[][] = [];
  let room = 0;
  for (const target of targets) {
    if (target.feeds.length === 0) continue;
    const group = groups.at(-1);
    if (group === undefined || target.feeds.length > room) {
      groups.push([target]);
      room = batchLimit - target.feeds.length;
    } else {
      group.push(target);
      room -= target.feeds.length;
    }
  }
  return groups;
}

/** The first folder of every mailbox, then the second of each, and so on. */
function feedMajor(group: readonly ProbeTarget[]): Look[] {
  const most = Math.max(...group.map(({ feeds }) => feeds.length));
  return Array.from({ length: most }, (_, index) => index).flatMap((index) =>
    group.flatMap(({ userId, feeds }) => {
      const feed = feeds[index];
      return feed === undefined ? [] : [{ userId, feed }];
    }),
  );
}

/** True where the parts may run in parallel: they fit into one batch and parts of one mailbox are far enough from each other. */
function keepsApart(looks: readonly Look[]): boolean {
  if (looks.length > batchLimit) return false;
  return looks.every(({ userId }, index) => !looks.slice(index + 1, index + apart).some((later) => later.userId === userId));
}
