import { RestError } from '@azure/data-tables';
import type { SecretClient } from '@azure/keyvault-secrets';
import { errorCodes, TandemError } from '../platform/errors';
import { setSecret, vaultError } from './key-vault';

/** Where a value is: the number at the end of the secret's name, and the version. */
export interface SecretPlace {
  readonly number: number;
  readonly version: string;
}

/** The most names that are tried. One is used up each time a secret is deleted while the table that counts them is lost. */
const mostNames = 50;

export function numberedName(stem: string, number: number): string {
  return `${stem}-${number}`;
}

/**
 * Saves a value under `<stem>-<number>`, or under the next number that is free: a name that was deleted cannot be set again until the vault's retention is
 * over. Source: Key Vault documentation, "Key Vault soft-delete overview". Throws TandemError.
 * @param announce is told of each name before it is tried, so that nothing lies in the vault that nobody knows of
 */
export async function setNumbered(
  client: SecretClient,
  stem: string,
  first: number,
  value: string,
  contentType: string,
  announce: (number: number) => Promise<void> = async () => {},
): Promise<SecretPlace> {
  for (let number = first; number < first + mostNames; number++) {
    await announce(number);
    try {
      return { number, version: await setSecret(client, numberedName(stem, number), value, contentType) };
    } catch (error) {
      if (!(error instanceof TandemError) || error.code !== errorCodes.conflict) throw error;
    }
  }
  throw new TandemError(errorCodes.conflict, {
    retry: 'never',
    fix: `Purge the deleted secrets in the vault whose names begin with ${stem}-.`,
    detail: `Key Vault: ${mostNames} names are taken by deleted secrets`,
  });
}

/** Overwrites a secret and deletes it with all its versions. One that is not there is a success. Throws TandemError. */
export async function eraseSecret(client: SecretClient, name: string): Promise<void> {
  try {
    await client.setSecret(name, 'erased', { contentType: 'text/plain' });
    await client.beginDeleteSecret(name);
  } catch (error) {
    // 404: somebody else has just deleted it. 409: it was deleted before.
    if (error instanceof RestError && (error.statusCode === 404 || error.statusCode === 409)) return;
    throw vaultError(error);
  }
}
