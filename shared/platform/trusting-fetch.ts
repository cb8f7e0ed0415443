import { rootCertificates } from 'node:tls';
import { Agent, fetch as undiciFetch } from 'undici';

type Fetch = typeof globalThis.fetch;

/** Replies of these statuses have no body (Fetch standard, "null body status"). */
const bodiless = new Set([101, 103, 204, 205, 304]);

/**
 * A fetch that trusts the authorities of a PEM bundle beside the public ones, with connections of its own: nobody else's requests trust them. A reply is read
 * whole before it is handed over. Takes an address and a body of text only. The library's own fetch is used, because that of the platform may be of another
 * version than the library's agents are made for.
 */
export function trustingFetch(bundle: string): Fetch {
  const dispatcher = new Agent({ connect: { ca: [...rootCertificates, bundle] } });
  return async (input, init = {}) => {
    if (input instanceof Request) throw new TypeError('an address is asked for, and not a Request');
    const { method = 'GET', headers, body, redirect = 'manual', signal } = init;
    const reply = await undiciFetch(String(input), {
      method,
      headers: [...new Headers(headers)].map(([name, value]): [string, string] => [name, value]),
      body: textOf(body),
      redirect,
      signal: signal ?? null,
      dispatcher,
    });
    const content = await reply.arrayBuffer();
    return new Response(bodiless.has(reply.status) ? null : content, { status: reply.status, headers: [...reply.headers] });
  };
}

function textOf(body: RequestInit['body']): string | null {
  if (body === undefined || body === null || typeof body === 'string') return body ?? null;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('a body of text is asked for');
}
