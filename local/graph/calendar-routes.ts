import { z } from 'zod';
import type { WireReply } from '../serving/wire';
import { type Call, context, parameter, readWrite, reply, type Writable } from './call';
import { GraphFailure } from './errors';
import { listEvents, listWindow } from './event-routes';
import { folders, type StoredCalendar } from './mailbox';
import { listReply, type Resource, showOne } from './query';
import type { Route } from './router';

const writableCalendar = {
  type: 'calendar',
  schema: z.strictObject({ name: z.string().min(1) }),
  readOnly: ['id', 'changeKey', 'canEdit', 'isDefaultCalendar', 'owner'],
  unsupported: [
    'color',
    'hexColor',
    'isTallyingResponses',
    'defaultOnlineMeetingProvider',
    'events',
    'calendarView',
    'calendarPermissions',
  ],
} satisfies Writable<z.ZodType>;

const defaultCalendar = { key: folders.calendar, name: 'Calendar' };
type ShownCalendar = Pick<StoredCalendar, 'key' | 'name'>;

const calendarResource: Resource<ShownCalendar> = {
  type: 'calendar',
  names: new Set(['id', 'name', 'canEdit', 'isDefaultCalendar', 'owner']),
  expandable: [],
  show: ({ mailbox }, { key, name }) => ({
    id: mailbox.folderId('calendar', key),
    name,
    canEdit: true,
    isDefaultCalendar: key === folders.calendar,
    owner: { name: `${mailbox.person.firstName} ${mailbox.person.lastName}`, address: mailbox.person.email },
  }),
  field: (_call, { key, name }, field) => ({ name, isDefaultCalendar: key === folders.calendar })[field],
};

/** The calendars of a mailbox, their events, and what each shows of a window. The default one stands first. */
export const calendarRoutes: readonly Route[] = [
  { method: 'GET', path: 'users/{}/calendars', handle: listCalendars },
  { method: 'POST', path: 'users/{}/calendars', handle: createCalendar },
  { method: 'GET', path: 'users/{}/calendars/{}', handle: getCalendar },
  { method: 'GET', path: 'users/{}/calendars/{}/events', handle: (call) => listEvents(call, calendarOf(call).key) },
  { method: 'GET', path: 'users/{}/calendars/{}/calendarView', handle: (call) => listWindow(call, calendarOf(call).key) },
];

function listCalendars(call: Call): WireReply {
  return listReply(call, calendarResource, [defaultCalendar, ...call.mailbox.all('calendar')], context(call, 'calendars'));
}

function createCalendar(call: Call): WireReply {
  const { name } = readWrite(call, writableCalendar);
  for (const known of [defaultCalendar, ...call.mailbox.all('calendar')]) {
    if (known.name.toLowerCase() === name.toLowerCase())
      throw new GraphFailure(409, 'ErrorFolderExists', 'A folder with the specified name already exists.');
  }
  const calendar = call.mailbox.add('calendar', 0, { name });
  return reply(call, 201, { '@odata.context': context(call, 'calendars/$entity'), ...calendarResource.show(call, calendar, []) });
}

function getCalendar(call: Call): WireReply {
  const shown = showOne(call, calendarResource, calendarOf(call));
  return reply(call, 200, { '@odata.context': context(call, 'calendars/$entity'), ...shown });
}

function calendarOf(call: Call): ShownCalendar {
  const id = parameter(call, 0);
  return id === call.mailbox.folderId('calendar', folders.calendar) ? defaultCalendar : call.mailbox.find('calendar', id);
}
