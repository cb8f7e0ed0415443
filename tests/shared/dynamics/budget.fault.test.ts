import { person } from '../../../local/company/people';
import { startDynamics } from '../../../local/dynamics';
import { Counters } from '../../../local/serving/counters';
import { Faults } from '../../../local/serving/faults';
import { Badges } from '../../../local/simulation/badges';
import { memoryTables } from '../../../local/simulation/memory-tables';
import { TraceHash } from '../../../local/simulation/trace-hash';
import { Switchboard } from '../../../local/simulation/without-sockets';
import { createBudgets } from '../../../shared/dynamics/budgets';
import { createDynamics } from '../../../shared/dynamics/client';
import type { Dynamics } from '../../../shared/dynamics/dynamics';
import { IntegrationConnection } from '../../../shared/model/integration-connection';
import { IntegrationSettings } from '../../../shared/model/integration-settings';
import type { Clock } from '../../../shared/platform/clock';
import { errorCodes, TandemError } from '../../../shared/platform/errors';
import { hearsayMs } from '../../../shared/platform/lending';
import { tableLimits } from '../../../shared/storage/limits';
import type { Tables } from '../../../shared/storage/tables';
import { TimedClock } from './timed-clock';

const anna = person('anna');
const origin = 'https://contoso.crm4.dynamics.com';
const minute = 60_000;

interface Begun {
  readonly host: number;
  readonly at: number;
  /** When it was answered; 0 while it runs. */
  answeredAt: number;
  status: number;
}

/** One Dynamics that counts what runs, and hosts that share nothing but the tables. */
class Site {
  readonly clock = new TimedClock();
  readonly faults = new Faults(this.clock.now);
  readonly counters = new Counters();
  readonly begun: Begun[] = [];
  readonly tables: Tables = memoryTables(this.clock.now);
  tableRequests = 0;
  private readonly switchboard = new Switchboard(this.clock, new TraceHash());
  private readonly badges = new Badges();

  async open(latencyMs: number): Promise<void> {
    const surroundings = { faults: this.faults, counters: this.counters, latencyMs, pause: (ms: number) => this.clock.sleep(ms) };
    await startDynamics({
      surroundings,
      identity: this.badges.issuer,
      seed: 'company',
      now: this.clock.now,
      open: this.switchboard.at(origin),
    });
  }

  /** A process of its own, whose clock is ahead by some ms. */
  host(host: number, rateLimit: IntegrationConnection['rateLimit'], aheadMs = 0): Dynamics {
    const clock: Clock = {
      now: () => this.clock.now() + aheadMs,
      sleep: (ms, signal) => this.clock.sleep(ms, signal),
      timeout: (ms) => this.clock.timeout(ms),
    };
    const limits = tableLimits(this.tables);
    const budgets = createBudgets({
      limits: {
        read: (id) => this.slowly(() => limits.read(id)),
        save: (id, loans, etag) => this.slowly(() => limits.save(id, loans, etag)),
      },
      clock,
      pollPeriodMs: 15_000,
      holder: `host ${host}`,
      keep: clock.sleep,
    });
    const connection = IntegrationConnection.parse({ rateLimit });
    const budget = budgets({ id: 'contoso', settings: IntegrationSettings.parse({}), connection });
    const send: typeof fetch = async (input, init) => {
      const begun: Begun = { host, at: this.clock.now(), answeredAt: 0, status: 0 };
      this.begun.push(begun);
      const response = await this.switchboard.fetch(input, init);
      begun.status = response.status;
      begun.answeredAt = this.clock.now();
      return response;
    };
    const getToken = async () => this.badges.of('application', origin);
    return createDynamics({ baseUrl: origin, getToken, timeoutMs: 120_000, clock, budget, fetch: send });
  }

  private async slowly<T>(work: () => Promise<T>): Promise<T> {
    this.tableRequests += 1;
    await this.clock.sleep(10);
    return work();
  }

  /** The most requests that began in any window. */
  mostWithin(windowMs: number): number {
    const times = this.begun.map(({ at }) => at);
    let most = 0;
    for (let from = 0, to = 0; to < times.length; to += 1) {
      while ((times[to] ?? 0) - (times[from] ?? 0) >= windowMs) from += 1;
      most = Math.max(most, to - from + 1);
    }
    return most;
  }

  between(from: number, to: number): Begun[] {
    return this.begun.filter(({ at }) => at >= from && at < to);
  }
}

/** Asks again and again until the end, and waits for as long as it is told to; returns how often it got its answer. */
async function busyWorker(site: Site, dynamics: Dynamics, end: number): Promise<number> {
  let answers = 0;
  while (site.clock.now() < end) {
    try {
      await dynamics.user(anna.systemUserId);
      answers += 1;
    } catch (error) {
      if (!(error instanceof TandemError) || error.code !== errorCodes.throttled) throw error;
      await site.clock.sleep(error.retryAfterMs ?? 1_000);
    }
  }
  return answers;
}

function fourHosts(
  site: Site,
  {
    rateLimit = null,
    workers,
    ms,
    aheadMs = [0, 0, 0, 0],
  }: {
    readonly rateLimit?: IntegrationConnection['rateLimit'];
    readonly workers: number;
    readonly ms: number;
    readonly aheadMs?: readonly number[];
  },
): Promise<number[]> {
  const end = site.clock.now() + ms;
  const hosts = aheadMs.map((ahead, index) => site.host(index, rateLimit, ahead));
  const answers = hosts.map(async (dynamics) => {
    const each = await Promise.all(Array.from({ length: workers }, () => busyWorker(site, dynamics, end)));
    return each.reduce((sum, count) => sum + count, 0);
  });
  return Promise.all(answers);
}

