import { type CustomFields, customOf } from '../model/custom-fields';
import { isMeeting } from '../model/entity';
import { type Entity, entities } from '../model/values';
import { appointmentTable } from './appointment';
import { contactTable } from './contact';
import { faxTable, letterTable, phoneCallTable } from './correspondence';
import { withCustom } from './custom';
import { withRichText } from './rich-text';
import { seriesTable } from './series';
import { serviceAppointmentTable } from './service-appointment';
import type { Table } from './table';
import { taskTable } from './task';

/** What an admin decided about tables; nothing where absent. */
export interface TableChoice {
  readonly custom?: CustomFields;
  /** Whether descriptions of appointments may be HTML. */
  readonly richText?: boolean;
}

/** The table that holds an entity's records, with the columns that an admin added to its map. */
export function tableOf(entity: Entity, { custom = {}, richText = false }: TableChoice): Table {
  const table = plainTableOf(entity);
  return withCustom(richText && isMeeting(entity) ? withRichText(table) : table, customOf(custom, entity));
}

function plainTableOf(entity: Entity): Table {
  switch (entity) {
    case 'task':
      return taskTable;
    case 'phonecall':
      return phoneCallTable;
    case 'letter':
      return letterTable;
    case 'fax':
      return faxTable;
    case 'contact':
      return contactTable;
    case 'appointment':
      return appointmentTable;
    case 'serviceappointment':
      return serviceAppointmentTable;
    case 'series':
      return seriesTable;
  }
}

export const tables: readonly Table[] = entities.map(plainTableOf);
