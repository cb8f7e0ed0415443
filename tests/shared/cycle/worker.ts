import type { TableClient } from '@azure/data-tables';
import type { Person } from '../../../local/company/people';
import { tokenForApplication } from '../../../local/identity/sign-in';
import { runCycle } from '../../../shared/cycle/cycle';
import { createDynamics } from '../../../shared/dynamics/client';
import { createExchange } from '../../../shared/exchange/client';
import type { WakeUp } from '../../../shared/messaging/messages';
import type { Messenger } from '../../../shared/messaging/senders';
import { entities } from '../../../shared/model/values';
import { createSealer } from '../../../shared/platform/seal';
import { readFeed } from '../../../shared/polling/feed';
import { pollSource } from '../../../shared/polling/poll-source';
import { probeMailboxes } from '../../../shared/polling/probe';
import { tableHomes } from '../../../shared/storage/homes';
import { tableIntegrations } from '../../../shared/storage/integrations';
import { tableJournal } from '../../../shared/storage/journal';
import { joinKey } from '../../../shared/storage/key';
import { linkPartition } from '../../../shared/storage/links';
import { tableMailboxes } from '../../../shared/storage/mailboxes';
import type { Tables } from '../../../shared/storage/tables';
import type { WorldServices } from './stage';
import type { World } from './world';

/** Something that one process does to the world outside: a request to a service, a write to a table, a message. */
export interface Effect {
  /** Such as `links submitTransaction`, `PATCH dynamics`, `graph batch`. */
  readonly what: string;
  /** The requests in a batch; 1 for everything else. */
  readonly parts: number;
  /** False for what only reads. */
  readonly writes: boolean;
  /** Carries out only its first part, where it has parts; otherwise nothing. */
  readonly half: () => Promise<void>;
}

/** Stands between a process and the world: may wait, fail or die before and after each effect. */
export type Around = <T>(effect: Effect, run: () => Promise<T>) => Promise<T>;

const tableWrites = new Set(['createEntity', 'updateEntity', 'upsertEntity', 'deleteEntity', 'submitTransaction']);

/** The services of one more process on the same world, each of whose effects passes `around`. */
export function workerOn(world: World, around: Around): WorldServices {
  const { services, identity, dynamics, graph, clock } = world;
  const timeoutMs = services.settings.requestTimeoutMs;
  const tables: Tables = { table: async (name) => guarded(await services.tables.table(name), name, around) };
  const key = { id: 'k1', secret: new Uint8Array(32).fill(7) };
  const sealer = createSealer({ current: key, find: (id) => (id === key.id ? key : undefined) });
  const environment = createDynamics({
    baseUrl: dynamics.url,
    getToken: () => tokenForApplication(identity, dynamics.url),
    timeoutMs,
    clock,
    fetch: guardedFetch('dynamics', around),
  });
  return {
    ...services,
    tables,
    integrations: tableIntegrations(tables),
    mailboxes: tableMailboxes(tables),
    homes: tableHomes(tables),
    journal: tableJournal(tables, () => Promise.resolve(sealer), clock),
    messenger: guardedMessenger(services.messenger, around),
    exchange: createExchange({
      baseUrl: graph.url,
      getToken: () => tokenForApplication(identity, graph.url),
      timeoutMs,
      clock,
      fetch: guardedFetch('graph', around),
    }),
    links: async ({ integration, id }) => linkPartition(await tables.table('links'), joinKey(integration, id), sealer),
    dynamics: () => environment,
  };
}

/** One round of everything in this process: every feed, the probe, and the cycles of all who take part, one after the other. */
export async function roundOf(world: World, services: WorldServices): Promise<void> {
  for (const entity of entities) await readFeed(services, world.integration, entity);
  await probeMailboxes(
    services,
    world.integration.id,
    world.takingPart.map(({ systemUserId }) => systemUserId),
  );
  for (const { systemUserId } of world.takingPart) await runCycle(workFor(world, systemUserId), services);
}

/** Serves the poll messages of one period: one that fails is logged and done with, as the queue has it. */
export async function pollAnyhow(world: World, services: WorldServices, people: readonly Person[] = world.takingPart): Promise<void> {
  const { id: integration } = world.integration;
  const mailboxes = people.map(({ systemUserId }) => systemUserId);
  for (const entity of entities) await pollSource({ kind: 'dynamicsFeed', integration, entity, slot: 0 }, services);
  await pollSource({ kind: 'exchangeProbe', integration, mailboxes, slot: 0 }, services);
}

/** Polls and serves wake-ups for some time, whatever fails, with the clock moved from one to the next. */
export async function passTime(world: World, ms: number, stepMs = 15_000): Promise<void> {
  const end = world.clock.now() + ms;
  while (world.clock.now() < end) {
    await pollAnyhow(world, world.services);
    await world.serveUntil(world.clock.now());
    world.advance(stepMs);
  }
}

export function workFor(world: World, mailbox: string): WakeUp {
  return { kind: 'work', integration: world.integration.id, mailbox, reason: 'retry', sentAt: world.clock.now() };
}

function guarded(client: TableClient, name: string, around: Around): TableClient {
  return new Proxy(client, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== 'function') return member;
      if (!tableWrites.has(String(property))) return member.bind(target);
      return (...given: unknown[]) =>
        around(
          { what: `${name} ${String(property)}`, parts: 1, writes: true, half: nothing },
          () => member.apply(target, given) as Promise<unknown>,
        );
    },
  });
}

function guardedMessenger(messenger: Messenger, around: Around): Messenger {
  const effect = (what: string): Effect => ({ what, parts: 1, writes: true, half: nothing });
  return {
    sendPoll: (message, options) => around(effect('poll'), () => messenger.sendPoll(message, options)),
    wake: (wakeUp, options) => around(effect('wake'), () => messenger.wake(wakeUp, options)),
    wakeMany: (wakeUps) => around(effect('wakeMany'), () => messenger.wakeMany(wakeUps)),
    reject: (queue, body, reason) => around(effect('reject'), () => messenger.reject(queue, body, reason)),
    close: () => messenger.close(),
  };
}

function guardedFetch(service: string, around: Around): typeof fetch {
  return (input, init) => {
    const method = init?.method ?? 'GET';
    const parts = partsOf(init?.body);
    const writes = parts === null ? method !== 'GET' : parts.some((part) => part.method !== 'GET');
    const half = async (): Promise<void> => {
      const first = parts?.slice(0, Math.floor(parts.length / 2)) ?? [];
      if (first.length > 0) await fetch(input, { ...init, body: JSON.stringify({ requests: first }) });
    };
    const what = parts === null ? `${method} ${service}` : `${service} batch`;
    return around({ what, parts: parts?.length ?? 1, writes, half }, () => fetch(input, init));
  };
}

function partsOf(body: unknown): { readonly method: string }[] | null {
  if (typeof body !== 'string' || !body.startsWith('{"requests":')) return null;
  return (JSON.parse(body) as { requests: { method: string }[] }).requests;
}

async function nothing(): Promise<void> {}
