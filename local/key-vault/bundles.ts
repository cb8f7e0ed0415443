import { current, type Secret, type SecretVersion } from './secret';
import { retentionSeconds } from './secrets';

/** What the shapes below need to know about their vault. */
export interface VaultFacts {
  readonly url: string;
  readonly purgeProtection: boolean;
}

/** A version without its value, addressed with its version id. */
export function versionItem(vault: VaultFacts, secret: Secret, version: SecretVersion): object {
  return { ...properties(vault, version), id: `${vault.url}/secrets/${secret.name}/${version.version}` };
}

/** A version with its value. */
export function secretBundle(vault: VaultFacts, secret: Secret, version: SecretVersion): object {
  return { value: version.value, ...versionItem(vault, secret, version) };
}

/** A secret in a list: the properties of its current version, addressed without a version id. */
export function secretItem(vault: VaultFacts, secret: Secret): object {
  return { ...properties(vault, current(secret)), id: `${vault.url}/secrets/${secret.name}` };
}

/** A soft-deleted secret; the client's poller waits for its `recoveryId`. */
export function deletedItem(vault: VaultFacts, secret: Secret): object {
  return { ...secretItem(vault, secret), ...deletion(vault, secret) };
}

/** A soft-deleted secret, addressed with the id of its current version. */
export function deletedBundle(vault: VaultFacts, secret: Secret): object {
  return { ...versionItem(vault, secret, current(secret)), ...deletion(vault, secret) };
}

function deletion(vault: VaultFacts, { name, deletedAt = 0 }: Secret): object {
  return { recoveryId: `${vault.url}/deletedsecrets/${name}`, deletedDate: deletedAt, scheduledPurgeDate: deletedAt + retentionSeconds };
}

function properties(vault: VaultFacts, { contentType, tags, enabled, nbf, exp, created, updated }: SecretVersion): object {
  const recoveryLevel = vault.purgeProtection ? 'Recoverable' : 'Recoverable+Purgeable';
  return { contentType, tags, attributes: { enabled, nbf, exp, created, updated, recoveryLevel, recoverableDays: 90 } };
}
