import { errorCodes, TandemError } from '../platform/errors';
import type { Integration } from '../storage/integrations';
import type { CertificateTokens } from './certificate-tokens';
import type { TokenSource } from './token-source';
import type { TokenVault } from './token-vault';

/** Access tokens for one environment. Throws TandemError, but never one that could be taken for an answer of the environment. */
export interface IntegrationTokens {
  /** As Tandem itself, in the way that the integration says. Throws `sign-in-needed` where somebody has to sign in. */
  service(): Promise<string>;
  /** As a person who signed in for her own actions, by Entra object id. Throws `sign-in-needed`. */
  person(objectId: string): Promise<string>;
}

export interface IntegrationTokensParts {
  readonly tokens: TokenSource;
  readonly vault: TokenVault;
  readonly certificates: CertificateTokens;
}

export function integrationTokens({ tokens, vault, certificates }: IntegrationTokensParts, integration: Integration): IntegrationTokens {
  const { service } = integration.connection;
  return {
    service() {
      switch (service.by) {
        case 'application':
          return tokens.token(`${integration.baseUrl}/.default`);
        case 'certificate':
          return tokenOrTrouble(certificates(integration, service));
        case 'authorizationCode':
          return tokenOrTrouble(vault.token(integration, 'service'));
      }
    },
    person: (objectId) => tokenOrTrouble(vault.token(integration, { objectId })),
  };
}

/** What a request to Dynamics may hear of its token. */
const tellable = new Set<string>([
  errorCodes.signInNeeded,
  errorCodes.settings,
  errorCodes.throttled,
  errorCodes.unavailable,
  errorCodes.timeout,
]);

/**
 * A token, or a failure that nobody can take for an answer of Dynamics: that Key Vault may not be read, or lacks something, says nothing about a record. (Promise
 * 3: absence is not deletion.)
 */
async function tokenOrTrouble(token: Promise<string>): Promise<string> {
  try {
    return await token;
  } catch (error) {
    if (error instanceof TandemError && tellable.has(error.code)) throw error;
    const known = error instanceof TandemError ? error : null;
    throw new TandemError(errorCodes.unavailable, {
      retry: 'later',
      fix: known?.fix ?? 'Wait: it is tried again. If it stays, look at the log of this time.',
      detail: `no token for Dynamics${known === null ? '' : `: ${known.message}`}`,
      cause: error,
    });
  }
}
