/** What all instances together may ask of one service. */
export interface Allowance {
  /** Requests that run at once. */
  readonly atOnce: number;
  /** Requests that begin within any `windowMs`. */
  readonly requests: number;
  readonly windowMs: number;
}

/** Requests that need no loan because their number is known beforehand: of so many kinds one each in `everyMs`, and of each kind one at a time. */
export interface Looks {
  readonly kinds: number;
  readonly everyMs: number;
}

/** How an allowance is lent; durations in ms. */
export interface Terms {
  /** Slots, of which a running request fills one. */
  readonly slots: number;
  /** From one place, the time from which one request may begin, to the next. */
  readonly everyMs: number;
  /** How far back places go on lying that nobody took, so that a pause saves up some. */
  readonly burstMs: number;
  /** How long a place may be used once its time has come. */
  readonly lifeMs: number;
  /** Whether looks need no loan. Where they would take half of all or more they do. */
  readonly looksAreFree: boolean;
}

/** What is lent, as one row that all instances share. Times are UTC ms by the clock of whoever wrote them. */
export interface Loans {
  /** The first place that nobody has. */
  readonly next: number;
  /** The part of the allowance that was lent at `since`; it grows from then on. */
  readonly share: number;
  readonly since: number;
  /** When the share was halved last. */
  readonly halvedAt: number;
  /** Until when the service asked to be left alone. */
  readonly restUntil: number;
  readonly slots: Readonly<Record<string, Lease>>;
}

interface Lease {
  readonly count: number;
  readonly until: number;
}

export interface Ask {
  readonly holder: string;
  /** Its requests that run. */
  readonly running: number;
  /** Slots that it could fill, those of the running ones included. */
  readonly slots: number;
  readonly places: number;
}

/** Slots until a time, and places from the first on, each `everyMs` after the one before. */
export interface Loan {
  readonly slots: number;
  readonly until: number;
  readonly first: number;
  readonly everyMs: number;
  readonly places: number;
}

export type Lent = { readonly loan: Loan; readonly loans: Loans } | { readonly loan: null; readonly retryAfterMs: number };

/** Slots that are not renewed or given up are free again after this long. */
export const leaseMs = 30_000;
/** Nobody has to wait longer than this for a place. */
export const mostWaitMs = 10_000;
/** Clocks may differ by this much; what lies further ahead than it can was written by a broken one and is not believed. */
const skewMs = 60_000;
/** The longest rest that is believed at once: a service that wants a longer one says so again. */
const longestRestMs = 3_600_000;
const restUnsaidMs = 10_000;
/** The slots that one holder has at most: a few, for there are others. */
const mostSlots = 8;
const leastShare = 1 / 16;
/** From nothing to all in this long: half is whole again in half of it. */
const growMs = 300_000;
/** Everybody has heard of a refusal this long after it. */
export const hearsayMs = 2_000;

export const nothingLent: Loans = { next: 0, share: 1, since: 0, halvedAt: 0, restUntil: 0, slots: {} };

/**
 * Terms under which no window ever holds more than the allowance: the requests that begin in one have places from a burst and a place's life before it up to its
 * end, and so many places lie apart that those are no more than are allowed. Looks are taken off beforehand.
 */
export function termsOf({ atOnce, requests, windowMs }: Allowance, { kinds, everyMs }: Looks): Terms {
  const looks = kinds * (Math.ceil(windowMs / everyMs) + 1);
  const looksAreFree = 2 * looks <= requests && 2 * kinds <= atOnce;
  const burstMs = windowMs / 10;
  const lifeMs = Math.min(hearsayMs, windowMs / 4);
  return {
    slots: looksAreFree ? atOnce - kinds : atOnce,
    everyMs: (windowMs + burstMs + lifeMs) / (looksAreFree ? requests - looks : requests),
    burstMs,
    lifeMs,
    looksAreFree,
  };
}

/** How long everybody rests from now on, ms; 0 where nobody does. */
export function restOfLoans({ restUntil }: Loans, now: number): number {
  const rest = restUntil - now;
  return rest > 0 && rest <= longestRestMs + skewMs ? rest : 0;
}

