import { sweepSlot, workFor } from '../cycle/work-for';
import { tableOf } from '../dynamics/tables';
import { customOf } from '../model/custom-fields';
import { type Filters, scopeOf } from '../model/filter';
import { type Entity, entities } from '../model/values';
import { errorCodes, TandemError } from '../platform/errors';
import type { Services } from '../services';
import type { Integration } from '../storage/integrations';
import { type StoredMailbox, takesPart } from '../storage/mailboxes';
import { noMailbox } from './disable';
import { noIntegration } from './enable';

type FilterServices = Pick<Services, 'integrations' | 'mailboxes' | 'messenger' | 'clock' | 'dynamics' | 'log'>;

/**
 * Saves a person's own filters and has her mailbox swept, so that they take effect.
 * @throws TandemError `not-found`; `bad-request` where Dynamics does not take the filters
 */
export async function putOwnFilters(services: FilterServices, integrationId: string, id: string, filters: Filters): Promise<void> {
  const { integrations, mailboxes, log } = services;
  const integration = await integrations.get(integrationId);
  if (integration === null) throw noIntegration(integrationId);
  if ((await mailboxes.get(integrationId, id)) === null) throw noMailbox(integrationId, id);
  for (const entity of entities) await checkEntity(services, integration, entity, filters);
  const mailbox = await mailboxes.update(integrationId, id, (there) => ({ ...there, filters }));
  if (mailbox === null) throw noMailbox(integrationId, id);
  await sweepOne(services, mailbox, services.clock.now());
  log.info('filters-saved', { integration: integrationId, mailbox: id });
}

/**
 * Asks Dynamics whether it takes the filters and the added columns of an integration, as far as they are new.
 * @throws TandemError `bad-request` where it does not
 */
export async function checkSettings(services: FilterServices, before: Integration | null, after: Integration): Promise<void> {
  for (const entity of entities) {
    const of = (integration: Integration | null): string =>
      JSON.stringify([integration?.settings.filters[entity] ?? [], customOf(integration?.settings.customFields ?? {}, entity)]);
    refuseMapped(after, entity);
    if (of(before) !== of(after)) await checkEntity(services, after, entity, after.settings.filters);
  }
}

/** A column that two fields write would be written by both. */
function refuseMapped({ settings }: Integration, entity: Entity): void {
  const { columns } = tableOf(entity, {});
  const twice = customOf(settings.customFields, entity).find(
    ({ column }) => columns.includes(column) || columns.includes(`_${column}_value`),
  );
  if (twice === undefined) return;
  throw new TandemError(errorCodes.badRequest, {
    retry: 'never',
    fix: 'Leave the column out: it syncs already, or Dynamics keeps it itself.',
    detail: `${entity}: the column ${twice.column} is mapped already`,
  });
}

/** True where an integration lets other records through than before, or maps other fields. */
export function changesScope(before: Integration, after: Integration): boolean {
  const of = ({ settings }: Integration): string => JSON.stringify([settings.filters, settings.customFields, settings.contactAddresses]);
  return of(before) !== of(after);
}

/** Has every mailbox of an integration swept, spread over some minutes. */
export async function sweepAll(services: FilterServices, integration: Integration): Promise<void> {
  let at = services.clock.now();
  for await (const page of services.mailboxes.pages(integration.id)) {
    for (const mailbox of page) {
      await sweepOne(services, mailbox, at);
      at += betweenSweepsMs;
    }
  }
}

const betweenSweepsMs = 1_000;

async function sweepOne({ messenger, clock }: FilterServices, mailbox: StoredMailbox, at: number): Promise<void> {
  if (takesPart(mailbox)) await messenger.wake(workFor(mailbox, 'sweep', clock.now()), sweepSlot(mailbox, at));
}

async function checkEntity({ dynamics }: FilterServices, integration: Integration, entity: Entity, filters: Filters): Promise<void> {
  const scope = scopeOf(entity, filters, {});
  const any = scope.kind === 'some' ? scope.any : [];
  if (any.length === 0 && customOf(integration.settings.customFields, entity).length === 0) return;
  try {
    await dynamics(integration).check(entity, any);
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== errorCodes.settings) throw error;
    throw new TandemError(errorCodes.badRequest, {
      retry: 'never',
      fix: error.fix,
      detail: `${entity}: ${error.detail ?? 'refused'}`,
      cause: error,
    });
  }
}
