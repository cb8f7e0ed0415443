import { type Azurite, startAzurite } from '../azurite';
import type { Person } from '../company/people';
import { type DynamicsStandIn, startDynamics } from '../dynamics';
import { type GraphStandIn, startGraph } from '../graph';
import { type IdentityProvider, startIdentityProvider } from '../identity';
import { type KeyVault, startKeyVault } from '../key-vault';
import { type ServiceBusStandIn, startServiceBus } from '../service-bus';
import type { Service, Surroundings } from '../serving/service';
import { allEnded, type Opened } from './opened';
import type { Ports } from './parts';
import { queues } from './queues';
import type { SavedPart, SavedState } from './saved-state';

/** What stands in for Azure and Microsoft 365: Azurite beside this process, everything else in it. */
export interface StandIns {
  readonly identity: IdentityProvider;
  readonly keyVault: KeyVault;
  readonly dynamics: DynamicsStandIn;
  readonly graph: GraphStandIn;
  readonly serviceBus: ServiceBusStandIn;
  readonly azurite: Azurite;
}

export interface StandInOptions {
  readonly surroundings: Surroundings;
  readonly ports: Ports;
  readonly seed: 'company' | 'empty-company';
  /** Who has a user in Dynamics and a mailbox; the demo company where absent. */
  readonly people?: readonly Person[] | undefined;
  /** Where they take up what they knew, if anywhere. */
  readonly saved: SavedState | undefined;
  /** Gets each message that is sent to a queue. */
  readonly messages?: ((queue: string, message: string) => void) | undefined;
}

/** Starts them all at once; only who checks tokens waits for the identity provider. Each is closed by `opened`. */
export async function startStandIns(options: StandInOptions, opened: Opened): Promise<StandIns> {
  const { surroundings, ports, messages } = options;
  const identityStarting = opened.add(startIdentityProvider({ surroundings, port: ports.identity ?? 0 }), (it) => it.service.close());
  const [azurite, serviceBus, identity, [keyVault, dynamics, graph]] = await allEnded([
    opened.add(startStorage(options), (it) => it.close()),
    opened.add(startServiceBus({ queues, port: ports.serviceBus ?? 0, ...(messages === undefined ? {} : { watch: messages }) }), (it) =>
      it.close(),
    ),
    identityStarting,
    identityStarting.then((it) => startGuarded(options, it, opened)),
  ]);
  return { identity, keyVault, dynamics, graph, serviceBus, azurite };
}

function startStorage({ ports, saved }: StandInOptions): Promise<Azurite> {
  const place = saved === undefined ? {} : { dataDirectory: saved.storageDirectory };
  return startAzurite({ ...place, ports: [ports.blobs ?? 0, ports.queues ?? 0, ports.tables ?? 0] });
}

/** What is the same for all that check tokens and keep what they know. */
interface Common {
  readonly surroundings: Surroundings;
  readonly identity: IdentityProvider;
  readonly port: number;
  readonly snapshot: unknown;
}

async function startGuarded(
  { surroundings, ports, saved, seed, people }: StandInOptions,
  identity: IdentityProvider,
  opened: Opened,
): Promise<[KeyVault, DynamicsStandIn, GraphStandIn]> {
  const start = async <T extends { readonly service: Service }>(part: SavedPart, begin: (common: Common) => Promise<T>): Promise<T> => {
    const snapshot = saved?.snapshot(part);
    const starting = begin({ surroundings, identity, port: ports[part] ?? 0, snapshot }).catch((error: unknown) => {
      throw saved === undefined || snapshot === undefined ? error : saved.misfit(part, error);
    });
    return opened.add(starting, (it) => it.service.close());
  };
  const company = { seed, ...(people === undefined ? {} : { people }) };
  return allEnded([
    start('keyVault', startKeyVault),
    start('dynamics', (common) => startDynamics({ ...common, ...company })),
    start('graph', (common) => startGraph({ ...common, ...company })),
  ]);
}
