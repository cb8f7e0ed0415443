import type { CodeSignIn, IntegrationConnection } from '../model/integration-connection';
import type { Config } from '../platform/config';
import { asTandemError, errorCodes, TandemError } from '../platform/errors';
import type { Integration, Integrations } from '../storage/integrations';
import type { SignInStart, SignInStarts } from '../storage/sign-in-starts';
import type { TokenHolder } from '../storage/token-states';
import { type AuditServices, audited } from './audited';
import { type Binding, type BindingCookie, browserSecret, cookieOf, digestOf, isOurs, isSecretOf, newBinding } from './binding';
import { type Answer, readAnswer } from './callback-query';
import type { SignInClient } from './sign-in-client';
import type { TokenVault } from './token-vault';

/** Whose sign-in: that of Tandem's own account, or that of a person for her actions. */
export type SignInUse = SignInStart['use'];

export interface SignInServices extends AuditServices {
  readonly config: Pick<Config, 'publicUrl'>;
  readonly integrations: Pick<Integrations, 'get'>;
  readonly starts: SignInStarts;
  readonly vault: TokenVault;
  readonly clientOf: (integration: Integration, holder: TokenHolder) => Promise<SignInClient>;
}

export interface Wish {
  readonly integration: string;
  readonly use: SignInUse;
  /** Entra object id of who asks. */
  readonly by: string;
  /** Where the provider sends the browser back to, below the public address. */
  readonly callbackPath: string;
}

/** Where the browser goes, and the cookie that it has to bring back. */
export interface Started {
  readonly url: URL;
  readonly cookie: BindingCookie;
  /** UTC ms. */
  readonly expiresAt: number;
}

/** Why a sign-in came to nothing. */
export type Refusal =
  /** Not an answer that a provider gives: parameters missing, repeated, too long or contradictory. */
  | 'malformed'
  | 'unknown'
  | 'expired'
  | 'used'
  | 'otherBrowser'
  /** The integration or its sign-in has been changed or removed meanwhile. */
  | 'changed'
  /** The provider itself said no. */
  | 'denied'
  /** Somebody signed in who is not the person who began it. */
  | 'otherAccount'
  | 'untrusted'
  /** The provider or Azure does not answer as it should. */
  | 'trouble';

export type Finished =
  | {
      readonly kind: 'signedIn';
      readonly integration: string;
      readonly use: SignInUse;
      readonly by: string;
      readonly cookies: readonly BindingCookie[];
    }
  | {
      readonly kind: 'refused';
      readonly why: Refusal;
      /** The provider's error as a code of the protocol, or what was wrong with its answer: never a text of its own. */
      readonly detail: string | null;
      readonly integration: string | null;
      /** Where to begin anew: only for the browser that began it. */
      readonly again: URL | null;
      readonly cookies: readonly BindingCookie[];
    };

const lifetimeMs = 10 * 60_000;
const mostAgain = 3;

/** Begins a sign-in. Throws TandemError `not-found`, `conflict` where the integration has no such sign-in, `settings`. */
export async function startSignIn(services: SignInServices, { integration: id, use, by, callbackPath }: Wish): Promise<Started> {
  const integration = await services.integrations.get(id);
  if (integration === null) {
    throw new TandemError(errorCodes.notFound, {
      retry: 'never',
      fix: 'Look at the list of integrations.',
      detail: `no integration ${id}`,
    });
  }
  const publicUrl = knownAddress(services);
  const redirectUri = new URL(callbackPath, publicUrl).href;
  return begin(services, integration, { use, by, redirectUri, again: 0 }, use === 'service' ? 'select_account' : null);
}

/**
 * Takes the provider's answer. The state is used up before anything else is done, by the browser that began it and nobody else; then the code is redeemed, and
 * the tokens are kept only for the account that they have to be of.
 */
export async function finishSignIn(
  services: SignInServices,
  use: SignInUse,
  query: URLSearchParams,
  cookies: string | null,
): Promise<Finished> {
  const answer = readAnswer(query);
  if (answer === null) return refusal('malformed');
  const publicUrl = knownAddress(services);
  const { state } = answer;
  if (!isOurs(state)) return refusal('unknown');
  const browser = browserSecret(cookies, state, publicUrl) ?? '';
  const taken = await services.starts.take(digestOf(state), (digest) => isSecretOf(digest, browser), services.clock.now());
  if (taken.kind !== 'taken') return refusal(taken.kind);
  const { start } = taken;
  const gone = [cookieOf(state, null, publicUrl, 0)];
  if (start.use !== use) return { ...refusal('unknown'), cookies: gone };
  const integration = await services.integrations.get(start.integration);
  if (integration === null) return { ...refusal('changed'), integration: start.integration, cookies: gone };
  const outcome = await outcomeOf(services, integration, start, answer, { state, browser }, query);
  if (outcome === null) return { kind: 'signedIn', integration: integration.id, use, by: start.by, cookies: gone };
  const anew = start.again < mostAgain && outcome.why !== 'changed' ? await beginAnew(services, integration, start, outcome) : null;
  return {
    kind: 'refused',
    ...outcome,
    integration: integration.id,
    again: anew?.url ?? null,
    cookies: anew === null ? gone : [...gone, anew.cookie],
  };
}

