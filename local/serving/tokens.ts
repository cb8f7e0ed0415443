import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';

/** Verifies bearer tokens of the identity provider: signature, issuer, audience and expiry. */
export interface TokenVerifier {
  /** The claims of a valid token; undefined where the header is missing or anything about the token is wrong. */
  verify(authorization: string | undefined): Promise<JWTPayload | undefined>;
}

/** Who signs the tokens: an identity provider, or whoever verifies them in its place. */
export type TokenIssuer = { readonly issuers: readonly string[] } & (
  | { readonly keysUrl: string }
  | { verifier(audiences: readonly string[]): TokenVerifier }
);

/** What tells the tokens of this issuer for one of these audiences. */
export function verifierFor(issuer: TokenIssuer, audiences: readonly string[]): TokenVerifier {
  return 'verifier' in issuer ? issuer.verifier(audiences) : tokenVerifier({ ...issuer, audiences });
}

const cacheLimit = 1_000;

/** A verifier for one audience; keys come from the provider's `jwks_uri` and verified tokens are remembered until they expire. */
export function tokenVerifier(options: {
  readonly keysUrl: string;
  readonly issuers: readonly string[];
  readonly audiences: readonly string[];
}): TokenVerifier {
  const keys = createRemoteJWKSet(new URL(options.keysUrl));
  const known = new Map<string, JWTPayload>();
  return {
    async verify(authorization) {
      const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) return undefined;
      const seen = known.get(token);
      if (seen?.exp !== undefined && seen.exp * 1000 > Date.now()) return seen;
      try {
        const { payload } = await jwtVerify(token, keys, { issuer: [...options.issuers], audience: [...options.audiences] });
        if (known.size >= cacheLimit) known.clear();
        known.set(token, payload);
        return payload;
      } catch {
        return undefined;
      }
    },
  };
}
