import { ServiceBusClient, type ServiceBusReceivedMessage } from '@azure/service-bus';
import { startServiceBus } from '../../local/service-bus';
import { openRelay, QUEUE, receiveOne, until } from './service-bus-bench';

const QUEUES = { [QUEUE]: {} };

/** What a test opened, in the order it must be closed: clients before the servers they would otherwise look for. */
let opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.reverse()) await one.close();
  opened = [];
});

function keep<Closable extends { close(): Promise<void> }>(closable: Closable): Closable {
  opened.push(closable);
  return closable;
}

/** A client that tries again soon, on any port. */
function patientClient(connectionString: string, port: number): ServiceBusClient {
  const elsewhere = connectionString.replace(/localhost:\d+/, `localhost:${port}`);
  return keep(new ServiceBusClient(elsewhere, { retryOptions: { maxRetries: 5, retryDelayInMs: 50, timeoutInMs: 1_000 } }));
}

describe('connections', () => {
  it('lets a client go on after its TCP connection was cut', async () => {
    const standIn = keep(await startServiceBus({ queues: QUEUES }));
    const relay = keep(await openRelay(standIn.port));
    const client = patientClient(standIn.connectionString, relay.port);
    const bodies: unknown[] = [];
    const sender = client.createSender(QUEUE);
    client.createReceiver(QUEUE).subscribe({
      processMessage: async ({ body }: ServiceBusReceivedMessage) => void bodies.push(body),
      processError: async () => undefined,
    });
    await sender.sendMessages({ body: 'before' });
    await until(() => bodies.length === 1 && standIn.counts(QUEUE).locked === 0);
    relay.cut();
    await patientClient(standIn.connectionString, standIn.port).createSender(QUEUE).sendMessages({ body: 'after' });
    await until(() => bodies.length === 2);
    await sender.sendMessages({ body: 'from the same sender' });
    await until(() => bodies.length === 3);
    expect(bodies).toEqual(['before', 'after', 'from the same sender']);
    expect(relay.connections).toBe(2);
  });

  it('drops its clients when it is closed, and they find what is started on its port afterwards', async () => {
    const standIn = await startServiceBus({ queues: QUEUES });
    const { port } = standIn;
    const sender = patientClient(standIn.connectionString, port).createSender(QUEUE);
    await sender.sendMessages({ body: 'lost' });
    await standIn.close();
    const successor = await startServiceBus({ queues: QUEUES, port });
    opened.unshift(successor);
    await sender.sendMessages({ body: 'found' });
    const receiver = patientClient(successor.connectionString, port).createReceiver(QUEUE);
    expect((await receiveOne(receiver)).body).toBe('found');
    await standIn.close();
    expect(successor.counts(QUEUE)).toMatchObject({ active: 0, locked: 1 });
  });

  it('frees the sessions of a client that goes away', async () => {
    const standIn = keep(await startServiceBus({ queues: { [QUEUE]: { sessions: true } } }));
    const relay = keep(await openRelay(standIn.port));
    const sessionId = 'one';
    await patientClient(standIn.connectionString, relay.port).acceptSession(QUEUE, sessionId);
    const client = patientClient(standIn.connectionString, standIn.port);
    await expect(client.acceptSession(QUEUE, sessionId)).rejects.toMatchObject({ code: 'SessionCannotBeLocked' });
    relay.cut();
    expect((await client.acceptSession(QUEUE, sessionId)).sessionId).toBe(sessionId);
  });

  it('refuses to start twice on one port', async () => {
    const { port } = keep(await startServiceBus({ queues: QUEUES }));
    await expect(startServiceBus({ queues: {}, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
