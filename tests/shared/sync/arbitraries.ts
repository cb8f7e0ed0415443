import fc from 'fast-check';
import { fieldsOf, kindOf } from '../../../shared/model/entity';
import { deviationsOf, occurrencesOf } from '../../../shared/model/occurrences';
import { entities, type FieldRule, type Value, type Values } from '../../../shared/model/values';
import type { Bases } from '../../../shared/sync/link';

export const entity = fc.constantFrom(...entities);

const text = fc.constantFrom(null, 'one', 'two', 'three');

/** Values by field where plain text would not do; few of each, so that sides often meet. */
const special: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  addressStreet: fc.constantFrom(null, '1 Main Street', 'Floor 1\nHouse 2', 'a\nb\nc', 'a\nb\nc\nd', 'a\n\nb'),
  dueDate: fc.constantFrom(null, '2026-10-05', '2026-10-09', '2026-09-01'),
  dueTime: fc.constantFrom(null, '09:00', '17:30'),
  importance: fc.constantFrom('low', 'normal', 'high'),
  time: fc.constantFrom(
    '2026-10-05T09:00:00Z/2026-10-05T10:00:00Z',
    '2026-11-05T09:00:00Z/2026-11-05T10:00:00Z',
    '2026-09-01T09:00:00Z/2026-09-01T10:00:00Z',
    '2026-11-06/2026-11-07',
  ),
  organizedHere: fc.constant(true),
  online: fc.constantFrom(true, false),
  organizer: fc.constantFrom('me', 'somebody'),
};

const day = (date: string) => fc.constantFrom('subject|one', 'subject|two', 'location|', 'deleted|true').map((what) => `${date}|${what}`);

/** What differs on a few dates of a series. */
const occurrences = fc
  .tuple(...['2026-09-01', '2026-10-12', '2026-10-19'].map((date) => fc.array(day(`${date}T09:00:00Z`), { maxLength: 2 })))
  .map((lists) => occurrencesOf(deviationsOf(lists.flat())));

const ends = ['completed', 'canceled'];

export function valueFor(rule: FieldRule, statuses: readonly string[]): fc.Arbitrary<Value> {
  if (rule.name === 'status') return fc.constantFrom(...statuses);
  if (rule.merge === 'elements' || rule.name === 'resources')
    return fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 5 });
  if (rule.merge === 'keyed') return occurrences;
  return special[rule.name] ?? text;
}

const statusesOf = {
  task: ['notStarted', 'inProgress', 'waiting', 'deferred', ...ends],
  phonecall: ['notStarted', ...ends],
  letter: ['notStarted', ...ends],
  fax: ['notStarted', ...ends],
  contact: [],
  appointment: ['free', 'tentative', 'busy', 'oof', ...ends],
  serviceappointment: ['tentative', 'busy', ...ends],
  series: ['free', 'tentative', 'busy', 'oof', ...ends],
} as const;

/** All fields of a record, each as Dynamics can hold it. */
export function recordValues(of: keyof typeof statusesOf): fc.Arbitrary<Values> {
  return fc
    .record(Object.fromEntries(fieldsOf(of).map((rule) => [rule.name, valueFor(rule, statusesOf[of])])))
    .map((values) => asHeld(of, values, 'inDynamics'));
}

/** All fields of an item, each as Exchange can hold it. */
export function itemValues(of: keyof typeof statusesOf): fc.Arbitrary<Values> {
  const isTask = kindOf(of) === 'task';
  const held = isTask ? statusesOf.task : statusesOf[of];
  const statuses = held.filter((status) => status !== 'canceled' && (isTask || status !== 'completed'));
  return fc
    .record(Object.fromEntries(fieldsOf(of).map((rule) => [rule.name, valueFor(rule, statuses)])))
    .map((values) => asHeld(of, values, 'inExchange'));
}

export function asHeld(of: keyof typeof statusesOf, values: Values, side: 'inDynamics' | 'inExchange'): Values {
  return Object.fromEntries(fieldsOf(of).map((rule) => [rule.name, rule[side]?.(values[rule.name] ?? null) ?? values[rule.name] ?? null]));
}

/** Bases that agree as far as each side can hold the other's values, or that have nothing to do with each other. */
export function bases(of: keyof typeof statusesOf): fc.Arbitrary<Bases> {
  return fc.oneof(
    recordValues(of).map((values) => ({ dynamics: values, exchange: asHeld(of, values, 'inExchange') })),
    itemValues(of).map((values) => ({ dynamics: asHeld(of, values, 'inDynamics'), exchange: values })),
    fc.record({ dynamics: recordValues(of), exchange: itemValues(of) }),
  );
}

/** Some fields of a base replaced by others. */
export function edited(base: Values, others: fc.Arbitrary<Values>): fc.Arbitrary<Values> {
  return fc
    .tuple(others, fc.subarray(Object.keys(base)))
    .map(([fresh, names]) => ({ ...base, ...Object.fromEntries(names.map((name) => [name, fresh[name] ?? null])) }));
}
