import { z } from 'zod';
import { disableMailbox, noMailbox } from '../../shared/mailboxes/disable';
import { enableMailbox } from '../../shared/mailboxes/enable';
import { putOwnFilters } from '../../shared/mailboxes/filters';
import { syncNow } from '../../shared/mailboxes/sync-now';
import { waitingPairs } from '../../shared/mailboxes/waiting';
import { Filters } from '../../shared/model/filter';
import { IntegrationId } from '../../shared/model/integration-id';
import type { Services } from '../../shared/services';
import { json, register } from './answer';
import { empty, jsonOf } from './contract';
import { MailboxView, mailboxViewIn } from './mailbox-view';
import { Guid, OneMailbox, Paging, pageOf } from './schemas';
import { JournalView, journalView, WaitingView, waitingView } from './views';

const FiltersBody = z.strictObject({ filters: Filters });
const tag = 'Mailboxes';
const ofMailbox = {
  state: ({ services, params }: { readonly services: Services; readonly params: z.output<typeof OneMailbox> }) =>
    stateOf(services, params.integration, params.id),
  shown: ['status'],
};

/** What admins change of a mailbox. */
async function stateOf({ mailboxes }: Services, integration: string, id: string): Promise<object | null> {
  const mailbox = await mailboxes.get(integration, id);
  return mailbox === null ? null : { status: mailbox.status, filters: mailbox.filters };
}

register(
  'enableMailbox',
  {
    summary: 'Approve and enable the mailbox of a user of Dynamics in one step, untested',
    tag,
    body: z.strictObject({ integration: IntegrationId, systemUserId: Guid }),
    audit: { state: ({ services, body }) => stateOf(services, body.integration, body.systemUserId), shown: ['status'] },
    replies: { 200: jsonOf(MailboxView, 'It was known already.'), 201: jsonOf(MailboxView, 'It is new; its first load begins.') },
  },
  async ({ body: { integration, systemUserId }, services, caller }) => {
    const { mailbox, isNew } = await enableMailbox(services, integration, systemUserId, caller.objectId);
    return json((await mailboxViewIn(services, integration))(mailbox), isNew ? 201 : 200);
  },
);

register(
  'listMailboxes',
  {
    summary: 'List the mailboxes of an integration',
    tag,
    query: Paging.extend({ integration: IntegrationId }),
    replies: { 200: jsonOf(pageOf(MailboxView)) },
  },
  async ({ query: { integration, ...page }, services }) => {
    const { items, next } = await services.mailboxes.list(integration, page);
    return json({ items: items.map(await mailboxViewIn(services, integration)), next });
  },
);

register(
  'getMailbox',
  { summary: 'Read a mailbox and its health', tag, params: OneMailbox, replies: { 200: jsonOf(MailboxView) } },
  async ({ params: { integration, id }, services }) => {
    const mailbox = await services.mailboxes.get(integration, id);
    if (mailbox === null) throw noMailbox(integration, id);
    return json((await mailboxViewIn(services, integration))(mailbox));
  },
);

register(
  'disableMailbox',
  {
    summary: 'Switch a mailbox off',
    tag,
    params: OneMailbox,
    audit: ofMailbox,
    replies: { 204: empty('It is switched off and keeps what it has.') },
  },
  async ({ params: { integration, id }, services }) => {
    await disableMailbox(services, integration, id);
    return { status: 204 };
  },
);

register(
  'readJournal',
  {
    summary: 'Read what was done to a mailbox, and what was lost',
    tag,
    params: OneMailbox,
    query: Paging,
    replies: { 200: jsonOf(pageOf(JournalView)) },
  },
  async ({ params, query, services }) => {
    const { items, next } = await services.journal.read(params, query);
    return json({ items: items.map(journalView), next });
  },
);

register(
  'listWaiting',
  { summary: 'List the pairs that wait', tag, params: OneMailbox, query: Paging, replies: { 200: jsonOf(pageOf(WaitingView)) } },
  async ({ params: { integration, id }, query, services }) => {
    const { items, next } = await waitingPairs(services, integration, id, query);
    return json({ items: items.map(waitingView), next });
  },
);

register(
  'syncNow',
  { summary: 'Sync a mailbox now', tag, params: OneMailbox, replies: { 202: empty('It is woken.') } },
  async ({ params: { integration, id }, services }) => {
    await syncNow(services, integration, id);
    return { status: 202 };
  },
);

register(
  'getFilters',
  { summary: 'Read the own filters of a person', tag, params: OneMailbox, replies: { 200: jsonOf(FiltersBody) } },
  async ({ params: { integration, id }, services }) => {
    const mailbox = await services.mailboxes.get(integration, id);
    if (mailbox === null) throw noMailbox(integration, id);
    return json({ filters: mailbox.filters });
  },
);

register(
  'putFilters',
  {
    summary: 'Replace the own filters of a person',
    tag,
    params: OneMailbox,
    body: FiltersBody,
    audit: ofMailbox,
    replies: { 200: jsonOf(FiltersBody) },
  },
  async ({ params: { integration, id }, body: { filters }, services }) => {
    await putOwnFilters(services, integration, id, filters);
    return json({ filters });
  },
);
