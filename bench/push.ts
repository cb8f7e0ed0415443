import { z } from 'zod';
import { person } from '../local/company/people';
import type { Stack } from '../local/stack';
import { until } from '../local/walkthrough/until';
import { changeItem, changeRecord, type Pair, pairsOf } from './changes';
import { type Figure, figure } from './figures';
import { Hands } from './hands';
import { makeRecords } from './records';
import { onSite } from './site';

const edits = 20;
const answers = 400;
const settledMs = 1_500;
const never = '0 0 0 1 1 *';

/** Only pushes find anything: Dynamics is not polled at all, Exchange once a day; the timer goes on, for it has the subscriptions made. */
const pushAlone = {
  POLL_DYNAMICS_SCHEDULE: never,
  EXCHANGE_BUSY_SECONDS: '86400',
  EXCHANGE_TYPICAL_SECONDS: '86400',
  EXCHANGE_QUIET_SECONDS: '86400',
  EXCHANGE_TASKS_SECONDS: '86400',
  WAKE_UP_SLOT_SECONDS: '2',
};

/**
 * Goal 3 as far as it is about pushes: how long after an edit through the one public API the other one shows it, with nothing but pushes to find it, one edit after
 * the other at random times; and how quickly a notification is answered.
 */
export function push(): Promise<Figure[]> {
  return onSite({ pollSeconds: 2, push: true, settings: pushAlone }, async ({ stack, office }) => {
    const anna = new Hands(stack, person('anna'));
    await makeRecords(anna, { contacts: 1, tasks: 0, appointments: 0 });
    await office.connect();
    await office.admin('POST', 'integrations/contoso/webhooks');
    await office.enable(anna.who);
    await until('she is subscribed', async () => isSubscribed(stack));
    const pair = await until('a contact is in step', async () => (await pairsOf(anna)).contacts[0]);
    const toExchange = await latencies(
      (text) => changeRecord(anna, pair, text),
      (text) => showsItem(anna, pair, text),
    );
    const toDynamics = await latencies(
      (text) => changeItem(anna, pair, text),
      (text) => showsRecord(anna, pair, text),
    );
    return [
      figure(3, 'seconds until an edit in Dynamics that is pushed stands in Exchange, p95', quantile(toExchange, 0.95) / 1_000, 5),
      figure(3, 'seconds until an edit in Exchange that is pushed stands in Dynamics, p95', quantile(toDynamics, 0.95) / 1_000, 5),
      figure(3, 'milliseconds until a notification is answered, p99', quantile(await answerTimes(stack), 0.99), 300),
    ];
  });
}

/** The part of what the stand-in keeps that no request of an API tells: the secrets of subscriptions. */
const kept = z.object({
  exchange: z.object({
    subscriptions: z.array(z.object({ id: z.string(), clientState: z.string(), notificationUrl: z.string() })),
  }),
});

function isSubscribed(stack: Stack): boolean {
  return kept.parse(stack.graph.snapshot()).exchange.subscriptions.length > 0;
}

async function latencies(edit: (text: string) => Promise<unknown>, shows: (text: string) => Promise<boolean>): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < edits; index += 1) {
    const text = `Pushed ${index} ${Date.now()}`;
    const begun = performance.now();
    await edit(text);
    await until('the edit stands on the other side', () => shows(text));
    found.push(performance.now() - begun);
    // The echo of the write is pushed too: it is over before the next edit, and edits fall anywhere in a slot.
    await new Promise((resolve) => setTimeout(resolve, settledMs + Math.random() * 2_000));
  }
  return found;
}

async function showsItem(hands: Hands, { itemPath }: Pair, text: string): Promise<boolean> {
  return (await hands.outlook('GET', itemPath)).jobTitle === text;
}

async function showsRecord(hands: Hands, { recordId }: Pair, text: string): Promise<boolean> {
  return (await hands.dynamics('GET', `contacts(${recordId})?$select=jobtitle`)).jobtitle === text;
}

/** How long notifications of a hundred changes take, one after the other, each of which wakes the mailbox; the first ones only warm up. */
async function answerTimes(stack: Stack): Promise<number[]> {
  const [first] = kept.parse(stack.graph.snapshot()).exchange.subscriptions;
  if (first === undefined) throw new Error('Nobody is subscribed.');
  const { id: subscriptionId, clientState, notificationUrl: url } = first;
  const notification = { subscriptionId, clientState, changeType: 'updated', resource: 'Users/x/Events/y' };
  const body = JSON.stringify({ value: Array.from({ length: 100 }, () => notification) });
  const times: number[] = [];
  for (let index = 0; index < answers + 20; index += 1) {
    const begun = performance.now();
    const { status } = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    if (status !== 202) throw new Error(`A notification was answered with ${status}.`);
    if (index >= 20) times.push(performance.now() - begun);
  }
  return times;
}

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}
