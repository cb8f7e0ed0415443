import { z } from 'zod';
import { people, tandemApplication } from './company/people';
import { tokenForPerson } from './identity/sign-in';
import { Counters } from './serving/counters';
import { Faults, faultRuleSchema } from './serving/faults';
import { type Service, type Surroundings, startService } from './serving/service';
import { jsonBody, Refusal, type WireReply, type WireRequest } from './serving/wire';
import type { Part } from './stack/parts';
import { messageOf } from './stack/problem';
import type { StandIns } from './stack/stand-ins';

type Controls = Readonly<Record<string, (body: unknown) => unknown>>;

/** What can be controlled. */
export interface Controlled {
  readonly surroundings: Surroundings;
  readonly standIns: StandIns;
  readonly parts: () => readonly Part[];
  readonly host: { readonly url: string; start(): Promise<void>; kill(): Promise<void>; stop(): Promise<void> };
}

type Answer = (controlled: Controlled, request: WireRequest, names: readonly string[]) => unknown;

const hostDone = ({ host }: Controlled) => ({ url: host.url });

/** Method and path, where `*` stands for a name, and what it does. */
const endpoints: Readonly<Record<string, Answer>> = {
  'GET /parts': ({ parts }) => parts(),
  'GET /counters': ({ surroundings }) => surroundings.counters.snapshot(),
  'DELETE /counters': ({ surroundings }) => surroundings.counters.reset(),
  'GET /faults': ({ surroundings }) => surroundings.faults.list(),
  'DELETE /faults': ({ surroundings }) => surroundings.faults.clear(),
  'POST /faults': ({ surroundings }, request) => addFault(surroundings.faults, bodyOf(request)),
  'GET /tokens/*/*': ({ standIns }, _request, names) => tokenFor(standIns, names),
  'POST /host/start': async (controlled) => controlled.host.start().then(() => hostDone(controlled)),
  'POST /host/stop': async (controlled) => controlled.host.stop().then(() => hostDone(controlled)),
  'POST /host/kill': async (controlled) => controlled.host.kill().then(() => hostDone(controlled)),
  'POST /*/*': ({ standIns }, request, names) => useControl(controlsOf(standIns), request, names),
};

/** Starts the endpoint at which tests and people misuse the stack: faults, counters, what each stand-in allows, the host's life. */
export function startControl(controlled: Controlled, port?: number): Promise<Service> {
  return startService({
    name: 'control',
    // Its own surroundings: who reads the counters does not change them.
    surroundings: { faults: new Faults(), counters: new Counters() },
    handle: (request) => handle(controlled, request),
    ...(port === undefined ? {} : { port }),
  });
}

async function handle(controlled: Controlled, request: WireRequest): Promise<WireReply> {
  const { answer, names } = endpointFor(request);
  try {
    const result = await answer(controlled, request, names);
    return { status: 200, body: typeof result === 'string' ? result : ((result ?? {}) as object) };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw refusal(400, error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error));
  }
}

function endpointFor(request: WireRequest): { answer: Answer; names: string[] } {
  const segments = request.url.pathname.split('/').slice(1);
  for (const [endpoint, answer] of Object.entries(endpoints)) {
    const [method, path = ''] = endpoint.split(' ');
    const pattern = path.split('/').slice(1);
    if (method !== request.method || pattern.length !== segments.length) continue;
    if (!pattern.every((part, index) => part === '*' || part === segments[index])) continue;
    return { answer, names: segments.filter((_, index) => pattern[index] === '*') };
  }
  throw refusal(404, `There is no ${request.method} ${request.url.pathname}. There is: ${Object.keys(endpoints).join(', ')}.`);
}

function addFault(faults: Faults, body: unknown): object {
  return { id: faults.add(faultRuleSchema.parse(body)) };
}

/** A token with which a person calls a part: what a script would have to sign in for. */
async function tokenFor({ identity, dynamics, graph }: StandIns, [key, part]: readonly string[]): Promise<string> {
  const who = people.find((each) => each.key === key);
  if (who === undefined) throw refusal(404, `Nobody is called ${key}. There are: ${people.map((each) => each.key).join(', ')}.`);
  const audience = { dynamics: dynamics.url, graph: graph.url, tandem: tandemApplication.audience };
  return tokenForPerson(identity, who.key, named(audience, part, 'Nobody takes tokens for'));
}

/** By name, what each stand-in lets one do to it. */
function controlsOf({ identity, keyVault, dynamics, graph, serviceBus }: StandIns): Readonly<Record<string, Controls>> {
  const counts: Controls = { counts: (body) => serviceBus.counts(z.strictObject({ queue: z.string() }).parse(body).queue) };
  return {
    identity: identity.controls,
    keyVault: keyVault.controls,
    dynamics: dynamics.controls,
    graph: graph.controls,
    serviceBus: counts,
  };
}

function useControl(services: Readonly<Record<string, Controls>>, request: WireRequest, [service, control]: readonly string[]): unknown {
  const controls = named(services, service, 'There is no stand-in');
  return named(controls, control, `${service} has no control`)(bodyOf(request));
}

/** The thing of that name, or a 404 that lists the names. */
function named<T>(things: Readonly<Record<string, T>>, name: string | undefined, otherwise: string): T {
  const found = name !== undefined && Object.hasOwn(things, name) ? things[name] : undefined;
  if (found === undefined) throw refusal(404, `${otherwise} ${name}. There are: ${Object.keys(things).join(', ')}.`);
  return found;
}

function bodyOf(request: WireRequest): unknown {
  return jsonBody(request, { status: 400, body: { error: 'The body is not JSON.' } });
}

function refusal(status: number, error: string): Refusal {
  return new Refusal({ status, body: { error } });
}
