import { z } from 'zod';
import { person } from '../local/company/people';
import { type Stack, startStack } from '../local/stack';
import { runCycle } from '../shared/cycle/cycle';
import { saveIntegration } from '../shared/integrations/save';
import { enableMailbox } from '../shared/mailboxes/enable';
import type { WakeUp } from '../shared/messaging/messages';
import { IntegrationConnection } from '../shared/model/integration-connection';
import { IntegrationSettings } from '../shared/model/integration-settings';
import { readConfig } from '../shared/platform/config';
import { createLog } from '../shared/platform/telemetry';
import { pollSource } from '../shared/polling/poll-source';
import { dailySweep, heartbeat, pollDynamics, pollExchange } from '../shared/polling/timers';
import { createParts, cycleServicesOf, pollingServicesOf, type Services } from '../shared/services';
import { changeItem, changeRecord, pairsOf } from './changes';
import { Hands } from './hands';
import { CountedPost } from './post';
import { allEntities, makeRecords } from './records';
import { startTableProxy, type TableProxy } from './table-proxy';

/** Everything that has a price, and how often it happens is known: one execution of a function, or all that one change leads to. */
export const occasions = [
  'pollDynamics',
  'pollExchange',
  'heartbeat',
  'dailySweep',
  'feed',
  'probe',
  'heartbeatCycle',
  'emptySweepCycle',
  'fullSweepCycle',
  'changeInDynamics',
  'changeInExchange',
  'otherChangeInExchange',
] as const;
export type Occasion = (typeof occasions)[number];

/** What one occasion took. Of a change it is what came on top of polls in which nothing happens. */
export const Count = z.object({
  occasion: z.enum(occasions),
  /** Requests to the table service; a transaction counts once. */
  tables: z.number(),
  /** HTTP requests; a batch counts once. */
  graph: z.number(),
  dynamics: z.number(),
  /** Messages that were sent. */
  messages: z.number(),
  /** Executions of `syncMailbox`. */
  cycles: z.number(),
  logLines: z.number(),
  logBytes: z.number(),
});
export type Count = z.output<typeof Count>;

/** Records in step in the mailbox of the full sweep. */
export const recordsInSweep = 100;

const integrationId = 'contoso';
const mostRounds = 10;

/** Counts each occasion with the app's own functions on the stand-ins, one after the other. Every mailbox is due at every poll. */
export async function countOccasions(): Promise<Count[]> {
  const proxy = await startTableProxy();
  const every = '15';
  const stack = await startStack({
    seed: 'empty-company',
    host: false,
    settings: {
      Tables: proxy.connectionString,
      POLL_PERIOD_SECONDS: every,
      EXCHANGE_BUSY_SECONDS: every,
      EXCHANGE_TYPICAL_SECONDS: every,
      EXCHANGE_QUIET_SECONDS: every,
      EXCHANGE_TASKS_SECONDS: every,
    },
  });
  try {
    proxy.leadTo(stack.azurite.tablePort);
    return await new Works(stack, proxy).play();
  } finally {
    await stack.close();
    await proxy.close();
  }
}

/** The app in this process: its functions are called here, and what they send is delivered here. */
class Works {
  private readonly post = new CountedPost();
  private readonly services: Services;
  private logLines = 0;
  private logBytes = 0;

  constructor(
    private readonly stack: Stack,
    private readonly proxy: TableProxy,
  ) {
    const write = (line: string): void => {
      this.logLines += 1;
      this.logBytes += Buffer.byteLength(line);
    };
    const log = createLog({ info: write, warn: write, error: write });
    this.services = { ...createParts(readConfig(stack.settings)), messenger: this.post, log };
  }

  async play(): Promise<Count[]> {
    const anna = new Hands(this.stack, person('anna'));
    const ben = new Hands(this.stack, person('ben'));
    await makeRecords(anna, allEntities(recordsInSweep));
    const settings = IntegrationSettings.parse({});
    const connection = IntegrationConnection.parse({});
    const integration = { id: integrationId, name: 'Contoso', baseUrl: this.stack.dynamics.url, settings, connection };
    await saveIntegration(this.services, { integration, secrets: [], expectation: { is: 'unsaid' } });
    for (const { who } of [anna, ben]) await enableMailbox(this.services, integrationId, who.systemUserId);
    await this.roundsUntilQuiet();
    return [...(await this.countPolls()), ...(await this.countCycles(anna, ben)), ...(await this.countChanges(anna))];
  }