describe('four hosts at once, each with more to do than all may', () => {
  test.each([
    { name: 'that answers quickly', latencyMs: 100, ms: 7 * minute },
    { name: 'that takes twenty seconds an answer', latencyMs: 20_000, ms: 15 * minute },
    { name: 'that takes a minute an answer', latencyMs: 60_000, ms: 15 * minute },
  ])(
    'never run more at once nor in any five minutes than half of what a Dynamics allows $name, and waste little of it',
    async ({ latencyMs, ms }) => {
      const site = new Site();
      await site.open(latencyMs);
      const answers = await site.clock.until(fourHosts(site, { workers: 12, ms }));
      expect(site.counters.snapshot().peaks.dynamics).toBeLessThanOrEqual(26);
      expect(site.mostWithin(5 * minute)).toBeLessThanOrEqual(3_000);
      const possible = Math.min((ms / minute) * 600, (ms / latencyMs) * 26);
      expect(site.begun.length).toBeGreaterThan(possible * 0.4);
      expect(Math.min(...answers)).toBeGreaterThan(Math.max(...answers) / 2);
      // A few for each block of places, and what a host asks while it waits.
      expect(site.tableRequests).toBeLessThan(site.begun.length / 4 + ms / 1_000);
    },
  );

  test.each([
    { requests: 20, per: 'second', windowMs: 1_000 },
    { requests: 3, per: 'second', windowMs: 1_000 },
    { requests: 100, per: 'minute', windowMs: minute },
    { requests: 2, per: 'minute', windowMs: minute },
  ] as const)(
    'never begin more than $requests requests in any $per where an administrator says so',
    async ({ requests, per, windowMs }) => {
      const site = new Site();
      const ms = windowMs === 1_000 ? minute : 10 * minute;
      await site.open(100);
      await site.clock.until(fourHosts(site, { rateLimit: { requests, per }, workers: 6, ms }));
      expect(site.mostWithin(windowMs)).toBeLessThanOrEqual(requests);
      expect(site.begun.length).toBeGreaterThan((ms / windowMs) * requests * 0.3);
    },
  );

  test('keep to it with clocks that differ by seconds', async () => {
    const site = new Site();
    await site.open(500);
    const answers = await site.clock.until(fourHosts(site, { workers: 12, ms: 6 * minute, aheadMs: [0, 4_000, -4_000, 1_500] }));
    expect(site.counters.snapshot().peaks.dynamics).toBeLessThanOrEqual(26);
    expect(site.mostWithin(5 * minute)).toBeLessThanOrEqual(3_000);
    expect(Math.min(...answers)).toBeGreaterThan(0);
  });
});

describe('a storm of 429', () => {
  test('has all four wait until Retry-After is over, and go on at full speed within two windows', async () => {
    const site = new Site();
    await site.open(200);
    const stormMs = 3 * minute;
    const began = site.clock.now() + minute;
    const storm = async (): Promise<void> => {
      await site.clock.sleep(minute);
      site.faults.add({ service: 'dynamics', kind: 'throttle', retryAfterSeconds: 25, forMs: stormMs });
    };
    const [answers] = await site.clock.until(Promise.all([fourHosts(site, { workers: 8, ms: 14 * minute }), storm()]));
    expect(Math.min(...answers)).toBeGreaterThan(0);
    const refused = site.begun.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(3);
    for (const { answeredAt } of refused) {
      expect(site.between(answeredAt + hearsayMs + 100, answeredAt + 25_000)).toEqual([]);
    }
    const over = began + stormMs;
    const settled = site.between(over + 10 * minute - 30_000, over + 10 * minute);
    expect(settled.filter(({ status }) => status === 429)).toEqual([]);
    expect(settled.length).toBeGreaterThan(30 * 7.5);
  });

  test('that one host meets is honoured by the three that meet none', async () => {
    const site = new Site();
    await site.open(200);
    const storm = async (): Promise<void> => {
      await site.clock.sleep(minute);
      site.faults.add({ service: 'dynamics', kind: 'throttle', retryAfterSeconds: 40, times: 1 });
    };
    await site.clock.until(Promise.all([fourHosts(site, { workers: 8, ms: 3 * minute }), storm()]));
    const refused = site.begun.filter(({ status }) => status === 429);
    expect(refused.length).toBe(1);
    const answeredAt = refused[0]?.answeredAt ?? 0;
    expect(site.between(answeredAt + hearsayMs + 100, answeredAt + 40_000)).toEqual([]);
    expect(new Set(site.between(answeredAt + 40_000, answeredAt + 70_000).map(({ host }) => host)).size).toBe(4);
  });
});

describe('a poller that looks at its feeds', () => {
  test('is lent nothing and writes nothing, and rests when others were refused', async () => {
    const site = new Site();
    await site.open(100);
    const poller = site.host(0, null);
    const looks = async (): Promise<void> => {
      for (let round = 0; round < 10; round += 1) {
        await Promise.all((['task', 'contact', 'appointment'] as const).map((entity) => poller.readFeed(entity, null)));
        await site.clock.sleep(15_000);
      }
    };
    await site.clock.until(looks());
    expect((await tableLimits(site.tables).read('contoso')).etag).toBeNull();
    expect(site.tableRequests).toBeLessThanOrEqual(10);

    site.faults.add({ service: 'dynamics', kind: 'throttle', retryAfterSeconds: 60, times: 1 });
    await expect(site.clock.until(site.host(1, null).user(anna.systemUserId))).rejects.toMatchObject({ code: errorCodes.throttled });
    await site.clock.until(site.clock.sleep(hearsayMs));
    const asked = site.begun.length;
    await expect(site.clock.until(poller.readFeed('task', null))).rejects.toMatchObject({ code: errorCodes.throttled });
    expect(site.begun.length).toBe(asked);
  });
});
