import { storageAccount } from '../azurite';
import type { Service } from '../serving/service';
import type { StandIns } from './stand-ins';

/** The parts of the stack that listen on a port, in the order in which people meet them. */
export const partNames = [
  'functions',
  'control',
  'identity',
  'dynamics',
  'graph',
  'keyVault',
  'serviceBus',
  'tables',
  'queues',
  'blobs',
] as const;

export type PartName = (typeof partNames)[number];

/** Where parts listen; a free port where absent or 0. */
export type Ports = Readonly<Partial<Record<PartName, number>>>;

/** One part as the status table shows it. */
export interface Part {
  readonly name: PartName;
  readonly url: string;
  /** What it stands in for. */
  readonly standsFor: string;
  /** Of its process, where it has one of its own. */
  readonly pid?: number;
}

/** What listens now, and where. The Functions host is among them while it runs. */
export function partsOf(
  { identity, keyVault, dynamics, graph, serviceBus, azurite }: StandIns,
  host: { readonly url: string; readonly pid: number | undefined },
  control: Service,
): Part[] {
  const storage = (port: number) => `http://127.0.0.1:${port}/${storageAccount}`;
  const { pid } = azurite;
  return [
    ...(host.pid === undefined
      ? []
      : [{ name: 'functions', url: host.url, standsFor: 'Azure Functions, with Tandem in it', pid: host.pid } as const]),
    { name: 'control', url: control.url, standsFor: 'nothing: faults, counters, tokens' },
    { name: 'identity', url: identity.url, standsFor: 'Microsoft Entra ID' },
    { name: 'dynamics', url: dynamics.url, standsFor: 'Dynamics 365 (Dataverse Web API)' },
    { name: 'graph', url: graph.url, standsFor: 'Microsoft Graph and Exchange Online' },
    { name: 'keyVault', url: keyVault.url, standsFor: 'Azure Key Vault' },
    { name: 'serviceBus', url: `amqp://127.0.0.1:${serviceBus.port}`, standsFor: 'Azure Service Bus' },
    { name: 'tables', url: storage(azurite.tablePort), standsFor: 'Azure Table Storage', pid },
    { name: 'queues', url: storage(azurite.queuePort), standsFor: 'Azure Queue Storage', pid },
    { name: 'blobs', url: storage(azurite.blobPort), standsFor: 'Azure Blob Storage', pid },
  ];
}

/** The ports of these parts. */
export function portsOf(parts: readonly Part[]): Ports {
  return Object.fromEntries(parts.map(({ name, url }) => [name, Number(new URL(url).port)]));
}