interface Failed {
  readonly why: Refusal;
  readonly detail: string | null;
}

/** Null where all went well. */
async function outcomeOf(
  services: SignInServices,
  integration: Integration,
  start: SignInStart,
  answer: Answer,
  binding: Binding,
  query: URLSearchParams,
): Promise<Failed | null> {
  if (answer.kind === 'error') return { why: 'denied', detail: answer.error };
  const { config, clientOf, vault } = services;
  const holder: TokenHolder = start.use === 'service' ? 'service' : { objectId: start.by };
  try {
    const client = await clientOf(integration, holder);
    const callback = new URL(`${start.redirectUri}?${query}`);
    if (client.name !== start.client || callback.origin !== config.publicUrl) return { why: 'changed', detail: null };
    const redeemed = await client.redeem(callback, binding);
    if (start.use === 'action' && redeemed.account !== start.by) return { why: 'otherAccount', detail: null };
    const keep = async () => {
      await vault.keep(integration, holder, client.name, redeemed);
      return { status: 200 };
    };
    if (start.use === 'action') await keep();
    else {
      // Nobody presents a token here; who started it is the admin whose act it is.
      const act = {
        route: 'finishServiceSignIn',
        by: start.by,
        params: {},
        query: { integration: integration.id },
        body: undefined,
      } as const;
      await audited(services, act, null, keep);
    }
    if ((await services.integrations.get(integration.id)) !== null) return null;
    await vault.disconnect(integration, holder);
    return { why: 'changed', detail: null };
  } catch (thrown) {
    const { code, detail = null } = asTandemError(thrown);
    if (code === errorCodes.conflict) return { why: 'changed', detail: null };
    return { why: code === errorCodes.refused ? 'untrusted' : 'trouble', detail: detail ?? code };
  }
}

async function beginAnew(services: SignInServices, integration: Integration, start: SignInStart, failed: Failed): Promise<Started | null> {
  try {
    return await begin(services, integration, { ...start, again: start.again + 1 }, promptAfter(failed, start.use));
  } catch {
    // The page then has no link. What stands in the way has been told already, or is told by the next start.
    return null;
  }
}

/** Consent is asked for only where the provider missed it, another account only where the wrong one came. */
function promptAfter({ why, detail }: Failed, use: SignInUse): string | null {
  if (detail === 'consent_required') return 'consent';
  return use === 'service' || why === 'otherAccount' ? 'select_account' : null;
}

async function begin(
  services: SignInServices,
  integration: Integration,
  { use, by, redirectUri, again }: Pick<SignInStart, 'use' | 'by' | 'redirectUri' | 'again'>,
  prompt: string | null,
): Promise<Started> {
  const { clock, starts, clientOf } = services;
  const client = await clientOf(integration, use === 'service' ? 'service' : { objectId: by });
  const binding = newBinding();
  const expiresAt = clock.now() + lifetimeMs;
  const url = await client.authorizationUrl(binding, redirectUri, prompt);
  const browser = digestOf(binding.browser);
  await starts.put(digestOf(binding.state), {
    integration: integration.id,
    use,
    by,
    browser,
    redirectUri,
    client: client.name,
    expiresAt,
    again,
  });
  return { url, cookie: cookieOf(binding.state, binding.browser, knownAddress(services), lifetimeMs), expiresAt };
}

function refusal(why: Refusal): Extract<Finished, { kind: 'refused' }> {
  return { kind: 'refused', why, detail: null, integration: null, again: null, cookies: [] };
}

/** The sign-in by code that a holder's tokens come from. Throws TandemError `conflict` where the integration has none. */
export function codeSignInOf(
  { id, connection }: { readonly id: string; readonly connection: Pick<IntegrationConnection, 'service' | 'action'> },
  use: SignInUse,
): CodeSignIn {
  const signIn = use === 'service' ? connection.service : connection.action;
  if (signIn.by === 'authorizationCode') return signIn;
  throw new TandemError(errorCodes.conflict, {
    retry: 'never',
    fix: `Set connection.${use} of the integration to a sign-in by authorizationCode, or do without: nobody has to sign in.`,
    detail: `${id} has no ${use} sign-in by code`,
  });
}

function knownAddress({ config: { publicUrl } }: SignInServices): string {
  if (publicUrl !== null) return publicUrl;
  throw new TandemError(errorCodes.settings, {
    retry: 'never',
    fix: 'Set PUBLIC_URL to the address under which browsers reach Tandem.',
    detail: 'PUBLIC_URL is missing',
  });
}
