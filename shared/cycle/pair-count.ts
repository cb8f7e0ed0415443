import type { Link } from '../sync/link';
import type { AppliedPair } from './apply';

/** By how much a slice changed the number of linked pairs, which is what the integration's brake takes its share of. */
export function pairsGained(applied: readonly AppliedPair[]): number {
  return applied.reduce((sum, each) => sum + gainOf(each), 0);
}

function gainOf({ planned: { read, plan }, error }: AppliedPair): number {
  if (error !== null) return 0;
  const wasLive = isLive(read.work.link);
  switch (plan.ending.kind) {
    case 'untouched':
    case 'noted':
    case 'stopped':
      return 0;
    case 'linked':
      return wasLive ? 0 : 1;
    case 'released':
    case 'forgotten':
      return wasLive ? -1 : 0;
  }
}

function isLive(link: Link | null): boolean {
  return link !== null && link.state !== 'released' && link.state !== 'tracking';
}
