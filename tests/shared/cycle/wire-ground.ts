import type { Person } from '../../../local/company/people';
import { startDynamics } from '../../../local/dynamics';
import { startGraph } from '../../../local/graph';
import { startIdentityProvider } from '../../../local/identity';
import { tokenForApplication, tokenForPerson } from '../../../local/identity/sign-in';
import { Counters } from '../../../local/serving/counters';
import { Faults } from '../../../local/serving/faults';
import type { Ground, Seed } from '../../../local/simulation/ground';
import { startTables } from '../storage/table-stores';

/** A ground of sockets: stand-ins that listen, Azurite, an identity provider that signs, and the time of this machine, moved forward. */
export async function groundOnTheWire(seed: Seed): Promise<Ground> {
  let offset = 0;
  const now = (): number => Date.now() + offset;
  const surroundings = { faults: new Faults(now), counters: new Counters() };
  const elsewhere = { faults: new Faults(), counters: new Counters() };
  const [store, identity] = await Promise.all([startTables(), startIdentityProvider({ surroundings: elsewhere })]);
  const dynamics = await startDynamics({ surroundings, identity, seed, now });
  const graph = await startGraph({ surroundings, identity, seed, now });
  return {
    clock: {
      now,
      sleep: () => Promise.reject(new Error('nothing here sleeps')),
      advance(ms) {
        offset += ms;
      },
    },
    dynamics,
    graph,
    tables: store.tables,
    faults: surroundings.faults,
    counters: surroundings.counters,
    fetch,
    trace: null,
    token: (who: Person | 'application', resource) =>
      who === 'application' ? tokenForApplication(identity, resource) : tokenForPerson(identity, who.key, resource),
    async close() {
      for (const service of [dynamics.service, graph.service, identity.service, store]) await service.close();
    },
  };
}
