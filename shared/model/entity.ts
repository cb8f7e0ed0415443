import { appointmentFields } from './appointment';
import { attachmentsField } from './attachments';
import { addressModes, contactFields } from './contact';
import { type CustomFields, customOf, customRules } from './custom-fields';
import { sameRichText } from './rich-text';
import { seriesFields } from './series';
import { serviceAppointmentFields } from './service-appointment';
import { correspondenceFields, taskFields } from './task';
import { type Entity, type FieldRule, sameValue, type Value } from './values';

/** The kinds of Exchange item that entities become. */
export type ItemKind = 'task' | 'contact' | 'event' | 'series';

/** What an entity's records become in Exchange. */
export function kindOf(entity: Entity): ItemKind {
  switch (entity) {
    case 'task':
    case 'phonecall':
    case 'letter':
    case 'fax':
      return 'task';
    case 'contact':
      return 'contact';
    case 'appointment':
    case 'serviceappointment':
      return 'event';
    case 'series':
      return 'series';
  }
}

/** What an item becomes in Dynamics where its user tracks it. */
export function entityOf(kind: ItemKind): Entity {
  switch (kind) {
    case 'task':
      return 'task';
    case 'contact':
      return 'contact';
    case 'event':
      return 'appointment';
    case 'series':
      return 'series';
  }
}

/** What an admin decided about which fields there are. */
export interface FieldChoice {
  readonly contactAddresses: keyof typeof addressModes;
  readonly customFields: CustomFields;
  /** Whether the bodies of appointments and series may be HTML. */
  readonly richText: boolean;
  /** Whether the files of single appointments sync. */
  readonly appointmentAttachments: boolean;
}

/** The field rules of an entity as an admin chose them, in the order in which they are shown. */
export function chosenFields(entity: Entity, choice: FieldChoice): readonly FieldRule[] {
  const fields = choice.richText && isMeeting(entity) ? richFields(entity) : fieldsOf(entity);
  const absent = addressModes[choice.contactAddresses];
  const files = choice.appointmentAttachments && entity === 'appointment' ? [attachmentsField] : [];
  const added = [...files, ...customRules(customOf(choice.customFields, entity))];
  const kept = entity === 'contact' && absent.size > 0 ? fields.filter(({ name }) => !absent.has(name)) : fields;
  return added.length === 0 ? kept : [...kept, ...added];
}

function richFields(entity: Entity): readonly FieldRule[] {
  return fieldsOf(entity).map((field) => (field.name === 'body' ? { ...field, isRich: true } : field));
}

/** True where two values of a field mean the same. */
export function sameIn({ isRich }: Pick<FieldRule, 'isRich'>, left: Value | undefined, right: Value | undefined): boolean {
  return isRich === true ? sameRichText(left, right) : sameValue(left, right);
}

/** Every field of an entity that Tandem knows by itself, whatever an admin chose. */
export function fieldsOf(entity: Entity): readonly FieldRule[] {
  switch (entity) {
    case 'task':
      return taskFields;
    case 'phonecall':
    case 'letter':
    case 'fax':
      return correspondenceFields;
    case 'contact':
      return contactFields;
    case 'appointment':
      return appointmentFields;
    case 'serviceappointment':
      return serviceAppointmentFields;
    case 'series':
      return seriesFields;
  }
}

/** True for what stands in a calendar, has an organizer and may have attendees whom Exchange writes to. */
export function isMeeting(entity: Entity): boolean {
  const kind = kindOf(entity);
  return kind === 'event' || kind === 'series';
}

/** True where one record has a home for each person who works on it, and so an item of its own in each mailbox. */
export function hasSeveralHomes(entity: Entity): boolean {
  return entity === 'serviceappointment';
}
