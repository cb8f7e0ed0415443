import fc from 'fast-check';
import {
  type Allowance,
  afterRefusal,
  borrow,
  hearsayMs,
  type Loans,
  leaseMs,
  mostWaitMs,
  nothingLent,
  restOfLoans,
  shareAt,
  termsOf,
} from '../../../shared/platform/lending';

const start = Date.parse('2026-10-05T06:00:00Z');

const allowances: fc.Arbitrary<Allowance> = fc.record({
  atOnce: fc.integer({ min: 1, max: 52 }),
  requests: fc.integer({ min: 1, max: 4_000 }),
  windowMs: fc.constantFrom(1_000, 60_000, 300_000),
});

const looks = fc.record({ kinds: fc.integer({ min: 1, max: 9 }), everyMs: fc.constantFrom(1_000, 15_000, 60_000) });

const holders = ['h0', 'h1', 'h2', 'h3'] as const;

/** What somebody does after a pause: asks, or hears that the service refused. */
const events = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 60_000 })),
    holder: fc.constantFrom(...holders),
    running: fc.integer({ min: 0, max: 8 }),
    slots: fc.integer({ min: 0, max: 30 }),
    places: fc.integer({ min: 0, max: 16 }),
    refusedForMs: fc.option(fc.integer({ min: 0, max: 400_000 }), { freq: 12, nil: null }),
  }),
  { minLength: 1, maxLength: 300 },
);

/** By how much each instance's clock is ahead, ms. */
const skews = fc.record({
  h0: fc.constant(0),
  h1: fc.integer({ min: -5_000, max: 5_000 }),
  h2: fc.integer({ min: -5_000, max: 5_000 }),
  h3: fc.integer({ min: -5_000, max: 5_000 }),
});

