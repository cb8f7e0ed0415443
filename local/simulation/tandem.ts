import { syncMailbox } from '../../shared/cycle/sync-mailbox';
import { takeEffect } from '../../shared/integrations/take-effect';
import { disableMailbox } from '../../shared/mailboxes/disable';
import { type EnableServices, enableMailbox } from '../../shared/mailboxes/enable';
import { checkSettings, putOwnFilters } from '../../shared/mailboxes/filters';
import { approveAll } from '../../shared/mailboxes/holds';
import type { IntegrationSettings } from '../../shared/model/integration-settings';
import { TandemError } from '../../shared/platform/errors';
import { createLog } from '../../shared/platform/telemetry';
import { pollSource } from '../../shared/polling/poll-source';
import { dailySweep, heartbeat, pollDynamics, pollExchange } from '../../shared/polling/timers';
import type { Services } from '../../shared/services';
import type { Person } from '../company/people';
import { Crash, Doom } from './faults/doom';
import type { Entity } from './people/fields';
import { ownFilters } from './people/filters';
import { type Around, processOn } from './process';
import type { Random } from './random';
import type { WorldServices } from './stage';
import { Turns } from './turns';
import type { Waiting } from './wakes';
import type { World } from './world';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
/** After this long the queue gives a message to somebody else whose receiver has died. */
const lockMs = minute;
/** So many messages are served before it counts as never ending. */
const mostServed = 2_500;
/** Every mailbox is due whenever the timers fire, which the simulation decides. */
const pollPeriodMs = second;

/** Breaks a process on purpose, so that the oracle can show that it notices. */
export type Broken = (services: WorldServices) => WorldServices;

export interface Deletion {
  /** UTC ms. */
  readonly at: number;
  readonly mailbox: string;
  /** The address of what was to go: the same for the same thing. */
  readonly address: string;
}

/** Tandem as its host runs it: timers fire, messages are delivered, processes come and go. */
export class Tandem {
  /** What is to befall the processes that are started next. */
  readonly doom = new Doom();
  /** Whoever has a mailbox that Tandem has ever served. */
  readonly everServed: Person[] = [];
  /** Everything that was sent through a queue, as text. */
  readonly sent: string[] = [];

  /** Every item and record that Tandem asked to be deleted, when, and for which mailbox. */
  readonly deletions: Deletion[] = [];
  private serving = '';
  private known: WorldServices | undefined;
  /** Everything that was logged, as text. */
  readonly logged: string[] = [];
  private readonly log = createLog({ info: (line) => this.note(line), warn: (line) => this.note(line), error: (line) => this.note(line) });

  constructor(
    private readonly world: World,
    private readonly random: Random,
    /** What is wrong with every process; nothing where it is Tandem as it is. */
    private readonly broken: Broken = (services) => services,
  ) {}

  /** Both poll timers fire, and what they ask for is served. */
  async poll(): Promise<void> {
    const services = this.plain();
    await quietly(pollDynamics(services));
    await quietly(pollExchange(services));
    await this.servePolls();
  }

  async heartbeat(): Promise<void> {
    await quietly(heartbeat(this.plain()));
  }

  async sweep(): Promise<void> {
    await quietly(dailySweep(this.plain()));
  }

  async servePolls(): Promise<void> {
    for (let served = 0; served < mostServed; served += 1) {
      const poll = this.world.wakes.polls.shift();
      if (poll === undefined) return;
      this.sent.push(JSON.stringify(poll));
      const twins = this.doom.takePollTwins();
      await this.invoke(twins ? 2 : 1, (services) => pollSource(poll, services));
    }
    throw new Error('The polls never end.');
  }

  /** Lets a mailbox take part. Where something is away the admin hears of it and tries again some day: at the latest before all settles. */
  async enable(who: Person): Promise<void> {
    if (!this.everServed.includes(who)) this.everServed.push(who);
    if (await failed(() => enableMailbox(this.admin(), this.world.integration.id, who.systemUserId))) return;
    if (!this.world.takingPart.includes(who)) this.world.takingPart.push(who);
  }

  async pause(who: Person): Promise<void> {
    await disableMailbox(this.admin(), this.world.integration.id, who.systemUserId);
    this.world.takingPart.splice(0, this.world.takingPart.length, ...this.world.takingPart.filter((each) => each !== who));
  }

  /** Lets an admin approve everything that the brake holds back, and returns how much that was. */
  async approve(who: Person): Promise<number> {
    const decider = { integration: this.world.integration.id, id: who.systemUserId, by: 'an admin' };
    return approveAll(this.plain(), decider, 'brake');
  }

  /** Lets an admin save the settings of the integration. */
  async save(settings: IntegrationSettings): Promise<void> {
    const services = this.admin();
    const before = this.world.integration;
    const after = { ...before, settings };
    await failed(async () => {
      await checkSettings(services, before, after);
      await services.integrations.put(after);
      await takeEffect(services, before, after);
    });
  }

