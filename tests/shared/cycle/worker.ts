import type { Person } from '../../../local/company/people';
import { type Around, processOn } from '../../../local/simulation/process';
import type { WorldServices } from '../../../local/simulation/stage';
import { runCycle } from '../../../shared/cycle/cycle';
import type { WakeUp } from '../../../shared/messaging/messages';
import { entities } from '../../../shared/model/values';
import { readFeed } from '../../../shared/polling/feed';
import { pollSource } from '../../../shared/polling/poll-source';
import { probeMailboxes } from '../../../shared/polling/probe';
import type { World } from './world';

export type { Around, Effect } from '../../../local/simulation/process';

/** The services of one more process on the same world, each of whose effects passes `around`. */
export function workerOn(world: World, around: Around): WorldServices {
  return processOn(world, around);
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
