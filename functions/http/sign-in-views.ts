import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { finishSignIn, type SignInServices, type SignInUse, type Started, startSignIn } from '../../shared/auth/sign-in';
import { startPath } from '../../shared/auth/sign-in-needed';
import { pageOf } from '../../shared/auth/sign-in-page';
import { IntegrationId } from '../../shared/model/integration-id';
import { asTandemError } from '../../shared/platform/errors';
import type { Services } from '../../shared/services';
import type { TokenHolder } from '../../shared/storage/token-states';
import { json } from './answer';
import { jsonOf, redirect, textOf } from './contract';
import { IsoTime } from './schemas';
import { isoTime } from './views';

export const OfIntegration = z.object({ integration: IntegrationId });

const StartView = z.object({
  url: z.url().describe('Where the browser goes. It has to be the browser that made this call: the reply has set a cookie there.'),
  expiresAt: IsoTime,
});

export const startReplies = {
  200: jsonOf(StartView),
  302: redirect('The same, for a caller that accepts HTML.'),
};

export const finishReplies = Object.fromEntries(
  [
    [200, 'Signed in.'],
    [400, 'Not signed in: the answer is not one that Tandem waits for, or the sign-in service refused.'],
    [403, 'Somebody else signed in than the person who started.'],
    [409, 'The connection was changed meanwhile.'],
    [503, 'Another service does not answer as it should.'],
  ].map(([status, description]) => [status, textOf('text/html', String(description))]),
);

const SignInView = z.object({
  state: z
    .enum(['never', 'in', 'again', 'out'])
    .describe('Whether somebody is signed in; `again`: the sign-in service wants a new sign-in.'),
  account: z.string().nullable().describe('The Entra object id of who signed in.'),
  signedInAt: IsoTime.nullable(),
  failure: z.object({ code: z.string(), detail: z.string(), at: IsoTime }).nullable().describe('Why the last renewal of a token failed.'),
  start: z.string().describe('Where a sign-in starts.'),
});

export const stateReplies = { 200: jsonOf(SignInView) };

/** Begins a sign-in and sends the browser on, or tells where to. */
export async function started(
  services: Services,
  request: HttpRequest,
  wish: Parameters<typeof startSignIn>[1],
): Promise<HttpResponseInit> {
  const begun: Started = await startSignIn(signInServices(services), wish);
  const cookies = [{ ...begun.cookie }];
  if (/\btext\/html\b/.test(request.headers.get('accept') ?? '')) {
    return { status: 302, headers: { location: begun.url.href, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }, cookies };
  }
  return { ...json({ url: begun.url.href, expiresAt: new Date(begun.expiresAt).toISOString() }), cookies };
}

/** Finishes a sign-in and tells the person in plain words how it ended: she sees a page and never problem details. */
export async function finished(services: Services, request: HttpRequest, use: SignInUse): Promise<HttpResponseInit> {
  const outcome = await outcomeOf(services, request, use);
  if (outcome.kind === 'signedIn') {
    services.log.info('signed-in', { integration: outcome.integration, use, by: outcome.by });
  } else {
    services.log.warn('sign-in-refused', { integration: outcome.integration, use, why: outcome.why, detail: outcome.detail });
  }
  const { status, headers, html } = pageOf(outcome);
  return { status, headers: { ...headers }, body: html, cookies: outcome.cookies.map((cookie) => ({ ...cookie })) };
}

async function outcomeOf(services: Services, request: HttpRequest, use: SignInUse): ReturnType<typeof finishSignIn> {
  try {
    // Not `request.query`, which has joined what is there twice.
    const { searchParams } = new URL(request.url);
    return await finishSignIn(signInServices(services), use, searchParams, request.headers.get('cookie'));
  } catch (error) {
    services.log.error('sign-in-failed', error, { use });
    return { kind: 'refused', why: 'trouble', detail: asTandemError(error).code, integration: null, again: null, cookies: [] };
  }
}

/** What is known of a sign-in. Never a token, and of its secret not even the name. */
export async function stateOf({ tokenVault }: Services, integration: string, holder: TokenHolder): Promise<HttpResponseInit> {
  const known = await tokenVault.describe(integration, holder);
  const start = startPath(integration, holder);
  if (known === null) return json({ state: 'never', account: null, signedInAt: null, failure: null, start });
  const { state, account, signedInAt, failure } = known;
  const lasting = failure === null ? null : { code: failure.code, detail: failure.detail, at: isoTime(failure.at) };
  return json({ state, account, signedInAt: isoTime(signedInAt), failure: lasting, start });
}

/** Ends a sign-in. */
export async function ended(services: Services, id: string, holder: TokenHolder): Promise<HttpResponseInit> {
  const integration = await services.integrations.get(id);
  if (integration !== null) {
    const revocation = await services.tokenVault.disconnect(integration, holder);
    const use: SignInUse = holder === 'service' ? 'service' : 'action';
    const failed = revocation.kind === 'failed' ? revocation.error.code : null;
    services.log.info('signed-out', { integration: id, use, revocation: failed ?? revocation.kind });
  }
  return { status: 204, headers: { 'cache-control': 'no-store' } };
}

function signInServices(services: Services): SignInServices {
  const { signInStarts: starts, tokenVault: vault, signInClient: clientOf } = services;
  return { ...services, starts, vault, clientOf };
}
