import { secretUses } from '../auth/client-secrets';
import { clientName } from '../auth/sign-in-client';
import { signInNeeded, whySignIn } from '../auth/sign-in-needed';
import { asTandemError, errorCodes } from '../platform/errors';
import type { Services } from '../services';
import type { Integration, Page } from '../storage/integrations';
import { tableKnownAlerts } from '../storage/known-alerts';
import type { StoredMailbox } from '../storage/mailboxes';
import { type TokenState, tableTokenStates } from '../storage/token-states';
import { type Alert, type AlertEvidence, type AlertLevel, alertsOf, ofIntegration } from './alerts';

export interface AlertServices extends Pick<Services, 'clock' | 'integrations' | 'mailboxes' | 'tables'> {
  readonly config: Pick<Services['config'], 'publicUrl' | 'authorityUrl' | 'tenantId'>;
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

async function evidenceOf(
  { mailboxes, clientSecrets, tables, config, clock }: AlertServices,
  integration: Integration,
): Promise<AlertEvidence> {
  const all: StoredMailbox[] = [];
  for await (const page of mailboxes.pages(integration.id)) all.push(...page);
  const facts = await clientSecrets.describe(integration.id);
  const secrets = secretUses.flatMap((use) => {
    const expiresAt = facts[use]?.expiresAt ?? null;
    return expiresAt === null ? [] : [{ use, expiresAt }];
  });
  const known = await tableTokenStates(tables).read(integration.id, 'service');
  const signIn = signInCause(config, integration, known, facts.service?.setAt ?? clock.now());
  return { integration, mailboxes: all, signIn, secrets };
}

/**
 * Why an administrator has to sign in for Tandem itself, and where; null where nobody has to.
 * @param connectedAt since when it could be done, UTC ms
 */
function signInCause(
  config: AlertServices['config'],
  { id, baseUrl, connection: { service } }: Integration,
  known: TokenState | null,
  connectedAt: number,
): AlertEvidence['signIn'] {
  if (service.by !== 'authorizationCode') return null;
  const why = whySignIn(known, nameOf({ config, baseUrl, signIn: service }) ?? known?.client ?? '');
  if (why === null) return null;
  const { detail = '', fix } = signInNeeded(config.publicUrl, id, 'service', why);
  return { detail, fix, since: known?.failure?.at ?? known?.endedAt ?? known?.signedInAt ?? connectedAt };
}

/** Null where the addresses are wrong: that is told of each mailbox that it keeps from its work, and by the test of the connection. */
function nameOf(options: Parameters<typeof clientName>[0]): string | null {
  try {
    return clientName(options);
  } catch (thrown) {
    if (asTandemError(thrown).code !== errorCodes.settings) throw thrown;
    return null;
  }
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
