import { allRights, type ColumnRights } from '../model/column-rights';
import { chosenFields, type FieldChoice } from '../model/entity';
import { type Direction, type Entity, entities, type FieldRule, type TwoWayEntity } from '../model/values';

/** What an integration's admin decided about syncing; the settings of the integration provide it. */
export interface SyncRules extends FieldChoice {
  /** `never`: no attendee is written to, ever. `invite`: the organizer's future meetings invite, as Microsoft's sync does. */
  readonly attendeeMail: 'never' | 'invite';
  /** Who wins a field that both sides changed. */
  readonly conflict: Readonly<Record<TwoWayEntity, 'newest' | 'dynamics' | 'exchange'>>;
  readonly taskDeletedInExchange: 'delete' | 'release';
  readonly appointmentDeletedInExchange: 'delete' | 'release';
  /** `delete`: a future meeting that was canceled in Dynamics goes from Exchange too. */
  readonly appointmentCanceledInDynamics: 'free' | 'delete';
  /** `ignore`: an edit in Dynamics of an appointment that has begun stays there. */
  readonly pastAppointmentEditedInDynamics: 'update' | 'ignore';
  readonly contactDeletedInDynamics: 'release' | 'delete';
  /** Whether items that carry the tracking category become records, and what it is called. */
  readonly trackCategorizedItems: boolean;
  readonly trackingCategory: string;
  readonly trackAppointmentsFromNonOrganizer: boolean;
  readonly ignoreCopies: boolean;
  readonly privateItems: 'skip' | 'busyOnly' | 'full';
  /** What becomes of the item of a record that left the filters. */
  readonly leftFilter: 'release' | 'delete';
  /** What becomes of notes that both sides wrote. */
  readonly notesConflict: 'newest' | 'keepBoth';
  /** Directions that differ from a field's own, by entity and field. */
  readonly directions: Readonly<Partial<Record<Entity, Readonly<Record<string, Direction>>>>>;
}

/** The direction of a field under these rules. A field that travels nowhere by nature, or one way only, is not widened. */
export function directionOf(rules: SyncRules, entity: Entity, field: FieldRule): Direction {
  const chosen = rules.directions[entity]?.[field.name];
  if (chosen === undefined || field.direction === 'none') return field.direction;
  return field.direction === 'both' || chosen === 'none' ? chosen : field.direction;
}

/** The rules as they are for a person with these rights: what she may not read goes nowhere, what she may not write only to Exchange. */
export function narrowed(rules: SyncRules, rights: Readonly<Partial<Record<Entity, ColumnRights>>>): SyncRules {
  const directions: Partial<Record<Entity, Readonly<Record<string, Direction>>>> = { ...rules.directions };
  for (const entity of entities) {
    const { hidden, readOnly, unsure } = rights[entity] ?? allRights;
    const fields = chosenFields(entity, rules);
    const narrow = (field: FieldRule): Direction => {
      const chosen = directionOf(rules, entity, field);
      return hidden.includes(field.name) || chosen === 'none' || chosen === 'toDynamics' ? 'none' : 'toExchange';
    };
    const touched = fields.filter(({ name }) => hidden.includes(name) || readOnly.includes(name) || unsure.includes(name));
    if (touched.length > 0)
      directions[entity] = { ...rules.directions[entity], ...Object.fromEntries(touched.map((field) => [field.name, narrow(field)])) };
  }
  return { ...rules, directions };
}

/** The fields whose change in Exchange may travel to Dynamics, or the other way round. */
export function fieldsThatLeave(rules: SyncRules, entity: Entity, side: 'dynamics' | 'exchange'): FieldRule[] {
  const away = side === 'dynamics' ? 'toExchange' : 'toDynamics';
  return chosenFields(entity, rules).filter((field) => ['both', away].includes(directionOf(rules, entity, field)));
}
