import { person } from '../local/company/people';
import type { Stack } from '../local/stack';
import type { Office } from '../local/walkthrough/office';
import { until } from '../local/walkthrough/until';
import { burstOf, changeItem, changeRecord, pairsOf, singleChanges } from './changes';
import { type Figure, figure } from './figures';
import { Hands } from './hands';
import { allEntities, makeRecords } from './records';
import { type AppRequest, tally } from './requests';
import { enableAll, onSite, operations, pollsOf, settled } from './site';
import { newTrace } from './trace-file';

/** From a change until nothing follows from it any more. */
interface Window {
  readonly name: string;
  readonly changes: number;
  /** The writes that the changes lead to. */
  readonly writes: number;
  /** The reads that the goal allows for each change, beside the drain. */
  readonly reads: number;
  readonly from: number;
  readonly to: number;
}

export interface PerChangeOptions {
  readonly records: number;
  /** Gets what was asked during each window. */
  readonly evidence: (window: string, requests: readonly AppRequest[]) => void;
}

/** Served by nobody but the app: it alone writes, and waiting for one write is waiting for the change to arrive. */
const isWrite = /^(PATCH|POST|DELETE) (?!.*\$batch)/;

/**
 * Goal 4: what a change costs. One mailbox with all records in step; changes are made through the public APIs as its user, and everything counts that the
 * app asks of Dynamics and Exchange until three polls in a row have led to nothing:
 * - a *write* is every operation that is not a GET, whatever becomes of it;
 * - *reads* are all GETs except polls (change tracking; the marks that probes ask for) and drains (delta readings with their marks). The reading of
 *   organizers after a poll, of whole contacts, of records and of what has become of something are reads;
 * - the first cycle after a change sees the change, a second one Tandem's own write: both are in the window, so an echo that is read or written counts.
 */
export async function perChange({ records, evidence }: PerChangeOptions): Promise<Figure[]> {
  const trace = await newTrace();
  try {
    const windows = await onSite({ pollSeconds: 3, traceFile: trace.path }, (site) => play(site, records));
    const requests = await trace.requests();
    return windows.flatMap((window) => {
      const during = requests.filter(({ at }) => at >= window.from && at <= window.to);
      evidence(window.name, during);
      return figuresOf(window, during);
    });
  } finally {
    await trace.remove();
  }
}

async function play(site: { readonly stack: Stack; readonly office: Office }, records: number): Promise<Window[]> {
  const { stack, office } = site;
  const anna = new Hands(stack, person('anna'));
  await makeRecords(anna, allEntities(records));
  await office.connect();
  await enableAll(site, [anna.who]);
  const pairs = await pairsOf(anna);
  const burst = burstOf(pairs);

  const windows = [
    await watch(stack, { name: 'burst of 50 made in Dynamics', changes: 50, writes: 50, reads: 0.2 }, () =>
      Promise.all(burst.map((pair, index) => changeRecord(anna, pair, `Burst ${index} in Dynamics`))),
    ),
    await watch(stack, { name: 'burst of 50 made in Exchange', changes: 50, writes: 50, reads: 0.2 }, () =>
      inFours(burst, (pair, index) => changeItem(anna, pair, `Burst ${index} in Exchange`)),
    ),
  ];
  for (const { name, reads, writes, make } of singleChanges(pairs, records)) {
    windows.push(await watch(stack, { name, changes: 1, writes, reads }, () => make(anna)));
  }
  windows.push(await watch(stack, { name: 'second cycle', changes: 0, writes: 0, reads: 0 }, () => office.cycleNow([anna.who])));
  return windows;
}

/** Her mailbox serves four requests of one application at once. */
async function inFours<T>(items: readonly T[], work: (item: T, index: number) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < items.length; at += 4) await Promise.all(items.slice(at, at + 4).map((item, index) => work(item, at + index)));
}

/** Makes changes just after a poll, waits until each has been written to the other side and nothing follows any more, and tells when that was. */
async function watch(
  stack: Stack,
  about: Pick<Window, 'name' | 'changes' | 'writes' | 'reads'>,
  make: () => Promise<unknown>,
): Promise<Window> {
  const polls = pollsOf(stack, 1);
  await until('the next poll is over', async () => pollsOf(stack, 1) > polls);
  const from = Date.now();
  await make();
  const before = appWrites(stack);
  await until(`${about.name}: written to the other side`, async () => appWrites(stack) >= before + about.writes);
  await settled(stack, 1);
  return { ...about, from, to: Date.now() };
}

function appWrites(stack: Stack): number {
  return operations(stack, 'dynamics', isWrite) + operations(stack, 'graph', isWrite);
}

function figuresOf({ name, changes, writes, reads }: Window, requests: readonly AppRequest[]): Figure[] {
  const { write, read, drain } = tally(requests);
  if (changes === 0) return [figure(4, `${name}: writes (operations)`, write.operations, 0)];
  if (changes === 1) {
    return [
      figure(4, `${name}: writes (operations)`, write.operations, writes),
      figure(4, `${name}: reads beside the drain (operations)`, read.operations, reads),
    ];
  }
  return [
    figure(4, `${name}: writes a change (operations)`, write.operations / changes, 1),
    figure(4, `${name}: reads a change beside the drain (operations)`, read.operations / changes, reads),
    figure(4, `${name}: reads a change beside the drain (HTTP requests)`, read.requests / changes, reads),
    figure(4, `${name}: reads a change with the drain (HTTP requests)`, (read.requests + drain.requests) / changes, reads),
    figure(4, `${name}: echo writes (operations)`, Math.max(0, write.operations - writes), 0),
  ];
}
