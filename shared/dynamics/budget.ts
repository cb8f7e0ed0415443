import type { Clock } from '../platform/clock';
import { asTandemError, errorCodes, TandemError } from '../platform/errors';
import { afterRefusal, borrow, hearsayMs, type Loan, type Loans, leaseMs, nothingLent, restOfLoans, type Terms } from '../platform/lending';

/** Where what is lent is kept for all instances. */
export interface LoanRow {
  read(): Promise<KnownLoans>;
  /** Throws `stale` where somebody was faster. */
  save(loans: Loans, etag: string | null): Promise<string>;
}

/** What is lent, as it was read under an etag; null where nothing was ever lent. */
export interface KnownLoans {
  readonly loans: Loans;
  readonly etag: string | null;
}

/** What a request is for: a look at a feed, by the name of the feed, or anything else. */
export type Use = { readonly look: string } | 'work';

/** Lets requests to one environment pass, so that all instances together keep within its allowance. */
export interface Budget {
  /**
   * Sends as soon as it may. Waits for at most some seconds, or until one of this instance's own requests has ended.
   * @throws TandemError `throttled`, with the time after which to try again, where it may not be sent soon; nothing was sent then
   */
  run<T>(use: Use, send: () => Promise<T>): Promise<T>;
}

export interface BudgetOptions {
  readonly row: LoanRow;
  readonly terms: Terms;
  /** The name of this instance, which no other one has. */
  readonly holder: string;
  /** How often a feed is looked at, ms. */
  readonly lookEveryMs: number;
  readonly clock: Clock;
  /** Waits beside requests that run long, to renew the slots they fill. Where absent nothing does. */
  readonly keep?: Clock['sleep'];
}

/** Slots count as ended so long before they do, for clocks differ. */
const marginMs = 10_000;
const fewestPlaces = 4;
const mostPlaces = 16;
const mostTries = 10;
const busyMs = 1_000;

/** One instance's part in a shared budget. */
export function createBudget(options: BudgetOptions): Budget {
  const desk = new Desk(options);
  return { run: (use, send) => desk.run(use, send) };
}

class Desk {
  private known: KnownLoans & { readonly at: number } = { loans: nothingLent, etag: null, at: Number.NEGATIVE_INFINITY };
  private learning: Promise<void> | null = null;
  private slots: Pick<Loan, 'slots' | 'until'> = { slots: 0, until: 0 };
  /** The times from which requests may begin, and until when each may be used, UTC ms. */
  private places: { readonly at: number; readonly until: number }[] = [];
  /** How many places to ask for: more where the last ones were all used, few again where some went to waste. */
  private wanted = fewestPlaces;
  private running = 0;
  private waiting = 0;
  /** Whoever asks before this is told to come back then, without asking the row. */
  private busyUntil = 0;
  /** When more slots were asked for last. */
  private moreAskedAt = Number.NEGATIVE_INFINITY;
  /** Refusals by the service that the row has not heard of yet. */
  private owed: { readonly restUntil: number | null; readonly begunAt: number }[] = [];
  private line: Promise<unknown> = Promise.resolve();
  private readonly onFreed: (() => void)[] = [];
  private keeping: AbortController | null = null;
  private readonly lookedAt = new Map<string, number>();

  constructor(private readonly options: BudgetOptions) {}

  async run<T>(use: Use, send: () => Promise<T>): Promise<T> {
    if (this.isFree(use)) {
      await this.learn();
      this.refuseWhileResting();
      return this.watched(send);
    }
    await this.enter();
    try {
      return await this.watched(send);
    } finally {
      this.leave();
    }
  }

  /** One look a period at each feed is taken off the allowance beforehand: sessions see to it that nobody else looks at the same time. */
  private isFree(use: Use): boolean {
    if (use === 'work' || !this.options.terms.looksAreFree) return false;
    const { lookEveryMs } = this.options;
    const now = this.now();
    if (now - (this.lookedAt.get(use.look) ?? Number.NEGATIVE_INFINITY) < lookEveryMs / 2) return false;
    this.lookedAt.set(use.look, now);
    return true;
  }

  private async watched<T>(send: () => Promise<T>): Promise<T> {
    const begunAt = this.now();
    try {
      return await send();
    } catch (error) {
      if (error instanceof TandemError && error.code === errorCodes.throttled) await this.spread(error, begunAt);
      throw error;
    }
  }

  /** Tells everybody of a refusal. Where the row cannot be written now, it is told with the next loan; here it counts at once. */
  private async spread({ retryAfterMs }: TandemError, begunAt: number): Promise<void> {
    this.owed.push({ restUntil: retryAfterMs === undefined ? null : this.now() + retryAfterMs, begunAt });
    this.places = [];
    try {
      await this.change((loans) => ({ loans, result: null }));
    } catch (error) {
      if (!(error instanceof TandemError)) throw error;
    }
  }

  /** Lets one after the other in, in the order in which they came. */
  private enter(): Promise<void> {
    this.waiting += 1;
    const turn = this.line.then(() => this.admit()).finally(() => (this.waiting -= 1));
    this.line = turn.catch(() => undefined);
    return turn;
  }

