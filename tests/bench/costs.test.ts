import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { meters, prices, work } from '../../bench/cost-assumptions';
import { type Count, occasions } from '../../bench/cost-counts';
import { readFigures } from '../../bench/cost-figures';
import { billOf, busyInstances, type Counts, defaultPeriods, probesAMonth, usageOf } from '../../bench/cost-model';
import { costPage } from '../../bench/cost-page';
import { feedsThatAreRead, IntegrationSettings } from '../../shared/model/integration-settings';
import { projectRoot } from '../infra/bicep';

const nothing: Omit<Count, 'occasion'> = { tables: 0, graph: 0, dynamics: 0, messages: 0, cycles: 0, logLines: 0, logBytes: 0 };

/** Counts in which everything costs nothing but what a test names. */
function counts(some: Partial<Record<Count['occasion'], Partial<Count>>> = {}): Counts {
  return Object.fromEntries(occasions.map((occasion) => [occasion, { occasion, ...nothing, ...some[occasion] }])) as Counts;
}

/** Tables that are polled by default. */
const feeds = feedsThatAreRead(IntegrationSettings.parse({})).length;

/** A month of one working day in which every mailbox is in use for an hour, and one other day. */
const twoDays = { ...work, daysAMonth: 2, workingDaysAMonth: 1, shareInUse: 1, busyHours: 1 };
const periods = { poll: 15, heartbeat: 300, intervals: { busyMs: 15_000, typicalMs: 60_000, quietMs: 720_000, tasksMs: 180_000 } };

function file(...path: string[]): string {
  return readFileSync(join(projectRoot, ...path), 'utf8');
}

test('docs/costs.md is what the script prints from the last figures (node dist/bench/costs.js > docs/costs.md)', () => {
  const measured = readFigures(file('bench', 'figures.json'));
  expect(file('docs', 'costs.md')).toBe(costPage(measured.counts, measured.figures));
});

describe('figures', () => {
  const all = occasions.map((occasion) => ({ occasion, ...nothing }));
  const figure = { goal: 4, name: 'writes a change', value: 1, limit: 1, ok: true };

  test('come as lines or as a list, and only those about work count', () => {
    const start = { ...figure, goal: 10 };
    const lines = [...all, figure, start].map((each) => JSON.stringify(each)).join('\n');
    expect(readFigures(`${lines}\n`)).toEqual(readFigures(JSON.stringify([...all, figure, start])));
    expect(readFigures(lines).figures).toEqual([figure]);
  });

  test('an occasion that nobody counted is named', () => {
    expect(() => readFigures(JSON.stringify(all.slice(1)))).toThrow('Nobody has counted pollDynamics');
  });
});

test('the benchmark and the counts agree on what an idle poll of twelve mailboxes takes', () => {
  const { counts: one, figures } = readFigures(file('bench', 'figures.json'));
  const measured = figures.find(({ name }) => name === '12 idle mailboxes: HTTP requests a mailbox and poll, of everything')?.value;
  const tables = one.pollDynamics.tables + one.pollExchange.tables + feeds * one.feed.tables + one.probe.tables;
  const batches = 2;
  expect(tables + feeds * one.feed.dynamics + batches).toBe(12 * Number(measured));
});

describe('probes', () => {
  test('go by the intervals of the settings, sixty mailboxes a message and six a batch', () => {
    const busy = (3_600 / 15) * 1;
    const typical = ((23 * 3_600) / 15) * 1;
    const quiet = ((24 * 3_600) / 15) * 1;
    expect(probesAMonth(60, twoDays, periods).messages).toBeCloseTo(busy + typical + quiet);
    expect(probesAMonth(60, twoDays, periods).batches).toBeCloseTo(busy * 10 + typical * 3 + quiet * 1);
    expect(probesAMonth(61, twoDays, periods).messages).toBeCloseTo(busy * 2 + typical + quiet);
  });

  test('tasks keep a quiet mailbox from being forgotten', () => {
    const withTasks = probesAMonth(12_000, twoDays, periods).messages;
    expect(withTasks).toBeGreaterThan(
      probesAMonth(12_000, twoDays, { ...periods, intervals: { ...periods.intervals, tasksMs: 720_000 } }).messages,
    );
  });

  test('the periods are the defaults of the settings', () => {
    expect(defaultPeriods()).toEqual(periods);
  });
});

describe('a month', () => {
  test('has every timer, poll and cycle in it', () => {
    const one = { ...twoDays, changesInDynamics: 3, changesInExchange: 0, otherChangesInExchange: 0 };
    const usage = usageOf(
      1,
      counts({ changeInDynamics: { cycles: 2, messages: 2 }, heartbeatCycle: { cycles: 1 }, emptySweepCycle: { cycles: 1 } }),
      one,
      meters,
    );
    expect(usage.timers).toBe(2 * 2 * 5_760 + 2 * 288 + 2 * 24);
    expect(usage.polls).toBe(2 * 5_760 * (feeds + 1));
    expect(usage.cycles).toBe(2 * 24 + 2 + 3 * 2);
    expect(usage.messages).toBe(usage.polls + 2 * 24 + 2 + 3 * 2);
  });

  test('a list of more than a thousand mailboxes takes a further request, whoever reads it', () => {
    const still = { ...work, changesInDynamics: 0, changesInExchange: 0, otherChangesInExchange: 0 };
    const tables = (mailboxes: number) => usageOf(mailboxes, counts(), still, meters).tableTransactions;
    expect(tables(1_000)).toBe(0);
    expect(tables(1_001)).toBe(30 * (5_760 + 2 * 288 + 24));
  });

  test('grows with mailboxes no faster than they do', () => {
    const { counts: measured } = readFigures(file('bench', 'figures.json'));
    const [few, many] = [1_000, 10_000].map((size) => billOf(usageOf(size, measured, work, meters), prices).all / size);
    expect(many).toBeLessThan(few ?? 0);
  });
});

describe('instances', () => {
  test('a small load shares one, and a great one fills as many as it needs', () => {
    expect(busyInstances(0.01, 32)).toBeCloseTo(0.01, 3);
    expect(busyInstances(8, 32)).toBeCloseTo(1, 3);
    expect(busyInstances(320, 32)).toBe(10);
  });
});

describe('the bill', () => {
  const free = usageOf(0, counts(), { ...work, integrations: 0 }, meters);

  test('what is free is free', () => {
    const idle = { ...free, timers: 0, polls: 0, cycles: 0, operations: 0, gigabyteSeconds: 100_000, logGigabytes: 5 };
    expect(billOf(idle, prices)).toMatchObject({ functions: 0, serviceBus: prices.serviceBusBaseAMonth, tables: 0, log: 0 });
  });

  test('Service Bus costs less a million above a hundred million', () => {
    expect(billOf({ ...free, operations: 114_000_000 }, prices).serviceBus).toBeCloseTo(9.81 + 87 * 0.8 + 14 * 0.5);
  });
});
