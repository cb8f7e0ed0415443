import { hasSeveralHomes, isMeeting, kindOf } from '../../../shared/model/entity';
import { IntegrationSettings } from '../../../shared/model/integration-settings';
import { recurrenceText } from '../../../shared/model/recurrence';
import type { SeenItem, SeenRecord } from '../../../shared/model/seen';
import type { Entity, Values } from '../../../shared/model/values';
import type { ItemSide, Link, Pair, RecordSide } from '../../../shared/sync/link';
import type { PlanContext } from '../../../shared/sync/pair-plan';
import type { SyncRules } from '../../../shared/sync/rules';

export const now = Date.parse('2026-10-01T12:00:00Z');
export const hour = 3_600_000;

export const future = '2026-10-05T09:00:00Z/2026-10-05T10:00:00Z';
export const past = '2026-09-01T09:00:00Z/2026-09-01T10:00:00Z';

/** Every Monday, without end. */
export const weekly = recurrenceText({
  pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday'] },
  range: { start: '2026-10-05', end: { kind: 'none' } },
});

export const rules: SyncRules = {
  attendeeMail: 'never',
  conflict: IntegrationSettings.parse({}).conflict,
  taskDeletedInExchange: 'delete',
  appointmentDeletedInExchange: 'delete',
  appointmentCanceledInDynamics: 'free',
  pastAppointmentEditedInDynamics: 'update',
  contactDeletedInDynamics: 'release',
  trackCategorizedItems: true,
  trackingCategory: 'Tracked to Dynamics 365',
  trackAppointmentsFromNonOrganizer: true,
  ignoreCopies: true,
  privateItems: 'skip',
  directions: {},
  leftFilter: 'release',
  contactAddresses: 'all',
  customFields: {},
  richText: false,
  appointmentAttachments: false,
  notesConflict: 'newest',
};

export const context: PlanContext = { rules, now, zone: 'UTC', firstLoad: false };

export function under(changed: Partial<SyncRules>): PlanContext {
  return { ...context, rules: { ...rules, ...changed } };
}

/** What both sides hold of a phone call, a letter or a fax. */
const correspondence = {
  dynamics: {
    subject: 'Call Adatum',
    notes: null,
    startDate: null,
    startTime: null,
    dueDate: '2026-10-05',
    dueTime: '09:00',
    completedDate: null,
    importance: 'normal',
    status: 'notStarted',
    regarding: 'Adatum',
  },
  exchange: {
    subject: 'Call Adatum',
    notes: null,
    startDate: null,
    dueDate: '2026-10-05',
    completedDate: null,
    importance: 'normal',
    status: 'notStarted',
    regarding: 'Adatum',
  },
};

/** What both sides hold of a service activity: nobody is invited to it. */
const serviceAppointment = {
  dynamics: {
    subject: 'Inspect',
    body: null,
    location: 'Plant 2',
    time: future,
    importance: 'normal',
    status: 'busy',
    regarding: 'Adatum',
  },
  exchange: {
    subject: 'Inspect',
    body: null,
    location: 'Plant 2',
    time: future,
    importance: 'normal',
    status: 'busy',
    regarding: 'Adatum',
    resources: [],
    organizedHere: true,
    online: false,
    iCalUId: 'ical',
  },
};

/** What both sides hold at first: an open task, a contact, a future meeting of this person without attendees. */
export const agreed: Readonly<Record<Entity, { readonly dynamics: Values; readonly exchange: Values }>> = {
  task: { dynamics: { ...correspondence.dynamics, percentComplete: null }, exchange: correspondence.exchange },
  phonecall: correspondence,
  letter: correspondence,
  fax: correspondence,
  serviceappointment: serviceAppointment,
  contact: {
    dynamics: { firstName: 'Anna', lastName: 'Weber', jobTitle: 'Buyer', company: 'Adatum', emails: ['anna@x.example'], notes: null },
    exchange: { firstName: 'Anna', lastName: 'Weber', jobTitle: 'Buyer', company: 'Adatum', emails: ['anna@x.example'], notes: null },
  },
  appointment: {
    dynamics: {
      subject: 'Review',
      body: null,
      location: 'Room 1',
      time: future,
      importance: 'normal',
      status: 'busy',
      requiredAttendees: [],
      optionalAttendees: [],
      regarding: 'Adatum',
      organizer: 'me',
    },
    exchange: {
      subject: 'Review',
      body: null,
      location: 'Room 1',
      time: future,
      importance: 'normal',
      status: 'busy',
      requiredAttendees: [],
      optionalAttendees: [],
      regarding: 'Adatum',
      resources: [],
      organizedHere: true,
      online: false,
      iCalUId: 'ical',
    },
  },
  series: {
    dynamics: {
      subject: 'Review',
      body: null,
      location: 'Room 1',
      time: future,
      recurrence: weekly,
      occurrences: [],
      zone: 'UTC',
      importance: 'normal',
      status: 'busy',
      requiredAttendees: [],
      optionalAttendees: [],
      regarding: 'Adatum',
      organizer: 'me',
    },
    exchange: {
      subject: 'Review',
      body: null,
      location: 'Room 1',
      time: future,
      recurrence: weekly,
      occurrences: [],
      zone: 'UTC',
      importance: 'normal',
      status: 'busy',
      requiredAttendees: [],
      optionalAttendees: [],
      regarding: 'Adatum',
      resources: [],
      organizedHere: true,
      online: false,
      iCalUId: 'ical',
    },
  },
};

