import { z } from 'zod';
import { disableMailbox, noMailbox } from '../../shared/mailboxes/disable';
import { dryRunMailbox } from '../../shared/mailboxes/dry-run';
import { enableMailbox } from '../../shared/mailboxes/enable';
import { putOwnFilters } from '../../shared/mailboxes/filters';
import { syncNow } from '../../shared/mailboxes/sync-now';
import { waitingPairs } from '../../shared/mailboxes/waiting';
import { Filters } from '../../shared/model/filter';
import { IntegrationId } from '../../shared/model/integration-id';
import type { StoredMailbox } from '../../shared/storage/mailboxes';
import { body, type Handler, json, Paging, parameters, query, register } from './answer';
import { isoTime, journalView, waitingView } from './views';

const UserId = z.guid().transform((id) => id.toLowerCase());
const One = z.object({ integration: IntegrationId, id: UserId });
const EnableBody = z.strictObject({ integration: IntegrationId, systemUserId: UserId });
const DryRunQuery = z.object({ values: z.stringbool().default(false) });
const FiltersBody = z.strictObject({ filters: Filters });
const ListQuery = Paging.extend({ integration: IntegrationId });

export const enableOne: Handler = async ({ request, services }) => {
  const { integration, systemUserId } = await body(request, EnableBody);
  const { mailbox, isNew } = await enableMailbox(services, integration, systemUserId);
  return json(view(mailbox), isNew ? 201 : 200);
};

export const listMailboxes: Handler = async ({ request, services }) => {
  const { integration, ...page } = query(request, ListQuery);
  const { items, next } = await services.mailboxes.list(integration, page);
  return json({ items: items.map(view), next });
};

export const getMailbox: Handler = async ({ request, services }) => {
  const { integration, id } = parameters(request, One);
  const mailbox = await services.mailboxes.get(integration, id);
  if (mailbox === null) throw noMailbox(integration, id);
  return json(view(mailbox));
};

export const disableOne: Handler = async ({ request, services }) => {
  const { integration, id } = parameters(request, One);
  await disableMailbox(services, integration, id);
  return { status: 204 };
};

export const readJournal: Handler = async ({ request, services }) => {
  const { items, next } = await services.journal.read(parameters(request, One), query(request, Paging));
  return json({ items: items.map(journalView), next });
};

export const listWaiting: Handler = async ({ request, services }) => {
  const { integration, id } = parameters(request, One);
  const { items, next } = await waitingPairs(services, integration, id, query(request, Paging));
  return json({ items: items.map(waitingView), next });
};

export const dryRunOne: Handler = async ({ request, services }) => {
  const { integration, id } = parameters(request, One);
  const { values } = query(request, DryRunQuery);
  const { at, ...plan } = await dryRunMailbox(services, integration, id, values);
  return json({ at: isoTime(at), ...plan });
};

export const syncOneNow: Handler = async ({ request, services }) => {
  const { integration, id } = parameters(request, One);
  await syncNow(services, integration, id);
  return { status: 202 };
};

export const getFilters: Handler = async ({ request, services }) => {
  const { integration, id } = parameters(request, One);
  const mailbox = await services.mailboxes.get(integration, id);
  if (mailbox === null) throw noMailbox(integration, id);
  return json({ filters: mailbox.filters });
};

export const putFilters: Handler = async ({ request, services }) => {
  const { integration, id } = parameters(request, One);
  const { filters } = await body(request, FiltersBody);
  await putOwnFilters(services, integration, id, filters);
  return json({ filters });
};

/** A mailbox as people see it, without what only a cycle needs. */
function view({
  marks: _marks,
  columnRights: _rights,
  deletedItems: _deleted,
  taskLists: _lists,
  health,
  ...mailbox
}: StoredMailbox): object {
  return {
    ...mailbox,
    enabledAt: isoTime(mailbox.enabledAt),
    lastChangeAt: isoTime(mailbox.lastChangeAt),
    nextRetryAt: isoTime(mailbox.nextRetryAt),
    lastCycleAt: isoTime(mailbox.lastCycleAt),
    health: health === null ? null : { ...health, since: isoTime(health.since) },
  };
}

register('enableMailbox', enableOne);
register('listMailboxes', listMailboxes);
register('getMailbox', getMailbox);
register('disableMailbox', disableOne);
register('readJournal', readJournal);
register('listWaiting', listWaiting);
register('dryRun', dryRunOne);
register('syncNow', syncOneNow);
register('getFilters', getFilters);
register('putFilters', putFilters);