  private async admit(): Promise<void> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      await this.learn();
      this.refuseWhileResting();
      const now = this.now();
      if (this.slots.until - marginMs <= now) await this.borrow(this.wantedPlaces());
      else if (this.running >= this.slots.slots) await this.slotFreed(now);
      else if (await this.takePlace(now)) return this.begin();
    }
    throw busy(busyMs);
  }

  /** Where all slots are filled: asks for more of them now and then, and otherwise waits for a request to end, which its time-out bounds. */
  private async slotFreed(now: number): Promise<void> {
    if (this.running === 0 || now - this.moreAskedAt >= leaseMs / 6) {
      this.moreAskedAt = now;
      await this.borrow(0);
      if (this.running < this.slots.slots) return;
    }
    // The last one may have ended while that was asked; nobody would tell of an end any more.
    if (this.running === 0) return;
    await new Promise<void>((resolve) => this.onFreed.push(resolve));
  }

  /** True once the time of a place has come; false where one had to be borrowed, or everybody rests by then. */
  private async takePlace(now: number): Promise<boolean> {
    const usable = this.places.filter(({ until }) => until > now);
    if (usable.length < this.places.length) this.wanted = fewestPlaces;
    this.places = usable;
    const place = this.places.shift();
    if (place === undefined) {
      await this.borrow(this.wantedPlaces());
      this.wanted = Math.min(mostPlaces, 2 * this.wanted);
      return false;
    }
    if (place.at > now) {
      await this.options.clock.sleep(Math.ceil(place.at - now));
      await this.learn();
      this.refuseWhileResting();
    }
    return this.now() <= place.until;
  }

  private wantedPlaces(): number {
    return Math.min(mostPlaces, Math.max(this.wanted, this.waiting));
  }

  private begin(): void {
    this.running += 1;
    if (this.running === 1) this.keep();
  }

  private leave(): void {
    this.running -= 1;
    if (this.running === 0) this.keeping?.abort();
    this.onFreed.shift()?.();
  }

  /** Renews the slots for as long as requests run. */
  private keep(): void {
    const { keep } = this.options;
    if (keep === undefined) return;
    const keeping = new AbortController();
    this.keeping = keeping;
    const rounds = async (): Promise<void> => {
      for (let failures = 0; failures < mostTries; ) {
        await keep(Math.max(busyMs, this.slots.until - marginMs - this.now()), keeping.signal);
        if (this.slots.until - marginMs > this.now()) continue;
        // Whoever waits in line borrows for itself; here nothing is thrown at anybody, and the next round tries again, until the row seems to be gone.
        const error = await this.borrow(0).then(() => null, asTandemError);
        failures = error === null ? 0 : failures + 1;
      }
    };
    // It ends by being told to, once nothing runs any more.
    rounds().catch(() => undefined);
  }

  private async borrow(places: number): Promise<void> {
    if (this.now() < this.busyUntil) throw busy(this.busyUntil - this.now());
    const { terms, holder } = this.options;
    const lent = await this.change((loans, now) => {
      const ask = { holder, running: this.running, slots: this.running + this.waiting, places };
      const result = borrow(loans, terms, ask, now);
      return { loans: result.loan === null ? null : result.loans, result };
    });
    if (lent.loan === null) {
      this.busyUntil = this.now() + Math.min(busyMs, lent.retryAfterMs);
      throw busy(lent.retryAfterMs);
    }
    const { loan } = lent;
    this.slots = loan;
    const lentAt = loan.until - leaseMs;
    for (let index = 0; index < loan.places; index += 1) {
      const at = loan.first + index * loan.everyMs;
      this.places.push({ at, until: Math.max(at, lentAt) + terms.lifeMs });
    }
  }

  /**
   * Changes the row, with what it is owed, by what is worked out from it; null leaves it as it is, which is only believed of a row that was just read. Throws
   * `throttled` where others are faster again and again.
   */
  private async change<T>(work: (loans: Loans, now: number) => { readonly loans: Loans | null; readonly result: T }): Promise<T> {
    const { row, terms } = this.options;
    for (let tries = 0; tries < mostTries; tries += 1) {
      const isFresh = tries > 0;
      if (isFresh || this.known.at === Number.NEGATIVE_INFINITY) await this.read();
      const now = this.now();
      const { known } = this;
      // A copy: what is refused while this is being saved is owed still.
      const owed = [...this.owed];
      const told = owed.reduce(
        (loans, { restUntil, begunAt }) =>
          afterRefusal(loans, terms, { retryAfterMs: restUntil === null ? null : Math.max(1, restUntil - now), begunAt }, now),
        known.loans,
      );
      const { loans, result } = work(told, now);
      const next = loans ?? (owed.length > 0 ? told : null);
      if (next === null) {
        if (isFresh) return result;
        continue;
      }
      try {
        const etag = await row.save(next, known.etag);
        this.known = { loans: next, etag, at: now };
        this.owed = this.owed.filter((each) => !owed.includes(each));
        return result;
      } catch (error) {
        if (!(error instanceof TandemError) || error.code !== errorCodes.stale) throw error;
      }
    }
    throw busy(busyMs);
  }

  /** Reads the row where what is known of it is old: so everybody hears of a refusal soon. */
  private async learn(): Promise<void> {
    if (this.now() - this.known.at < hearsayMs) return;
    this.learning ??= this.read().finally(() => {
      this.learning = null;
    });
    await this.learning;
  }

  private async read(): Promise<void> {
    const at = this.now();
    this.known = { ...(await this.options.row.read()), at };
  }

  private refuseWhileResting(): void {
    const now = this.now();
    const own = Math.max(0, ...this.owed.map(({ restUntil }) => (restUntil ?? 0) - now));
    const rest = Math.max(own, restOfLoans(this.known.loans, now));
    if (rest > 0) throw busy(rest);
  }

  private now(): number {
    return this.options.clock.now();
  }
}

function busy(retryAfterMs: number): TandemError {
  return new TandemError(errorCodes.throttled, {
    retry: 'later',
    fix: 'Nothing to do: Tandem keeps within its share of what Dynamics allows, and goes on by itself.',
    detail: 'the budget of this environment is used up, or it asked to be left alone',
    retryAfterMs: Math.max(1, Math.ceil(retryAfterMs)),
  });
}
