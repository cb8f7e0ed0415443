import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { Broker } from './broker';
import { entityNotFound } from './faults';
import { Queue } from './queue';
import { DEFAULT_SETTINGS, type QueueCounts } from './queue-settings';
import { Timers } from './timers';
import { asText } from './wire';

export type { QueueCounts } from './queue-settings';

/** Durations in ms. What is left out is as in a new Azure queue: one minute of lock, ten deliveries, no expiry, no duplicate detection. */
export interface QueueOptions {
  readonly sessions?: boolean;
  readonly lockMs?: number;
  readonly maxDeliveryCount?: number;
  readonly duplicateWindowMs?: number;
  readonly timeToLiveMs?: number;
  readonly deadLetterOnExpiry?: boolean;
}

export interface ServiceBusStandIn {
  readonly port: number;
  /** For an unmodified `ServiceBusClient`. */
  readonly connectionString: string;
  /** Throws when there is no such queue. */
  counts(queue: string): QueueCounts;
  /** Drops every connection and every message; may be called again. */
  close(): Promise<void>;
}

/**
 * Starts an Azure Service Bus namespace in this process: AMQP 1.0 over plain TCP on loopback, queues only, nothing kept on disk.
 * `port` 0 or none takes a free one. Rejects when the port is taken. Until it is closed it keeps the process alive.
 */
export async function startServiceBus(options: {
  queues: Readonly<Record<string, QueueOptions>>;
  port?: number;
  /** Gets each message that is sent to a queue, with all its properties, as text. */
  watch?: (queue: string, message: string) => void;
}): Promise<ServiceBusStandIn> {
  const timers = new Timers();
  const queues = new Map<string, Queue>();
  for (const [name, settings] of Object.entries(options.queues)) {
    const queue = new Queue(name, { ...DEFAULT_SETTINGS, ...settings }, timers);
    const { watch } = options;
    if (watch !== undefined) queue.watcher = (message) => watch(name, asText(message));
    queues.set(name.toLowerCase(), queue);
  }
  const sockets = new Set<Socket>();
  const server = new Broker(queues).container.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const shutDown = async () => {
    const closed = once(server, 'close');
    server.close();
    // The AMQP library stops its heartbeat only for a connection that ends with an error.
    for (const socket of sockets) socket.destroy(new Error('The Service Bus stand-in was closed.'));
    await closed;
    timers.clear();
  };
  let closing: Promise<void> | undefined;
  return {
    port,
    connectionString: `Endpoint=sb://localhost:${port};SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true`,
    counts(name) {
      const queue = queues.get(name.toLowerCase());
      if (queue === undefined) throw entityNotFound(name);
      return queue.counts();
    },
    close: () => (closing ??= shutDown()),
  };
}
