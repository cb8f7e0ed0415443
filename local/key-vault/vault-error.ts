import { Refusal, type WireReply } from '../serving/wire';

/** A Key Vault error reply; `inner` is the finer code that some errors carry. */
export function vaultError(status: number, code: string, message: string, inner?: string): WireReply {
  const innererror = inner === undefined ? {} : { innererror: { code: inner } };
  return { status, body: { error: { code, message, ...innererror } } };
}

export function badParameter(message: string): Refusal {
  return new Refusal(vaultError(400, 'BadParameter', message));
}

export function notFound(what: string): Refusal {
  const message = `A secret with (name/id) ${what} was not found in this key vault. If you deleted it recently, you may be able to recover it.`;
  return new Refusal(vaultError(404, 'SecretNotFound', message));
}

export function deletedNotFound(name: string): Refusal {
  return new Refusal(vaultError(404, 'SecretNotFound', `Deleted Secret not found: ${name}`));
}

/** A soft-deleted name cannot be set again: it has to be recovered or purged first. */
export function nameIsDeleted(name: string): Refusal {
  const message = `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be reused.`;
  return new Refusal(vaultError(409, 'Conflict', message, 'ObjectIsDeletedButRecoverable'));
}

export function forbidden(message: string, inner: string): Refusal {
  return new Refusal(vaultError(403, 'Forbidden', message, inner));
}