export const recordId = '0b5bd4f2-0000-4000-8000-000000000001';

export function record(entity: Entity, values: Values = {}, facts: Partial<SeenRecord> = {}): SeenRecord {
  return {
    entity,
    id: recordId,
    version: '100',
    modifiedAt: now - hour,
    owner: 'me',
    organizer: isMeeting(entity) ? 'me' : null,
    ...(hasSeveralHomes(entity) ? { resources: ['me', 'colleague'] } : {}),
    standing: 'open',
    ...facts,
    values: { ...agreed[entity].dynamics, ...values },
  };
}

export function item(entity: Entity, values: Values = {}, facts: Partial<SeenItem> = {}): SeenItem {
  return {
    kind: kindOf(entity),
    id: 'item-1',
    feed: isMeeting(entity) ? 'calendar' : kindOf(entity) === 'contact' ? 'contacts' : 'tasks:inbox',
    version: 'W/1',
    modifiedAt: now - hour,
    marker: null,
    ...facts,
    values: { ...agreed[entity].exchange, ...values },
  };
}

export function link(entity: Entity, facts: Partial<Link> = {}): Link {
  return {
    entity,
    recordId,
    itemId: 'item-1',
    feed: item(entity).feed,
    state: 'linked',
    reason: 'new-record',
    incarnation: 1,
    recordVersion: '100',
    itemVersion: 'W/1',
    bases: agreed[entity],
    withheld: false,
    at: now - 24 * hour,
    ...facts,
  };
}

export function pair(entity: Entity, of: Link | null, recordSide: RecordSide, itemSide: ItemSide): Pair {
  return { entity, recordId, link: of, record: recordSide, item: itemSide };
}

const taskEdits = {
  dynamics: { subject: 'Call Adatum today' },
  exchange: { notes: 'Ask for Anna' },
  end: { status: 'completed', completedDate: '2026-10-01' },
};

/** A field that both sides of each entity have, and what each side made of it. */
const editedBy: Readonly<Record<Entity, { readonly dynamics: Values; readonly exchange: Values; readonly end: Values }>> = {
  task: taskEdits,
  phonecall: taskEdits,
  letter: taskEdits,
  fax: taskEdits,
  contact: { dynamics: { jobTitle: 'Head of buying' }, exchange: { notes: 'Met in Graz' }, end: { jobTitle: 'Retired' } },
  appointment: { dynamics: { subject: 'Review of the offer' }, exchange: { body: 'Bring the offer' }, end: { status: 'completed' } },
  serviceappointment: { dynamics: { subject: 'Inspect twice' }, exchange: { body: 'Bring the ladder' }, end: { status: 'completed' } },
  series: { dynamics: { subject: 'Review of the offer' }, exchange: { body: 'Bring the offer' }, end: { status: 'completed' } },
};

export const recordKinds = ['same', 'changed', 'created', 'deleted', 'filteredOut', 'movedHome', 'closed', 'unreadable'] as const;
export const itemKinds = ['none', 'same', 'changed', 'deleted'] as const;
export type RecordKind = (typeof recordKinds)[number];
export type ItemKind = (typeof itemKinds)[number];

/** A record side of each kind, with the edit that goes with it. */
export function recordSideOf(kind: RecordKind, entity: Entity): RecordSide {
  const { dynamics, end } = editedBy[entity];
  switch (kind) {
    case 'same':
      return { kind, record: record(entity) };
    case 'changed':
    case 'created':
      return { kind, record: record(entity, dynamics, { version: '101' }) };
    case 'filteredOut':
      return { kind, record: record(entity, {}, { version: '101', standing: entity === 'contact' ? 'inactive' : 'open' }) };
    case 'movedHome':
      return {
        kind,
        record: record(
          entity,
          {},
          { version: '101', owner: 'somebody', organizer: isMeeting(entity) ? 'somebody' : null, resources: ['colleague'] },
        ),
      };
    case 'closed':
      return { kind, record: record(entity, end, { version: '101', standing: 'closed' }) };
    case 'deleted':
    case 'unreadable':
      return { kind };
  }
}

export function itemSideOf(kind: ItemKind, entity: Entity): ItemSide {
  switch (kind) {
    case 'same':
      return { kind, item: item(entity) };
    case 'changed':
      return { kind, item: item(entity, editedBy[entity].exchange, { version: 'W/2' }) };
    case 'none':
    case 'deleted':
      return { kind };
  }
}
