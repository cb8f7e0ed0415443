import { RestError } from '@azure/data-tables';
import { messageError } from '../../../shared/messaging/message-error';
import type { Around, Effect } from '../process';

export class Crash extends Error {}

/** How much of the effect at which a process dies still happens: nothing, all of it, or the first half of a batch. */
export const moments = ['before', 'after', 'half way'] as const;
export type Moment = (typeof moments)[number];

/** The n-th effect of a process, and what happens there. */
export interface Crossing {
  readonly nth: number;
}

interface Death extends Crossing {
  readonly moment: Moment;
}

interface Interruption extends Crossing {
  readonly act: () => Promise<void>;
}

interface BadStorage {
  times: number;
  /** The failing call from now on. */
  from: number;
  readonly status: number;
  /** Whether the write took effect all the same. */
  readonly afterwards: boolean;
}

/** What is to befall the processes that are started next. */
export class Doom {
  readonly deaths: Death[] = [];
  readonly interruptions: Interruption[] = [];
  readonly storage: BadStorage[] = [];
  readonly sending: BadStorage[] = [];
  /** How many workers serve each of the next wake-ups at once. */
  readonly twins: number[] = [];
  readonly pollTwins: number[] = [];

  /** True where nothing is left to befall anybody. */
  get isOver(): boolean {
    return this.all.every((list) => list.length === 0);
  }

  takeTwins(): number {
    return this.twins.shift() ?? 1;
  }

  takePollTwins(): boolean {
    return this.pollTwins.shift() !== undefined;
  }

  /** Nothing more befalls anybody. */
  end(): void {
    for (const list of this.all) list.length = 0;
  }

  private get all(): readonly unknown[][] {
    return [this.deaths, this.interruptions, this.storage, this.sending, this.twins, this.pollTwins];
  }

  /** A process; only the first of several that serve the same message can die or be interrupted. */
  life(isFirst: boolean): Life {
    return new Life(this, isFirst ? this.deaths.shift() : undefined, isFirst ? this.interruptions.shift() : undefined);
  }
}

/** A process that may die at a point, and then does nothing more. */
class Life {
  dead = false;
  private writes = 0;
  private calls = 0;

  constructor(
    private readonly doom: Doom,
    private death: Death | undefined,
    private interruption: Interruption | undefined,
  ) {}

  readonly around: Around = async (effect, run) => {
    if (this.dead) throw new Crash();
    this.calls += 1;
    await this.interrupted();
    if (effect.writes) this.writes += 1;
    if (effect.writes && this.death?.nth === this.writes) return this.die(effect, run, this.death.moment);
    const result = await failing(this.doom, effect, run);
    if (this.dead) throw new Crash();
    return result;
  };

  private async interrupted(): Promise<void> {
    const { interruption } = this;
    if (interruption === undefined || interruption.nth !== this.calls) return;
    this.interruption = undefined;
    await interruption.act();
  }

  private async die(effect: Effect, run: () => Promise<unknown>, moment: Moment): Promise<never> {
    this.dead = true;
    if (moment === 'after') await run();
    if (moment === 'half way') await effect.half();
    throw new Crash();
  }
}

/** Lets storage or the queue refuse where that is planned. */
async function failing<T>(doom: Doom, { what }: Effect, run: () => Promise<T>): Promise<T> {
  const isTable = /^\w+ \w+Entity$|submitTransaction$/.test(what);
  const isQueue = /^(poll|wake|wakeMany|reject)$/.test(what);
  const list = isTable ? doom.storage : isQueue ? doom.sending : [];
  const [bad] = list;
  if (bad === undefined) return run();
  if (bad.from > 0) {
    bad.from -= 1;
    return run();
  }
  bad.times -= 1;
  if (bad.times <= 0) list.shift();
  if (bad.afterwards) await run();
  throw isTable ? tableFailure(bad.status) : messageError(new Error('The queue is away.'));
}

function tableFailure(statusCode: number): RestError {
  return new RestError('The server is busy.', { statusCode, code: statusCode === 503 ? 'ServerBusy' : 'InternalError' });
}
