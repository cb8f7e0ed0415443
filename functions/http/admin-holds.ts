import type { HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { approveAll, decideHold, type HoldServices, listHolds } from '../../shared/mailboxes/holds';
import { pollingServicesOf, type Services } from '../../shared/services';
import { holdReasons } from '../../shared/sync/decision';
import { json, register } from './answer';
import { type Call, empty, jsonOf } from './contract';
import { AnEntity, Guid, OneMailbox, Paging, pageOf } from './schemas';
import { HoldView, holdView } from './views';

const OneHold = OneMailbox.extend({ entity: AnEntity, recordId: Guid });
const Seen = z.object({
  at: z.iso.datetime().optional().describe('The `at` of the hold as it was listed: one that has changed since is not decided.'),
});

register(
  'listHolds',
  {
    summary: 'List what waits for a decision',
    tag: 'Holds',
    params: OneMailbox,
    query: Paging,
    replies: { 200: jsonOf(pageOf(HoldView)) },
  },
  async ({ params: { integration, id }, query, services }) => {
    const { items, next } = await listHolds(holdServices(services), integration, id, query);
    return json({ items: items.map(holdView), next });
  },
);

const decided = { 202: empty('It is written down; the next cycle plans the pair again.') };

register('approveHold', { summary: 'Approve a hold', tag: 'Holds', params: OneHold, query: Seen, replies: decided }, (call) =>
  decide(call, 'approve'),
);

register('discardHold', { summary: 'Discard a hold', tag: 'Holds', params: OneHold, query: Seen, replies: decided }, (call) =>
  decide(call, 'discard'),
);

register(
  'approveHolds',
  {
    summary: 'Approve all holds of one reason',
    tag: 'Holds',
    params: OneMailbox,
    body: z.strictObject({ reason: z.enum(holdReasons) }),
    replies: { 202: jsonOf(z.object({ approved: z.int() }), 'They are written down; the next cycle plans the pairs again.') },
  },
  async ({ params: { integration, id }, body: { reason }, services, caller }) =>
    json({ approved: await approveAll(holdServices(services), { integration, id, by: caller.objectId }, reason) }, 202),
);

async function decide(
  { params, query: { at }, services, caller }: Call<'approveHold' | 'discardHold', typeof OneHold, typeof Seen>,
  verdict: 'approve' | 'discard',
): Promise<HttpResponseInit> {
  const { integration, id, entity, recordId } = params;
  const seenAt = at === undefined ? null : Date.parse(at);
  await decideHold(holdServices(services), { integration, id, by: caller.objectId }, { entity, recordId }, verdict, seenAt);
  return { status: 202 };
}

function holdServices(services: Services): HoldServices {
  const { journal, mailboxes } = services;
  return { ...pollingServicesOf(services), journal, mailboxes };
}
