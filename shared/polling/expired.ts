import type { Services } from '../services';
import { fallsIn } from '../sync/due';

const hour = 3_600_000;

/** What removing takes. */
export interface ExpiringServices extends Pick<Services, 'clock' | 'log'> {
  readonly config: Pick<Services['config'], 'auditKeptMs'>;
  readonly audit: Pick<Services['audit'], 'prune'>;
  readonly requestLog: Pick<Services['requestLog'], 'prune'>;
  readonly replies: Pick<Services['replies'], 'prune'>;
}

/** Tells of client secrets and certificates that end in 30, 7 or 1 days, or have ended: each once. To be called about once an hour. */
export async function warnOfSecrets({
  integrations,
  clientSecrets,
  log,
}: Pick<Services, 'integrations' | 'clientSecrets' | 'log'>): Promise<void> {
  for (const { id: integration } of await integrations.all()) {
    for (const { use, days } of await clientSecrets.takeWarnings(integration)) log.warn('client-secret-ends', { integration, use, days });
  }
}

/** Removes what has been kept long enough; to be called about once an hour. */
export async function removeExpired({ clock, log, config, audit, requestLog, replies }: ExpiringServices): Promise<void> {
  log.info('requests-pruned', { rows: await requestLog.prune() });
  const now = clock.now();
  const tick = Math.round(now / hour) * hour;
  if (!fallsIn(24 * hour, 'audit', tick, hour)) return;
  log.info('replies-pruned', { rows: await replies.prune() });
  log.info('audit-pruned', { rows: await audit.prune(now - config.auditKeptMs) });
}
