import { type Budget, createBudget, type KnownLoans } from '../../../shared/dynamics/budget';
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
