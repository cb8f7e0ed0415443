import { z } from 'zod';
import { asTandemError } from '../../shared/platform/errors';
import { neglectedTimers } from '../../shared/polling/watchdog';
import type { Services } from '../../shared/services';
import { json, register } from './answer';
import { jsonOf } from './contract';

/** Everybody may ask, so an answer stands for some seconds, and says nothing of what is wrong. */
const stands = 5_000;
let last: { readonly ok: boolean; readonly until: number } | undefined;

register(
  'health',
  {
    summary: 'Whether the app has its settings, reaches its state and does what its timers are for',
    tag: 'Health',
    replies: { 200: jsonOf(z.object({ status: z.literal('ok') })), 503: jsonOf(z.object({ status: z.literal('not ok') }), 'It does not.') },
  },
  async ({ services }) => {
    const now = services.clock.now();
    if (last === undefined || now >= last.until) last = { ok: await isOk(services), until: now + stands };
    return last.ok ? json({ status: 'ok' }) : json({ status: 'not ok' }, 503);
  },
);

async function isOk({ timerRuns, config, clock, log }: Services): Promise<boolean> {
  try {
    const neglected = await neglectedTimers(timerRuns, config, clock.now());
    if (neglected.length > 0) log.warn('not-healthy', { code: 'timers', detail: neglected.join(', ') });
    return neglected.length === 0;
  } catch (thrown) {
    const { code, detail = null } = asTandemError(thrown);
    log.warn('not-healthy', { code, detail });
    return false;
  }
}
