import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { person } from '../../local/company/people';
import { anna, type Body, type GraphWorld, immutable, startWorld } from './graph-support';
import { until } from './until';

interface Called {
  readonly path: string;
  readonly value: readonly Readonly<Record<string, unknown>>[];
}

let world: GraphWorld;
let subscriber: Server;
let url: string;
const called: Called[] = [];
/** What the subscriber answers to notifications, first to last; 202 once it is through. */
let statuses: number[] = [];
let echoes = true;

beforeEach(async () => {
  [called.length, statuses, echoes] = [0, [], true];
  world = await startWorld({ seed: 'empty-company' });
  subscriber = createServer((message, response) => {
    void textOf(message).then((text) => {
      const address = new URL(message.url ?? '/', url);
      const token = address.searchParams.get('validationToken');
      if (token !== null) {
        response.writeHead(200, { 'content-type': 'text/plain' });
        return response.end(echoes ? token : 'something else');
      }
      called.push({ path: address.pathname + address.search, ...(JSON.parse(text) as Pick<Called, 'value'>) });
      response.writeHead(statuses.shift() ?? 202);
      return response.end();
    });
  });
  await new Promise<void>((resolve) => subscriber.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(subscriber.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await world.close();
  subscriber.closeAllConnections();
  await new Promise((resolve) => subscriber.close(resolve));
});

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const inHours = (hours: number) => new Date(world.clock.now + hours * 3_600_000).toISOString();

function wish(changes: object = {}): object {
  return {
    changeType: 'created,updated,deleted',
    notificationUrl: `${url}/told?mailbox=anna`,
    lifecycleNotificationUrl: `${url}/life`,
    resource: `${anna}/events`,
    expirationDateTime: inHours(48),
    clientState: 'a secret',
    ...changes,
  };
}

async function subscribed(changes: object = {}): Promise<Body> {
  const { status, body } = await world.call('POST', 'subscriptions', wish(changes));
  expect([status, body.clientState]).toEqual([201, null]);
  return body;
}

const event = {
  subject: 'Review',
  start: { dateTime: '2026-10-06T09:00:00', timeZone: 'UTC' },
  end: { dateTime: '2026-10-06T10:00:00', timeZone: 'UTC' },
};

test('a subscription is made, read, listed, renewed and removed', async () => {
  const made = await subscribed();
  expect(made).toMatchObject({ resource: `${anna}/events`, expirationDateTime: inHours(48), notificationUrl: `${url}/told?mailbox=anna` });
  expect((await world.call('GET', `subscriptions/${made.id}`)).body.id).toBe(made.id);
  expect((await world.call('GET', 'subscriptions')).body.value.map(({ id }) => id)).toEqual([made.id]);
  const renewed = await world.call('PATCH', `subscriptions/${made.id}`, { expirationDateTime: inHours(100) });
  expect([renewed.status, renewed.body.expirationDateTime]).toEqual([200, inHours(100)]);
  expect((await world.call('DELETE', `subscriptions/${made.id}`)).status).toBe(204);
  expect((await world.call('PATCH', `subscriptions/${made.id}`, { expirationDateTime: inHours(100) })).status).toBe(404);
});

test('an address that does not answer its validation is refused', async () => {
  echoes = false;
  const { status, body } = await world.call('POST', 'subscriptions', wish());
  expect([status, body.error.code]).toEqual([400, 'ValidationError']);
});

test('nobody outside this machine is called, and no task is subscribed to', async () => {
  expect((await world.call('POST', 'subscriptions', wish({ notificationUrl: 'https://example.com/told' }))).status).toBe(400);
  expect((await world.call('POST', 'subscriptions', wish({ resource: `${anna}/todo/lists/x/tasks` }))).status).toBe(501);
});

test('a life is at least 45 minutes and at most seven days, and then over', async () => {
  expect((await subscribed({ expirationDateTime: inHours(0.1) })).expirationDateTime).toBe(inHours(0.75));
  expect((await world.call('POST', 'subscriptions', wish({ expirationDateTime: inHours(169) }))).status).toBe(400);
  expect((await world.call('POST', 'subscriptions', wish({ expirationDateTime: inHours(-1) }))).status).toBe(400);
  world.clock.now += 3_600_000;
  expect((await world.call('GET', 'subscriptions')).body.value).toEqual([]);
});

test('what happens to an event is told with the secret, to the address with its query', async () => {
  const { id: subscriptionId } = await subscribed();
  const { body } = await world.call('POST', `${anna}/events`, event, immutable);
  await until(() => called.length === 1);
  await world.call('PATCH', `${anna}/events/${body.id}`, { subject: 'Other' }, immutable);
  await until(() => called.length === 2);
  await world.call('DELETE', `${anna}/events/${body.id}`, undefined, immutable);
  await until(() => called.length === 3);
  expect(called.map(({ value }) => value.map(({ changeType }) => changeType))).toEqual([['created'], ['updated'], ['deleted']]);
  const { objectId } = person('anna');
  expect(called[0]).toMatchObject({
    path: '/told?mailbox=anna',
    value: [
      {
        subscriptionId,
        clientState: 'a secret',
        resource: expect.stringMatching(new RegExp(`^Users/${objectId}/Events/`)),
        resourceData: { '@odata.type': '#Microsoft.Graph.Event', '@odata.etag': expect.stringMatching(/^W\//) },
      },
    ],
  });
});

test('contacts and mail have subscriptions of their own, and other folders than the default one none', async () => {
  await subscribed({ resource: `${anna}/contacts` });
  await subscribed({ resource: `${anna}/messages`, notificationUrl: `${url}/mail` });
  await world.call('POST', `${anna}/events`, event);
  const folder = await world.call('POST', `${anna}/contactFolders`, { displayName: 'Mine' });
  await world.call('POST', `${anna}/contactFolders/${folder.body.id}/contacts`, { givenName: 'Unheard' });
  await world.call('POST', `${anna}/contacts`, { givenName: 'Heard' });
  world.control('deliver', {
    to: [person('anna').objectId],
    from: { name: 'Ada', address: 'ada@example.com' },
    internetMessageId: '<1@example.com>',
  });
  await until(() => called.length === 2);
  expect(called.map(({ path, value }) => [path, value.length]).sort()).toEqual([
    ['/mail', 1],
    ['/told?mailbox=anna', 1],
  ]);
});

test('a notification that is not taken is sent again', async () => {
  statuses = [503];
  await subscribed();
  await world.call('POST', `${anna}/events`, event);
  await until(() => called.length === 2);
  expect(called[0]).toEqual(called[1]);
});

test('notifications get lost, come twice and come late on demand', async () => {
  await subscribed();
  world.control('switches', { notifications: 'lose' });
  await world.call('POST', `${anna}/events`, event);
  world.control('switches', { notifications: 'duplicate', notificationDelayMs: 2_000 });
  await world.call('POST', `${anna}/events`, { ...event, subject: 'Late' });
  expect(called).toEqual([]);
  await until(() => called.length > 0);
  expect(called.map(({ value }) => value.length)).toEqual([2]);
});

test('a subscription that Graph ends is told of, and so is what else becomes of it', async () => {
  const { id } = await subscribed();
  world.control('tellLifecycle', { event: 'missed' });
  await until(() => called.length === 1);
  expect(world.control('endSubscriptions', { user: person('anna').objectId })).toEqual({ ended: 1 });
  await until(() => called.length === 2);
  expect(called).toMatchObject([
    { path: '/life', value: [{ subscriptionId: id, clientState: 'a secret', lifecycleEvent: 'missed' }] },
    { path: '/life', value: [{ subscriptionId: id, lifecycleEvent: 'subscriptionRemoved' }] },
  ]);
  expect(called[0]?.value[0]).not.toHaveProperty('resource');
});
