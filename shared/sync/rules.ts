import { fieldsOf } from '../model/entity';
import type { Direction, Entity, FieldRule, TwoWayEntity } from '../model/values';

/** What an integration's admin decided about syncing; the settings of the integration provide it. */
export interface SyncRules {
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
  /** Directions that differ from a field's own, by entity and field. */
  readonly directions: Readonly<Partial<Record<Entity, Readonly<Record<string, Direction>>>>>;
}

/** The direction of a field under these rules. A field that travels nowhere by nature, or one way only, is not widened. */
export function directionOf(rules: SyncRules, entity: Entity, field: FieldRule): Direction {
  const chosen = rules.directions[entity]?.[field.name];
  if (chosen === undefined || field.direction === 'none') return field.direction;
  return field.direction === 'both' || chosen === 'none' ? chosen : field.direction;
}

/** The fields whose change in Exchange may travel to Dynamics, or the other way round. */
export function fieldsThatLeave(rules: SyncRules, entity: Entity, side: 'dynamics' | 'exchange'): FieldRule[] {
  const away = side === 'dynamics' ? 'toExchange' : 'toDynamics';
  return fieldsOf(entity).filter((field) => ['both', away].includes(directionOf(rules, entity, field)));
}
