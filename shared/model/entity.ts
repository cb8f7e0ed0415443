import { appointmentFields } from './appointment';
import { contactFields } from './contact';
import { taskFields } from './task';
import type { Entity, FieldRule } from './values';

/** The field rules of an entity, in the order in which they are shown. */
export function fieldsOf(entity: Entity): readonly FieldRule[] {
  switch (entity) {
    case 'task':
      return taskFields;
    case 'contact':
      return contactFields;
    case 'appointment':
      return appointmentFields;
  }
}
