import { mostProbed } from '../messaging/messages';
import { feedsThatAreRead } from '../model/integration-settings';
import { type StoredMailbox, takesPart } from '../storage/mailboxes';
import { fallsIn, isDue } from '../sync/due';
import type { PollingServices } from './services';

const hour = 3_600_000;

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
}

/** Asks for a probe of every mailbox that is due, in groups. */
export async function pollExchange(services: PollingServices): Promise<void> {
  const { pollPeriodMs, intervals } = services.settings;
  const tick = tickOf(services, pollPeriodMs);
  const slot = Math.floor(services.clock.now() / pollPeriodMs);
  for (const { id: integration } of await services.integrations.all()) {
    let group: string[] = [];
    const send = async (): Promise<void> => {
      const [first] = group;
      if (first === undefined) return;
      await services.messenger.sendPoll(
        { kind: 'exchangeProbe', integration, mailboxes: group, slot },
        { id: `${integration}|probe|${first}|${slot}`, ttlMs: pollPeriodMs },
      );
      group = [];
    };
    for await (const mailbox of mailboxesOf(services, integration)) {
      if (mailbox.status !== 'on' || !isDue(mailbox, intervals, tick, pollPeriodMs)) continue;
      group.push(mailbox.id);
      if (group.length === mostProbed) await send();
    }
    await send();
  }
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
