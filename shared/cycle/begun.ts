import { chosenFields } from '../model/entity';
import type { Entity, Values } from '../model/values';
import type { Bases, Link } from '../sync/link';
import { joinsNow } from '../sync/merge';
import { directionOf, type SyncRules } from '../sync/rules';

/** The bases without fields that are not in the map now, and without those that can join it and of which one side is not known yet. */
export function begunBases(rules: SyncRules, entity: Entity, { dynamics, exchange }: Bases): Bases {
  const fields = chosenFields(entity, rules).filter((field) => !joinsNow(field, { dynamics, exchange }));
  const names = new Set(fields.map(({ name }) => name));
  const begun = (values: Values): Values => Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
  return { dynamics: begun(dynamics), exchange: begun(exchange) };
}

/** A new item holds nothing in the fields that can join a map, unless it is given something. */
export function joiningBlanks(rules: SyncRules, entity: Entity): Values {
  return Object.fromEntries(chosenFields(entity, rules).flatMap(({ name, joins }) => (joins === true ? [[name, null]] : [])));
}

/** True for a link that a field is to join: what both sides hold in it has to be known first. */
export function lacksFields(rules: SyncRules, { entity, bases, state }: Link): boolean {
  if (bases === null || state === 'released') return false;
  return chosenFields(entity, rules).some((field) => directionOf(rules, entity, field) !== 'none' && joinsNow(field, bases));
}
