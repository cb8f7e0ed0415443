import { Agent } from 'node:https';
import { rootCertificates } from 'node:tls';
import { createDefaultHttpClient, createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';

type Fetch = typeof globalThis.fetch;

/** Replies of these statuses have no body (Fetch standard, "null body status"). */
const bodiless = new Set([101, 103, 204, 205, 304]);

/**
 * A fetch that trusts the authorities of a PEM bundle beside the public ones, with connections of its own: nobody else's requests trust them. It follows no
 * redirect, whatever it is asked. A reply is read whole before it is handed over. Takes an address and a body of text only. It is the client on which Azure's
 * libraries stand: the platform's own fetch takes no authorities, and what it is made of would be a fifth of the package.
 */
export function trustingFetch(bundle: string): Fetch {
  const client = createDefaultHttpClient();
  const agent = new Agent({ keepAlive: true, ca: [...rootCertificates, bundle] });
  return async (input, init = {}) => {
    if (input instanceof Request) throw new TypeError('an address is asked for, and not a Request');
    const { method = 'GET', headers, body, signal } = init;
    const text = textOf(body);
    const request = createPipelineRequest({
      url: String(input),
      method: methodOf(method),
      headers: createHttpHeaders(Object.fromEntries(new Headers(headers))),
      ...(text === null ? {} : { body: text }),
      ...(signal === undefined || signal === null ? {} : { abortSignal: signal }),
    });
    request.agent = agent;
    const reply = await client.sendRequest(request).catch((error: unknown) => {
      throw failure(error);
    });
    const content = bodiless.has(reply.status) ? null : (reply.bodyAsText ?? '');
    return new Response(content, { status: reply.status, headers: [...reply.headers] });
  };
}

/** What went wrong as the platform's fetch tells it: the reason is the cause. The library's own error holds the request. */
function failure(error: unknown): Error {
  if (error instanceof Error && error.name === 'AbortError') return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

const methods = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE'] as const;

function methodOf(method: string): (typeof methods)[number] {
  const known = methods.find((each) => each === method.toUpperCase());
  if (known === undefined) throw new TypeError('the method is none of HTTP');
  return known;
}

function textOf(body: RequestInit['body']): string | null {
  if (body === undefined || body === null || typeof body === 'string') return body ?? null;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('a body of text is asked for');
}
