import { z } from 'zod';
import type { WireReply } from '../serving/wire';
import { type Call, context, type Json, jsonObject, readAs, readWrite, reply } from './call';
import { type DeltaSource, deltaReply } from './delta';
import { badProperty, badUri, GraphFailure, invalidRequest, itemNotFound, notImplemented } from './errors';
import { type EventInput, newEvent, type StoredEvent, writableEvent, writeEvent } from './event-item';
import { eventResource, withCancelled } from './event-view';
import { withJoiningBlock } from './joining-block';
import { folders } from './mailbox';
import { invite, tellChange, tellDeletion } from './meetings';
import { checkOptions, listReply, showOne } from './query';
import { findItem, requireMatch } from './reach';
import type { Route } from './router';
import { cancelDate, type Instance, instanceOn, instancesIn, keepException, overlaps, type ShownEvent } from './series';
import { parseInstant } from './time';

/** Events of the default calendar, and by id those of every other: events that stand alone, series, and the dates of series. */
export const eventRoutes: readonly Route[] = [
  { method: 'GET', path: 'users/{}/events', handle: (call) => listEvents(call, folders.calendar) },
  { method: 'POST', path: 'users/{}/events', handle: createEvent },
  { method: 'GET', path: 'users/{}/events/{}', handle: getEvent },
  { method: 'GET', path: 'users/{}/events/{}/instances', handle: listInstances },
  { method: 'PATCH', path: 'users/{}/events/{}', handle: patchEvent },
  { method: 'DELETE', path: 'users/{}/events/{}', handle: deleteEvent },
  { method: 'POST', path: 'users/{}/events/{}/cancel', handle: cancelEvent },
  { method: 'POST', path: 'users/{}/events/{}/permanentDelete', handle: removeEvent },
  { method: 'GET', path: 'users/{}/calendarView', handle: (call) => listWindow(call, folders.calendar) },
  { method: 'GET', path: 'users/{}/calendarView/delta', handle: deltaOfWindow },
];

/** The events of the calendar that is kept in `folder`. */
export function listEvents(call: Call, folder: number): WireReply {
  return listReply(call, eventResource, call.mailbox.inFolder('event', folder), context(call, 'events'));
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
  const event = findItem(call, 'event');
  const shown = withCancelled(call, event, showOne(call, eventResource, event));
  return reply(call, 200, { '@odata.context': context(call, 'events/$entity'), ...shown });
}

function patchEvent(call: Call): WireReply {
  const event = findItem(call, 'event');
  requireMatch(call, event);
  const input = readWrite(call, writableEvent);
  if (input.transactionId !== undefined && input.transactionId !== event.transactionId)
    throw badProperty('The transactionId of an event cannot be changed.');
  if (event.instance !== undefined) return patchInstance(call, event, event.instance, input);
  const before = { ...event };
  Object.assign(event, withJoiningBlock({ ...event, ...writeEvent(event, input) }, before));
  call.mailbox.changed('event', event);
  tellChange(call.exchange, call.mailbox, event, before, Object.keys(input));
  return eventReply(call, 200, event);
}

/** A date of a series that is written on its own becomes an exception. */
function patchInstance(call: Call, before: ShownEvent, instance: Instance, input: EventInput): WireReply {
  if (input.recurrence !== undefined && input.recurrence !== null) throw badProperty('An occurrence cannot recur by itself.');
  const master = masterOf(call, instance);
  keepException(call.mailbox, master, instance, withJoiningBlock({ ...before, ...writeEvent(before, input) }, before));
  const after = instanceOn(master, instance.date);
  tellChange(call.exchange, call.mailbox, after, before, Object.keys(input));
  return eventReply(call, 200, after);
}

function masterOf({ mailbox }: Call, { masterKey }: Instance): StoredEvent {
  const master = mailbox.get('event', masterKey);
  if (master === undefined) throw itemNotFound();
  return master;
}

