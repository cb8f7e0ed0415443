import type { JWTPayload } from 'jose';
import { type Person, tandemApplication, tenantId } from '../company/people';
import { walkthroughClientId } from '../identity/clients';
import type { TokenIssuer } from '../serving/tokens';

/** Tokens without a signature, known to who gave them out: for stand-ins that nobody else can reach. They say who calls as a token of Entra ID does. */
export class Badges {
  private readonly claims = new Map<string, JWTPayload>();

  /** What stand-ins take the word of. */
  readonly issuer: TokenIssuer = {
    issuers: [`https://login.microsoftonline.com/${tenantId}/v2.0`],
    verifier: (audiences) => ({
      verify: async (authorization) => {
        const claims = this.claims.get(authorization?.replace(/^Bearer /i, '') ?? '');
        return claims !== undefined && audiences.includes(String(claims.aud)) ? claims : undefined;
      },
    }),
  };

  /** A token for a resource: of a person, or of Tandem as itself. */
  of(who: Person | 'application', resource: string): string {
    const token = `badge ${who === 'application' ? who : who.key} ${resource}`;
    if (!this.claims.has(token)) this.claims.set(token, { aud: resource, tid: tenantId, ...claimsOf(who) });
    return token;
  }
}

function claimsOf(who: Person | 'application'): JWTPayload {
  if (who === 'application') return { appid: tandemApplication.clientId, idtyp: 'app', oid: tandemApplication.objectId };
  return { appid: walkthroughClientId, oid: who.objectId, upn: who.email, scp: 'user_impersonation' };
}
