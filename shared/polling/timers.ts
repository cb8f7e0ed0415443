import { mostProbed } from '../messaging/messages';
import { feedsThatAreRead } from '../model/integration-settings';
import type { Integration } from '../storage/integrations';
import { type StoredMailbox, takesPart } from '../storage/mailboxes';
import { fallsIn, type Look, lookAt } from '../sync/due';
import { startDueLoads } from '../workspace/loading';
import type { PollingServices } from './services';
import { isPushedNow, needsSubscribing } from './subscribing';

const hour = 3_600_000;

/** How often it is worked out who is due for a load of the record cache. */
const loadsEveryMs = 60_000;

/** Asks for one reading of each feed that matters of each integration; the message lives no longer than one period, and one a slot is enough. */
export async function pollDynamics(services: PollingServices): Promise<void> {
  const { pollPeriodMs } = services.settings;
  const slot = Math.floor(services.clock.now() / pollPeriodMs);
  for (const { id: integration, settings } of await services.integrations.all()) {
    for (const entity of feedsThatAreRead(settings)) {
      await services.messenger.sendPoll(
        { kind: 'dynamicsFeed', integration, entity, slot },
        { id: `${integration}|${entity}|${slot}`, ttlMs: pollPeriodMs },
      );
    }
  }
  if (fallsIn(loadsEveryMs, 'loads', tickOf(services, pollPeriodMs), pollPeriodMs)) await startDueLoads(services);
}

/** Mailboxes of an integration whose subscriptions are looked after in one period at most: each costs a cycle, and after an outage all of them want one. */
const mostSubscribing = 60;
/** A wake-up that looks after subscriptions stands for all that were asked for within so long, and under the same setting. */
const subscribeSlotMs = 60_000;

/**
 * Asks for a probe of every mailbox that is due, in groups: of every folder, or of the task lists alone where everything else is pushed. Mailboxes that have
 * subscriptions to make, renew or remove are woken for that.
 */
export async function pollExchange(services: PollingServices): Promise<void> {
  const { pollPeriodMs, intervals, publicUrl } = services.settings;
  const tick = tickOf(services, pollPeriodMs);
  for (const integration of await services.integrations.all()) {
    const probes = { everything: probeGroup(services, integration.id), tasks: probeGroup(services, integration.id, 'tasks') };
    const subscribing: string[] = [];
    for await (const mailbox of mailboxesOf(services, integration.id)) {
      if (mailbox.status !== 'on') continue;
      const look: Look = lookAt(
        { ...mailbox, isPushed: isPushedNow(mailbox, integration, publicUrl, tick) },
        intervals,
        tick,
        pollPeriodMs,
      );
      if (look !== 'nothing') await probes[look].add(mailbox.id);
      if (subscribing.length < mostSubscribing && needsSubscribing(mailbox, integration, publicUrl, tick)) subscribing.push(mailbox.id);
    }
    await probes.everything.send();
    await probes.tasks.send();
    if (subscribing.length > 0) await wakeToSubscribe(services, integration, subscribing);
  }
}

/** Collects mailboxes and asks for their probe as soon as they are as many as one message names. */
function probeGroup(services: PollingServices, integration: string, only?: 'tasks') {
  const { pollPeriodMs } = services.settings;
  const slot = Math.floor(services.clock.now() / pollPeriodMs);
  let group: string[] = [];
  const send = async (): Promise<void> => {
    const [first] = group;
    if (first === undefined) return;
    const mailboxes = group;
    group = [];
    await services.messenger.sendPoll(
      { kind: 'exchangeProbe', integration, mailboxes, slot, ...(only === undefined ? {} : { only }) },
      { id: `${integration}|${only ?? 'probe'}|${first}|${slot}`, ttlMs: pollPeriodMs },
    );
  };
  return {
    send,
    async add(mailbox: string): Promise<void> {
      group.push(mailbox);
      if (group.length === mostProbed) await send();
    },
  };
}

/** The mailbox's own session sees to its subscriptions, so that no request of them runs beside those of a cycle. */
async function wakeToSubscribe(
  { clock, messenger }: PollingServices,
  { id: integration, settings }: Pick<Integration, 'id' | 'settings'>,
  mailboxes: readonly string[],
): Promise<void> {
  const now = clock.now();
  // To remove subscriptions is not what a wake-up to make them was sent for.
  const what = settings.push ? 'subscribe' : 'unsubscribe';
  const slot = Math.floor(now / subscribeSlotMs);
  await messenger.wakeMany(
    mailboxes.map((mailbox) => ({
      wakeUp: { kind: 'work', integration, mailbox, reason: 'subscribe', sentAt: now },
      options: { id: `${what}|${integration}|${mailbox}|${slot}` },
    })),
  );
}

/** Gives every mailbox its unconditional cycle once an hour, spread over the hour, and counts the mailboxes by how they are. */
export async function heartbeat(services: PollingServices): Promise<void> {
  for (const { id: integration } of await services.integrations.all()) {
    const census = { off: 0, loading: 0, on: 0, paused: 0, failing: 0 };
    for await (const { status, health } of mailboxesOf(services, integration)) census[health === null ? status : 'failing'] += 1;
    services.log.info('mailboxes', { integration, ...census });
  }
  const { heartbeatPeriodMs } = services.settings;
  const tick = tickOf(services, heartbeatPeriodMs);
  await wakeEach(services, 'heartbeat', (id) => fallsIn(hour, id, tick, heartbeatPeriodMs));
}

/** Gives every mailbox its sweep once a day, spread over the hours, and removes what the journal has kept long enough. */
export async function dailySweep(services: PollingServices): Promise<void> {
  const tick = tickOf(services, hour);
  if (fallsIn(24 * hour, 'journal', tick, hour)) {
    const removed = await services.journal.prune(services.clock.now() - services.settings.journalKeptMs);
    services.log.info('journal-pruned', { rows: removed });
  }
  await wakeEach(services, 'sweep', (id) => fallsIn(24 * hour, id, tick, hour));
}

async function wakeEach(services: PollingServices, reason: 'heartbeat' | 'sweep', isTurn: (id: string) => boolean): Promise<void> {
  const now = services.clock.now();
  for (const { id: integration } of await services.integrations.all()) {
    for await (const page of services.mailboxes.pages(integration)) {
      const due = page.filter((mailbox) => takesPart(mailbox) && isTurn(mailbox.id));
      if (due.length === 0) continue;
      await services.messenger.wakeMany(due.map(({ id }) => ({ wakeUp: { kind: 'work', integration, mailbox: id, reason, sentAt: now } })));
    }
  }
}

/** The time for which a timer came. It comes a little late, now more, now less, and periods that are counted from the moment would leave gaps between them. */
function tickOf({ clock }: PollingServices, periodMs: number): number {
  return Math.round(clock.now() / periodMs) * periodMs;
}

async function* mailboxesOf(services: PollingServices, integration: string): AsyncIterable<StoredMailbox> {
  for await (const page of services.mailboxes.pages(integration)) yield* page;
}
