import { randomBytes } from 'node:crypto';
import type { SecretClient } from '@azure/keyvault-secrets';
import type { Clock } from '../platform/clock';
import { errorCodes, TandemError } from '../platform/errors';
import type { KeyRing, RingKey } from '../platform/seal';
import { readSecret, type SecretVersion, secretVersions, setSecret } from './key-vault';
import { getRow, insertRow } from './rows';
import type { Table } from './table';

export const stateKeyName = 'state-key';

/** Marks the versions that Tandem made itself; one without it was added by a person, to change the key. */
const madeByTandem = 'application/x-tandem-state-key';

/** Each process reads the ring again this often. */
export const ringKeptMs = 60 * 60_000;
/** A person's new version is used from this age on: by then every process can read what it seals. */
const settledMs = 2 * ringKeptMs;

const keyBytes = 32;
const claim = { partitionKey: 'claim', rowKey: stateKeyName };

export interface KeyRingParts {
  readonly secrets: SecretClient;
  /** The table `keys`. */
  readonly table: Table;
  readonly clock: Clock;
}

/**
 * Loads the key that seals people's data: the secret `state-key`, which is made on first use. Every enabled version can be read with.
 *
 * Which version is written with, all processes agree on. Several may meet an empty vault at once and each make a version; Key Vault offers no
 * compare-and-set and tells times by the second, so it cannot say which was first. The table can: each process inserts the claim row with the version it
 * knows, exactly one insert wins, the row is never replaced, and everybody reads the winner from it. The losers' versions stay readable and unused.
 * A person changes the key by adding a version; the newest of those takes over two hours later, when every process has it.
 * @throws TandemError `settings` where no version can be used
 */
export async function loadKeyRing(parts: KeyRingParts): Promise<KeyRing> {
  const { secrets, table, clock } = parts;
  const first = await getRow(table, claim.partitionKey, claim.rowKey);
  const claimed = first === null ? await claimVersion(parts) : String(first.version);
  const known = await enabledVersions(secrets);
  const current = replacement(known, clock.now()) ?? known.find(({ version }) => version === claimed);
  if (current === undefined) throw unusable(`the version ${claimed.slice(0, 8)} is not there or not enabled`);
  const keys = await Promise.all(known.map(async ({ version }) => keyOf(version, await readSecret(secrets, stateKeyName, version))));
  return ringOf(keys, idOf(current.version));
}

/** Makes a version where there is none, and returns the one that all processes use. */
async function claimVersion({ secrets, table }: KeyRingParts): Promise<string> {
  const mine =
    (await enabledVersions(secrets))[0]?.version ??
    (await setSecret(secrets, stateKeyName, randomBytes(keyBytes).toString('base64'), madeByTandem));
  try {
    await insertRow(table, { ...claim, v: 1, version: mine });
    return mine;
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== errorCodes.duplicate) throw error;
    const winner = await getRow(table, claim.partitionKey, claim.rowKey);
    if (winner === null) throw error;
    return String(winner.version);
  }
}

async function enabledVersions(secrets: SecretClient): Promise<SecretVersion[]> {
  return (await secretVersions(secrets, stateKeyName)).filter(({ enabled }) => enabled);
}

/** The newest version that a person added, once it has settled. */
function replacement(versions: readonly SecretVersion[], now: number): SecretVersion | undefined {
  return versions
    .filter(({ contentType, createdAt }) => contentType !== madeByTandem && createdAt + settledMs <= now)
    .sort((one, other) => other.createdAt - one.createdAt || (one.version < other.version ? -1 : 1))[0];
}

function ringOf(keys: readonly RingKey[], currentId: string): KeyRing {
  const byId = new Map(keys.map((key) => [key.id, key]));
  const current = byId.get(currentId);
  if (current === undefined || byId.size !== keys.length) throw unusable('two versions have ids that start alike');
  return { current, find: (id) => byId.get(id) };
}

/** Names a key in every sealed text and digest, so it is short. */
function idOf(version: string): string {
  return version.slice(0, 8);
}

function keyOf(version: string, value: string): RingKey {
  const secret = Buffer.from(value, 'base64');
  if (secret.length !== keyBytes) throw unusable(`the version ${idOf(version)} is not the base64 text of ${keyBytes} bytes`);
  return { id: idOf(version), secret };
}

function unusable(detail: string): TandemError {
  return new TandemError(errorCodes.settings, {
    retry: 'later',
    fix: `Restore or enable the versions of the secret '${stateKeyName}' in the Key Vault. What they sealed cannot be read without them.`,
    detail: `the secret '${stateKeyName}': ${detail}`,
  });
}
