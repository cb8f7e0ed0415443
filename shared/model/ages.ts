/**
 * How old edits were when they stood on the other side, as counts by age: small enough to be kept with each mailbox, and counts of many mailboxes can be added.
 * Two blocks of twelve hours are kept, so that what is shown covers the last twelve to twenty-four.
 */
export interface Ages {
  /** The number of the block of twelve hours, counted from the epoch. */
  readonly block: number;
  /** How many edits fell below each edge and not below the one before it; the last are those beyond all edges. */
  readonly now: readonly number[];
  readonly before: readonly number[];
}

/** The edges, in ms. */
export const ageEdges: readonly number[] = [
  1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1_800, 3_600, 21_600, 86_400,
].map((seconds) => seconds * 1_000);

const blockMs = 12 * 3_600_000;
const nothing: readonly number[] = ageEdges.map(() => 0).concat(0);

/** The counts with further ages, in ms. */
export function withAges(known: Ages | undefined, ages: readonly number[], now: number): Ages {
  const current = blocksAt(known, now);
  const counts = [...current.now];
  for (const age of ages) {
    const place = placeOf(age);
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return { ...current, now: counts };
}

/** What several counts say together. */
export interface Freshness {
  /** From when on edits were counted, UTC ms. */
  readonly since: number;
  readonly count: number;
  /** That share of the edits took less than this, in ms; null where it is more than a day, or nothing was counted. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** The freshness of all together, by the upper edges. */
export function freshnessIn(all: readonly (Ages | undefined)[], now: number): Freshness {
  const blocks = all.map((each) => blocksAt(each, now));
  const counts = nothing.map((_, place) => blocks.reduce((sum, each) => sum + (each.now[place] ?? 0) + (each.before[place] ?? 0), 0));
  const count = counts.reduce((sum, each) => sum + each, 0);
  return {
    since: (blockAt(now) - 1) * blockMs,
    count,
    p50: edgeOf(counts, count * 0.5),
    p95: edgeOf(counts, count * 0.95),
    p99: edgeOf(counts, count * 0.99),
  };
}

/** The edge below which so many of the counted lie. */
function edgeOf(counts: readonly number[], rank: number): number | null {
  if (rank === 0) return null;
  let sum = 0;
  for (const [place, count] of counts.entries()) {
    sum += count;
    if (sum >= rank) return ageEdges[place] ?? null;
  }
  return null;
}

/** The blocks as they stand now: what is older than the one before has gone. */
function blocksAt(known: Ages | undefined, now: number): Ages {
  const block = blockAt(now);
  if (known === undefined || known.block < block - 1) return { block, now: nothing, before: nothing };
  return known.block === block - 1 ? { block, now: nothing, before: known.now } : known;
}

function blockAt(now: number): number {
  return Math.floor(now / blockMs);
}

function placeOf(age: number): number {
  const place = ageEdges.findIndex((edge) => age < edge);
  return place === -1 ? ageEdges.length : place;
}
