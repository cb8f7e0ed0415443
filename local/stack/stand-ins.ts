import { type Azurite, startAzurite } from '../azurite';
import { type DynamicsStandIn, startDynamics } from '../dynamics';
import { type GraphStandIn, startGraph } from '../graph';
import { type IdentityProvider, startIdentityProvider } from '../identity';
import { type KeyVault, startKeyVault } from '../key-vault';
import { type ServiceBusStandIn, startServiceBus } from '../service-bus';
import type { Surroundings } from '../serving/service';
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
  /** Where they take up what they knew, if anywhere. */
  readonly saved: SavedState | undefined;
}

/** Starts them all at once; only who checks tokens waits for the identity provider. Each is closed by `opened`. */
export async function startStandIns(options: StandInOptions, opened: Opened): Promise<StandIns> {
  const { surroundings, ports } = options;
  const identityStarting = opened.add(startIdentityProvider({ surroundings, port: ports.identity ?? 0 }), (it) => it.service.close());
  const [azurite, serviceBus, identity, [keyVault, dynamics, graph]] = await allEnded([
    opened.add(startStorage(options), (it) => it.close()),
    opened.add(startServiceBus({ queues, port: ports.serviceBus ?? 0 }), (it) => it.close()),
    identityStarting,
    identityStarting.then((it) => startGuarded(options, it, opened)),
  ]);
  return { identity, keyVault, dynamics, graph, serviceBus, azurite };
}

function startStorage({ ports, saved }: StandInOptions): Promise<Azurite> {
  const place = saved === undefined ? {} : { dataDirectory: saved.storageDirectory };
  return startAzurite({ ...place, ports: [ports.blobs ?? 0, ports.queues ?? 0, ports.tables ?? 0] });
}

async function startGuarded(
  { surroundings, ports, saved, seed }: StandInOptions,
  identity: IdentityProvider,
  opened: Opened,
): Promise<[KeyVault, DynamicsStandIn, GraphStandIn]> {
  const common = (part: SavedPart) => ({ surroundings, identity, port: ports[part] ?? 0, snapshot: saved?.snapshot(part) });
  return allEnded([
    opened.add(startKeyVault(common('keyVault')), (it) => it.service.close()),
    opened.add(startDynamics({ ...common('dynamics'), seed }), (it) => it.service.close()),
    opened.add(startGraph({ ...common('graph'), seed }), (it) => it.service.close()),
  ]);
}