  /** Lets an admin save a person's own filters; false where that was refused. */
  async saveFilters(who: Person, entities: ReadonlySet<Entity>): Promise<boolean> {
    return !(await failed(() => putOwnFilters(this.admin(), this.world.integration.id, who.systemUserId, ownFilters(entities))));
  }

  /** Asks for a cycle of a mailbox, as an admin or a timer does. */
  async ask(who: Person, reason: 'sweep' | 'syncNow'): Promise<void> {
    const { clock, integration, wakes } = this.world;
    await wakes.wake({ kind: 'work', integration: integration.id, mailbox: who.systemUserId, reason, sentAt: clock.now() });
  }

  /** Delivers every wake-up that is due by then, moving the clock to each. Returns how many those were. */
  async serveUntil(end: number): Promise<number> {
    for (let served = 0; served < mostServed; served += 1) {
      const next = this.world.wakes.next();
      if (next === undefined) return served;
      if (next.at > end) {
        this.world.wakes.waiting.push(next);
        return served;
      }
      if (next.at > this.world.clock.now()) this.world.advance(next.at - this.world.clock.now());
      await this.deliver(next);
    }
    throw new Error('The wake-ups never end.');
  }

  /** Lets time pass with everything that the timers do in it: polls every few minutes, heartbeats every hour. */
  async pass(ms: number, pollEveryMs = hour): Promise<void> {
    const end = this.world.clock.now() + ms;
    while (this.world.clock.now() < end) {
      const now = this.world.clock.now();
      await this.poll();
      if (Math.floor(now / hour) !== Math.floor((now - pollEveryMs) / hour)) await this.heartbeat();
      await this.servePolls();
      await this.serveUntil(Math.min(end, now + pollEveryMs));
      if (this.world.clock.now() < now + pollEveryMs) this.world.advance(now + pollEveryMs - this.world.clock.now());
    }
  }

  /** Lets time pass with one poll at its beginning and whatever waits to be served; no other timer fires. */
  async round(ms: number): Promise<void> {
    const end = this.world.clock.now() + ms;
    await this.poll();
    await this.serveUntil(end);
    if (this.world.clock.now() < end) this.world.advance(end - this.world.clock.now());
  }

  private async deliver(next: Waiting): Promise<void> {
    this.sent.push(JSON.stringify(next.wakeUp));
    this.serving = next.wakeUp.mailbox;
    const workers = this.doom.takeTwins();
    const died = await this.invoke(workers, (services) => syncMailbox(next.wakeUp, services));
    // A message that was not completed comes back once its lock has run out.
    if (died) this.world.wakes.waiting.push({ ...next, at: this.world.clock.now() + lockMs });
  }

  /** Runs a function in as many processes at once; true where the first of them died or failed, so that its message comes back. */
  private async invoke(workers: number, run: (services: WorldServices) => Promise<unknown>): Promise<boolean> {
    if (workers === 1 && this.doom.isOver) return failed(() => run(this.plain()));
    const turns = new Turns(this.random);
    const lives = Array.from({ length: workers }, (_, index) => {
      const life = this.doom.life(index === 0);
      const around: Around =
        workers === 1
          ? life.around
          : async (effect, act) => {
              await turns.turn();
              return life.around(effect, act);
            };
      return { life, services: this.process(around) };
    });
    const works = lives.map(
      ({ services }) =>
        () =>
          failed(() => run(services)),
    );
    const results = workers === 1 ? [await works[0]?.()] : await turns.run(works);
    return results[0] === true;
  }

  /** The one process that serves whatever nothing befalls. */
  private plain(): WorldServices {
    this.known ??= this.process(null);
    return this.known;
  }

  private admin(): EnableServices & Pick<Services, 'participation'> {
    return this.plain();
  }

  private process(around: Around | null): WorldServices {
    const { settings } = this.world.services;
    const always = { busyMs: pollPeriodMs, typicalMs: pollPeriodMs, quietMs: pollPeriodMs, tasksMs: pollPeriodMs };
    const timers = { pollPeriodMs, heartbeatPeriodMs: hour, intervals: always };
    return this.broken(
      processOn(this.world, around, { log: this.log, settings: { ...settings, ...timers }, onDelete: (address) => this.deleting(address) }),
    );
  }

  /** What hangs on an item, such as the link of a task, may come and go. */
  private deleting(address: string): void {
    if (/linkedResources/.test(address)) return;
    this.deletions.push({ at: this.world.clock.now(), mailbox: this.serving, address });
  }

  private note(line: string): void {
    this.logged.push(line);
    this.world.services.log.info(line);
  }
}

/** True where a function failed as functions may: its process died, or something was away. */
async function failed(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return false;
  } catch (error) {
    if (!(error instanceof TandemError) && !(error instanceof Crash)) throw error;
    return true;
  }
}

/** A timer that fails is done with: the next one comes. */
async function quietly(work: Promise<void>): Promise<void> {
  await work.catch(() => undefined);
}
