import { z } from 'zod';
import type { Fault } from '../serving/faults';
import { type Service, type Surroundings, startService } from '../serving/service';
import { type TokenVerifier, tokenVerifier } from '../serving/tokens';
import { Refusal, type WireReply, type WireRequest } from '../serving/wire';
import type { VaultFacts } from './bundles';
import { operationLabel, serveOperation } from './operations';
import { Secrets } from './secrets';
import { forbidden, vaultError } from './vault-error';

/** A running vault. */
export interface KeyVault {
  readonly service: Service;
  readonly url: string;
  readonly controls: Readonly<Record<string, (body: unknown) => unknown>>;
  /** Everything the vault holds, values included; another start takes it back as `snapshot`. Belongs on no disk but the developer's. */
  snapshot(): unknown;
}

/** The audience of tokens for Key Vault, wherever the vault is. */
const audience = 'https://vault.azure.net';

/**
 * Starts a Key Vault (secrets only) that the unmodified `SecretClient` talks to over http, with `allowInsecureConnection` and
 * `disableChallengeResourceVerification`. Callers present an app-only token of `identity` for `https://vault.azure.net`; `now` is in ms.
 */
export async function startKeyVault(options: {
  readonly surroundings: Surroundings;
  readonly identity: { readonly url: string; readonly tenantId: string; readonly keysUrl: string; readonly issuers: readonly string[] };
  readonly port?: number;
  readonly now?: () => number;
  readonly purgeProtection?: boolean;
  readonly snapshot?: unknown;
}): Promise<KeyVault> {
  const { surroundings, identity, port, now = Date.now, purgeProtection = false } = options;
  const secrets = new Secrets(now, purgeProtection, options.snapshot);
  const guard = new Guard(tokenVerifier({ keysUrl: identity.keysUrl, issuers: identity.issuers, audiences: [audience] }), {
    authorization: `${identity.url}/${identity.tenantId}`,
  });
  const vault: VaultFacts = {
    get url() {
      return service.url;
    },
    purgeProtection,
  };
  const service: Service = await startService({
    name: 'keyVault',
    surroundings,
    ...(port === undefined ? {} : { port }),
    handle: async (request) => {
      await guard.check(request);
      return serveOperation(vault, secrets, request);
    },
    endpointOf: operationLabel,
    faultReply,
  });
  return {
    service,
    url: service.url,
    controls: {
      /** Takes the caller's role assignment away (403 for every request), or gives it back. */
      deny: (body) => {
        guard.denied = z.strictObject({ denied: z.boolean().default(true) }).parse(body ?? {}).denied;
        return { denied: guard.denied };
      },
      /** The names in the vault, and how many versions each has; never a value. */
      names: () => ({
        living: secrets.list('living').map(({ name, versions }) => ({ name, versions: versions.length })),
        deleted: secrets.list('deleted').map(({ name, versions }) => ({ name, versions: versions.length })),
      }),
    },
    snapshot: () => secrets.snapshot(),
  };
}

/** Lets in app-only tokens: in Contoso only applications have a role on the vault. */
class Guard {
  denied = false;

  constructor(
    private readonly verifier: TokenVerifier,
    private readonly challenge: { readonly authorization: string },
  ) {}

  async check(request: WireRequest): Promise<void> {
    const claims = await this.verifier.verify(request.headers.authorization);
    if (claims === undefined) throw new Refusal(this.unauthorized(request.headers.authorization !== undefined));
    if (this.denied || claims.idtyp !== 'app')
      throw forbidden('Caller is not authorized to perform action on resource.', 'ForbiddenByRbac');
  }

  /** The client sends its first request without a body and without a token, and learns here where to get one. */
  private unauthorized(hadToken: boolean): WireReply {
    const message = hadToken ? 'AKV10022: The token is not valid for this vault.' : 'AKV10000: Request is missing a Bearer or PoP token.';
    const challenge = `Bearer authorization="${this.challenge.authorization}", resource="${audience}"`;
    return { ...vaultError(401, 'Unauthorized', message), headers: { 'www-authenticate': challenge } };
  }
}

function faultReply(fault: Fault): WireReply {
  const reply =
    fault.kind === 'throttle'
      ? vaultError(429, 'Throttled', 'Request was not processed because too many requests were received.', 'VaultRequestTypeLimitReached')
      : vaultError(fault.status, 'ServiceUnavailable', 'The service cannot serve the request now.');
  return fault.retryAfterSeconds === undefined ? reply : { ...reply, headers: { 'retry-after': String(fault.retryAfterSeconds) } };
}
