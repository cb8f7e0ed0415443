import { type ErrorCode, errorCodes, type Retry, TandemError } from './errors';

/** What a service's own error body adds to its status. */
export interface ApiError {
  /** The code, where the body knows better than the status. */
  readonly code?: ErrorCode;
  /** The service's reason, already free of ids and of values that people entered. */
  readonly detail?: string;
  /** The cure, where the body tells more than the code. */
  readonly fix?: string;
}

/** Reads the body of an error reply. Total: a body that it does not understand adds nothing. */
export type ErrorReader = (status: number, body: string) => ApiError;

/** The parts of a reply that say what went wrong; a reply on the wire and a part of a batch both have them. */
export interface ErrorReply {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly text: string;
}

/** The error that a reply of 300 or above means. `service` is the name that people know it by; `now` is UTC ms, for a `Retry-After` that is a date. */
export function errorOfReply(service: string, reply: ErrorReply, now: number, read: ErrorReader = () => ({})): TandemError {
  const api = read(reply.status, reply.text);
  const code = api.code ?? codeOfStatus(reply.status);
  const retryAfterMs = retryAfter(reply.headers.get('retry-after'), now);
  return new TandemError(code, {
    ...advice(code, service),
    ...(api.fix === undefined ? {} : { fix: api.fix }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    detail: api.detail ?? `HTTP ${reply.status}`,
    status: reply.status,
  });
}

/** An error of this code with the usual retry class and cure. */
export function serviceError(code: ErrorCode, service: string, detail: string): TandemError {
  return new TandemError(code, { ...advice(code, service), detail });
}

/** How long a `Retry-After` header asks to wait, in ms: it holds seconds or an HTTP date (RFC 9110, 10.2.3). */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000;
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

function codeOfStatus(status: number): ErrorCode {
  if (status >= 500) return errorCodes.unavailable;
  if (status < 400) return errorCodes.unexpectedReply;
  switch (status) {
    case 401:
      return errorCodes.unauthorized;
    case 403:
      return errorCodes.forbidden;
    case 404:
      return errorCodes.gone;
    case 408:
      return errorCodes.timeout;
    case 409:
    case 412:
      return errorCodes.stale;
    case 410:
      return errorCodes.cursorExpired;
    case 429:
      return errorCodes.throttled;
    default:
      return errorCodes.refused;
  }
}

function advice(code: ErrorCode, service: string): { retry: Retry; fix: string } {
  switch (code) {
    case errorCodes.throttled:
    case errorCodes.unavailable:
    case errorCodes.timeout:
      return { retry: 'later', fix: `Nothing to do: Tandem tries again by itself. If it stays, look at the service health of ${service}.` };
    case errorCodes.unauthorized:
      return { retry: 'later', fix: `Check how Tandem signs in to ${service}, and sign in again.` };
    case errorCodes.columnRefused:
    case errorCodes.forbidden:
      return { retry: 'never', fix: `Grant the right that ${service} names, to the person or account that it names.` };
    case errorCodes.stale:
    case errorCodes.gone:
    case errorCodes.cursorExpired:
      return { retry: 'now', fix: 'Nothing to do: Tandem reads again and plans anew.' };
    case errorCodes.unexpectedReply:
      return { retry: 'later', fix: `Check the address of ${service}, and whether something in between answers in its place.` };
    default:
      return { retry: 'never', fix: `Correct what ${service} refuses; the next change is tried again.` };
  }
}
