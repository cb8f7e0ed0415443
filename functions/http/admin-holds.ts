import { z } from 'zod';
import { approveAll, decideHold, type HoldServices, listHolds } from '../../shared/mailboxes/holds';
import { IntegrationId } from '../../shared/model/integration-id';
import { entities } from '../../shared/model/values';
import { errorCodes, TandemError } from '../../shared/platform/errors';
import { pollingServicesOf, type Services } from '../../shared/services';
import type { HeldRow } from '../../shared/storage/hold-rows';
import { holdReasons } from '../../shared/sync/decision';
import { body, type Call, type Handler, json, Paging, parameters, query, register } from './answer';

const Id = z.guid().transform((id) => id.toLowerCase());
const One = z.object({ integration: IntegrationId, id: Id });
const OneHold = One.extend({ entity: z.enum(entities), recordId: Id });
/** The `at` of the hold as it was listed: one that has changed since is not decided. */
const Seen = z.object({ at: z.iso.datetime().optional() });
const ReasonBody = z.strictObject({ reason: z.enum(holdReasons) });

export const listOfHolds: Handler = async ({ request, services }) => {
  const { integration, id } = parameters(request, One);
  const { items, next } = await listHolds(holdServices(services), integration, id, query(request, Paging));
  return json({ items: items.map(view), next });
};

export const approveOne: Handler = (call) => decide(call, 'approve');

export const discardOne: Handler = (call) => decide(call, 'discard');

export const approveAllOf: Handler = async ({ request, services, caller }) => {
  const { integration, id } = parameters(request, One);
  const { reason } = await body(request, ReasonBody);
  return json({ approved: await approveAll(holdServices(services), { integration, id, by: objectIdOf(caller) }, reason) }, 202);
};

async function decide({ request, services, caller }: Call, verdict: 'approve' | 'discard') {
  const { integration, id, entity, recordId } = parameters(request, OneHold);
  const { at } = query(request, Seen);
  const seenAt = at === undefined ? null : Date.parse(at);
  await decideHold(holdServices(services), { integration, id, by: objectIdOf(caller) }, { entity, recordId }, verdict, seenAt);
  return { status: 202 };
}

function holdServices(services: Services): HoldServices {
  const { journal, mailboxes } = services;
  return { ...pollingServicesOf(services), journal, mailboxes };
}

/** Nobody decides without a name in the journal. */
function objectIdOf(caller: Call['caller']): string {
  if (caller !== null) return caller.objectId;
  throw new TandemError(errorCodes.unauthorized, { retry: 'never', fix: 'Sign in.', detail: 'nobody is signed in' });
}

function view({ at, ...held }: HeldRow): object {
  return { ...held, at: new Date(at).toISOString() };
}

register('listHolds', listOfHolds);
register('approveHold', approveOne);
register('discardHold', discardOne);
register('approveHolds', approveAllOf);
