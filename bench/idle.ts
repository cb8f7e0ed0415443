import { crowd } from '../local/company/people';
import type { Stack } from '../local/stack';
import { until } from '../local/walkthrough/until';
import { feedsThatAreRead, IntegrationSettings } from '../shared/model/integration-settings';
import { type Figure, figure } from './figures';
import { Hands } from './hands';
import { contactsAndTasks, makeRecords } from './records';
import { enableAll, onSite, pollsOf } from './site';
import { isTableWrite, startTableProxy, type TableProxy } from './table-proxy';

const polls = 10;
const pollSeconds = 2;
const trackedTables = feedsThatAreRead(IntegrationSettings.parse({})).length;

/** What was asked during ten idle polls, by service and label. */
export type IdleCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface IdleOptions {
  readonly records: number;
  readonly evidence: (window: string, counts: IdleCounts) => void;
}

/** HTTP requests a poll, and what else a poll of idle mailboxes must not do. */
interface IdleCost {
  readonly mailboxes: number;
  /** All HTTP requests of the app. */
  readonly all: number;
  /** Without those that the feeds of Dynamics cost, however many mailboxes there are. */
  readonly exchangeSide: number;
  readonly dynamics: number;
  readonly tableWrites: number;
  /** Without the cursors of Dynamics' feeds. */
  readonly mailboxWrites: number;
}

/**
 * Goal 5: what idle mailboxes cost, with the records spread over them. Every mailbox is due at every poll. All HTTP requests of the app count: to Exchange,
 * Dynamics, the tables, Key Vault and the identity provider (queues speak AMQP). Measured for the company's twelve mailboxes and for 120: what one reading
 * of a list or one batch serves is shared by those who are there.
 */
export async function idle({ records, evidence }: IdleOptions): Promise<Figure[]> {
  const few = await measure(12, records, evidence);
  const many = await measure(120, records, evidence);
  const further = (many.all - few.all) / (many.mailboxes - few.mailboxes);
  return [
    ...figuresOf(few),
    ...figuresOf(many),
    figure(5, 'each further mailbox: HTTP requests a poll (120 less 12 mailboxes)', further, 0.25),
  ];
}

function figuresOf(cost: IdleCost): Figure[] {
  const { mailboxes, all, exchangeSide, dynamics, tableWrites, mailboxWrites } = cost;
  const named = (name: string): string => `${mailboxes} idle mailboxes: ${name}`;
  return [
    figure(
      5,
      named('HTTP requests a mailbox and poll, of Exchange and tables, without the feeds of Dynamics'),
      exchangeSide / mailboxes,
      0.25,
    ),
    figure(5, named('HTTP requests a mailbox and poll, of everything'), all / mailboxes, 0.25),
    figure(5, named('table writes a poll, but for the cursors of Dynamics feeds'), mailboxWrites, 0),
    figure(5, named('table writes a poll'), tableWrites, 0),
    figure(5, named('Dynamics requests a table and poll'), dynamics / trackedTables, 1),
  ];
}

async function measure(mailboxes: number, records: number, evidence: IdleOptions['evidence']): Promise<IdleCost> {
  const proxy = await startTableProxy();
  const people = crowd(mailboxes);
  try {
    return await onSite({ pollSeconds, people, settings: { Tables: proxy.connectionString }, host: false }, async (site) => {
      const { stack, office } = site;
      proxy.leadTo(stack.azurite.tablePort);
      await stack.startHost();
      const each = Math.max(1, Math.floor(records / mailboxes));
      for (const [index, who] of people.entries()) await makeRecords(new Hands(stack, who), contactsAndTasks(each), index * each);
      await office.connect();
      await enableAll(site, people);
      const counts = await countPolls(stack, proxy, mailboxes);
      evidence(`${mailboxes} idle mailboxes, ${polls} polls`, counts);
      return costOf(mailboxes, counts);
    });
  } finally {
    await proxy.close();
  }
}

/** Counts from the gap after one poll to the gap after the tenth that follows. */
async function countPolls(stack: Stack, proxy: TableProxy, mailboxes: number): Promise<IdleCounts> {
  await nextGap(stack, mailboxes, 1);
  stack.surroundings.counters.reset();
  proxy.reset();
  await nextGap(stack, mailboxes, polls);
  const { endpoints } = stack.surroundings.counters.snapshot();
  const counts: Record<string, Record<string, number>> = { tables: { ...proxy.counts() } };
  for (const [service, labels] of Object.entries(endpoints))
    counts[service] = Object.fromEntries(Object.entries(labels).map(([label, { requests }]) => [label, requests]));
  return counts;
}

/** Waits for so many polls, and then until half a period has passed in which no next one begins. */
async function nextGap(stack: Stack, mailboxes: number, more: number): Promise<void> {
  const before = pollsOf(stack, mailboxes);
  await until(`${more} polls`, async () => pollsOf(stack, mailboxes) >= before + more);
  const end = Date.now() + pollSeconds * 500;
  await until('the poll is over', async () => Date.now() >= end);
}

function costOf(mailboxes: number, counts: IdleCounts): IdleCost {
  const sum = (service: string, counted: (label: string) => boolean = () => true): number =>
    Object.entries(counts[service] ?? {}).reduce((total, [label, count]) => total + (counted(label) ? count : 0), 0) / polls;
  const ofFeeds = (label: string): boolean => label.endsWith(' integrations(key)');
  const dynamics = sum('dynamics');
  const all = dynamics + sum('graph') + sum('identity') + sum('keyVault') + sum('tables');
  return {
    mailboxes,
    all,
    exchangeSide: all - dynamics - sum('tables', ofFeeds),
    dynamics,
    tableWrites: sum('tables', isTableWrite),
    mailboxWrites: sum('tables', (label) => isTableWrite(label) && !ofFeeds(label)),
  };
}
