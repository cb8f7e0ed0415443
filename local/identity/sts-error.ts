import { randomUUID } from 'node:crypto';
import type { WireReply, WireRequest } from '../serving/wire';

/** What may come with an error beside its code and text. */
export interface StsErrorExtras {
  readonly status?: number | undefined;
  readonly suberror?: string | undefined;
  /** A claims challenge for the next interactive request. */
  readonly claims?: string | undefined;
}

/** An answer that Entra ID gives with an `AADSTS` number: an OAuth error, a number for the cause, and a sentence for people. */
export class StsError extends Error {
  constructor(
    readonly error: string,
    readonly code: number,
    readonly text: string,
    readonly extras: StsErrorExtras = {},
  ) {
    super(`AADSTS${code}: ${text}`);
  }

  /** 401 for a client that is not who it says, 400 for everything else. */
  get status(): number {
    return this.extras.status ?? (this.error === 'invalid_client' ? 401 : 400);
  }
}

/** A parameter that has to be there and is not. */
export function missing(name: string): StsError {
  return new StsError('invalid_request', 900144, `The request has to contain the parameter '${name}'.`);
}

/** The JSON of an error, with the fields and the sentence layout of Entra ID's token endpoint. */
export interface StsErrorBody {
  readonly error: string;
  readonly error_description: string;
  readonly error_codes: readonly number[];
  readonly timestamp: string;
  readonly trace_id: string;
  readonly correlation_id: string;
  readonly error_uri: string;
  readonly suberror?: string;
  readonly claims?: string;
}

/** The body of `error` at time `now` (ms); the correlation id is the caller's `client-request-id` where it sent one. */
export function errorBody(error: StsError, request: WireRequest, now: number): StsErrorBody {
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const traceId = randomUUID();
  const correlationId = request.headers['client-request-id'] ?? request.url.searchParams.get('client-request-id') ?? randomUUID();
  return {
    error: error.error,
    error_description: `${error.message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [error.code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `${request.url.origin}/error?code=${error.code}`,
    ...(error.extras.suberror === undefined ? {} : { suberror: error.extras.suberror }),
    ...(error.extras.claims === undefined ? {} : { claims: error.extras.claims }),
  };
}

/** The reply of an endpoint that answers programs, not people. */
export function errorReply(error: StsError, request: WireRequest, now: number): WireReply {
  return { status: error.status, headers: { 'cache-control': 'no-store' }, body: errorBody(error, request, now) };
}
