import { meters, prices, work } from './cost-assumptions';
import { type Count, type Occasion, recordsInSweep } from './cost-counts';
import { type Bill, billOf, type Counts, type Usage, usageOf } from './cost-model';
import type { Figure } from './figures';

const sizes = [100, 1_000, 10_000] as const;

const occasionNames: Readonly<Record<Occasion, string>> = {
  pollDynamics: 'timer `pollDynamics`',
  pollExchange: 'timer `pollExchange`',
  heartbeat: 'timer `heartbeat`',
  dailySweep: 'timer `dailySweep`',
  feed: 'reading a table of Dynamics that says nothing new',
  probe: 'probing a group of mailboxes in which nothing is new',
  heartbeatCycle: 'a heartbeat, nothing new',
  emptySweepCycle: 'a sweep of an empty mailbox',
  fullSweepCycle: `a sweep of a mailbox with ${recordsInSweep} records in step`,
  changeInDynamics: 'a change in Dynamics, with all that follows',
  changeInExchange: 'a change in Exchange, with all that follows',
  otherChangeInExchange: 'a change in Exchange of what is not linked',
};

/** `docs/costs.md`, from what was counted. */
export function costPage(counts: Counts, figures: readonly Figure[]): string {
  const columns = sizes.map((size) => {
    const usage = usageOf(size, counts, work, meters);
    return { size, usage, bill: billOf(usage, prices) };
  });
  const usageRow = (name: string, of: (usage: Usage) => number, show = whole): string =>
    row(name, ...columns.map(({ usage }) => show(of(usage))));
  const billRow = (name: string, of: (bill: Bill) => number): string => row(name, ...columns.map(({ bill }) => dollars(of(bill))));
  const head = [row('A month', ...sizes.map((size) => `${whole(size)} mailboxes`)), '|---|--:|--:|--:|'];
  return [
    '# Costs',
    '',
    'What Tandem takes in Azure in a month. This page is printed by `node dist/bench/costs.js`, from what was counted (`bench/figures.json`), the defaults of the',
    '[settings](settings.md) and the assumptions below (`bench/cost-assumptions.ts`). A test holds it to them. Licences of Microsoft 365 and Dynamics are not in it, nor',
    'are first loads, network traffic and the switch `privateNetwork`, which needs Service Bus Premium.',
    '',
    '## What a month takes',
    '',
    ...head,
    usageRow('executions of timers', ({ timers }) => timers),
    usageRow('executions of `pollSource`', ({ polls }) => polls),
    usageRow('executions of `syncMailbox`', ({ cycles }) => cycles),
    usageRow('GB-seconds', ({ gigabyteSeconds }) => gigabyteSeconds),
    usageRow('Service Bus messages', ({ messages }) => messages),
    usageRow('Service Bus operations', ({ operations }) => operations),
    usageRow('table transactions', ({ tableTransactions }) => tableTransactions),
    usageRow('table storage, GB', ({ tableGigabytes }) => tableGigabytes, tenths),
    usageRow('log, GB', ({ logGigabytes }) => logGigabytes, tenths),
    usageRow('requests to Microsoft Graph (no charge)', ({ graphRequests }) => graphRequests),
    usageRow('requests to Dynamics (no charge)', ({ dynamicsRequests }) => dynamicsRequests),
    '',
    '## What it costs',
    '',
    `US dollars by list prices: ${prices.asOf}. They are assumptions; check them before you decide anything by them.`,
    '',
    ...head,
    billRow('Functions', ({ functions }) => functions),
    billRow('Service Bus', ({ serviceBus }) => serviceBus),
    billRow('table storage', ({ tables }) => tables),
    billRow('log', ({ log }) => log),
    billRow('alerts and availability test', ({ watching }) => watching),
    billRow('**all**', ({ all }) => all),
    row('a mailbox', ...columns.map(({ size, bill }) => `$${(bill.all / size).toFixed(2)}`)),
    '',
    ...levers,
    ...assumptions(),
    ...counted(counts),
    ...benchmarked(figures),
  ].join('\n');
}

const levers = [
  'What moves it: `EXCHANGE_BUSY_SECONDS` and `EXCHANGE_TYPICAL_SECONDS` for probes (a mailbox with tasks is never asked less often than every `EXCHANGE_TASKS_SECONDS`);',
  '`POLL_PERIOD_SECONDS` with both poll schedules for what an installation takes that nobody uses; and for the log, the level in `host.json`: most of it is the two lines that the',
  'host writes about each execution. The workbook shows the same numbers as they really are, under "Executions", "Service Bus operations", "Storage transactions" and "Log".',
  '',
];

