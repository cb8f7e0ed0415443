/** What nobody can measure here: how people work, what Azure's meters count, and what they charge. Everything in this file is an assumption to be checked. */

/** How people work. */
export const work = {
  daysAMonth: 30,
  workingDaysAMonth: 21,
  /** Of the mailboxes that take part, those in which something changes on a working day. */
  shareInUse: 0.8,
  /** Hours of a working day in which a mailbox in use changed within the hour. */
  busyHours: 10,
  /** A working day's changes of synced fields, a mailbox in use. */
  changesInDynamics: 5,
  changesInExchange: 5,
  /** Changes in her calendar, contacts and task lists that concern no linked item. */
  otherChangesInExchange: 10,
  recordsAMailbox: 200,
  integrations: 1,
  /** The calendar, the contacts and one task list. */
  foldersAMailbox: 3,
} as const;
export type Work = { readonly [Name in keyof typeof work]: number };

/** How long functions run, and what meters count of it. */
export const meters = {
  /** Seconds that a timer or a poll keeps its instance busy; a second is also the least that Flex Consumption charges. */
  secondsAPoll: 1,
  secondsACycle: 2,
  /** Session messages that one instance serves at once: host.json. */
  sessionsAnInstance: 32,
  gigabytesAnInstance: 2,
  /** Of a session message: send, accept the session, receive, complete. */
  operationsAMessage: 4,
  /** A free slot asks for a session again after a minute, and each time counts. */
  emptyAcceptsADay: 1_440,
  /** Functions that read a queue and so always have an instance that asks. */
  readers: 2,
  /** In the log, an execution is a request and two lines of the host. */
  requestBytes: 1_200,
  traceBytes: 900,
  hostLinesAnExecution: 2,
  /** In tables, a link with its sealed values and its look-up row. */
  bytesARecord: 3_000,
} as const;
export type Meters = { readonly [Name in keyof typeof meters]: number };

/** List prices in US dollars, pay as you go. */
export const prices = {
  asOf: 'East US, written down in November 2026 without a look at the price pages',
  executionsAMillion: 0.4,
  freeExecutions: 250_000,
  gigabyteSecond: 0.000026,
  freeGigabyteSeconds: 100_000,
  serviceBusBaseAMonth: 9.81,
  freeOperations: 13_000_000,
  operationsAMillion: 0.8,
  /** Above a hundred million a month. */
  manyOperations: 100_000_000,
  manyOperationsAMillion: 0.5,
  tableTransactionsATenThousand: 0.00036,
  tableGigabyte: 0.0562,
  logGigabyte: 2.3,
  freeLogGigabytes: 5,
  /** Seven log alerts (four every 5 minutes, three every 15), two metric alerts, and an availability test from two places every 15 minutes. */
  watchingAMonth: 4 * 1.5 + 3 * 0.5 + 2 * 0.1 + 2 * 4 * 24 * 30 * 0.0005,
} as const;
export type Prices = { readonly [Name in keyof typeof prices]: (typeof prices)[Name] extends string ? string : number };
