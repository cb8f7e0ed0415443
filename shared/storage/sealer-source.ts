import type { Clock } from '../platform/clock';
import { createSealer, type KeyRing, type Sealer } from '../platform/seal';
import { ringKeptMs } from './key-ring';

/** The sealer of this process. The ring behind it is read at first use and once an hour; while that fails, the one that is there goes on. */
export function sealerSource(load: () => Promise<KeyRing>, clock: Clock): () => Promise<Sealer> {
  let kept: { readonly sealer: Promise<Sealer>; readonly until: number } | undefined;
  return () => {
    if (kept !== undefined && clock.now() < kept.until) return kept.sealer;
    const before = kept?.sealer;
    const sealer = load().then(createSealer);
    const entry = { sealer: before === undefined ? sealer : sealer.catch(() => before), until: clock.now() + ringKeptMs };
    kept = entry;
    entry.sealer.catch(() => {
      if (kept === entry) kept = undefined;
    });
    return entry.sealer;
  };
}
