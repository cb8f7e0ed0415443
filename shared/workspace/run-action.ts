import { guidFrom } from '../model/guid-from';
import { errorCodes, TandemError } from '../platform/errors';
import type { Services } from '../services';
import type { Integration } from '../storage/integrations';
import type { DoneCall, KeyedCall } from '../storage/replies';
import { type ActionCall, type ActionOutcome, act } from './act';
import type { Given } from './actions/check';
import { offerOf } from './actions/offer';
import { type AfterServices, afterAction, type Touched } from './after-action';
import { type DeskServices, deskFor, openApp, type Visit } from './desk-for';
import { nothingHere } from './grants';

export type RunServices = DeskServices & AfterServices & Pick<Services, 'replies' | 'log'>;

/** What a client asks an action to do. */
export interface Asked {
  readonly action: string;
  readonly record: ActionCall['record'];
  readonly values: Given;
  /** Chosen by the client: the same for every try of the same call. */
  readonly key: string;
}

export type RunOutcome = (DoneCall & { readonly kind: 'done' }) | Extract<ActionOutcome, { kind: 'changedMeanwhile' }>;

/**
 * Runs an action of a microapp as a person, once for each idempotency key: a repeated call gets the reply of the first.
 * @throws TandemError `not-found` for an action that the microapp does not offer, `key-reused`, `conflict` while the same call is under way, and as `act`
 */
export async function runAction(services: RunServices, visit: Visit, { action, record, values, key }: Asked): Promise<RunOutcome> {
  const { integration, app } = await openApp(services, visit);
  const offer = offerOf(app, action);
  if (offer === undefined) throw nothingHere();
  const call: KeyedCall = { integration: integration.id, by: visit.objectId, key, asks: JSON.stringify([app.id, action, record, values]) };
  const turn = await services.replies.take(call);
  if (turn.kind === 'done') return { kind: 'done', ...turn.done };
  if (turn.kind !== 'first') throw turn.kind === 'another' ? reused() : underWay();
  const outcome = await onlyOnce(services, call, async () => {
    const desk = await deskFor(services, integration, visit, [offer.table]);
    const newId = guidFrom(`action|${integration.id}|${visit.objectId}|${key}`);
    return act(desk, offer, { record, given: values, newId });
  });
  if (outcome.kind === 'changedMeanwhile') {
    await services.replies.release(call);
    return outcome;
  }
  const done: DoneCall = { id: outcome.id, version: outcome.record?.version ?? null };
  await services.replies.finish(call, done);
  const owners = [outcome.before?.owner?.id ?? null, outcome.record?.owner?.id ?? null].filter((id) => id !== null);
  await refresh(services, integration, { table: offer.table, id: outcome.id, owners });
  return { kind: 'done', ...done };
}

/** Gives the key back where nothing was done, or nobody knows: the same call under the same key does no harm. */
async function onlyOnce<T>({ replies }: RunServices, call: KeyedCall, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    await replies.release(call);
    throw error;
  }
}

/** What was done is done: where the cache or a queue cannot be reached now, the next load and look find it. */
async function refresh(services: RunServices, integration: Integration, touched: Touched): Promise<void> {
  try {
    await afterAction(services, integration, touched);
  } catch (error) {
    services.log.error('refresh-failed', error, { integration: integration.id, table: touched.table });
  }
}

function reused(): TandemError {
  return new TandemError(errorCodes.keyReused, {
    retry: 'never',
    fix: 'Choose a new Idempotency-Key for each thing that is to be done.',
    detail: 'the Idempotency-Key was used for another call',
  });
}

function underWay(): TandemError {
  return new TandemError(errorCodes.conflict, { retry: 'later', fix: 'Wait, and send it again.', detail: 'the same call is under way' });
}
