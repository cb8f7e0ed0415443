import type { Person } from '../../company/people';
import { cast, members } from '../cast';
import type { Entry } from '../ledger';
import { type Entity, entitiesFollowed, type FollowedField, fieldsFollowed, type Held } from '../people/fields';
import type { Scene } from '../scene';
import type { Step } from '../story';

/** What a step's numbers stand for. */
export function entityOf({ pick }: Step): Entity {
  return entitiesFollowed[pick % entitiesFollowed.length] ?? 'task';
}

/** A person of the cast, outsiders included. */
export function anybody({ who }: Step): Person {
  return cast[who % cast.length] ?? somebody;
}

/** A person who takes part from the beginning. */
export function member({ who }: Step): Person {
  return members[who % members.length] ?? somebody;
}

export const somebody = members[0] as Person;

export function fieldOf(entity: Entity, { pick }: Pick<Step, 'pick'>): FollowedField {
  const fields = fieldsFollowed(entity);
  const field = fields[Math.floor(pick / 7) % fields.length];
  if (field === undefined) throw new Error(`Nothing of a ${entity} is followed.`);
  return field;
}

/** Values for every field, the numbers of which belong to this step alone. */
export function allFields(scene: Scene, entity: Entity, { id }: Step): Record<string, Held> {
  return Object.fromEntries(fieldsFollowed(entity).map((field, index) => [field.name, scene.value(field.kind, id * 20 + index)]));
}

/** What a person makes of a field: another value; of a list, one element more or less, or another in its place. */
export function edited(
  scene: Scene,
  field: FollowedField,
  before: Held,
  { id, pick }: Pick<Step, 'id' | 'pick'>,
  most: number,
  offset = 10,
): Held {
  const [fresh = ''] = scene.value(field.kind, id * 20 + offset);
  const way = Math.floor(pick / 91) % 4;
  if (field.kind !== 'list') return way === 3 && field.kind === 'text' && field.name !== 'subject' ? [] : [fresh];
  if (way === 0 && before.length < most) return [...before, fresh];
  if (way === 1 && before.length > 0) return before.slice(1);
  return before.length === 0 ? [fresh] : [...before.slice(0, -1), fresh];
}

export function entryOf(scene: Scene, { on }: Step): Entry | undefined {
  const entry = on === null ? undefined : scene.ledger.entries.get(on);
  if (entry !== undefined) entry.touches += 1;
  return entry;
}
