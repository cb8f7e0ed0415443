import type { Link } from '../sync/link';
import type { AppliedPair } from './apply';

/** By how much a slice changed the number of linked pairs, which is what the integration's brake takes its share of. */
export function pairsGained(applied: readonly AppliedPair[]): number {
  return applied.reduce((sum, { planned, error }) => {
    if (error !== null) return sum;
    const { read, plan } = planned;
    switch (plan.ending.kind) {
      case 'untouched':
      case 'stopped':
        return sum;
      case 'linked':
        return sum + (isLive(read.work.link) ? 0 : 1);
      case 'released':
      case 'forgotten':
        return sum - (isLive(read.work.link) ? 1 : 0);
    }
  }, 0);
}

function isLive(link: Link | null): boolean {
  return link !== null && link.state !== 'released';
}
