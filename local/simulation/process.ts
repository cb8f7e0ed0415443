import type { Messenger } from '../../shared/messaging/senders';
import type { Table } from '../../shared/storage/table';
import type { Tables } from '../../shared/storage/tables';
import type { Ground } from './ground';
import { servicesOn, type WorldServices } from './stage';
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
const tableReads = new Set(['getEntity']);

/** What a process may have of its own, and whoever wants to hear of what it asks to be deleted, by the address of it. */
export interface Outlook extends Partial<Pick<WorldServices, 'log' | 'settings'>> {
  readonly onDelete?: (address: string) => void;
}

/** The services of one more process on the same world, each of whose effects passes `around`; null where nothing befalls it. */
export function processOn(world: World, around: Around | null, { onDelete, ...own }: Outlook = {}): WorldServices {
  const { ground, services } = world;
  const heard = { ...ground, fetch: onDelete === undefined ? ground.fetch : heardFetch(ground.fetch, onDelete) };
  const cycle = { cycle: services.settings };
  const made =
    around === null
      ? servicesOn(heard, services.messenger, cycle)
      : servicesOn(guardedGround(heard, around), guardedMessenger(services.messenger, around), cycle);
  return { ...made, log: services.log, settings: services.settings, ...own };
}

function guardedGround(ground: Ground, around: Around): Ground {
  const tables: Tables = { table: async (name) => guardedTable(await ground.tables.table(name), name, around) };
  return { ...ground, tables, fetch: guardedFetch(ground, around) };
}

function guardedTable(client: Table, name: string, around: Around): Table {
  return new Proxy(client, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== 'function') return member;
      const writes = tableWrites.has(String(property));
      if (!writes && !tableReads.has(String(property))) return member.bind(target);
      const what = `${name} ${String(property)}`;
      return (...given: unknown[]) =>
        around({ what, parts: 1, writes, half: nothing }, () => member.apply(target, given) as Promise<unknown>);
    },
  });
}

function guardedMessenger(messenger: Messenger, around: Around): Messenger {
  const effect = (what: string): Effect => ({ what, parts: 1, writes: true, half: nothing });
  return {
    sendPoll: (message, options) => around(effect('poll'), () => messenger.sendPoll(message, options)),
    wake: (wakeUp, options) => around(effect('wake'), () => messenger.wake(wakeUp, options)),
    wakeMany: (wakeUps) => around(effect('wakeMany'), () => messenger.wakeMany(wakeUps)),
    notify: (assignment, options) => around(effect('notify'), () => messenger.notify(assignment, options)),
    reject: (queue, body, reason) => around(effect('reject'), () => messenger.reject(queue, body, reason)),
    close: () => messenger.close(),
  };
}

/** Tells of deletions as they are asked for. */
function heardFetch(send: typeof fetch, onDelete: (address: string) => void): typeof fetch {
  return (input, init) => {
    const mayDelete = init?.method === 'DELETE' || (typeof init?.body === 'string' && init.body.includes('"DELETE"'));
    if (mayDelete) for (const address of deletedBy(init?.method ?? 'GET', String(input), partsOf(init?.body))) onDelete(address);
    return send(input, init);
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

type Part = { readonly method: string; readonly url: string };

function deletedBy(method: string, address: string, parts: readonly Part[] | null): string[] {
  if (parts === null) return method === 'DELETE' ? [address] : [];
  return parts.flatMap((part) => (part.method === 'DELETE' ? [part.url] : []));
}

function partsOf(body: unknown): readonly Part[] | null {
  if (typeof body !== 'string' || !body.startsWith('{"requests":')) return null;
  return (JSON.parse(body) as { requests: Part[] }).requests;
}

async function nothing(): Promise<void> {}
