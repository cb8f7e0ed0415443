import { z } from 'zod';
import type { WireReply } from '../serving/wire';
import { type Call, context, type Json, jsonObject, readAs, readWrite, reply } from './call';
import { type DeltaSource, deltaReply } from './delta';
import { badProperty, badUri, GraphFailure, invalidRequest } from './errors';
import { newEvent, type StoredEvent, writableEvent, writeEvent } from './event-item';
import { eventResource } from './event-view';
import { folders } from './mailbox';
import { invite, tellChange, tellDeletion } from './meetings';
import { checkOptions, listReply, showOne } from './query';
import { findItem, requireMatch } from './reach';
import type { Route } from './router';
import { parseInstant } from './time';

/** Events of the default calendar, and by id those of every other: single events only. */
export const eventRoutes: readonly Route[] = [
  { method: 'GET', path: 'users/{}/events', handle: listEvents },
  { method: 'POST', path: 'users/{}/events', handle: createEvent },
  { method: 'GET', path: 'users/{}/events/{}', handle: getEvent },
  { method: 'PATCH', path: 'users/{}/events/{}', handle: patchEvent },
  { method: 'DELETE', path: 'users/{}/events/{}', handle: deleteEvent },
  { method: 'POST', path: 'users/{}/events/{}/cancel', handle: cancelEvent },
  { method: 'POST', path: 'users/{}/events/{}/permanentDelete', handle: removeEvent },
  { method: 'GET', path: 'users/{}/calendarView', handle: (call) => listWindow(call, folders.calendar) },
  { method: 'GET', path: 'users/{}/calendarView/delta', handle: deltaOfWindow },
];

function listEvents(call: Call): WireReply {
  return listReply(call, eventResource, call.mailbox.inFolder('event', folders.calendar), context(call, 'events'));
}

function createEvent(call: Call): WireReply {
  const content = canonical(jsonObject(call));
  const input = readWrite(call, writableEvent);
  const { mailbox } = call;
  const transactionId = input.transactionId ?? null;
  const existing = transactionId === null ? undefined : replayed(call, transactionId, content);
  if (existing !== undefined) return eventReply(call, 201, existing);

  const { email, firstName, lastName } = mailbox.person;
  const event = mailbox.addEvent({
    ...newEvent(input),
    organizer: { name: `${firstName} ${lastName}`, address: email },
    isOrganizer: true,
    isCancelled: false,
    response: 'organizer',
    transactionId,
  });
  if (transactionId !== null) mailbox.transactions.set(transactionId, { key: event.key, content });
  invite(call.exchange, mailbox, event);
  return eventReply(call, 201, event);
}

/** The event that this transactionId made already, if the request is the same; another request under it is refused. */
function replayed(call: Call, transactionId: string, content: string): StoredEvent | undefined {
  const { mailbox, exchange } = call;
  const transaction = mailbox.transactions.get(transactionId);
  if (transaction === undefined) return undefined;
  const event = mailbox.get('event', transaction.key);
  const deleted = event === undefined || event.folder === folders.deletedItems;
  if (deleted && exchange.switches.transactionIdAfterDelete === 'create') return undefined;
  if (!deleted && transaction.content === content) return event;
  const id = event === undefined ? '' : mailbox.idOf('event', event, call.prefer.ids);
  const message = "Your request can't be completed. The TransactionId property has been used to create a different event.";
  throw new GraphFailure(400, 'ErrorDuplicateTransactionId', message, { inError: { '@event.existingEventId': id } });
}

function getEvent(call: Call): WireReply {
  const shown = showOne(call, eventResource, findItem(call, 'event'));
  return reply(call, 200, { '@odata.context': context(call, 'events/$entity'), ...shown });
}