  private async countPolls(): Promise<Count[]> {
    const polling = pollingServicesOf(this.services);
    const timers = [
      await this.count('pollDynamics', () => pollDynamics(polling)),
      await this.count('pollExchange', () => pollExchange(polling)),
      await this.count('heartbeat', () => heartbeat(polling)),
      await this.count('dailySweep', () => dailySweep(polling)),
    ];
    const sent = this.post.takePolls();
    const probe = sent.find(({ kind }) => kind === 'exchangeProbe');
    const feeds = sent.filter(({ kind }) => kind === 'dynamicsFeed');
    const [feed] = feeds;
    await this.roundsUntilQuiet();
    return [
      ...timers,
      await this.count('feed', () => pollSource(feed, polling)),
      await this.count('probe', () => pollSource(probe, polling)),
    ];
  }

  private async countCycles(anna: Hands, ben: Hands): Promise<Count[]> {
    const wakeUp = ({ who }: Hands, reason: 'heartbeat' | 'sweep'): WakeUp => {
      const sentAt = this.services.clock.now();
      return { kind: 'work', integration: integrationId, mailbox: who.systemUserId, reason, sentAt };
    };
    return [
      await this.count('heartbeatCycle', () => this.cycle(wakeUp(anna, 'heartbeat'))),
      await this.count('emptySweepCycle', () => this.cycle(wakeUp(ben, 'sweep'))),
      await this.count('fullSweepCycle', () => this.cycle(wakeUp(anna, 'sweep'))),
    ];
  }

  private async countChanges(anna: Hands): Promise<Count[]> {
    const [pair, other] = (await pairsOf(anna)).tasks;
    if (pair === undefined || other === undefined) throw new Error('There are no tasks in step.');
    const idle = await this.count('pollDynamics', async () => void (await this.round()));
    return [
      await this.countChange('changeInDynamics', idle, () => changeRecord(anna, pair, 'Counted in Dynamics')),
      await this.countChange('changeInExchange', idle, () => changeItem(anna, other, 'Counted in Exchange')),
      await this.countChange('otherChangeInExchange', idle, () => anna.outlook('POST', 'contacts', { surname: 'Private' })),
    ];
  }

  private async countChange(occasion: Occasion, idle: Count, make: () => Promise<unknown>): Promise<Count> {
    await make();
    let rounds = 0;
    const all = await this.count(occasion, async () => {
      rounds = await this.roundsUntilQuiet();
    });
    const beyond = (name: Exclude<keyof Count, 'occasion'>): number => Math.max(0, all[name] - rounds * idle[name]);
    return {
      occasion,
      tables: beyond('tables'),
      graph: beyond('graph'),
      dynamics: beyond('dynamics'),
      messages: beyond('messages'),
      cycles: beyond('cycles'),
      logLines: beyond('logLines'),
      logBytes: beyond('logBytes'),
    };
  }

  /** Rounds of polls until one has led to no cycle; returns how many there were. */
  private async roundsUntilQuiet(): Promise<number> {
    for (let rounds = 1; rounds <= mostRounds; rounds += 1) if ((await this.round()) === 0) return rounds;
    throw new Error(`After ${mostRounds} rounds something still goes on.`);
  }

  /** One period: both poll timers, and everything that follows. Returns how many cycles that were. */
  private async round(): Promise<number> {
    const polling = pollingServicesOf(this.services);
    await pollDynamics(polling);
    await pollExchange(polling);
    let cycles = 0;
    for (;;) {
      const polls = this.post.takePolls();
      const wakeUps = this.post.takeWakeUps(this.services.clock.now());
      if (polls.length === 0 && wakeUps.length === 0) return cycles;
      for (const poll of polls) await pollSource(poll, polling);
      for (const wakeUp of wakeUps) await this.cycle(wakeUp);
      cycles += wakeUps.length;
    }
  }

  private cycles = 0;

  private async cycle(wakeUp: WakeUp): Promise<void> {
    this.cycles += 1;
    await runCycle(wakeUp, cycleServicesOf(this.services));
  }

  private async count(occasion: Occasion, work: () => Promise<void>): Promise<Count> {
    const { counters } = this.stack.surroundings;
    counters.reset();
    this.proxy.reset();
    const before = { sent: this.post.sent, cycles: this.cycles, lines: this.logLines, bytes: this.logBytes };
    await work();
    const { endpoints } = counters.snapshot();
    const requests = (service: string): number => sum(Object.values(endpoints[service] ?? {}).map((each) => each.requests));
    return {
      occasion,
      tables: sum(Object.values(this.proxy.counts())),
      graph: requests('graph'),
      dynamics: requests('dynamics'),
      messages: this.post.sent - before.sent,
      cycles: this.cycles - before.cycles,
      logLines: this.logLines - before.lines,
      logBytes: this.logBytes - before.bytes,
    };
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
