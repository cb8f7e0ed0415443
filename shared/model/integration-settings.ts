import { z } from 'zod';
import { CustomFields } from './custom-fields';
import { fieldsOf } from './entity';
import { Filters } from './filter';
import { type Direction, type Entity, entities, type FieldRule } from './values';

const directions = ['none', 'toExchange', 'toDynamics', 'both'] as const satisfies readonly Direction[];

const policy = z.enum(['newest', 'dynamics', 'exchange']).default('newest');
const afterDeletion = z.enum(['delete', 'release']);

const Conflict = z.strictObject({
  task: policy.describe('Which side wins for tasks.'),
  phonecall: policy.describe('Which side wins for phone calls.'),
  letter: policy.describe('Which side wins for letters.'),
  fax: policy.describe('Which side wins for faxes.'),
  contact: policy.describe('Which side wins for contacts.'),
  appointment: policy.describe('Which side wins for appointments.'),
  series: policy.describe('Which side wins for recurring appointments and their single dates.'),
});

const isOn = z.boolean().default(true);

/** Which tables take part at all. */
const Entities = z.strictObject({
  task: isOn.describe('Whether tasks sync.'),
  phonecall: isOn.describe('Whether phone calls sync, as tasks.'),
  letter: isOn.describe('Whether letters sync, as tasks.'),
  fax: isOn.describe('Whether faxes sync, as tasks.'),
  contact: isOn.describe('Whether contacts sync.'),
  appointment: isOn.describe('Whether single appointments sync.'),
  serviceappointment: isOn.describe('Whether service activities sync, one way to a private copy for each user who works on them.'),
  series: isOn.describe('Whether recurring appointments sync.'),
} satisfies Record<Entity, z.ZodType>);

const number = (most: number) => z.int().min(0).max(most);

const Brake = z.strictObject({
  mailboxNumber: number(1_000_000).default(10).describe('So many deletions and releases of one mailbox always go on.'),
  mailboxPercent: number(100).default(20).describe('Beyond that number, this share of the mailbox’s linked pairs goes on.'),
  integrationNumber: number(1_000_000).default(200).describe('So many deletions and releases of all mailboxes together always go on.'),
  integrationPercent: number(100).default(2).describe('Beyond that number, this share of all linked pairs goes on.'),
});

/** Directions that narrow what a field may do by itself; what is not named keeps its own. */
const Directions = z.partialRecord(z.enum(entities), z.record(z.string(), z.enum(directions))).superRefine((given, context) => {
  for (const entity of entities) {
    for (const [field, direction] of Object.entries(given[entity] ?? {})) {
      const wrong = complaint(entity, field, direction);
      if (wrong !== null) context.addIssue({ code: 'custom', path: [entity, field], message: wrong });
    }
  }
});

const Mail = z.strictObject({
  track: z
    .enum(['off', 'replies', 'contacts'])
    .default('off')
    .describe(
      'Which incoming mail becomes a row in Dynamics: none, and then no mail is read at all; what answers mail that Dynamics holds; or also what comes from a contact, lead or account. What is filed in a folder with a rule is tracked in both of the latter.',
    ),
  internal: z
    .boolean()
    .default(false)
    .describe('Whether mail between users of Dynamics is tracked. What a folder rule names is tracked in any case.'),
  tokenPrefix: z
    .string()
    .trim()
    .min(1)
    .max(20)
    .default('CRM:')
    .describe('How a tracking token in a subject begins, for mail that was sent with one.'),
});

