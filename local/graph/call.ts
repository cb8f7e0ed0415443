import type { z } from 'zod';
import type { WireReply, WireRequest } from '../serving/wire';
import { badBody, commonHeaders, GraphFailure, notImplemented, type RequestIds } from './errors';
import type { Exchange } from './exchange';
import type { Mailbox } from './mailbox';
import { type Preferences, preferenceApplied } from './preferences';

export type Json = Record<string, unknown>;

/** One request to one mailbox, with everything that its route needs. */
export interface Call {
  readonly request: WireRequest;
  /** The stand-in's own origin. */
  readonly origin: string;
  readonly ids: RequestIds;
  readonly prefer: Preferences;
  /** Query options by their names in lower case. */
  readonly query: ReadonlyMap<string, string>;
  /** What stands in the path's `{}`, without the user. */
  readonly parameters: readonly string[];
  readonly exchange: Exchange;
  readonly mailbox: Mailbox;
}

/** An answer with Graph's headers, and the preferences that were applied. */
export function reply(call: Call, status: number, body?: object, alsoApplied?: readonly string[]): WireReply {
  const headers = { ...commonHeaders(call.ids), ...preferenceApplied(call.prefer, alsoApplied) };
  if (body !== undefined) return { status, headers, body };
  const { 'content-type': _none, ...rest } = headers;
  return { status, headers: rest };
}

/** The `@odata.context` of an answer about this mailbox. */
export function context(call: Call, path: string): string {
  return `${call.origin}/v1.0/$metadata#users('${encodeURIComponent(call.mailbox.person.objectId)}')/${path}`;
}

export function parameter(call: Call, index: number): string {
  const value = call.parameters[index];
  if (value === undefined) throw new Error(`The route of ${call.request.url.pathname} has no parameter ${index}.`);
  return value;
}

/** What a resource takes in a write. */
export interface Writable<S extends z.ZodType> {
  /** Such as `event`; error messages name it. */
  readonly type: string;
  readonly schema: S;
  /** Properties that a client may send back and that change nothing. */
  readonly readOnly: readonly string[];
  /** Properties that Graph takes and this stand-in does not. */
  readonly unsupported: readonly string[];
}

/** The JSON object in the request's body, without OData annotations. */
export function jsonObject(call: Call): Json {
  let parsed: unknown;
  try {
    parsed = JSON.parse(call.request.body === '' ? '{}' : call.request.body);
  } catch {
    throw new GraphFailure(
      400,
      'BadRequest',
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw badBody('The request body has to be a JSON object.');
  return withoutAnnotations(parsed) as Json;
}

/** Reads a write's body: unknown properties and wrong types are 400, what is not simulated is 501 by its name. */
export function readWrite<S extends z.ZodType>(call: Call, writable: Writable<S>): z.output<S> {
  const body = jsonObject(call);
  for (const name of writable.readOnly) delete body[name];
  for (const name of writable.unsupported) {
    if (body[name] !== undefined && body[name] !== null) throw notImplemented(`'${name}' of ${writable.type}`);
    delete body[name];
  }
  return readAs(writable.schema, body, writable.type);
}

/** Reads `value` by a schema; what does not fit is a 400 RequestBodyRead. */
export function readAs<S extends z.ZodType>(schema: S, value: unknown, type: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue?.code === 'unrecognized_keys')
    throw badBody(`The property '${issue.keys[0]}' does not exist on type 'microsoft.graph.${type}'.`);
  throw badBody(`The value of '${issue?.path.join('/') ?? ''}' on type 'microsoft.graph.${type}' is invalid: ${issue?.message ?? ''}.`);
}

function withoutAnnotations(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAnnotations);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !name.includes('@odata.'));
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutAnnotations(inner)]));
}
