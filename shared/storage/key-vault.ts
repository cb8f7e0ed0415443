import { RestError } from '@azure/data-tables';
import { SecretClient } from '@azure/keyvault-secrets';
import type { TokenSource } from '../auth/token-source';
import type { Config } from '../platform/config';
import { type ErrorCode, errorCodes, type Retry, TandemError } from '../platform/errors';
import { boundedWaits } from './bounded-waits';

/** A version of a secret, without its value. */
export interface SecretVersion {
  readonly version: string;
  readonly enabled: boolean;
  /** UTC ms; the vault tells whole seconds. */
  readonly createdAt: number;
  readonly contentType: string | null;
}

/**
 * A client for the Key Vault that the settings name. An address with plain http can only be this machine's (the settings see to it), and only there the
 * checks are off that the library makes of the host name.
 */
export function openKeyVault({ keyVaultUrl, requestTimeoutMs }: Config, tokens: TokenSource): SecretClient {
  const insecure = keyVaultUrl.startsWith('http:');
  return new SecretClient(keyVaultUrl, tokens.asTokenCredential(), {
    allowInsecureConnection: insecure,
    disableChallengeResourceVerification: insecure,
    ...boundedWaits(requestTimeoutMs),
  });
}

/** The versions of a secret, in no useful order; none where there is no such secret. Throws TandemError. */
export async function secretVersions(client: SecretClient, name: string): Promise<SecretVersion[]> {
  const versions: SecretVersion[] = [];
  try {
    for await (const { version, enabled, createdOn, contentType } of client.listPropertiesOfSecretVersions(name)) {
      if (version === undefined) continue;
      versions.push({ version, enabled: enabled !== false, createdAt: createdOn?.getTime() ?? 0, contentType: contentType ?? null });
    }
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return [];
    throw vaultError(error);
  }
  return versions;
}

/** The value of one version. Throws TandemError. */
export async function readSecret(client: SecretClient, name: string, version: string): Promise<string> {
  try {
    return (await client.getSecret(name, { version })).value ?? '';
  } catch (error) {
    throw vaultError(error);
  }
}

/** Adds a version and returns its id. Throws TandemError. */
export async function setSecret(client: SecretClient, name: string, value: string, contentType: string): Promise<string> {
  try {
    return (await client.setSecret(name, value, { contentType })).properties.version ?? '';
  } catch (error) {
    throw vaultError(error);
  }
}

/** A failure of the vault in Tandem's words. */
export function vaultError(error: unknown): TandemError {
  if (error instanceof TandemError) return error;
  const status = error instanceof RestError ? error.statusCode : undefined;
  const [code, retry, fix] = verdict(status, error);
  return new TandemError(code, { retry, fix, detail: 'Key Vault', ...(status === undefined ? {} : { status }), cause: error });
}

function verdict(status: number | undefined, error: unknown): readonly [ErrorCode, Retry, string] {
  const wait = 'Wait: it is tried again. If it stays, see whether KEY_VAULT_URL can be reached.';
  switch (status) {
    case undefined:
      return [error instanceof Error && error.name === 'AbortError' ? errorCodes.timeout : errorCodes.unavailable, 'later', wait];
    case 401:
    case 403:
      return [
        errorCodes.forbidden,
        'later',
        'Give the app the role "Key Vault Secrets Officer" on the vault, and enable the version of the secret.',
      ];
    case 404:
      return [errorCodes.notFound, 'later', 'Restore the version of the secret in the vault.'];
    case 409:
      return [errorCodes.conflict, 'later', 'A deleted secret has this name: recover or purge it in the vault.'];
    case 429:
      return [errorCodes.throttled, 'later', wait];
    default:
      return [errorCodes.unavailable, 'later', wait];
  }
}