function patchEvent(call: Call): WireReply {
  const event = findItem(call, 'event');
  requireMatch(call, event);
  const input = readWrite(call, writableEvent);
  if (input.transactionId !== undefined && input.transactionId !== event.transactionId)
    throw badProperty('The transactionId of an event cannot be changed.');
  const before = { ...event };
  Object.assign(event, writeEvent(event, input));
  call.mailbox.changed('event', event);
  tellChange(call.exchange, call.mailbox, event, before, Object.keys(input));
  return eventReply(call, 200, event);
}

function deleteEvent(call: Call): WireReply {
  const event = findItem(call, 'event');
  requireMatch(call, event);
  tellDeletion(call.exchange, call.mailbox, event);
  call.mailbox.discard('event', event);
  return reply(call, 204);
}

const cancelSchema = z.strictObject({ comment: z.string().optional(), Comment: z.string().optional() });

function cancelEvent(call: Call): WireReply {
  const event = findItem(call, 'event');
  readAs(cancelSchema, jsonObject(call), 'cancel');
  if (!event.isOrganizer) throw invalidRequest("Your request can't be completed. You need to be an organizer to cancel a meeting.");
  tellDeletion(call.exchange, call.mailbox, event);
  call.mailbox.discard('event', event);
  return reply(call, 202);
}

function removeEvent(call: Call): WireReply {
  const event = findItem(call, 'event');
  tellDeletion(call.exchange, call.mailbox, event);
  call.mailbox.remove('event', event);
  return reply(call, 204);
}

function eventReply(call: Call, status: number, event: StoredEvent): WireReply {
  return reply(call, status, { '@odata.context': context(call, 'events/$entity'), ...eventResource.show(call, event, []) });
}

interface Window {
  readonly from: number;
  readonly to: number;
}

/** What the calendar that is kept in `folder` shows of the window that the query names. */
export function listWindow(call: Call, folder: number): WireReply {
  const window = readWindow(call);
  const inside = [...call.mailbox.inFolder('event', folder)].filter((event) => overlaps(event, window));
  inside.sort((left, right) => left.span.from - right.span.from || left.key - right.key);
  return listReply(call, eventResource, inside, context(call, 'calendarView'));
}

/** Delta of a window: it takes no option, and tells of every change outside the window as of a removal (event delta docs). */
function deltaOfWindow(call: Call): WireReply {
  const { mailbox } = call;
  const source: DeltaSource = {
    kind: 'event',
    scope: 'calendarView',
    feed: mailbox.feed('event', folders.calendar),
    type: 'event',
    open() {
      for (const name of ['$select', '$filter', '$orderby', '$expand', '$search', '$top', '$skip', '$count']) {
        if (call.query.has(name))
          throw invalidRequest(
            `The following parameters are not supported with change tracking over the 'CalendarView' resource: '${name}'.`,
          );
      }
      checkOptions(call, ['$deltatoken']);
      return { window: readWindow(call) };
    },
    has(key, { window }) {
      const event = mailbox.get('event', key);
      return event?.folder === folders.calendar && window !== undefined && overlaps(event, window);
    },
    show(key): Json {
      const event = mailbox.get('event', key);
      return event === undefined ? {} : eventResource.show(call, event, []);
    },
  };
  return deltaReply(call, source);
}

function readWindow(call: Call): Window {
  const read = (name: string) => {
    const text = call.query.get(name.toLowerCase());
    if (text === undefined)
      throw invalidRequest(
        `This request requires a time window specified by the query string parameters StartDateTime and EndDateTime; ${name} is missing.`,
      );
    const instant = parseInstant(text.replace(' ', '+'));
    if (instant === undefined) throw badUri(`The value '${text}' of parameter '${name}' is invalid.`);
    return instant;
  };
  const window = { from: read('startDateTime'), to: read('endDateTime') };
  if (window.to < window.from) throw invalidRequest('The endDateTime has to lie behind the startDateTime.');
  return window;
}

function overlaps({ span }: StoredEvent, window: Window): boolean {
  const endsInside = span.to > window.from || (span.from === span.to && span.from === window.from);
  return span.from < window.to && endsInside;
}

/** The body with its properties in one order, so that two equal requests are equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort()) : inner,
  );
}