/** Lends slots and places, or says after how long to ask again. Who holds slots renews them with it. */
export function borrow(loans: Loans, terms: Terms, ask: Ask, now: number): Lent {
  const known = believed(loans, terms, now);
  const rest = restOfLoans(known, now);
  if (rest > 0) return { loan: null, retryAfterMs: rest };
  const share = shareAt(known, now);
  const { usable, counted } = slotsFor(known, Math.max(1, Math.floor(terms.slots * share)), ask);
  if (counted === 0) return { loan: null, retryAfterMs: untilOneEnds(known, now) };
  const everyMs = terms.everyMs / share;
  const first = Math.max(known.next, now - terms.burstMs * share);
  if (ask.places > 0 && first > now + mostWaitMs) return { loan: null, retryAfterMs: first - now };
  const places = Math.min(ask.places, 1 + Math.floor((now + mostWaitMs - first) / everyMs));
  const until = now + leaseMs;
  return {
    loan: { slots: usable, until, first, everyMs, places },
    loans: {
      ...known,
      next: places > 0 ? first + places * everyMs : known.next,
      slots: { ...known.slots, [ask.holder]: { count: counted, until } },
    },
  };
}

/**
 * What a 429 changes, for everybody: until `Retry-After` is over nothing begins, from then on half as much does, and that grows back evenly. What began before
 * everybody could know of the last one halves nothing again.
 */
export function afterRefusal(
  loans: Loans,
  terms: Terms,
  refusal: { readonly retryAfterMs: number | null; readonly begunAt: number },
  now: number,
): Loans {
  const known = believed(loans, terms, now);
  const wait = refusal.retryAfterMs === null || refusal.retryAfterMs <= 0 ? restUnsaidMs : Math.min(refusal.retryAfterMs, longestRestMs);
  const isOld = restOfLoans(known, now) > 0 || refusal.begunAt <= known.halvedAt + hearsayMs;
  const restUntil = Math.max(known.restUntil, now + wait);
  return {
    ...known,
    share: isOld ? known.share : Math.max(leastShare, shareAt(known, now) / 2),
    halvedAt: isOld ? known.halvedAt : now,
    since: restUntil,
    next: Math.max(known.next, restUntil),
    restUntil,
  };
}

/** The part of the allowance that may be lent now. */
export function shareAt({ share, since }: Loans, now: number): number {
  return Math.min(1, share + Math.max(0, now - since) / growMs);
}

/** Without what has run out, and without what no sound clock can have written. */
function believed(loans: Loans, { everyMs }: Terms, now: number): Loans {
  const isPossible = (time: number, aheadMs: number): boolean => time <= now + aheadMs + skewMs;
  return {
    ...loans,
    next: isPossible(loans.next, Math.max(mostWaitMs + everyMs / leastShare, restOfLoans(loans, now))) ? loans.next : now,
    since: isPossible(loans.since, longestRestMs) ? loans.since : now,
    halvedAt: isPossible(loans.halvedAt, 0) ? loans.halvedAt : now,
    restUntil: isPossible(loans.restUntil, longestRestMs) ? loans.restUntil : 0,
    slots: Object.fromEntries(Object.entries(loans.slots).filter(([, { until }]) => until > now && isPossible(until, leaseMs))),
  };
}

/**
 * As many as are asked for, but so few that one more holder could have as many. Who has more than that gives up what no request of its fills, and begins nothing
 * until enough of them have ended; until then the row goes on counting them.
 */
function slotsFor(
  { slots }: Loans,
  most: number,
  { holder, running, slots: wanted }: Ask,
): { readonly usable: number; readonly counted: number } {
  const others = Object.entries(slots).filter(([name]) => name !== holder);
  const free = Math.max(0, most - others.reduce((sum, [, { count }]) => sum + count, 0));
  const fair = Math.max(1, Math.floor(most / (others.length + 2)));
  const usable = Math.min(Math.max(1, wanted), mostSlots, fair, free);
  return { usable, counted: Math.max(usable, Math.min(running, slots[holder]?.count ?? 0)) };
}

/** Until a lease ends, and no longer than it takes those who have more than their share to hear that somebody else is there. */
function untilOneEnds({ slots }: Loans, now: number): number {
  return Math.max(1_000, Math.min(mostWaitMs / 2, ...Object.values(slots).map(({ until }) => until - now)));
}
