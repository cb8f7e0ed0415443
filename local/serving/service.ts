import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Counters } from './counters';
import type { Fault, FaultService, Faults } from './faults';
import type { Trace } from './trace';
import { bodyText, CutConnection, type Handler, Refusal, type WireReply, type WireRequest } from './wire';

/** What every stand-in shares with the others: who misbehaves, who counts, who writes down. */
export interface Surroundings {
  readonly faults: Faults;
  readonly counters: Counters;
  readonly trace?: Trace;
  /** How long a stand-in waits before it serves a request or a batch part, in ms: the distance to the real service. */
  readonly latencyMs?: number;
  /** How it waits, in ms; in real time where absent. */
  readonly pause?: (ms: number) => Promise<void>;
}

export interface ServiceOptions {
  readonly name: FaultService | 'control';
  readonly handle: Handler;
  readonly surroundings: Surroundings;
  /** The port to listen on; a free one where absent or 0. */
  readonly port?: number;
  /** What a throttled or failing call looks like on this service's wire. */
  readonly faultReply?: (fault: Fault, request: WireRequest) => WireReply;
  /** The label under which a request is counted, such as `GET /users/{}/events`. */
  readonly endpointOf?: (request: WireRequest) => string;
}

export interface Service {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  /** Serves a request without a socket: batch parts, and tests. Faults and counters apply as on the wire. */
  serve(request: WireRequest): Promise<WireReply>;
  close(): Promise<void>;
}

/** How a stand-in becomes reachable: on a socket, or for this process alone. */
export type OpenService = (options: ServiceOptions) => Promise<Service>;

/** Starts an HTTP stand-in on loopback that misbehaves, counts and traces as its surroundings say. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { name, surroundings } = options;
  const hanging = new Set<ServerResponse>();

  const serve = (request: WireRequest): Promise<WireReply> => serveWithFaults(options, request);

  const server = createServer({ maxHeaderSize: longestHead }, (message, response) => {
    void answer(message, response);
  });
  server.keepAliveTimeout = 65_000;

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = await readRequest(message, service.url);
      const reply = await serve(request);
      const text = bodyText(reply);
      const headers = { ...defaultType(reply), ...reply.headers };
      surroundings.trace?.write({
        at: new Date().toISOString(),
        service: name,
        method: request.method,
        url: request.url.href,
        requestHeaders: request.headers,
        requestBody: request.body,
        status: reply.status,
        responseHeaders: headers,
        responseBody: text,
      });
      response.writeHead(reply.status, headers);
      response.end(text);
    } catch (error) {
      if (error instanceof Hang) {
        hanging.add(response);
        response.on('close', () => hanging.delete(response));
        return;
      }
      if (!(error instanceof CutConnection)) console.error(`${name}:`, error);
      message.socket.destroy();
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const service: Service = {
    name,
    port,
    url: `http://127.0.0.1:${port}`,
    serve,
    close: () =>
      new Promise((resolve, reject) => {
        for (const response of hanging) response.destroy();
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
  return service;
}

/** Never answers; the client's time-out decides. */
export class Hang extends Error {}

/** Waits for as long as it takes in these surroundings; at least one turn, so that requests that run at once are seen to. */
export function pauseIn({ pause }: Surroundings, ms: number): Promise<void> {
  if (pause !== undefined) return pause(ms);
  return new Promise((resolve) => {
    if (ms === 0) setImmediate(resolve);
    else setTimeout(resolve, ms);
  });
}

/** Serves one request as its surroundings have it: counted, and with what has been armed against it. Throws `Hang` and `CutConnection`. */
export async function serveWithFaults(options: ServiceOptions, request: WireRequest): Promise<WireReply> {
  const { name, surroundings, handle } = options;
  const isBatch = request.url.pathname.endsWith('/$batch');
  const endpoint = options.endpointOf?.(request) ?? `${request.method} ${request.url.pathname}`;
  if (request.part) surroundings.counters.part(name, endpoint);
  else surroundings.counters.request(name, endpoint, isBatch);

  const fault = name === 'control' ? undefined : surroundings.faults.take(name, request.method, request.url.pathname + request.url.search);
  if (fault?.kind === 'timeout') throw new Hang();
  if (fault?.kind === 'cutBefore') throw new CutConnection();
  if (surroundings.latencyMs !== undefined && !isBatch) await pauseIn(surroundings, surroundings.latencyMs);
  if (fault?.kind === 'throttle' || fault?.kind === 'error') return (options.faultReply ?? plainFault)(fault, request);

  const marked = fault?.kind === 'expireCursor' ? { ...request, headers: { ...request.headers, [expireCursorHeader]: 'true' } } : request;
  const reply = await handled(handle, marked);
  if (fault?.kind === 'cutAfter') throw new CutConnection();
  return reply;
}

/** URL and headers may take this many bytes: Dataverse takes URLs of 32 KB, and Node's own limit is half of that. */
const longestHead = 65_536;

/** Set on a request whose delta link has to be treated as expired. */
export const expireCursorHeader = 'x-fault-expire-cursor';

async function handled(handle: Handler, request: WireRequest): Promise<WireReply> {
  try {
    return await handle(request);
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

function plainFault(fault: Fault): WireReply {
  const status = fault.kind === 'throttle' ? 429 : fault.status;
  const headers = fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
  return { status, headers, body: { error: { code: status === 429 ? 'TooManyRequests' : 'ServiceUnavailable', message: 'Injected.' } } };
}

async function readRequest(message: IncomingMessage, origin: string): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  return {
    method: message.method ?? 'GET',
    url: new URL(message.url ?? '/', origin),
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
    part: false,
  };
}

function defaultType(reply: WireReply): Record<string, string> {
  if (reply.body === undefined) return {};
  return { 'content-type': typeof reply.body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8' };
}
