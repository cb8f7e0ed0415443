import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import type { z } from 'zod';
import { allow, type RouteName, routes } from '../../shared/auth/route-roles';
import { errorCodes, TandemError } from '../../shared/platform/errors';
import { problemOf } from '../../shared/platform/problem';
import { createLog } from '../../shared/platform/telemetry';
import { type Services, services } from '../../shared/services';
import type { Call, CallerOf, Contract, Endpoint } from './contract';

const neverStored = { 'cache-control': 'no-store' };
const longestBody = 262_144;

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
>(name: N, contract: Contract<P, Q, H, B>, handler: (call: Call<N, P, Q, H, B>) => Promise<HttpResponseInit>): Endpoint {
  const { method, path } = routes[name];
  const run: Endpoint['run'] = async ({ request, services, caller }) => {
    // What the contract leaves out is undefined by its type as well, which the compiler cannot see: the one place that says so.
    const call = {
      request,
      services,
      caller: caller as CallerOf<N>,
      params: checked(contract.params, { ...request.params }) as z.output<P>,
      query: checked(contract.query, Object.fromEntries(request.query)) as z.output<Q>,
      headers: checked(contract.headers, Object.fromEntries(request.headers)) as z.output<H>,
      body: (await bodyOf(request, contract.body)) as z.output<B>,
    };
    return handler(call);
  };
  const endpoint: Endpoint = { name, contract, run };
  registered.set(name, endpoint);
  app.http(name, {
    methods: [method],
    route: path,
    authLevel: 'anonymous',
    handler: (request, context) => answer(endpoint, request, context),
  });
  return endpoint;
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
    const { status, headers, body } = problemOf(error, context.invocationId);
    if (status >= 500) createLog(context).error('http-failed', error, { route: name });
    return { status, headers: { ...headers, ...neverStored }, body: JSON.stringify(body) };
  }
}

/** A reply with a JSON body. */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): HttpResponseInit {
  return { status, headers: { 'content-type': 'application/json', ...neverStored, ...headers }, body: JSON.stringify(body) };
}

async function bodyOf(request: HttpRequest, schema: z.ZodType | undefined): Promise<unknown> {
  if (schema === undefined) return undefined;
  const text = await request.text();
  if (text.length > longestBody) throw badRequest(`the body is longer than ${longestBody} characters`);
  if (text === '') return checked(schema, undefined);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw badRequest('the body is not JSON');
  }
  return checked(schema, content);
}

function checked(schema: z.ZodType | undefined, content: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw badRequest(parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`).join('; '));
}

function badRequest(detail: string): TandemError {
  return new TandemError(errorCodes.badRequest, { retry: 'never', fix: 'Correct the request as the detail says.', detail });
}