/** The most requests that begin in any window when each place is used at `at`. */
function mostWithin(windowMs: number, times: readonly number[]): number {
  const sorted = [...times].sort((left, right) => left - right);
  let most = 0;
  for (let from = 0, to = 0; to < sorted.length; to += 1) {
    while ((sorted[to] ?? 0) - (sorted[from] ?? 0) >= windowMs) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

describe('what is lent of an allowance', () => {
  test('however it is asked for, slots are never more than there are, and the places of no window more than may begin in it', () => {
    fc.assert(
      fc.property(allowances, looks, events, fc.boolean(), (allowance, known, script, lazy) => {
        const terms = termsOf(allowance, known);
        const taken = terms.looksAreFree ? known.kinds * (Math.ceil(allowance.windowMs / known.everyMs) + 1) : 0;
        let loans: Loans = nothingLent;
        let now = start;
        const used: number[] = [];
        for (const { afterMs, holder, running, slots, places, refusedForMs } of script) {
          now += afterMs;
          if (refusedForMs !== null) {
            loans = afterRefusal(loans, terms, { retryAfterMs: refusedForMs, begunAt: now - 100 }, now);
            continue;
          }
          const filled = Math.min(running, loans.slots[holder]?.count ?? 0);
          const lent = borrow(loans, terms, { holder, running: filled, slots, places }, now);
          if (lent.loan === null) continue;
          loans = lent.loans;
          const living = Object.values(loans.slots).filter(({ until }) => until > now);
          expect(living.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(terms.slots);
          for (let index = 0; index < lent.loan.places; index += 1) {
            const at = lent.loan.first + index * lent.loan.everyMs;
            used.push(Math.max(at, now) + (lazy && index % 2 === 0 ? terms.lifeMs : 0));
          }
        }
        expect(mostWithin(allowance.windowMs, used) + taken).toBeLessThanOrEqual(allowance.requests);
      }),
      { numRuns: 300 },
    );
  });

  test('clocks that differ by seconds lend no slot twice while its holder uses it, and stop nobody', () => {
    fc.assert(
      fc.property(skews, events, (skew, script) => {
        const terms = termsOf({ atOnce: 26, requests: 3_000, windowMs: 300_000 }, { kinds: 9, everyMs: 15_000 });
        let loans: Loans = nothingLent;
        let now = start;
        const held = new Map<string, { readonly count: number; readonly until: number }>();
        for (const { afterMs, holder, slots, places } of script) {
          now += afterMs;
          const own = now + skew[holder];
          const lent = borrow(loans, terms, { holder, running: 0, slots, places }, own);
          if (lent.loan === null) continue;
          loans = lent.loans;
          // An instance begins nothing in the last ten seconds of its lease.
          held.set(holder, { count: lent.loan.slots, until: lent.loan.until - skew[holder] - 10_000 });
          const usable = [...held.values()].filter(({ until }) => until > now);
          expect(usable.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(terms.slots);
        }
        now += leaseMs + 2 * mostWaitMs;
        for (const holder of holders)
          expect(borrow(loans, terms, { holder, running: 0, slots: 1, places: 1 }, now + skew[holder]).loan).not.toBeNull();
      }),
    );
  });

  test('whatever a broken clock wrote, everybody is lent something within an hour and a minute', () => {
    const wild = fc.integer({ min: 0, max: 4_000_000_000_000 });
    const row: fc.Arbitrary<Loans> = fc.record({
      next: wild,
      share: fc.double({ min: 1 / 16, max: 1, noNaN: true }),
      since: wild,
      halvedAt: wild,
      restUntil: wild,
      slots: fc.dictionary(fc.constantFrom(...holders), fc.record({ count: fc.integer({ min: 1, max: 26 }), until: wild })),
    });
    fc.assert(
      fc.property(row, allowances, looks, (loans, allowance, known) => {
        const terms = termsOf(allowance, known);
        const { loan } = borrow(loans, terms, { holder: 'new', running: 0, slots: 1, places: 1 }, start);
        const later = start + 2 * 3_600_000;
        expect(loan ?? borrow(loans, terms, { holder: 'new', running: 0, slots: 1, places: 1 }, later).loan).not.toBeNull();
      }),
    );
  });

  test('a refusal has everybody rest until its time is over, halves what is lent then, and is forgotten after some minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600_000 }), fc.integer({ min: 1, max: 40 }), (retryAfterMs, refusals) => {
        const terms = termsOf({ atOnce: 26, requests: 3_000, windowMs: 300_000 }, { kinds: 9, everyMs: 15_000 });
        let loans: Loans = nothingLent;
        for (let index = 0; index < refusals; index += 1)
          loans = afterRefusal(loans, terms, { retryAfterMs, begunAt: start - 1_000 + index * 10 }, start + index);
        const end = start + refusals - 1 + retryAfterMs;
        const ask = { holder: 'h1', running: 0, slots: 30, places: 16 };
        expect(restOfLoans(loans, start + refusals)).toBe(end - start - refusals > 0 ? end - start - refusals : 0);
        if (end - 1 > start + refusals) expect(borrow(loans, terms, ask, end - 1).loan).toBeNull();
        const after = borrow(loans, terms, ask, end);
        expect(shareAt(loans, end)).toBe(1 / 2);
        expect(after.loan?.everyMs).toBeCloseTo(terms.everyMs * 2);
        expect(after.loan?.first).toBeGreaterThanOrEqual(end);
        expect(shareAt(loans, end + 75_000)).toBeCloseTo(3 / 4);
        expect(shareAt(loans, end + 150_000)).toBe(1);
      }),
    );
  });

  test('refused again and again, no less than a sixteenth is lent, and all of it again five minutes after the last time', () => {
    const terms = termsOf({ atOnce: 26, requests: 3_000, windowMs: 300_000 }, { kinds: 9, everyMs: 15_000 });
    let loans: Loans = nothingLent;
    let now = start;
    for (let index = 0; index < 20; index += 1) {
      loans = afterRefusal(loans, terms, { retryAfterMs: 1_000, begunAt: now }, now);
      now += 1_000 + hearsayMs + 1;
    }
    expect(shareAt(loans, now)).toBeGreaterThanOrEqual(1 / 16);
    expect(shareAt(loans, now)).toBeLessThan(1 / 10);
    expect(shareAt(loans, now + 300_000)).toBe(1);
  });

  test('four who want all there is get about the same, whoever was first', () => {
    const terms = termsOf({ atOnce: 26, requests: 3_000, windowMs: 300_000 }, { kinds: 9, everyMs: 15_000 });
    let loans: Loans = nothingLent;
    const places = new Map<string, number>(holders.map((holder) => [holder, 0]));
    const slots = new Map<string, number>();
    const running = new Map<string, number>();
    const busyUntil = new Map<string, number>();
    for (let now = start; now < start + 600_000; now += 250) {
      for (const holder of holders) {
        // Nobody asks for more places before the last of its own has come.
        if ((busyUntil.get(holder) ?? 0) > now) continue;
        const lent = borrow(loans, terms, { holder, running: running.get(holder) ?? 0, slots: 20, places: 16 }, now);
        if (lent.loan === null) continue;
        loans = lent.loans;
        places.set(holder, (places.get(holder) ?? 0) + lent.loan.places);
        slots.set(holder, lent.loan.slots);
        busyUntil.set(holder, lent.loan.first + (lent.loan.places - 1) * lent.loan.everyMs);
        // One of its requests ends, and it fills what it may.
        running.set(holder, Math.max(lent.loan.slots, (running.get(holder) ?? 0) - 1));
      }
    }
    const counts = [...places.values()];
    expect(Math.min(...counts)).toBeGreaterThan(0.5 * Math.max(...counts));
    expect([...slots.values()]).toEqual([3, 3, 3, 3]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan((600_000 / terms.everyMs) * 0.95);
  });
});
