import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { z } from 'zod';
import type { Caller } from '../../shared/auth/bearer';
import { allow, type RouteName, routes } from '../../shared/auth/route-roles';
import { errorCodes, TandemError } from '../../shared/platform/errors';
import { problemOf } from '../../shared/platform/problem';
import { createLog } from '../../shared/platform/telemetry';
import { type Services, services } from '../../shared/services';

const neverStored = { 'cache-control': 'no-store' };
const longestBody = 262_144;

/** One call that was let in. */
export interface Call {
  readonly request: HttpRequest;
  readonly services: Services;
  /** Who calls; null where everybody may. */
  readonly caller: Caller | null;
}

export type Handler = (call: Call) => Promise<HttpResponseInit>;

/** Registers a handler under its route. The host lets everybody in (`authLevel`), because Tandem checks the caller's token and role itself. */
export function register(name: RouteName, handler: Handler): void {
  const { method, path } = routes[name];
  app.http(name, {
    methods: [method],
    route: path,
    authLevel: 'anonymous',
    handler: (request, context) => answer(name, handler, request, context),
  });
}

/** Checks the caller, runs the handler, and turns every error into problem details. Never rejects. */
export async function answer(
  name: RouteName,
  handler: Handler,
  request: HttpRequest,
  context: InvocationContext,
  servicesOf: (context: InvocationContext) => Services = services,
): Promise<HttpResponseInit> {
  try {
    const all = servicesOf(context);
    const { role } = routes[name];
    const caller = role === 'anyone' ? null : await all.checkBearer(request.headers.get('authorization'));
    if (caller !== null && role !== 'anyone') allow(caller, role);
    return await handler({ request, services: all, caller });
  } catch (error) {
    const { status, headers, body } = problemOf(error, context.invocationId);
    if (status >= 500) createLog(context).error('http-failed', error, { route: name });
    return { status, headers: { ...headers, ...neverStored }, body: JSON.stringify(body) };
  }
}

/** A reply with a JSON body. */
export function json(body: unknown, status = 200): HttpResponseInit {
  return { status, headers: { 'content-type': 'application/json', ...neverStored }, body: JSON.stringify(body) };
}

/** The parameters of the route. Throws TandemError `bad-request`. */
export function parameters<T>(request: HttpRequest, schema: z.ZodType<T>): T {
  return checked(schema, { ...request.params });
}

/** The query. Throws TandemError `bad-request`. */
export function query<T>(request: HttpRequest, schema: z.ZodType<T>): T {
  return checked(schema, Object.fromEntries(request.query));
}

/** The body as JSON. Throws TandemError `bad-request`. */
export async function body<T>(request: HttpRequest, schema: z.ZodType<T>): Promise<T> {
  const text = await request.text();
  if (text.length > longestBody) throw badRequest(`the body is longer than ${longestBody} characters`);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw badRequest('the body is not JSON');
  }
  return checked(schema, content);
}

/** Where to begin in a list and how much of it to give. */
export const Paging = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .transform((cursor) => cursor ?? null),
});

function checked<T>(schema: z.ZodType<T>, content: unknown): T {
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw badRequest(parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`).join('; '));
}

function badRequest(detail: string): TandemError {
  return new TandemError(errorCodes.badRequest, { retry: 'never', fix: 'Correct the request as the detail says.', detail });
}
