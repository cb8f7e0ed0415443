import { type Budget, createBudget, type KnownLoans } from '../../../shared/dynamics/budget';
import { createBudgets } from '../../../shared/dynamics/budgets';
import { IntegrationConnection } from '../../../shared/model/integration-connection';
import { IntegrationSettings } from '../../../shared/model/integration-settings';
import { errorCodes, TandemError } from '../../../shared/platform/errors';
import { type Loans, leaseMs, nothingLent, termsOf } from '../../../shared/platform/lending';

const terms = termsOf({ atOnce: 4, requests: 3_000, windowMs: 300_000 }, { kinds: 0, everyMs: 15_000 });

/** A row in memory, one instance that borrows from it, and the time, which the test alone moves on. */
class Desk {
  now = 1_800_000_000_000;
  row: KnownLoans = { loans: nothingLent, etag: null };
  readonly budget: Budget = createBudget({
    row: { read: async () => this.row, save: async (loans) => this.save(loans) },
    terms,
    holder: 'this one',
    lookEveryMs: 15_000,
    clock: {
      now: () => this.now,
      sleep: async (ms) => {
        this.now += ms;
      },
    },
  });

  /** Others hold all there is, but what this one holds already. */
  othersTakeAll(): void {
    const slots = { ...this.row.loans.slots, others: { count: terms.slots, until: this.now + leaseMs } };
    this.save({ ...this.row.loans, slots });
  }

  private save(loans: Loans): string {
    const etag = `${Number(this.row.etag ?? 0) + 1}`;
    this.row = { loans, etag };
    return etag;
  }
}

function request(): { readonly sent: Promise<void>; readonly send: () => Promise<void>; readonly answer: () => void } {
  let [answer, tellSent]: (() => void)[] = [];
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const sent = new Promise<void>((resolve) => {
    tellSent = resolve;
  });
  const send = () => {
    tellSent?.();
    return answered;
  };
  return { sent, send, answer: () => answer?.() };
}

it('lets nobody wait for a request to end once none runs any more, although others hold all slots', async () => {
  const desk = new Desk();
  const running = request();
  const first = desk.budget.run('work', running.send);
  await running.sent;
  desk.othersTakeAll();
  desk.now += leaseMs - 9_000;
  desk.othersTakeAll();
  const second = desk.budget.run('work', async () => 'sent');
  await new Promise((resolve) => setImmediate(resolve));
  running.answer();
  await first;
  await expect(second).rejects.toMatchObject({ code: 'throttled' });
  await expect(desk.budget.run('work', async () => 'sent')).rejects.toMatchObject({ code: 'throttled' });
});

it('counts the requests that still run by the terms of before, once the terms of an integration have changed', async () => {
  let row: KnownLoans = { loans: nothingLent, etag: null };
  const now = 1_800_000_000_000;
  const budgets = createBudgets({
    limits: {
      read: async () => row,
      save: async (_, loans, etag) => {
        if (etag !== row.etag) throw new TandemError(errorCodes.stale, { retry: 'now', fix: 'Try again.' });
        row = { loans, etag: `${Number(row.etag ?? 0) + 1}` };
        return row.etag ?? '';
      },
    },
    clock: { now: () => now, sleep: async () => undefined, timeout: () => new AbortController().signal },
    pollPeriodMs: 15_000,
    holder: 'this one',
  });
  const of = (rateLimit: IntegrationConnection['rateLimit']) =>
    budgets({ id: 'contoso', settings: IntegrationSettings.parse({}), connection: IntegrationConnection.parse({ rateLimit }) });
  const changed = { requests: 600, per: 'minute' } as const;
  const requests = Array.from({ length: 4 }, request);
  const ends = requests.map(({ send }, index) => of(index < 3 ? null : changed).run('work', send));
  await Promise.all(requests.map(({ sent }) => sent));

  const counted = Object.values(row.loans.slots).reduce((sum, { count }) => sum + count, 0);
  expect(counted).toBeGreaterThanOrEqual(4);
  const before = of(null);
  expect(of(changed)).not.toBe(before);
  expect(of(null)).toBe(before);
  for (const { answer } of requests) answer();
  await Promise.all(ends);
});
