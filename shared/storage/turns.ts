import type { Clock } from '../platform/clock';
import { errorCodes, TandemError } from '../platform/errors';
import { encodeKey } from './key';
import { deleteRow, getRow, insertRow, replaceRow } from './rows';
import type { Tables } from './tables';

/** One admin at a time changes what an integration is, because its row and its secrets are in two services and cannot be written as one. */
export interface Turns {
  /**
   * Does `work` while nobody else does the same for this integration. Waits a few seconds for whoever is at it. `mine` tells whether the turn is still held:
   * it ends by itself after some minutes, so that a process that died stands in nobody's way.
   * @throws TandemError `conflict` where somebody else is at it for longer; whatever `work` throws
   */
  take<T>(integration: string, work: (mine: () => Promise<boolean>) => Promise<T>): Promise<T>;
}

const partition = 'turn';
const lastsMs = 5 * 60_000;
const patienceMs = 10_000;
const betweenTriesMs = 100;

/** Turns as rows of the table `integrations`, in a partition of their own. */
export function tableTurns(tables: Tables, clock: Clock): Turns {
  const table = () => tables.table('integrations');

  async function attempt(integration: string): Promise<string | null> {
    const rowKey = encodeKey(integration);
    const row = { partitionKey: partition, rowKey, until: new Date(clock.now() + lastsMs).toISOString() };
    try {
      const there = await getRow(await table(), partition, rowKey);
      if (there === null) return await insertRow(await table(), row);
      if (Date.parse(String(there.until)) > clock.now()) return null;
      return await replaceRow(await table(), row, there.etag);
    } catch (error) {
      if (error instanceof TandemError && lostRace.has(error.code)) return null;
      throw error;
    }
  }

  async function begin(integration: string): Promise<string> {
    const giveUpAt = clock.now() + patienceMs;
    for (;;) {
      const etag = await attempt(integration);
      if (etag !== null) return etag;
      if (clock.now() >= giveUpAt) throw busy();
      await clock.sleep(betweenTriesMs);
    }
  }

  return {
    async take(integration, work) {
      const etag = await begin(integration);
      const mine = async (): Promise<boolean> => (await getRow(await table(), partition, encodeKey(integration)))?.etag === etag;
      try {
        return await work(mine);
      } finally {
        await release(integration, etag);
      }
    },
  };

  /** A turn that cannot be given back ends by itself; what was done in it is done, and its outcome is what the caller hears. */
  async function release(integration: string, etag: string): Promise<void> {
    try {
      await deleteRow(await table(), partition, encodeKey(integration), etag);
    } catch (error) {
      if (!(error instanceof TandemError)) throw error;
    }
  }
}

const lostRace: ReadonlySet<string> = new Set([errorCodes.duplicate, errorCodes.stale, errorCodes.gone]);

function busy(): TandemError {
  return new TandemError(errorCodes.conflict, {
    retry: 'later',
    retryAfterMs: lastsMs,
    fix: 'Wait, read it again and repeat your change: somebody else is changing the integration, or was interrupted while doing so.',
    detail: 'somebody else is changing the integration',
  });
}