/** The dates of a series in a window, each as an event (list instances docs). */
function listInstances(call: Call): WireReply {
  const event = findItem(call, 'event');
  if (event.series === null) throw invalidRequest('The expansion of instances is only possible for the master of a series.');
  return listReply(call, eventResource, instancesIn(event, readWindow(call)), context(call, 'events'));
}

function deleteEvent(call: Call): WireReply {
  const event = findItem(call, 'event');
  requireMatch(call, event);
  takeAway(call, event);
  return reply(call, 204);
}

const cancelSchema = z.strictObject({ comment: z.string().optional(), Comment: z.string().optional() });

function cancelEvent(call: Call): WireReply {
  const event = findItem(call, 'event');
  readAs(cancelSchema, jsonObject(call), 'cancel');
  if (!event.isOrganizer) throw invalidRequest("Your request can't be completed. You need to be an organizer to cancel a meeting.");
  takeAway(call, event);
  return reply(call, 202);
}

/** Deletes as a user does; a single date is taken out of its series. */
function takeAway(call: Call, event: ShownEvent): void {
  if (event.instance !== undefined) cancelDate(call.mailbox, masterOf(call, event.instance), event.instance.date);
  tellDeletion(call.exchange, call.mailbox, event);
  if (event.instance === undefined) call.mailbox.discard('event', event);
}

function removeEvent(call: Call): WireReply {
  const event = findItem(call, 'event');
  if (event.instance !== undefined) throw notImplemented('permanentDelete of a single date of a series');
  tellDeletion(call.exchange, call.mailbox, event);
  call.mailbox.remove('event', event);
  return reply(call, 204);
}

function eventReply(call: Call, status: number, event: ShownEvent): WireReply {
  return reply(call, status, { '@odata.context': context(call, 'events/$entity'), ...eventResource.show(call, event, []) });
}

interface Window {
  readonly from: number;
  readonly to: number;
}

/** What the calendar that is kept in `folder` shows of the window that the query names. */
export function listWindow(call: Call, folder: number): WireReply {
  const window = readWindow(call);
  const inside = [...call.mailbox.inFolder('event', folder)].flatMap((event) => shownIn(event, window));
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
      return event?.folder === folders.calendar && window !== undefined && shownIn(event, window).length > 0;
    },
    show(key, { window }, isNews): Json[] {
      const event = mailbox.get('event', key);
      if (event === undefined || window === undefined) return [];
      return event.series === null ? [eventResource.show(call, event, [])] : seriesInDelta(call, event, window, isNews);
    },
  };
  return deltaReply(call, source);
}

/**
 * A series in a delta: its master, its changed dates, and of its other dates only what tells them apart. Where its change is news, dates that were deleted are
 * called removed.
 */
function seriesInDelta(call: Call, master: StoredEvent, window: Window, isNews: boolean): Json[] {
  const dates = instancesIn(master, window).map((instance): Json => {
    const shown = eventResource.show(call, instance, []);
    if (instance.instance?.type === 'exception') return shown;
    const { '@odata.etag': etag, id, seriesMasterId, type, start, end } = shown;
    return { '@odata.etag': etag, id, seriesMasterId, type, start, end };
  });
  const gone = isNews ? (master.series?.cancelled ?? []) : [];
  const removed = gone.map((date): Json => {
    const instance = { date, type: 'occurrence' as const, originalStart: 0, masterKey: master.key };
    return { id: call.mailbox.idOf('event', { ...master, instance }, call.prefer.ids), '@removed': { reason: 'deleted' } };
  });
  return [eventResource.show(call, master, []), ...dates, ...removed];
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

/** What a window shows of an event: itself, or the dates of a series. */
function shownIn(event: StoredEvent, window: Window): ShownEvent[] {
  if (event.series !== null) return instancesIn(event, window);
  return overlaps(event.span, window) ? [event] : [];
}

/** The body with its properties in one order, so that two equal requests are equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort()) : inner,
  );
}
