import { timeoutOf } from './clock';
import { errorCodes, type TandemError } from './errors';
import { type ErrorReader, errorOfReply, serviceError } from './reply-error';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Instead of the time-out of the options, in ms. */
  readonly timeoutMs?: number;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Sends one request once. Resolves to a reply of 2xx; everything else is a TandemError. */
export type Http = (request: HttpRequest) => Promise<HttpReply>;

export interface HttpOptions {
  /** The name by which people know the service, for advice. */
  readonly service: string;
  /** How long a request may take until its body is read whole, in ms. */
  readonly timeoutMs: number;
  /** Now, in UTC ms. */
  readonly now: () => number;
  /** What the service's error bodies say; statuses alone decide where absent. */
  readonly readError?: ErrorReader;
  /** What ends a request that takes too long; that of the platform where absent. */
  readonly timeout?: (ms: number) => AbortSignal;
  /** Must honour its signal; the global one where absent. */
  readonly fetch?: typeof fetch;
}

/**
 * One bounded request at a time: no retries, no redirects (a token must not travel on), and no error that could hold a token, a URL or a body.
 * A request that was cut or timed out may have taken effect.
 */
export function createHttp(options: HttpOptions): Http {
  return async (request) => {
    const reply = await exchange(options, request);
    if (reply.status >= 300) throw errorOfReply(options.service, reply, options.now(), options.readError);
    return reply;
  };
}

async function exchange(options: HttpOptions, request: HttpRequest): Promise<HttpReply> {
  const signal = timeoutOf(options, request.timeoutMs ?? options.timeoutMs);
  const send = options.fetch ?? fetch;
  try {
    const response = await send(request.url, {
      method: request.method,
      headers: { ...request.headers },
      redirect: 'manual',
      signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    throw failureOf(options.service, error, signal);
  }
}

const timeoutCodes = new Set(['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** What a fetch that failed means. The error itself is not kept as the cause: fetch quotes a header that it refuses, token and all. */
function failureOf(service: string, error: unknown, signal: AbortSignal): TandemError {
  if (signal.aborted) return serviceError(errorCodes.timeout, service, 'no answer in time');
  const code = systemCode(error);
  return serviceError(timeoutCodes.has(code ?? '') ? errorCodes.timeout : errorCodes.unavailable, service, code ?? 'the connection failed');
}

/** The system's name for a network failure, such as ECONNRESET; fetch keeps it on the cause. */
function systemCode(error: unknown): string | undefined {
  const code = property(property(error, 'cause'), 'code');
  return typeof code === 'string' ? code : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
