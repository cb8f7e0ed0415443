import type { BrokenRule } from '../../platform/errors';
import type { Input } from '../microapp';
import type { RecordValue, WorkspaceRecord } from '../record';
import { isReference, type Reader } from '../shown';
import { inputValue } from './input-value';
import type { Offer } from './offer';

/** What a client sends, by parameter. A time comes whole, or as `parameter.date` and `parameter.time` of the person's own clock. */
export type Given = Readonly<Record<string, unknown>>;

/** What an action is asked to do, by column, or by parameter for what has no column; what nobody sent is absent, what was emptied is null. */
export type Wish = Readonly<Record<string, RecordValue>>;

export type Checked = { readonly kind: 'good'; readonly wish: Wish } | { readonly kind: 'broken'; readonly rules: readonly BrokenRule[] };

/** What an input is kept under. */
function keyOf({ column, parameter }: Input): string {
  return column ?? parameter;
}

/**
 * Checks all that was sent for an action before anything is sent on: unknown fields, types, lengths, ranges, options, what is required, and times in their order.
 * `record` is the one that the action is about, null for a new one.
 */
export function checkGiven(offer: Offer, given: Given, record: WorkspaceRecord | null, reader: Reader): Checked {
  const rules: BrokenRule[] = unknownIn(offer, given);
  const wish: Record<string, RecordValue> = {};
  for (const input of offer.inputs) {
    if (input.condition?.when === 'chosen') continue;
    const current = record === null || input.column === undefined ? null : (record.values[input.column] ?? null);
    const value = inputValue(input, given, { table: offer.table, current, reader });
    if (value.kind === 'broken') rules.push({ field: value.field, rule: value.rule });
    else if (isMissing(input, value.kind === 'given' ? value.value : undefined, record)) rules.push(required(input));
    else if (value.kind === 'given') wish[keyOf(input)] = value.value;
  }
  takeReferences(offer, given, record, reader, wish, rules);
  if (rules.length === 0) rules.push(...outOfOrder(wish, record));
  return rules.length === 0 ? { kind: 'good', wish } : { kind: 'broken', rules };
}

/** A required field may stay away only where a record has it already; nobody may empty it. */
function isMissing(input: Input, value: RecordValue | undefined, record: WorkspaceRecord | null): boolean {
  if (input.required !== true) return false;
  return value === null || (value === undefined && (record === null || input.column === undefined));
}

function required({ parameter }: Input): BrokenRule {
  return { field: parameter, rule: 'is required' };
}

/** The rows behind a choice of a table, such as `customerType` and `customerContact`: together they are one reference. */
function takeReferences(
  offer: Offer,
  given: Given,
  record: WorkspaceRecord | null,
  reader: Reader,
  wish: Record<string, RecordValue>,
  rules: BrokenRule[],
): void {
  for (const input of offer.inputs) {
    const { condition, column } = input;
    if (condition?.when !== 'chosen' || column === undefined) continue;
    const chosen = given[condition.input] === undefined ? undefined : wish[column];
    const isBroken = rules.some(({ field }) => field === condition.input);
    const value = inputValue(input, given, { table: offer.table, current: null, reader });
    if (chosen === undefined && !isBroken && value.kind === 'given' && value.value !== null)
      rules.push({ field: input.parameter, rule: `needs ${condition.input}` });
    if (chosen !== condition.option) continue;
    const was = record?.values[column];
    if (value.kind === 'broken') rules.push({ field: value.field, rule: value.rule });
    else if (value.kind === 'given' && typeof value.value === 'string')
      wish[column] = { table: condition.option, id: value.value, name: null };
    else if (value.kind === 'absent' && isReference(was) && was.table === condition.option) wish[column] = was;
    else rules.push(required(input));
  }
  for (const { column, kind, condition } of offer.inputs) {
    if (kind === 'choice' && column !== undefined && condition === undefined && wish[column] === 'nothing') wish[column] = null;
  }
}

/** A field that the action does not ask for is refused: whoever sent it believes that it does something. */
function unknownIn({ inputs }: Offer, given: Given): BrokenRule[] {
  const known = new Set(
    inputs.flatMap(({ parameter, kind }) => (kind === 'datetime' ? [parameter, `${parameter}.date`, `${parameter}.time`] : [parameter])),
  );
  return Object.keys(given)
    .filter((name) => !known.has(name))
    .map((field) => ({ field, rule: 'is nothing that this action asks for' }));
}

const periods = [['scheduledstart', 'scheduledend']] as const;

/** Nothing ends before it starts, whichever of the two was changed. */
function outOfOrder(wish: Wish, record: WorkspaceRecord | null): BrokenRule[] {
  return periods.flatMap(([start, end]) => {
    if (!(start in wish) && !(end in wish)) return [];
    const [from, to] = [start, end].map((name) => wish[name] ?? (name in wish ? null : (record?.values[name] ?? null)));
    const isBefore = typeof from === 'string' && typeof to === 'string' && Date.parse(to) < Date.parse(from);
    return isBefore ? [{ field: end, rule: `is before ${start}` }] : [];
  });
}
