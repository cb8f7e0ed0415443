import { secretUses } from '../auth/client-secrets';
import type { Services } from '../services';
import type { Integration, Page } from '../storage/integrations';
import { tableKnownAlerts } from '../storage/known-alerts';
import type { StoredMailbox } from '../storage/mailboxes';
import { tableTokenStates } from '../storage/token-states';
import { type Alert, type AlertEvidence, type AlertLevel, alertsOf, ofIntegration } from './alerts';

export interface AlertServices extends Pick<Services, 'clock' | 'integrations' | 'mailboxes' | 'tables'> {
  readonly clientSecrets: Pick<Services['clientSecrets'], 'describe'>;
}

/** Which alerts are wanted; null for any. */
export interface AlertQuery {
  readonly integration: string | null;
  readonly mailbox: string | null;
  readonly level: AlertLevel | null;
  readonly limit: number;
  readonly cursor: string | null;
}

/** A page of the alerts as the facts are now, in the order of their ids. */
export async function listAlerts(services: AlertServices, query: AlertQuery): Promise<Page<Alert>> {
  const { integration, mailbox, level, limit, cursor } = query;
  const found: Alert[] = [];
  for (const each of await services.integrations.all()) {
    if ((integration !== null && each.id !== integration) || isBefore(each, cursor)) continue;
    const alerts = await alertsIn(services, each);
    found.push(
      ...alerts.filter(
        (alert) =>
          (cursor === null || alert.id > cursor) &&
          (mailbox === null || alert.mailbox === mailbox) &&
          (level === null || alert.level === level),
      ),
    );
  }
  const items = found.sort((left, right) => (left.id < right.id ? -1 : 1)).slice(0, limit);
  return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** All alerts of an integration are before the cursor. */
function isBefore({ id }: Integration, cursor: string | null): boolean {
  return cursor !== null && `${id}}` < cursor;
}

/** The alerts of one integration. */
export async function alertsIn(services: AlertServices, integration: Integration): Promise<Alert[]> {
  return alertsOf(await evidenceOf(services, integration), services.clock.now());
}

async function evidenceOf({ mailboxes, clientSecrets, tables }: AlertServices, integration: Integration): Promise<AlertEvidence> {
  const all: StoredMailbox[] = [];
  for await (const page of mailboxes.pages(integration.id)) all.push(...page);
  const facts = await clientSecrets.describe(integration.id);
  const secrets = secretUses.flatMap((use) => {
    const expiresAt = facts[use]?.expiresAt ?? null;
    return expiresAt === null ? [] : [{ use, expiresAt }];
  });
  const isSignedIn = integration.connection.service.by === 'authorizationCode';
  const token = isSignedIn ? await tableTokenStates(tables).read(integration.id, 'service') : null;
  const failure = token?.state === 'again' ? token.failure : null;
  const signIn = failure === null ? null : { detail: failure.detail, fix: failure.fix, since: failure.at };
  return { integration, mailboxes: all, signIn, secrets };
}

/** Tells the log of each alert once: when it is there for the first time, and when it is gone. Called from time to time by one at a time. */
export async function watchAlerts(services: AlertServices & Pick<Services, 'log'>): Promise<void> {
  const known = tableKnownAlerts(services.tables);
  for (const integration of await services.integrations.all()) {
    const { ids, etag } = await known.read(integration.id);
    const alerts = await alertsIn(services, integration);
    const now = new Set(alerts.map(({ id }) => id));
    const raised = alerts.filter(({ id }) => !ids.has(id));
    const cured = [...ids].filter((id) => !now.has(id));
    if (raised.length === 0 && cured.length === 0) continue;
    if (!(await known.save(integration.id, now, etag))) continue;
    for (const { kind, level, mailbox, code, count } of raised)
      services.log.warn('alert-raised', { integration: integration.id, mailbox: mailbox ?? '', kind, level, code, count });
    for (const id of cured) {
      const [, mailbox = '', kind = '', code = ''] = id.split('|');
      services.log.info('alert-cured', { integration: integration.id, mailbox: mailbox === ofIntegration ? '' : mailbox, kind, code });
    }
  }
}
