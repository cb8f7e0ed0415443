import { z } from 'zod';
import { decideApproval } from '../../shared/mailboxes/approval';
import { importUsers, type Skip, skips } from '../../shared/mailboxes/import-users';
import { each } from '../../shared/mailboxes/many';
import { pauseMailbox, resumeMailbox } from '../../shared/mailboxes/pause';
import { givenToNew } from '../../shared/mailboxes/profiles';
import { resync } from '../../shared/mailboxes/reload';
import { json, register } from './answer';
import { empty, jsonOf } from './contract';
import { OfIntegration, ofMany } from './many-mailboxes';
import { OneMailbox } from './schemas';

const tag = 'Mailboxes';
const ImportedView = z.object({
  added: z.int(),
  known: z.int(),
  changed: z.int().describe('Known ones whose address or account is another: their approval was taken back.'),
  skipped: z.partialRecord(z.enum(Object.keys(skips) as [Skip, ...Skip[]]), z.int()),
  complete: z.boolean().describe('False where there were more new users than one import takes in.'),
});

register(
  'importMailboxes',
  {
    summary: 'Make mailboxes of the users of Dynamics; none of them syncs before it is approved',
    tag,
    query: OfIntegration,
    replies: { 200: jsonOf(ImportedView) },
  },
  async ({ query: { integration }, services }) => json(await importUsers(services, integration, await givenToNew(services, integration))),
);

register('approveMailboxes', { summary: 'Approve mailboxes', ...ofMany }, async ({ params: { integration }, body, services, caller }) =>
  json({ results: await each(body.ids, (id) => decideApproval(services, { integration, id, by: caller.objectId }, 'approve')) }),
);

register('rejectMailboxes', { summary: 'Reject mailboxes', ...ofMany }, async ({ params: { integration }, body, services, caller }) =>
  json({ results: await each(body.ids, (id) => decideApproval(services, { integration, id, by: caller.objectId }, 'reject')) }),
);

register('pauseMailboxes', { summary: 'Stop mailboxes for a while', ...ofMany }, async ({ params: { integration }, body, services }) =>
  json({ results: await each(body.ids, (id) => pauseMailbox(services, integration, id)) }),
);

register('resumeMailboxes', { summary: 'Let mailboxes go on', ...ofMany }, async ({ params: { integration }, body, services }) =>
  json({ results: await each(body.ids, (id) => resumeMailbox(services, integration, id)) }),
);

register(
  'resyncMailbox',
  { summary: 'Read both sides of a mailbox in full', tag, params: OneMailbox, replies: { 202: empty('It is woken.') } },
  async ({ params: { integration, id }, services }) => {
    await resync(services, integration, id);
    return { status: 202 };
  },
);
