import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import type { z } from 'zod';
import { audited } from '../../shared/auth/audited';
import { allow, type Route, type RouteName, routes } from '../../shared/auth/route-roles';
import { problemOf } from '../../shared/platform/problem';
import { createLog } from '../../shared/platform/telemetry';
import { type Services, services } from '../../shared/services';
import type { Call, CallerOf, Contract, Endpoint } from './contract';
import { checkedCall } from './door';

const neverStored = { 'cache-control': 'no-store' };

const registered = new Map<RouteName, Endpoint>();

/**
 * Registers what answers a route, and its contract. The handler gets what the call brings as the contract's schemas return it. The host lets everybody in
 * (`authLevel`), because Tandem checks the caller's token and role itself.
 */
export function register<
  N extends RouteName,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  H extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(name: N, contract: Contract<P, Q, H, B>, handler: (call: Call<N, P, Q, H, B>) => Promise<HttpResponseInit>): void {
  const { method, path } = routes[name];
  const endpoint = endpointOf(name, contract, handler);
  registered.set(name, endpoint);
  app.http(name, {
    methods: [method],
    route: path,
    authLevel: 'anonymous',
    handler: (request, context) => answer(endpoint, request, context),
  });
}

/** A route's endpoint: its door, its audit and what answers it. */
export function endpointOf<
  N extends RouteName,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  H extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(name: N, contract: Contract<P, Q, H, B>, handler: (call: Call<N, P, Q, H, B>) => Promise<HttpResponseInit>): Endpoint {
  const run: Endpoint['run'] = async ({ request, services, caller }) => {
    const { params, query, headers, body } = await checkedCall(request, contract);
    // The schemas of the contract have returned these, and what it leaves out is undefined by its type as well: the one place that says so.
    const call: Call<N, P, Q, H, B> = {
      request,
      services,
      caller: caller as CallerOf<N>,
      params: params as z.output<P>,
      query: query as z.output<Q>,
      headers: headers as z.output<H>,
      body: body as z.output<B>,
    };
    if (caller === null || !isAct(name)) return handler(call);
    const { audit } = contract;
    const witness = audit === undefined ? null : { shown: audit.shown, state: () => audit.state(call) };
    return audited(services, { route: name, by: caller.objectId, params, query, body }, witness, () => handler(call));
  };
  return { name, contract, run };
}

/** Whatever an admin does beside reading goes through the audit, so that no route can forget to. A sign-in begins with a GET because browsers go there. */
function isAct(name: RouteName): boolean {
  const { method, role }: Route = routes[name];
  return role === 'Tandem.Admin' && (method !== 'GET' || name === 'startServiceSignIn');
}

/** What was registered, by the names of the routes. */
export function endpoints(): ReadonlyMap<RouteName, Endpoint> {
  return registered;
}

/** Checks the caller, answers the call, and turns every error into problem details. Never rejects. */
export async function answer(
  { name, run }: Pick<Endpoint, 'name' | 'run'>,
  request: HttpRequest,
  context: InvocationContext,
  servicesOf: (context: InvocationContext) => Services = services,
): Promise<HttpResponseInit> {
  try {
    const all = servicesOf(context);
    const { role } = routes[name];
    const caller = role === 'anyone' ? null : await all.checkBearer(request.headers.get('authorization'));
    if (caller !== null && role !== 'anyone') allow(caller, role);
    return await run({ request, services: all, caller });
  } catch (error) {
    return refuse(error, name, context);
  }
}

/** An error as problem details; what is Tandem's own fault is logged. */
export function refuse(
  error: unknown,
  route: string,
  context: InvocationContext,
  further: Readonly<Record<string, string>> = {},
): HttpResponseInit {
  const { status, headers, body } = problemOf(error, context.invocationId);
  if (status >= 500) createLog(context).error('http-failed', error, { route });
  return { status, headers: { ...headers, ...neverStored, ...further }, body: JSON.stringify(body) };
}

/** A reply with a JSON body. */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): HttpResponseInit {
  return { status, headers: { 'content-type': 'application/json', ...neverStored, ...headers }, body: JSON.stringify(body) };
}
