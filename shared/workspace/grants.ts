import { noIntegration } from '../mailboxes/enable';
import { badRequest } from '../platform/bad-request';
import type { Clock } from '../platform/clock';
import { errorCodes, TandemError } from '../platform/errors';
import type { Feed } from '../storage/feed';
import type { Grant, Grants } from '../storage/grants';
import { everyone } from '../storage/grants';
import type { Integration, Integrations, Page } from '../storage/integrations';
import type { Microapp } from './microapp';
import { microapp, microapps } from './microapps';

export interface GrantServices {
  readonly integrations: Pick<Integrations, 'get' | 'all'>;
  readonly grants: Grants;
  readonly feed: Feed;
  readonly clock: Clock;
}

/** Well below the time after which Azure's front end gives a request up (230 s). */
const mostMs = 60_000;
const allApps = microapps.map(({ id }) => id);

/** Lets a person, or everyone, see a microapp; it holds when this returns. Throws TandemError `not-found`, `unavailable` where the request has to be sent again. */
export async function grant(services: GrantServices, integration: string, app: string, who: string): Promise<Grant> {
  await demandApp(services, integration, app);
  const granted = await services.grants.put(integration, app, { who, at: services.clock.now() });
  await spread(services, integration, who);
  return granted;
}

/** Takes that back: when this returns, no feed is answered as before. Throws as `grant`. */
export async function withdraw(services: GrantServices, integration: string, app: string, who: string): Promise<void> {
  await demandApp(services, integration, app);
  await services.grants.remove(integration, app, who);
  await spread(services, integration, who);
}

/** A page of who may see a microapp. Throws TandemError `not-found`. */
export async function grantsOf(
  services: GrantServices,
  integration: string,
  app: string,
  page: { readonly limit: number; readonly cursor: string | null },
): Promise<Page<Grant>> {
  await demandApp(services, integration, app);
  return services.grants.list(integration, app, page);
}

/** The microapps that a person sees, in the order of their names in English. */
export async function appsOf({ grants }: Pick<GrantServices, 'grants'>, integration: string, objectId: string): Promise<Microapp[]> {
  const seen = await grants.among(integration, allApps, objectId);
  return microapps.filter(({ id }) => seen.includes(id));
}

/**
 * The integration that a person means: the one she names, the only one that there is, or the only one in which she sees anything. Whether she sees anything in
 * it is for the caller to ask.
 * @throws TandemError `not-found` where there is none, `bad-request` where she has to name one
 */
export async function integrationOf(services: GrantServices, objectId: string, named: string | undefined): Promise<Integration> {
  if (named !== undefined) {
    const integration = await services.integrations.get(named);
    if (integration === null) throw nothingHere();
    return integration;
  }
  const all = await services.integrations.all();
  const [first, second] = all.length > 1 ? await integrationsOf(services, all, objectId) : all;
  if (first === undefined) throw nothingHere();
  if (second !== undefined) throw badRequest([{ field: 'query.integration', rule: 'is missing, and you take part in more than one' }]);
  return first;
}

async function integrationsOf(services: GrantServices, all: readonly Integration[], objectId: string): Promise<Integration[]> {
  const hers: Integration[] = [];
  for (const integration of all) if ((await appsOf(services, integration.id, objectId)).length > 0) hers.push(integration);
  return hers;
}

/** What a person meets who sees no microapp. */
export function nothingHere(): TandemError {
  return new TandemError(errorCodes.notFound, {
    retry: 'never',
    fix: 'Ask an administrator of Tandem to grant you a microapp.',
    detail: 'there is nothing here for you',
  });
}

async function demandApp({ integrations }: GrantServices, integration: string, app: string): Promise<void> {
  if ((await integrations.get(integration)) === null) throw noIntegration(integration);
  if (microapp(app) !== undefined) return;
  throw new TandemError(errorCodes.notFound, {
    retry: 'never',
    fix: `Name one of ${allApps.join(', ')}.`,
    detail: 'there is no such microapp',
  });
}

async function spread({ feed, clock }: GrantServices, integration: string, who: string): Promise<void> {
  const until = clock.now() + mostMs;
  const { complete } = await feed.forgetApps(integration, who === everyone ? null : who, () => clock.now() < until);
  if (complete) return;
  throw new TandemError(errorCodes.unavailable, {
    retry: 'now',
    retryAfterMs: 1_000,
    fix: 'Send the same request again: it goes on where it stopped.',
    detail: 'it takes longer than one request to tell everybody’s feed',
  });
}
