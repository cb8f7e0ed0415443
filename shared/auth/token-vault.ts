import type { SecretClient } from '@azure/keyvault-secrets';
import { z } from 'zod';
import type { Clock } from '../platform/clock';
import type { Config } from '../platform/config';
import { asTandemError, errorCodes, TandemError } from '../platform/errors';
import { spanned } from '../platform/tracing';
import type { Integration } from '../storage/integrations';
import { readSecret, setSecret } from '../storage/key-vault';
import { eraseSecret, numberedName, setNumbered } from '../storage/numbered-secrets';
import { holderName, type StoredTokenState, type TokenHolder, type TokenState, type TokenStates } from '../storage/token-states';
import type { Redeemed, SignInClient } from './sign-in-client';
import { signInNeeded, whySignIn } from './sign-in-needed';
import { errorOfFailure, failureOf, renewalTime } from './token-life';

/** Tokens that people gave Tandem by signing in. They are in Key Vault, and for a minute in the memory of who uses them. All throw TandemError. */
export interface TokenVault {
  /** An access token that is good for a while yet. Throws `sign-in-needed`. */
  token(integration: Integration, holder: TokenHolder): Promise<string>;
  /** Keeps what a sign-in gave, in place of what was there. */
  keep(integration: Integration, holder: TokenHolder, client: string, redeemed: Redeemed): Promise<void>;
  /** What is known of a sign-in; null where nobody ever signed in. */
  describe(integration: string, holder: TokenHolder): Promise<TokenState | null>;
  /** Overwrites and deletes, and revokes where the service can; what cannot be revoked is deleted all the same. What is not there is a success. */
  disconnect(integration: Integration, holder: TokenHolder): Promise<Revocation>;
  /** Does so for everybody, because the integration goes. False where it was not done with all of them by `until`, UTC ms: then it goes on where it stopped. */
  disconnectAll(integration: Integration, until?: number): Promise<boolean>;
}

export interface TokenVaultParts {
  readonly config: Pick<Config, 'publicUrl' | 'requestTimeoutMs'>;
  readonly clock: Clock;
  readonly secrets: SecretClient;
  readonly states: TokenStates;
  /** The client that a holder's tokens come from. Throws TandemError `settings` where the integration has no such sign-in. */
  readonly clientOf: (integration: Integration, holder: TokenHolder) => Promise<SignInClient>;
}

/** Whether the service itself has ended what it gave. */
export type Revocation = { readonly kind: 'revoked' | 'notPossible' } | { readonly kind: 'failed'; readonly error: TandemError };

const nothingToRevoke: Revocation = { kind: 'notPossible' };

type Renewal =
  | { readonly kind: 'done'; readonly version: string; readonly accessToken: string; readonly expiresAt: number }
  | { readonly kind: 'over'; readonly why: string }
  | { readonly kind: 'failed'; readonly error: TandemError };

interface Remembered {
  readonly token: string;
  /** UTC ms; until then the table is not asked. */
  readonly until: number;
}

const Kept = z.object({ accessToken: z.string(), refreshToken: z.string().nullable() });
type Kept = z.output<typeof Kept>;

const contentType = 'application/x-tandem-tokens';
/** A disconnection is noticed by every process within this time. */
const rememberedMs = 60_000;
/** Whoever meets a renewal that is under way goes on with a token that is good for this long. */
const stillGoodMs = 10_000;
const pauseMs = 100;
const mostTries = 5;

