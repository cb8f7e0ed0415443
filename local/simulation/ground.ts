import type { Tables } from '../../shared/storage/tables';
import type { Person } from '../company/people';
import { type DynamicsStandIn, startDynamics } from '../dynamics';
import { type GraphStandIn, startGraph } from '../graph';
import { Counters } from '../serving/counters';
import { Faults } from '../serving/faults';
import { Badges } from './badges';
import { memoryTables } from './memory-tables';
import { TraceHash } from './trace-hash';
import { type MovableClock, VirtualClock } from './virtual-clock';
import { Switchboard } from './without-sockets';

/** What a world stands on: both services, tables, a clock, and the way from one to the other. */
export interface Ground {
  readonly clock: MovableClock;
  readonly dynamics: DynamicsStandIn;
  readonly graph: GraphStandIn;
  readonly tables: Tables;
  readonly faults: Faults;
  readonly counters: Counters;
  readonly fetch: typeof fetch;
  /** Everything that was served so far; null where requests come from elsewhere too. */
  readonly trace: TraceHash | null;
  /** An access token for a resource: of a person, or of Tandem as itself. */
  token(who: Person | 'application', resource: string): Promise<string>;
  close(): Promise<void>;
}

export type Seed = 'company' | 'empty-company';

/** A ground of memory and microtasks alone: no socket, no timer, no chance, and time stands still until it is moved. */
export async function groundInMemory(seed: Seed): Promise<Ground> {
  const clock = new VirtualClock();
  const trace = new TraceHash();
  const switchboard = new Switchboard(clock, trace);
  const badges = new Badges();
  const { now } = clock;
  const surroundings = { faults: new Faults(now), counters: new Counters(), pause: pauseOn(clock) };
  const shared = { surroundings, identity: badges.issuer, seed, now };
  const dynamics = await startDynamics({
    ...shared,
    open: switchboard.at('https://contoso.crm4.dynamics.com'),
    newId: counted('d1a60000'),
  });
  const graph = await startGraph({ ...shared, open: switchboard.at('https://graph.microsoft.com') });
  return {
    clock,
    dynamics,
    graph,
    trace,
    tables: memoryTables(now),
    faults: surroundings.faults,
    counters: surroundings.counters,
    fetch: switchboard.fetch,
    token: async (who, resource) => badges.of(who, resource),
    async close() {
      for (const { service } of [dynamics, graph]) await service.close();
    },
  };
}

/** Ids that look like GUIDs and count up. */
export function counted(prefix: string): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `${prefix}-0000-4000-8000-${last.toString(16).padStart(12, '0')}`;
  };
}

/** A wait moves the clock; one of no length is a turn of the microtasks. */
function pauseOn(clock: VirtualClock): (ms: number) => Promise<void> {
  return async (ms) => clock.advance(ms);
}
