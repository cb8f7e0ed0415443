import { person } from '../../../local/company/people';
import { type GraphStandIn, startGraph } from '../../../local/graph';
import { startIdentityProvider } from '../../../local/identity';
import { tokenForApplication } from '../../../local/identity/sign-in';
import { Counters } from '../../../local/serving/counters';
import { Faults } from '../../../local/serving/faults';
import { createExchange } from '../../../shared/exchange/client';
import type { Exchange, ItemWrite, Mailbox } from '../../../shared/exchange/exchange';
import { kindOf } from '../../../shared/model/entity';
import type { Feed, Marker, SeenItem } from '../../../shared/model/seen';
import type { Entity, Values } from '../../../shared/model/values';
import { systemClock } from '../../../shared/platform/clock';

/** Anna's mailbox on a stand-in of Graph, by way of the product's client. */
export interface ExchangeWorld {
  readonly graph: GraphStandIn;
  readonly faults: Faults;
  readonly counters: Counters;
  readonly exchange: Exchange;
  readonly anna: Mailbox;
  /** Anna's mailbox through a client that gives a request up after so many ms. */
  annaWithin(timeoutMs: number): Mailbox;
  readonly tasks: Feed;
  /** A plain request as the application, for what a person does in Outlook. */
  call(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  /** How many HTTP requests Graph has served. */
  requests(): number;
  close(): Promise<void>;
}

export const annaPath = `/users/${person('anna').objectId}`;
export const zone = 'Europe/Berlin';
const graphResource = 'https://graph.microsoft.com';

export async function startExchangeWorld(options: { readonly seed?: 'company' | 'empty-company' } = {}): Promise<ExchangeWorld> {
  const faults = new Faults();
  const counters = new Counters();
  const surroundings = { faults, counters };
  const identity = await startIdentityProvider({ surroundings });
  const graph = await startGraph({ surroundings, identity, seed: options.seed ?? 'empty-company' });
  const getToken = () => tokenForApplication(identity, graphResource);
  const clientWithin = (timeoutMs: number) => createExchange({ baseUrl: graph.url, getToken, timeoutMs, clock: systemClock });
  const mailboxIn = (client: Exchange) => client.mailbox({ userId: person('anna').objectId, zone, deletedItems: null });
  const exchange = clientWithin(10_000);
  const anna = mailboxIn(exchange);
  const { taskList } = await anna.standardFolders();
  counters.reset();
  return {
    graph,
    faults,
    counters,
    exchange,
    anna,
    annaWithin: (timeoutMs) => mailboxIn(clientWithin(timeoutMs)),
    tasks: `tasks:${taskList}`,
    async call(method, path, body) {
      const headers = { authorization: `Bearer ${await getToken()}`, 'content-type': 'application/json', prefer: 'IdType="ImmutableId"' };
      const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      const response = await fetch(`${graph.url}/v1.0${path}`, init);
      const text = await response.text();
      return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
    },
    requests: () => Object.values(counters.snapshot().endpoints.graph ?? {}).reduce((sum, { requests }) => sum + requests, 0),
    async close() {
      await graph.service.close();
      await identity.service.close();
    },
  };
}

export const markerOf = (entity: Entity, recordId = 'r1'): Marker => ({ integration: 'i1', entity, recordId, incarnation: 1 });

/** The entity whose items live in a feed. */
export function entityIn(feed: Feed): Entity {
  if (feed === 'calendar') return 'appointment';
  return feed === 'contacts' ? 'contact' : 'task';
}

export const day = 86_400_000;
export const window = { from: Date.parse('2026-09-01T00:00:00Z'), to: Date.parse('2027-09-01T00:00:00Z') };

export function creation(feed: Feed, values: Values, recordId = 'r1'): Extract<ItemWrite, { kind: 'create' }> {
  const entity = entityIn(feed);
  return { kind: 'create', key: recordId, itemKind: kindOf(entity), feed, marker: markerOf(entity, recordId), values, derived: {} };
}

export function update(item: SeenItem, changes: Values): Extract<ItemWrite, { kind: 'update' }> {
  const { kind, id, feed, version, values } = item;
  return { kind: 'update', key: id, ref: { kind, id, feed }, version, changes, current: values, derived: {} };
}

/** Writes one item and returns it as it then is. */
export async function written(mailbox: Mailbox, write: ItemWrite): Promise<SeenItem> {
  const [result] = await mailbox.write([write]);
  if (result?.outcome.ok !== true || result.outcome.value === null) throw new Error(`not written: ${JSON.stringify(result)}`);
  return result.outcome.value;
}

export const meeting: Values = {
  subject: 'Quarterly review',
  body: 'Agenda:\n1. Numbers',
  location: 'Room 4',
  time: '2026-10-05T09:00:00Z/2026-10-05T10:00:00Z',
  importance: 'high',
  status: 'tentative',
  requiredAttendees: ['ben@contoso.example'],
  optionalAttendees: ['guest@fabrikam.example'],
  regarding: 'Fabrikam renewal',
};

export const ada: Values = {
  firstName: 'Ada',
  middleName: 'King',
  lastName: 'Lovelace',
  salutation: 'Countess',
  company: 'Analytical Engines',
  emails: ['ada@engines.example', 'ada@home.example'],
  businessPhones: ['+44 20 1', '+44 20 2'],
  homePhones: ['+44 20 3'],
  mobilePhone: '+44 70 1',
  businessFax: '+44 20 9',
  governmentId: 'X-1',
  birthday: '1815-12-10',
  anniversary: '1835-07-08',
  children: 'Byron, Anne, Ralph',
  webPage: 'https://engines.example',
  notes: 'First line\nSecond line',
  addressStreet: '12 St James Square\nFloor 2',
  addressCity: 'London',
  addressCountry: 'United Kingdom',
};

export const call: Values = {
  subject: 'Call Ada',
  notes: 'About the engine\n& the loom',
  startDate: '2026-10-01',
  dueDate: '2026-10-05',
  importance: 'high',
  status: 'waiting',
  regarding: 'Analytical Engines',
};
