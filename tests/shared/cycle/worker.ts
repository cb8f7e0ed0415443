import type { Person } from '../../../local/company/people';
import type { Ground } from '../../../local/simulation/ground';
import { servicesOn, type WorldServices } from '../../../local/simulation/stage';
import { runCycle } from '../../../shared/cycle/cycle';
import type { WakeUp } from '../../../shared/messaging/messages';
import type { Messenger } from '../../../shared/messaging/senders';
import { entities } from '../../../shared/model/values';
import { readFeed } from '../../../shared/polling/feed';
import { pollSource } from '../../../shared/polling/poll-source';
import { probeMailboxes } from '../../../shared/polling/probe';
import type { Table } from '../../../shared/storage/table';
import type { Tables } from '../../../shared/storage/tables';
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
  const { ground, services } = world;
  const tables: Tables = { table: async (name) => guarded(await ground.tables.table(name), name, around) };
  const process = { ...ground, tables, fetch: guardedFetch(ground, around) };
  return servicesOn(process, guardedMessenger(services.messenger, around), { cycle: services.settings });
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

function guarded(client: Table, name: string, around: Around): Table {
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

function guardedFetch({ fetch, graph }: Ground, around: Around): typeof fetch {
  return (input, init) => {
    const service = String(input).startsWith(graph.url) ? 'graph' : 'dynamics';
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
