import type { CodeSignIn } from '../model/integration-connection';
import type { Generation } from './endpoints';

/** What requests for a person's sign-in say beside what the protocol itself needs. */
export interface AskedFor {
  readonly authorization: Readonly<Record<string, string>>;
  readonly redemption: Readonly<Record<string, string>>;
  readonly refresh: Readonly<Record<string, string>>;
}

/** Who signed in is told by an ID token; `profile` brings her object id and tenant. Source: Microsoft identity platform, "ID token claims reference". */
const identity = ['openid', 'profile'];

/**
 * What to ask for, so that the tokens open the environment and can be renewed: v1 and AD FS name a resource, v2 names permissions. Source:
 * Microsoft identity platform, "Permissions and consent".
 */
export function askedFor(
  generation: Generation,
  baseUrl: string,
  { scope, tokenParameters }: Pick<CodeSignIn, 'scope' | 'tokenParameters'>,
): AskedFor {
  if (generation === 'v2') {
    const wanted = new Set([...identity, ...words(scope ?? `${baseUrl}/user_impersonation`), 'offline_access']);
    return {
      authorization: { ...tokenParameters, scope: [...wanted].join(' ') },
      redemption: tokenParameters,
      refresh: tokenParameters,
    };
  }
  // Without `openid` the ID tokens of v1 are not signed.
  const wanted = [...new Set(['openid', ...words(scope ?? '')])].join(' ');
  const all = { resource: baseUrl, ...tokenParameters, scope: wanted };
  return { authorization: all, redemption: all, refresh: all };
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
