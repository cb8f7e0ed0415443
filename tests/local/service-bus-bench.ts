import { connect, createServer, type Server, type Socket } from 'node:net';
import { ServiceBusClient, type ServiceBusMessage, type ServiceBusReceivedMessage, type ServiceBusReceiver } from '@azure/service-bus';
import { type QueueOptions, type ServiceBusStandIn, startServiceBus } from '../../local/service-bus';

export const QUEUE = 'work';

/** One queue in a namespace of its own, with the real client on it. */
export interface Bench {
  readonly client: ServiceBusClient;
  readonly standIn: ServiceBusStandIn;
  /** What was seen of each message, as text. */
  readonly watched: readonly string[];
  counts(): ReturnType<ServiceBusStandIn['counts']>;
  send(...messages: ServiceBusMessage[]): Promise<void>;
  close(): Promise<void>;
}

/** A client that gives up after `timeoutMs` and does not try again, so that every refusal is seen. */
export async function openBench(options: QueueOptions, timeoutMs = 20_000): Promise<Bench> {
  const watched: string[] = [];
  const watch = (queue: string, message: string) => void watched.push(`${queue}: ${message}`);
  const standIn = await startServiceBus({ queues: { [QUEUE]: options }, watch });
  const client = new ServiceBusClient(standIn.connectionString, { retryOptions: { maxRetries: 0, timeoutInMs: timeoutMs } });
  const sender = client.createSender(QUEUE);
  return {
    client,
    standIn,
    watched,
    counts: () => standIn.counts(QUEUE),
    send: (...messages) => sender.sendMessages(messages.length === 1 && messages[0] ? messages[0] : messages),
    async close() {
      await client.close();
      await standIn.close();
    },
  };
}

/** The next message; fails when none comes. */
export async function receiveOne(receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage> {
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 20_000 });
  if (message === undefined) throw new Error('No message came.');
  return message;
}

/** Resolves once `condition` holds; the test's own time limit ends a wait in vain. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A TCP relay to `target` whose connections can be cut. */
export interface Relay {
  readonly port: number;
  readonly connections: number;
  cut(): void;
  close(): Promise<void>;
}

export async function openRelay(target: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server: Server = createServer((near) => {
    connections += 1;
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The relay has no port.');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    get connections() {
      return connections;
    },
    cut,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}