function assumptions(): string[] {
  return [
    '## What is assumed',
    '',
    row('How people work', 'number'),
    '|---|--:|',
    row('working days a month, of days', `${work.workingDaysAMonth} of ${work.daysAMonth}`),
    row('mailboxes in which something changes on a working day', `${work.shareInUse * 100} %`),
    row('hours of such a day within an hour of a change', whole(work.busyHours)),
    row('changes in Dynamics a mailbox in use and working day', whole(work.changesInDynamics)),
    row('changes in Exchange of linked items', whole(work.changesInExchange)),
    row('other changes in her calendar, contacts and task lists', whole(work.otherChangesInExchange)),
    row('records in step a mailbox', whole(work.recordsAMailbox)),
    row('folders a mailbox', whole(work.foldersAMailbox)),
    row('integrations', whole(work.integrations)),
    '',
    row('What meters count', 'number'),
    '|---|--:|',
    row('seconds of a timer or poll; of a cycle', `${meters.secondsAPoll}; ${meters.secondsACycle}`),
    row('sessions that an instance serves at once; its memory, GB', `${meters.sessionsAnInstance}; ${meters.gigabytesAnInstance}`),
    row('Service Bus operations a message', whole(meters.operationsAMessage)),
    row('operations a day of each free session slot that asks in vain', whole(meters.emptyAcceptsADay)),
    row('log of an execution, bytes', whole(meters.requestBytes + meters.hostLinesAnExecution * meters.traceBytes)),
    row('log of a line of Tandem beside its text, bytes', whole(meters.traceBytes)),
    row('table storage a record, bytes', whole(meters.bytesARecord)),
    '',
    row('List price', 'dollars'),
    '|---|--:|',
    row('Functions (Flex Consumption, on demand): a million executions', `${prices.executionsAMillion}`),
    row('a GB-second', `${prices.gigabyteSecond}`),
    row('free a month: executions; GB-seconds', `${whole(prices.freeExecutions)}; ${whole(prices.freeGigabyteSeconds)}`),
    row('Service Bus Standard: base', `${prices.serviceBusBaseAMonth}`),
    row(
      `a million operations beyond ${whole(prices.freeOperations)}; beyond ${whole(prices.manyOperations)}`,
      `${prices.operationsAMillion}; ${prices.manyOperationsAMillion}`,
    ),
    row(
      'ten thousand table transactions; a GB of tables (zone-redundant)',
      `${prices.tableTransactionsATenThousand}; ${prices.tableGigabyte}`,
    ),
    row(`a GB of log beyond ${prices.freeLogGigabytes}`, `${prices.logGigabyte}`),
    row('alerts and availability test as deployed', dollars(prices.watchingAMonth).slice(1)),
    '',
    'Executions that come at the same time share an instance, and share it evenly over the month: peaks cost a little more, nights a little less. Every change counts as if it',
    'came alone, with a poll and a cycle of its own, so many changes at once cost less than the table says.',
    '',
  ];
}

function counted(counts: Counts): string[] {
  const line = ({ occasion, tables, graph, dynamics, messages, cycles }: Count): string =>
    row(occasionNames[occasion], ...[tables, graph, dynamics, sends(occasion) ? messages : '–', cycles].map(String));
  return [
    '## What was counted',
    '',
    '`node dist/bench/costs.js --measure` plays each occasion once with the app’s own functions on the local stack and counts what they ask for. Counts do not depend on the',
    'machine. Of a change it is what comes on top of polls in which nothing happens, Tandem’s own write coming back included.',
    '',
    row('Occasion', 'table requests', 'Graph requests', 'Dynamics requests', 'messages', 'cycles'),
    '|---|--:|--:|--:|--:|--:|',
    ...Object.values(counts).map(line),
    '',
  ];
}

/** What timers send depends on the time of day and on how many mailboxes there are, so it is computed. */
function sends(occasion: Occasion): boolean {
  return occasion !== 'heartbeat' && occasion !== 'dailySweep' && occasion !== 'pollExchange';
}

/** Figures about what work takes when there is much of it, and when there is none. */
const telling = /^burst of|of everything$|^each further mailbox/;

function benchmarked(figures: readonly Figure[]): string[] {
  const told = figures.filter(({ name }) => telling.test(name));
  if (told.length === 0) return [];
  return [
    '## What the benchmark says',
    '',
    'From the last run of `npm run bench` ([bench/README.md](../bench/README.md)), with the whole app: what a change takes that comes with many others, and what a poll takes in which nothing',
    'happens. Values and limits are as they were measured, missed limits too.',
    '',
    row('Figure', 'value', 'limit'),
    '|---|--:|--:|',
    ...told.map(({ name, value, limit }) => row(name, String(value), String(limit))),
    '',
  ];
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function whole(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}

function tenths(number: number): string {
  return number.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

function dollars(number: number): string {
  return `$${number.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
