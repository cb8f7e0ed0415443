import type { WakeUp } from '../../../shared/messaging/messages';
import type { PollingServices } from '../../../shared/polling/services';
import { dailySweep, heartbeat } from '../../../shared/polling/timers';

const minute = 60_000;
const hour = 60 * minute;
const many = 400;

/** Services of an integration with many mailboxes, on a clock that a test sets; what is woken is counted by mailbox. */
function crowd(): { services: PollingServices; setClock: (now: number) => void; woken: Map<string, number> } {
  let now = 0;
  const woken = new Map<string, number>();
  const mailboxes = Array.from({ length: many }, (_, index) => ({ id: `mailbox-${index}`, status: 'on', health: null }));
  const parts: Record<string, unknown> = {
    clock: { now: () => now },
    log: { info() {}, warn() {}, error() {} },
    settings: { heartbeatPeriodMs: 5 * minute, journalKeptMs: 30 * 24 * hour },
    integrations: { all: () => Promise.resolve([{ id: 'contoso' }]) },
    journal: { prune: () => Promise.resolve(0) },
    mailboxes: {
      async *pages() {
        yield mailboxes;
      },
    },
    messenger: {
      async wakeMany(wakeUps: readonly { readonly wakeUp: WakeUp }[]) {
        for (const { wakeUp } of wakeUps) woken.set(wakeUp.mailbox, (woken.get(wakeUp.mailbox) ?? 0) + 1);
      },
    },
  };
  const setClock = (to: number): void => {
    now = to;
  };
  return { services: parts as unknown as PollingServices, woken, setClock };
}

/** Timers come a little late, now more, now less. */
const lateness = [0, 9_000, 40, 2_500, 12_000, 7];

test('every mailbox gets exactly one heartbeat an hour, however late the timer comes', async () => {
  const { services, setClock, woken } = crowd();
  const start = Date.UTC(2026, 10, 2, 8);
  for (let tick = 0; tick < 36; tick += 1) {
    setClock(start + tick * 5 * minute + (lateness[tick % lateness.length] ?? 0));
    await heartbeat(services);
  }
  expect(woken.size).toBe(many);
  expect(new Set(woken.values())).toEqual(new Set([3]));
});

test('every mailbox gets exactly one sweep a day, however late the timer comes', async () => {
  const { services, setClock, woken } = crowd();
  const start = Date.UTC(2026, 10, 2, 0);
  for (let tick = 0; tick < 48; tick += 1) {
    setClock(start + tick * hour + 10 * (lateness[tick % lateness.length] ?? 0));
    await dailySweep(services);
  }
  expect(woken.size).toBe(many);
  expect(new Set(woken.values())).toEqual(new Set([2]));
});
