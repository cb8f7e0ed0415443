import { badRequest } from '../platform/bad-request';
import { type BrokenRule, errorCodes, TandemError } from '../platform/errors';
import { checkGiven, type Given } from './actions/check';
import type { Offer } from './actions/offer';
import { requestOf } from './actions/requests';
import { closed, type Desk, liveRecord } from './desk';
import { say } from './languages';
import type { WorkspaceRecord } from './record';
import { holds } from './record-view';
import { columnText } from './shown';

/** One call of an action. */
export interface ActionCall {
  /** The record that it is about in the version that the person saw; null where it makes one. */
  readonly record: { readonly id: string; readonly version: string } | null;
  readonly given: Given;
  /** The id of a row that is made: the same for the same call. */
  readonly newId: string;
}

/** A field of the record in two versions, as people read it. */
export interface Difference {
  readonly field: string;
  readonly label: string;
  /** What the person saw; null where nobody knows any more. */
  readonly seen: string | null;
  readonly now: string;
}

export type ActionOutcome =
  /** Done. `record` is as it is now for her; null where she may not see it any more. `before` is what it was, null for one that was made. */
  | { readonly kind: 'done'; readonly id: string; readonly before: WorkspaceRecord | null; readonly record: WorkspaceRecord | null }
  /** Somebody else has changed the record since it was shown; nothing was written. */
  | { readonly kind: 'changedMeanwhile'; readonly record: WorkspaceRecord; readonly differences: readonly Difference[] };

/** How often an action that asks for nothing looks at a record that changes under its hands. */
const mostLooks = 3;

/**
 * Does what a person asked for, as she herself. What breaks a rule is refused before anything is sent; what Dynamics refuses is told with its field where it names one.
 * An action that asks for nothing writes no field that somebody else may have edited: an edit is no conflict with it, as long as the record is in a state that allows it.
 * @throws TandemError `bad-request` with the fields, `not-found`, `conflict` for a closed record, `sign-in-needed`, `refused`
 */
export async function act(desk: Desk, offer: Offer, call: ActionCall): Promise<ActionOutcome> {
  let outcome = await actOnce(desk, offer, call);
  for (let looks = 1; looks < mostLooks && outcome.kind === 'changedMeanwhile' && asksNothing(offer); looks += 1)
    outcome = await actOnce(desk, offer, call);
  return outcome;
}

function asksNothing({ record, inputs }: Offer): boolean {
  return record === 'existing' && inputs.length === 0;
}

async function actOnce(desk: Desk, offer: Offer, call: ActionCall): Promise<ActionOutcome> {
  const before = offer.record === 'new' ? null : await subjectOf(desk, offer, call);
  if (before !== null && before.version !== call.record?.version && !asksNothing(offer)) return changedMeanwhile(desk, offer, call, before);
  const checked = checkGiven(offer, call.given, before, desk.reader);
  if (checked.kind === 'broken') throw badRequest(checked.rules.map(inBody));
  const request = requestOf(offer, checked.wish, { record: before, newId: call.newId, language: desk.reader.language });
  const id = before?.id ?? call.newId;
  if (request === null) return { kind: 'done', id, before, record: before };
  try {
    const after = await desk.dynamics.run(request, offer.table, desk.caller);
    return { kind: 'done', id, before, record: after ?? (await readIfSeen(desk, offer, id)) };
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    if (before !== null && error.code === errorCodes.stale)
      return changedMeanwhile(desk, offer, call, await liveRecord(desk, offer.table, before.id));
    throw withField(offer, error);
  }
}

async function subjectOf(desk: Desk, offer: Offer, { record }: ActionCall): Promise<WorkspaceRecord> {
  if (record === null) throw badRequest([{ field: 'body.record', rule: 'is required' }]);
  const subject = await liveRecord(desk, offer.table, record.id);
  if (!holds(offer.condition, subject)) throw closed(desk.reader);
  return subject;
}

/** Who gives a record away may not see it any more. */
async function readIfSeen(desk: Desk, { table }: Offer, id: string): Promise<WorkspaceRecord | null> {
  try {
    return await liveRecord(desk, table, id);
  } catch (error) {
    if (error instanceof TandemError && error.code === errorCodes.notFound) return null;
    throw error;
  }
}

/** What the form shows of the record in the version that the person saw, as far as the cache still has it, and as it is now. */
async function changedMeanwhile(desk: Desk, offer: Offer, { record }: ActionCall, now: WorkspaceRecord): Promise<ActionOutcome> {
  const { records, integration, reader } = desk;
  const cached = await records.get(integration, offer.table, now.id);
  const seen = cached?.version === record?.version ? cached : null;
  const differences = offer.inputs.flatMap(({ parameter, column, label, condition }) => {
    if (column === undefined || condition !== undefined) return [];
    const [was, is] = [seen === null ? null : columnText(seen, column, undefined, reader), columnText(now, column, undefined, reader)];
    return was === is ? [] : [{ field: parameter, label: say(reader.language, label), seen: was, now: is }];
  });
  return { kind: 'changedMeanwhile', record: now, differences };
}

/** Dynamics names the column that it refuses nowhere but in its text; what else the text says is not read. */
function withField({ inputs }: Offer, error: TandemError): TandemError {
  const words = new Set(error.detail?.toLowerCase().match(/\w+/g) ?? []);
  const named = inputs.find(({ column }) => column !== undefined && words.has(column));
  if (error.code !== errorCodes.refused || named === undefined) return error;
  return badRequest([inBody({ field: named.parameter, rule: 'is refused by Dynamics' })]);
}

function inBody({ field, rule }: BrokenRule): BrokenRule {
  return { field: `body.values.${field}`, rule };
}
