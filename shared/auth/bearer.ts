import { createHash } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { type Clock, systemClock } from '../platform/clock';
import type { Config } from '../platform/config';
import { errorCodes, TandemError } from '../platform/errors';

/** Who calls Tandem's API, as a verified access token says. */
export interface Caller {
  /** Entra object id, lower case: of the person, or of an application's service principal. */
  readonly objectId: string;
  /** What the token calls her; for people to read, never to decide by. */
  readonly name: string | null;
  /** App roles, such as `Tandem.Admin`. */
  readonly roles: readonly string[];
}

/**
 * Turns the value of an Authorization header into its caller.
 * @throws TandemError `unauthorized` for a token that is missing or wrong in any way, `forbidden` for a good one of another tenant, `unavailable`
 * where Entra's keys cannot be read
 */
export type BearerCheck = (authorization: string | null) => Promise<Caller>;

/** How far clocks may differ, in seconds. */
const clockToleranceSeconds = 60;

/** How long a token that was verified is known, in ms: half as long as jose keeps Entra's keys, so that a key that is withdrawn opens nothing for longer by it. */
const knownMs = 300_000;
/** Of so many tokens, the newest. */
const mostKnown = 2_000;

/** The claims that Tandem reads. An ID token has neither `azp` nor `appid`: it tells a client who signed in, and opens no API. */
const Claims = z
  .object({
    tid: z.guid(),
    oid: z.guid(),
    name: z.string().optional(),
    roles: z.array(z.string()).default([]),
    azp: z.string().min(1).optional(),
    appid: z.string().min(1).optional(),
  })
  .refine(({ azp, appid }) => azp !== undefined || appid !== undefined);

/**
 * Checks access tokens of the tenant for Tandem's API: signature, issuer, audience, times and tenant. Both token versions are taken, because the
 * application's manifest decides which one Entra issues. A client that polls sends the same token over and over, so one that was found good is known for five
 * minutes by its digest, and never beyond its end. Source: Microsoft identity platform, "Access token claims reference".
 */
export function createBearerCheck(config: Config, clock: Clock = systemClock): BearerCheck {
  const { authorityUrl, tenantId, clientId, apiAudience, requestTimeoutMs } = config;
  const keys = createRemoteJWKSet(new URL(`${authorityUrl}/${tenantId}/discovery/v2.0/keys`), { timeoutDuration: requestTimeoutMs });
  const expected = {
    algorithms: ['RS256'],
    issuer: [`${authorityUrl}/${tenantId}/v2.0`, `${authorityUrl}/${tenantId}/`, `https://sts.windows.net/${tenantId}/`],
    audience: [apiAudience, clientId],
    requiredClaims: ['exp', 'nbf'],
    clockTolerance: clockToleranceSeconds,
  };
  const known = new Map<string, { readonly caller: Caller; readonly until: number }>();
  return async (authorization) => {
    const token = /^Bearer +([^\s]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw unauthorized('no bearer token');
    const now = clock.now();
    const digest = createHash('sha256').update(token).digest('base64');
    const before = known.get(digest);
    if (before !== undefined && now < before.until) return before.caller;
    known.delete(digest);
    const { payload } = await jwtVerify(token, keys, { ...expected, currentDate: new Date(now) }).catch((error: unknown) => {
      throw verificationError(error);
    });
    const caller = callerOf(payload, tenantId);
    known.set(digest, { caller, until: Math.min(now + knownMs, 1_000 * ((payload.exp ?? 0) + clockToleranceSeconds)) });
    const [oldest] = known.keys();
    if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
    return caller;
  };
}

function callerOf(payload: JWTPayload, tenantId: string): Caller {
  const claims = Claims.safeParse(payload);
  if (!claims.success) throw unauthorized('not an access token of Entra ID');
  const { tid, oid, name = null, roles } = claims.data;
  if (tid.toLowerCase() !== tenantId) {
    throw new TandemError(errorCodes.forbidden, {
      retry: 'never',
      fix: 'Sign in with an account of the tenant that Tandem serves.',
      detail: 'another tenant',
    });
  }
  return { objectId: oid.toLowerCase(), name, roles };
}

/** jose's codes for keys that could not be read; everything else that it throws is about the token. */
const keyTrouble = new Set<string>([errors.JWKSTimeout.code, errors.JWKSInvalid.code, errors.JOSEError.code]);

function verificationError(error: unknown): TandemError {
  if (error instanceof errors.JOSEError && !keyTrouble.has(error.code)) return unauthorized(error.code, error);
  return new TandemError(errorCodes.unavailable, {
    retry: 'later',
    fix: 'Try again in a minute. If it stays, see whether AUTHORITY_URL can be reached.',
    detail: "Entra ID's signing keys cannot be read",
    cause: error,
  });
}

function unauthorized(detail: string, cause?: unknown): TandemError {
  return new TandemError(errorCodes.unauthorized, {
    retry: 'never',
    fix: "Sign in, and send an access token for Tandem's API.",
    detail,
    cause,
  });
}
