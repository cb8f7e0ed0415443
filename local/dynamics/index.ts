import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Person, people } from '../company/people';
import type { Fault } from '../serving/faults';
import { type OpenService, pauseIn, type Service, type Surroundings, startService } from '../serving/service';
import { type TokenIssuer, type TokenVerifier, verifierFor } from '../serving/tokens';
import { Refusal, type WireReply, type WireRequest } from '../serving/wire';
import { Access, type AccessData } from './access';
import { runBatch } from './batch';
import { Callers } from './callers';
import { type Controlled, type Controls, controlsFor, throttleLimits } from './controls';
import { errorReply } from './errors';
import { Gate } from './gate';
import { apiBase, apiPath, endpointOf, route } from './routes';
import { seedOrganization } from './seed';
import { seedMessages } from './seed/messages';
import { Store, type StoredData } from './store';
import { Tracking, type TrackingData } from './tracking';
import { View } from './view';
import { Webhooks, webhookSwitches } from './webhooks';

export interface DynamicsStandIn {
  readonly service: Service;
  /** The organization's address, without a slash at its end; also the audience of its tokens. */
  readonly url: string;
  /** What an administrator of the stand-in may do, by name. */
  readonly controls: Controls;
  /** Everything it knows, as JSON can hold it; to be given to `startDynamics` again. */
  snapshot(): unknown;
}

export interface DynamicsOptions {
  readonly surroundings: Surroundings;
  readonly identity: TokenIssuer;
  /** On a socket where absent. */
  readonly open?: OpenService;
  /** What requests and parts of batches are called in answers; random where absent. */
  readonly newId?: () => string;
  readonly port?: number;
  /** ms since 1970. */
  readonly now?: () => number;
  /** `company` has customers and activities too, `empty-company` people only. */
  readonly seed?: 'company' | 'empty-company';
  /** Its users; the demo company where absent. */
  readonly people?: readonly Person[];
  /** What `snapshot` returned; replaces the seed. */
  readonly snapshot?: unknown;
}

interface Snapshot {
  readonly data: StoredData;
  readonly access: AccessData;
  readonly tracking: TrackingData;
}

/** Starts a stand-in for the Dynamics 365 Web API v9.2 on loopback. What it does not support it refuses with 501 and the name of it. */
export async function startDynamics(options: DynamicsOptions): Promise<DynamicsStandIn> {
  const { surroundings, now = Date.now, newId = randomUUID } = options;
  const store = new Store(now);
  const access = new Access(store);
  const world: Controlled = { store, access, tracking: new Tracking(), throttleLimit: 'requests', now };
  if (options.snapshot === undefined) seedOrganization(world, now(), options.seed ?? 'company', options.people ?? people);
  else load(world, options.snapshot);
  seedMessages(store);
  const webhooks = new Webhooks(store, options.open === undefined, now);

  const gate = new Gate();
  const { faults, counters, trace, pause } = surroundings;
  // The delay belongs to the time a request runs, so it is made here, where running requests are counted.
  const service = await (options.open ?? startService)({
    name: 'dynamics',
    surroundings: { faults, counters, ...(trace === undefined ? {} : { trace }), ...(pause === undefined ? {} : { pause }) },
    handle,
    endpointOf,
    faultReply: (fault) => faultReply(fault, world),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const verifier: TokenVerifier = verifierFor(options.identity, [service.url, `${service.url}/`]);
  const authorizationUri = `${(options.identity.issuers[0] ?? service.url).replace(/\/(v2\.0\/?)?$/, '')}/oauth2/authorize`;
  const callers = new Callers(store, access, verifier, { authorizationUri, resource: `${service.url}/` });

  async function handle(request: WireRequest): Promise<WireReply> {
    const end = request.part ? () => {} : counters.begin('dynamics');
    try {
      return dressed(await answer(request), newId());
    } catch (error) {
      if (error instanceof Refusal) return dressed(error.reply, newId());
      throw error;
    } finally {
      end();
    }
  }

  async function answer(request: WireRequest): Promise<WireReply> {
    const isBatch = apiPath(request.url) === '$batch';
    if (surroundings.latencyMs !== undefined && !isBatch) await pauseIn(surroundings, surroundings.latencyMs);
    const caller = await callers.callerOf(request);
    if (isBatch && request.method === 'POST' && !request.part) return runBatch({ serve: service.serve, store, gate, newId }, request);
    await gate.pass();
    return route(new View(store, access, caller, now(), apiBase(request.url)), request, world.tracking);
  }

  return {
    service: {
      ...service,
      async close() {
        webhooks.stop();
        await service.close();
      },
    },
    url: service.url,
    controls: {
      ...controlsFor(world),
      /** Says what becomes of the calls of webhooks, and when they are made. */
      setWebhooks: (body) => {
        const { calls, delayMs } = webhookSwitches.parse(body ?? {});
        webhooks.calls = calls ?? webhooks.calls;
        webhooks.delayMs = delayMs ?? webhooks.delayMs;
      },
    },
    snapshot: (): Snapshot => structuredClone({ data: store.snapshot(), access: access.snapshot(), tracking: world.tracking.snapshot() }),
  };
}

/** Restores what `snapshot` returned; throws where it is something else. */
function load(world: Controlled, snapshot: unknown): void {
  const part = z.looseObject({});
  const checked = z.looseObject({ data: z.looseObject({ version: z.int() }), access: part, tracking: part }).safeParse(snapshot);
  if (!checked.success) throw new Error(`This is not a snapshot of the Dynamics stand-in: ${z.prettifyError(checked.error)}`);
  const saved = snapshot as Snapshot;
  world.store.load(saved.data);
  world.access.load(saved.access);
  world.tracking.load(saved.tracking);
}

/** Adds what every answer of the Web API carries. */
function dressed(reply: WireReply, id: string): WireReply {
  const type = typeof reply.body === 'object' ? { 'content-type': 'application/json; odata.metadata=minimal' } : {};
  return { ...reply, headers: { ...type, 'OData-Version': '4.0', 'x-ms-service-request-id': id, REQ_ID: id, ...reply.headers } };
}

/** Throttling and failures as the Web API words them (service protection API limits; status codes). */
function faultReply(fault: Fault, world: Controlled): WireReply {
  const retry: Record<string, string> = fault.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(fault.retryAfterSeconds) };
  if (fault.kind === 'throttle') {
    const [code, message] = throttleLimits[world.throttleLimit];
    return errorReply(429, code, message, { 'Retry-After': '5', ...retry });
  }
  const code = fault.status === 500 ? '0x80040216' : '0x0';
  return errorReply(fault.status, code, 'An unexpected error occurred.', retry);
}
