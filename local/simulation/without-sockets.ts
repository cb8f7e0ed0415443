import { Hang, type OpenService, type Service, serveWithFaults } from '../serving/service';
import { bodyText, CutConnection, type WireRequest } from '../serving/wire';
import { plainResponse } from './plain-response';
import type { TraceHash } from './trace-hash';
import type { VirtualClock } from './virtual-clock';

/** Stand-ins that only this process can reach, and the `fetch` that reaches them. */
export class Switchboard {
  private readonly services = new Map<string, Service>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly trace: TraceHash,
  ) {}

  /** Opens a stand-in at this origin, as on the internet. */
  at(origin: string): OpenService {
    return async (options) => {
      const service: Service = {
        name: options.name,
        url: origin,
        port: 443,
        serve: (request) => serveWithFaults(options, request),
        close: async () => void this.services.delete(origin),
      };
      this.services.set(origin, service);
      return service;
    };
  }

  /** Hands a request straight to its stand-in. It fails as the platform's does: cut off with ECONNRESET, in vain with a TimeoutError once its time is up. */
  readonly fetch: typeof fetch = async (input, init) => {
    const request = wireRequest(input, init);
    const service = this.services.get(request.url.origin);
    if (service === undefined) throw failed('ECONNREFUSED');
    init?.signal?.throwIfAborted();
    try {
      const reply = await service.serve(request);
      const text = bodyText(reply);
      this.trace.note(request, reply.status, text);
      return plainResponse(reply, text);
    } catch (error) {
      if (error instanceof Hang) {
        this.trace.note(request, 'hung', '');
        throw this.clock.exhaust(init?.signal);
      }
      if (!(error instanceof CutConnection)) throw error;
      this.trace.note(request, 'cut', '');
      throw failed('ECONNRESET');
    }
  };
}

function wireRequest(input: string | URL | Request, init: RequestInit = {}): WireRequest {
  if (input instanceof Request) throw new Error('Here a request is told by its address and what belongs to it.');
  const { method = 'GET', headers, body } = init;
  if (body !== undefined && body !== null && typeof body !== 'string') throw new Error('Here a body is text.');
  return { method, url: new URL(input), headers: lowerCase(headers), body: body ?? '', part: false };
}

function lowerCase(headers: RequestInit['headers'] = {}): Record<string, string> {
  const given = headers instanceof Headers || Array.isArray(headers) ? Object.fromEntries(new Headers(headers)) : headers;
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** Node's fetch keeps the system's reason on the cause. */
function failed(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}