export function createTokenVault(parts: TokenVaultParts): TokenVault {
  const { config, clock, secrets, states, clientOf } = parts;
  /** Longer than a renewal can take: a request to the service, and one to the vault with its retries. */
  const leaseMs = 4 * config.requestTimeoutMs;
  const remembered = new Map<string, Remembered>();
  const underWay = new Map<string, Promise<string>>();

  const stemOf = (integration: Integration, holder: TokenHolder) => `token-${integration.id}-${holderName(holder)}`;
  const keyOf = ({ id, baseUrl }: Integration, holder: TokenHolder) => `${id} ${baseUrl} ${holderName(holder)}`;
  const needed = (integration: Integration, holder: TokenHolder, why: string) =>
    signInNeeded(config.publicUrl, integration.id, holder, why);

  async function keptTokens(integration: Integration, holder: TokenHolder, { number, version }: TokenState): Promise<Kept> {
    const text = await readSecret(secrets, numberedName(stemOf(integration, holder), number), version ?? '');
    const parsed = Kept.safeParse(json(text));
    if (parsed.success) return parsed.data;
    throw new TandemError(errorCodes.unexpectedReply, {
      retry: 'later',
      fix: 'Sign in again.',
      detail: 'a secret in Key Vault was changed by hand',
    });
  }

  async function current(integration: Integration, holder: TokenHolder): Promise<string> {
    const client = await clientOf(integration, holder);
    const giveUpAt = clock.now() + leaseMs;
    while (clock.now() <= giveUpAt) {
      const state = await states.read(integration.id, holder);
      const why = whySignIn(state, client.name);
      if (state === null || why !== null) throw needed(integration, holder, why ?? '');
      const now = clock.now();
      const token =
        now < state.renewAt ? await usable(integration, holder, state) : await renewedOrOld(integration, holder, client, state, now);
      if (token !== null) return token;
      await clock.sleep(pauseMs);
    }
    throw new TandemError(errorCodes.timeout, { retry: 'later', fix: 'Wait: it is tried again.', detail: 'the renewal of a token' });
  }

  /** The token as it is; null where a new sign-in has just put another in its place. */
  async function usable(integration: Integration, holder: TokenHolder, state: StoredTokenState): Promise<string | null> {
    try {
      const { accessToken } = await keptTokens(integration, holder, state);
      remember(integration, holder, accessToken, state.renewAt);
      return accessToken;
    } catch (error) {
      const isReplaced = (await states.read(integration.id, holder))?.etag !== state.etag;
      if (isReplaced) return null;
      throw error;
    }
  }

  /** Renews under a lease; where somebody else does, or it has to wait, the old token as long as it is good. Null means: look again. */
  async function renewedOrOld(
    integration: Integration,
    holder: TokenHolder,
    client: SignInClient,
    state: StoredTokenState,
    now: number,
  ): Promise<string | null> {
    const isLeased = state.leasedUntil !== null && state.leasedUntil > now;
    const hasToWait = state.failure !== null && state.failure.retryAt > now;
    if (!isLeased && !hasToWait) return renewed(integration, holder, client, state, now);
    if (state.expiresAt > now + stillGoodMs) return (await keptTokens(integration, holder, state)).accessToken;
    if (!isLeased && state.failure !== null) throw errorOfFailure(state.failure, now);
    return null;
  }

  async function renewed(
    integration: Integration,
    holder: TokenHolder,
    client: SignInClient,
    { etag: before, ...row }: StoredTokenState,
    now: number,
  ): Promise<string | null> {
    const etag = await states.save(integration.id, holder, { ...row, leasedUntil: now + leaseMs }, before);
    if (etag === null) return null;
    const end = async (changed: Partial<TokenState>): Promise<boolean> =>
      (await states.save(integration.id, holder, { ...row, leasedUntil: null, ...changed }, etag)) !== null;
    const about = { 'tandem.integration': integration.id, 'tandem.token': holder === 'service' ? 'service' : 'person' };
    const renewal = await spanned('token', 'step', about, () => attempt(integration, holder, client, row));
    switch (renewal.kind) {
      case 'done': {
        const { version, accessToken, expiresAt } = renewal;
        const renewAt = renewalTime(clock.now(), expiresAt);
        if (!(await end({ version, expiresAt, renewAt, failure: null }))) return null;
        remember(integration, holder, accessToken, renewAt);
        return accessToken;
      }
      case 'over': {
        const at = clock.now();
        const error = needed(integration, holder, renewal.why);
        const failure = { code: error.code, detail: renewal.why, fix: error.fix, at, retryAt: at };
        if (!(await end({ state: 'again', failure }))) return null;
        throw error;
      }
      case 'failed': {
        // The old refresh token stays: a reply that was lost may have brought a new one, and the service takes the old one still.
        if (!(await end({ failure: failureOf(renewal.error, clock.now()) }))) return null;
        if (row.expiresAt > clock.now() + stillGoodMs) return (await keptTokens(integration, holder, row)).accessToken;
        throw renewal.error;
      }
    }
  }

  async function attempt(integration: Integration, holder: TokenHolder, client: SignInClient, row: TokenState): Promise<Renewal> {
    try {
      const kept = await keptTokens(integration, holder, row);
      const reply = await refreshed(client, kept);
      if (reply.kind === 'over') return reply;
      const { accessToken, refreshToken, expiresAt } = reply.tokens;
      // Saved before anybody uses it: from then on the service may refuse the old refresh token. Under the same name and no other: where somebody has just
      // disconnected, the name is gone, and nothing may be left behind.
      const name = numberedName(stemOf(integration, holder), row.number);
      const text = JSON.stringify({ accessToken, refreshToken: refreshToken ?? kept.refreshToken });
      return { kind: 'done', version: await setSecret(secrets, name, text, contentType), accessToken, expiresAt };
    } catch (error) {
      return { kind: 'failed', error: asTandemError(error) };
    }
  }

  function remember(integration: Integration, holder: TokenHolder, token: string, renewAt: number): void {
    remembered.set(keyOf(integration, holder), { token, until: Math.min(renewAt, clock.now() + rememberedMs) });
  }

  /** Erases older secrets, as far as it can now; what is left is tried again with the next change. */
  async function eraseLeftovers(integration: Integration, holder: TokenHolder): Promise<void> {
    const state = await states.read(integration.id, holder);
    if (state === null || state.leftovers.length === 0) return;
    for (const number of state.leftovers) await eraseSecret(secrets, numberedName(stemOf(integration, holder), number));
    const { etag, ...row } = state;
    await states.save(integration.id, holder, { ...row, leftovers: [] }, etag);
  }

  /** Changes the state whatever happens beside. */
  async function change(
    integration: Integration,
    holder: TokenHolder,
    next: (now: StoredTokenState | null) => TokenState | null,
  ): Promise<void> {
    for (let tries = 0; tries < mostTries; tries++) {
      const now = await states.read(integration.id, holder);
      const changed = next(now);
      if (changed === null) return;
      if ((await states.save(integration.id, holder, changed, now?.etag ?? null)) !== null) return;
    }
    throw new TandemError(errorCodes.stale, { retry: 'now', fix: 'Try again.', detail: 'the state of a sign-in changes all the time' });
  }

  async function revocationOf(integration: Integration, holder: TokenHolder, state: TokenState): Promise<Revocation> {
    try {
      const client = await clientOf(integration, holder);
      const { refreshToken } = await keptTokens(integration, holder, state);
      if (client.name !== state.client || refreshToken === null) return { kind: 'notPossible' };
      return { kind: (await client.revoke(refreshToken)) ? 'revoked' : 'notPossible' };
    } catch (error) {
      return { kind: 'failed', error: asTandemError(error) };
    }
  }

  const vault: TokenVault = {
    async token(integration, holder) {
      const key = keyOf(integration, holder);
      const known = remembered.get(key);
      if (known !== undefined && clock.now() < known.until) return known.token;
      const running = underWay.get(key) ?? current(integration, holder).finally(() => underWay.delete(key));
      underWay.set(key, running);
      return running;
    },
    async keep(integration, holder, client, { tokens, account }) {
      const known = await states.read(integration.id, holder);
      const text = JSON.stringify({ accessToken: tokens.accessToken, refreshToken: tokens.refreshToken });
      const now = clock.now();
      const signedIn = { client, account, signedInAt: now, expiresAt: tokens.expiresAt, leasedUntil: null, failure: null };
      // Each name is a leftover before there is a secret of that name: whatever ends this halfway, the next change or a disconnection erases it.
      const announce = (number: number) =>
        change(integration, holder, (before) => {
          const there = before ?? { ...signedIn, state: 'out', number: 0, version: null, renewAt: now, leftovers: [] };
          return { ...there, leftovers: [...new Set([...there.leftovers, number])] };
        });
      const place = await setNumbered(secrets, stemOf(integration, holder), (known?.number ?? 0) + 1, text, contentType, announce);
      await change(integration, holder, (before) => {
        if (before === null || !secretsOf(before).includes(place.number)) throw endedMeanwhile();
        const leftovers = secretsOf(before).filter((number) => number !== place.number);
        return { ...signedIn, state: 'in', ...place, renewAt: renewalTime(now, tokens.expiresAt), leftovers };
      });
      remembered.delete(keyOf(integration, holder));
      await eraseLeftovers(integration, holder);
    },
    describe: (integration, holder) => states.read(integration, holder),
    async disconnect(integration, holder) {
      const known = await states.read(integration.id, holder);
      remembered.delete(keyOf(integration, holder));
      if (known === null) return { kind: 'notPossible' };
      const revocation = known.version === null ? nothingToRevoke : await revocationOf(integration, holder, known);
      await change(integration, holder, (before) =>
        before === null || before.state === 'out'
          ? null
          : {
              ...before,
              state: 'out',
              version: null,
              leasedUntil: null,
              failure: null,
              endedAt: clock.now(),
              leftovers: secretsOf(before),
            },
      );
      await eraseLeftovers(integration, holder);
      return revocation;
    },
    async disconnectAll(integration, until = Number.POSITIVE_INFINITY) {
      const holders = await states.holders(integration.id);
      for (const [done, holder] of holders.entries()) {
        await vault.disconnect(integration, holder);
        if (clock.now() >= until && done + 1 < holders.length) return false;
      }
      return true;
    },
  };
  return vault;
}

/** Without a refresh token only a new sign-in helps. */
async function refreshed(client: SignInClient, { refreshToken }: Kept): ReturnType<SignInClient['refresh']> {
  return refreshToken === null ? { kind: 'over', why: 'the service gave no refresh token' } : client.refresh(refreshToken);
}

/** The numbers of all secrets that may be there. */
function secretsOf({ leftovers, version, number }: TokenState): number[] {
  return [...new Set([...leftovers, ...(version === null ? [] : [number])])];
}

function endedMeanwhile(): TandemError {
  return new TandemError(errorCodes.conflict, {
    retry: 'never',
    fix: 'Sign in again.',
    detail: 'the sign-in was ended while its tokens were being kept',
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
