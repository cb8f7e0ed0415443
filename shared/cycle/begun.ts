import { chosenFields } from '../model/entity';
import type { Entity, Values } from '../model/values';
import type { Bases } from '../sync/link';
import { joinsNow } from '../sync/merge';
import type { SyncRules } from '../sync/rules';

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
