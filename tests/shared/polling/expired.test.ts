import { type ExpiringServices, removeExpired } from '../../../shared/polling/expired';

const hour = 3_600_000;
const day = 24 * hour;

test('requests are removed every hour, the audit once a day as far back as the settings say, and what idempotency keys remember with it', async () => {
  let now = 0;
  const removed: string[] = [];
  const services: ExpiringServices = {
    clock: { now: () => now, sleep: async () => undefined },
    log: { info() {}, warn() {}, error() {} },
    config: { auditKeptMs: 400 * day },
    audit: {
      prune: async (before) => {
        removed.push(`audit ${(now - before) / day}`);
        return 0;
      },
    },
    replies: {
      prune: async () => {
        removed.push('replies');
        return 0;
      },
    },
    requestLog: {
      prune: async () => {
        removed.push('requests');
        return 0;
      },
    },
  };
  for (let tick = 0; tick < 48; tick += 1) {
    now = Date.UTC(2026, 4, 1) + tick * hour + (tick % 3) * 4_000;
    await removeExpired(services);
  }
  expect(removed.filter((each) => each === 'requests')).toHaveLength(48);
  expect(removed.filter((each) => each === 'audit 400')).toHaveLength(2);
  expect(removed.filter((each) => each === 'replies')).toHaveLength(2);
});