/** What an admin decides for one integration. */
export const IntegrationSettings = z.strictObject({
  entities: Entities.prefault({}).describe(
    'Which kinds of records sync. What is switched off is neither asked for nor touched; its links stay and wait. Switched on again, it is loaded like a new mailbox: nobody is invited.',
  ),
  attendeeMail: z
    .enum(['never', 'invite'])
    .default('never')
    .describe('Whether Exchange may mail attendees about meetings that come from Dynamics. With "never" the attendee list is withheld.'),
  conflict: Conflict.prefault({}).describe('Which side wins where both changed the same field. The loser is kept in the journal.'),
  taskDeletedInExchange: afterDeletion
    .default('delete')
    .describe(
      'What becomes of an open task, phone call, letter or fax in Dynamics whose task was deleted in Exchange: it is deleted too, or released.',
    ),
  appointmentDeletedInExchange: afterDeletion
    .default('delete')
    .describe('What becomes of an appointment in Dynamics whose copy was deleted in Exchange: it is deleted too, or released.'),
  appointmentCanceledInDynamics: z
    .enum(['free', 'delete'])
    .default('free')
    .describe(
      'What becomes of a future meeting in Exchange that was canceled in Dynamics: it shows as free and stays, or is deleted. Attendees hear of a deletion only as attendeeMail allows; otherwise it waits for an admin.',
    ),
  pastAppointmentEditedInDynamics: z
    .enum(['update', 'ignore'])
    .default('update')
    .describe(
      'Whether an edit in Dynamics of an appointment that has begun goes to Exchange. Where Exchange would write to its attendees, it waits for an admin in any case. An edit that is ignored is not caught up on.',
    ),
  contactDeletedInDynamics: afterDeletion
    .default('release')
    .describe('What becomes of a contact in Exchange whose record was deleted in Dynamics: it is released and stays, or is deleted too.'),
  firstMeeting: z
    .enum(['link', 'create'])
    .default('link')
    .describe(
      'What becomes of a record whose twin is in Exchange already (same name and address, subject and date): they are linked, or a second item is made.',
    ),
  brake: Brake.prefault({}).describe(
    'How much may be deleted or let go within 24 hours. What exceeds both the number and the share is held until an admin decides.',
  ),
  trackCategorizedItems: z
    .boolean()
    .default(true)
    .describe('Whether items in Exchange that carry the tracking category are created in Dynamics.'),
  trackingCategory: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .default('Tracked to Dynamics 365')
    .describe('The name of the category in Outlook that says: track this item. Taking it off lets the pair go and keeps both.'),
  trackAppointmentsFromNonOrganizer: z
    .boolean()
    .default(true)
    .describe('Whether somebody who is invited to a meeting may track it. It becomes one record however many track it.'),
  ignoreCopies: z
    .boolean()
    .default(true)
    .describe(
      'Whether a copy of a linked item is left alone. Otherwise a copy that carries the tracking category becomes a record of its own.',
    ),
  privateItems: z
    .enum(['skip', 'busyOnly', 'full'])
    .default('skip')
    .describe(
      'What becomes of items that are marked private, personal or confidential in Exchange: they are never tracked and a linked one is released (skip), only their time and how it shows is told (busyOnly, events alone), or they sync like any other (full).',
    ),
  directions: Directions.default({}).describe('By entity and field, which way a field may travel, where that is less than it could.'),
  filters: Filters.default({}).describe(
    'By entity, which of the records at home in a mailbox sync: those that pass any active filter, of these or of the person. Without a filter every open one does.',
  ),
  leftFilter: z
    .enum(['release', 'delete'])
    .default('release')
    .describe('What becomes of an item whose record left the filters: it is released and stays in Exchange, or is deleted there.'),
  contactAddresses: z
    .enum(['mailing', 'all'])
    .default('mailing')
    .describe(
      'Which addresses of a contact sync: the first one, as the business address, or also the second (home) and the third (other).',
    ),
  customFields: CustomFields.default({}).describe(
    'By entity, columns that also sync: each with the named property that holds it on the Exchange item, its kind and its direction.',
  ),
  push: z
    .boolean()
    .default(true)
    .describe(
      'Whether Exchange is asked to tell of changes of events, contacts and tracked mail as they happen, where the app has a public address. Polling goes on in any case, more seldom.',
    ),
  mail: Mail.prefault({}).describe('Incoming e-mail. It is read in Exchange and never changed there; attachments are not taken over.'),
  richText: z
    .boolean()
    .default(false)
    .describe(
      'Whether the descriptions of appointments and recurring appointments in Dynamics may be HTML, as in environments with the rich text editor for appointments. Otherwise they are plain text.',
    ),
  appointmentAttachments: z
    .boolean()
    .default(false)
    .describe(
      'Whether the files attached to single appointments sync, each up to 3 MB. What was attached before it is switched on is copied only to an event that has no files of its own. Never for recurring appointments and service activities.',
    ),
  notesConflict: z
    .enum(['newest', 'keepBoth'])
    .default('newest')
    .describe('What becomes of notes that both sides wrote: one wins as for any field, or both texts are kept, one below the other.'),
});

export type IntegrationSettings = z.output<typeof IntegrationSettings>;

/** The entities that an admin lets sync. */
export function entitiesThatSync({ entities: on }: Pick<IntegrationSettings, 'entities'>): Entity[] {
  return entities.filter((entity) => on[entity]);
}

/** The entities whose change feeds are read: of those that sync, and that of appointments for series too, because the dates of series are told there. */
export function feedsThatAreRead({ entities: on }: Pick<IntegrationSettings, 'entities'>): Entity[] {
  return entities.filter((entity) => on[entity] || (entity === 'appointment' && on.series));
}

function complaint(entity: Entity, field: string, direction: Direction): string | null {
  const rule: FieldRule | undefined = fieldsOf(entity).find(({ name }) => name === field);
  if (rule === undefined) return `${field} is no field of the entity ${entity}`;
  if (direction === rule.direction) return null;
  if (rule.settable === false) return `${field} of the entity ${entity} is fixed: its direction is ${rule.direction} and cannot be changed`;
  if (direction === 'none' || rule.direction === 'both') return null;
  return `${field} of the entity ${entity} can only travel ${rule.direction}`;
}
