import type { SecretClient } from '@azure/keyvault-secrets';
import { fetchOf } from '../dynamics/way';
import type { Clock } from '../platform/clock';
import type { Config } from '../platform/config';
import type { Integration } from '../storage/integrations';
import { type SignInStarts, tableSignInStarts } from '../storage/sign-in-starts';
import type { Tables } from '../storage/tables';
import { type TokenHolder, tableTokenStates } from '../storage/token-states';
import { certificateTokens } from './certificate-tokens';
import { type ClientSecrets, keyVaultClientSecrets } from './client-secrets';
import { type IntegrationTokens, integrationTokens } from './integration-tokens';
import { codeSignInOf } from './sign-in';
import { createSignInClient, type SignInClient } from './sign-in-client';
import type { TokenSource } from './token-source';
import { createTokenVault, type TokenVault } from './token-vault';

/** What signing in to Dynamics takes, and what it gives. */
export interface SignInParts {
  readonly clientSecrets: ClientSecrets;
  readonly tokenVault: TokenVault;
  readonly signInStarts: SignInStarts;
  /** The client of a sign-in by code. Throws TandemError `conflict` where the integration has none, `settings` where it is set up wrong. */
  signInClient(integration: Integration, holder: TokenHolder): Promise<SignInClient>;
  /** Access tokens for an environment. */
  tokensOf(integration: Integration): IntegrationTokens;
}

export function createSignInParts(given: {
  readonly config: Config;
  readonly clock: Clock;
  readonly secrets: SecretClient;
  readonly tables: Tables;
  readonly tokens: TokenSource;
}): SignInParts {
  const { config, clock, secrets, tables, tokens } = given;
  const clientSecrets = keyVaultClientSecrets({ secrets, tables, clock });

  async function signInClient(integration: Integration, holder: TokenHolder): Promise<SignInClient> {
    const { id, baseUrl, connection } = integration;
    const use = holder === 'service' ? 'service' : 'action';
    const [signIn, secret] = [codeSignInOf(integration, use), await clientSecrets.read(id, use)];
    return createSignInClient({ config, clock, fetch: fetchOf(connection), baseUrl, signIn, secret });
  }

  const tokenVault = createTokenVault({ config, clock, secrets, states: tableTokenStates(tables), clientOf: signInClient });
  const certificates = certificateTokens({ config, clock, clientSecrets, fetchOf: ({ connection }) => fetchOf(connection) });
  return {
    clientSecrets,
    tokenVault,
    signInStarts: tableSignInStarts(tables),
    signInClient,
    tokensOf: (integration) => integrationTokens({ tokens, vault: tokenVault, certificates }, integration),
  };
}
