import type { Clock } from '../platform/clock';
import { notedPath } from './noted-path';

/** What is noted of one request: no header, no body, no token. */
export interface NotedRequest {
  /** When it was sent, UTC ms. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** Null where there was no answer. */
  readonly status: number | null;
  /** How long the answer's head took, in ms. */
  readonly ms: number;
  /** By what the service finds the request in its own logs. */
  readonly requestId: string | null;
}

/** A fetch that tells of each request once it is answered, or has failed. */
export function notedFetch(send: typeof fetch, clock: Clock, note: (request: NotedRequest) => void): typeof fetch {
  return async (input, init) => {
    const at = clock.now();
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    const facts = { at, method: init?.method ?? 'GET', path: notedPath(url) };
    try {
      const response = await send(input, init);
      const requestId = response.headers.get('x-ms-service-request-id') ?? response.headers.get('req_id');
      note({ ...facts, status: response.status, ms: clock.now() - at, requestId: requestId?.slice(0, 100) ?? null });
      return response;
    } catch (error) {
      note({ ...facts, status: null, ms: clock.now() - at, requestId: null });
      throw error;
    }
  };
}
