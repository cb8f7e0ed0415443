import type { CustomFields } from '../model/custom-fields';
import type { ItemKind } from '../model/entity';
import type { Feed, Marked } from '../model/seen';
import { contactProperties } from './contact';
import { customOfKind, customProperty } from './custom';
import { eventColumns, eventExpand, eventProperties } from './event';
import type { ItemRef } from './exchange';
import { expandOf, filterOf, markerProperty } from './extended';
import type { GraphPart } from './graph';
import { kindIn, taskListOf } from './item';
import { quoted } from './quoted';

/** Immutable ids, times in UTC and bodies as text, asked for with each part: preferences are not inherited from a batch or a link (Graph batching and delta docs). */
const textPreference = 'outlook.body-content-type="text"';
const preferences = `IdType="ImmutableId", outlook.timezone="UTC", ${textPreference}`;

const deltaPage = 100;
const listPage = 100;

export function userPath(userId: string): string {
  return `/users/${encodeURIComponent(userId)}`;
}

/** A GET of a path or a relative link. */
export function get(url: string): GraphPart {
  return { method: 'GET', url, headers: { Prefer: preferences } };
}

/** A write; `version` is sent as a precondition where there is one. */
export function write(method: 'POST' | 'PATCH' | 'DELETE', url: string, body: object | undefined, version: string | null): GraphPart {
  const headers = { Prefer: preferences, ...(version === null || version === '' ? {} : { 'If-Match': version }) };
  return { method, url, headers, ...(body === undefined ? {} : { body }) };
}

/** The collection that items of a feed are created in and listed from. */
export function collection(user: string, feed: Feed): string {
  switch (kindIn(feed)) {
    case 'event':
    case 'series':
      return `${user}/events`;
    case 'contact':
      return `${user}/contacts`;
    case 'task':
      return `${user}/todo/lists/${encodeURIComponent(taskListOf(feed))}/tasks`;
  }
}

/** One item. Events and contacts answer by id wherever they lie; a task only below its list. */
export function itemUrl(user: string, feed: Feed, id: string): string {
  return `${collection(user, feed)}/${encodeURIComponent(id)}`;
}

/** One item with everything that Tandem maps. Only who selects them sees which dates of a series were deleted, and so all else has to be named too (event docs). */
export function wholeItem(user: string, { kind, feed, id }: ItemRef, custom: CustomFields): GraphPart {
  if (kind !== 'series') return get(itemUrl(user, feed, id) + query({ $expand: expandFor(kindIn(feed), custom) }));
  const dates = ['exceptionOccurrences', 'cancelledOccurrences'];
  const options = { $select: [...eventColumns, 'type', 'recurrence', ...dates].join(','), $expand: `exceptionOccurrences,${eventExpand}` };
  return get(itemUrl(user, feed, id) + query(options));
}

/** The events that the default calendar shows in a window, with everything that Tandem maps. */
export function wholeEvents(user: string, window: { readonly from: number; readonly to: number }, custom: CustomFields): GraphPart {
  return get(`${user}/calendarView${query({ ...windowOptions(window), $expand: expandFor('event', custom), $top: String(listPage) })}`);
}

/** The dates of a series in a window, with what tells which is which, and on demand with their bodies as the HTML that Exchange keeps. */
export function instancesOf(
  user: string,
  id: string,
  window: { readonly from: number; readonly to: number },
  withBodies: boolean,
): GraphPart {
  const columns = ['id', 'type', 'start', 'originalStart', 'occurrenceId', 'attendees', ...(withBodies ? ['body'] : [])];
  const options = { ...windowOptions(window), $select: columns.join(','), $top: String(listPage) };
  const part = get(`${itemUrl(user, 'calendar', id)}/instances${query(options)}`);
  return withBodies ? inHtml(part) : part;
}

/** The newest change and the count of a folder, or of all mail. */
export function markOf(user: string, feed: Marked): GraphPart {
  const options = { $top: '1', $orderby: 'lastModifiedDateTime desc', $select: 'id,lastModifiedDateTime', $count: 'true' };
  return get((feed === 'mail' ? `${user}/messages` : collection(user, feed)) + query(options));
}

/** The first page of a folder's delta; the calendar's covers a window, which its links remember. */
export function firstDelta(user: string, feed: Feed, window: { readonly from: number; readonly to: number } | null): GraphPart {
  switch (kindIn(feed)) {
    case 'event':
    case 'series':
      return deltaPart(`${user}/calendarView/delta${query(windowOptions(window ?? { from: 0, to: 0 }))}`);
    case 'contact':
      return deltaPart(`${user}/contactFolders/contacts/contacts/delta`);
    case 'task':
      return deltaPart(`${collection(user, feed)}/delta`);
  }
}

/** A page of a folder's delta by its link. */
export function deltaPart(url: string): GraphPart {
  return { method: 'GET', url, headers: { Prefer: `${preferences}, odata.maxpagesize=${deltaPage}` }, readsDelta: true };
}

/** A page of a calendar, the default one where none is named, with every date of a series on its own. */
export function calendarView(
  user: string,
  window: { readonly from: number; readonly to: number },
  select: string,
  calendar: string | null = null,
): GraphPart {
  const path = calendar === null ? user : `${user}/calendars/${encodeURIComponent(calendar)}`;
  return get(`${path}/calendarView${query({ ...windowOptions(window), $select: select, $top: String(listPage) })}`);
}

/** A page of all calendars of a mailbox. */
export function calendars(user: string): GraphPart {
  return get(`${user}/calendars${query({ $select: 'id,isDefaultCalendar,owner', $top: String(listPage) })}`);
}

/** A page of ids, versions and categories. */
export function idsOf(user: string, feed: Feed): GraphPart {
  return get(
    collection(user, feed) + query({ $select: feed === 'calendar' ? 'id,type,categories' : 'id,categories', $top: String(listPage) }),
  );
}

/** A page of a folder, or of a window of the calendar, with some properties of each item; with a filter only of those that it lets through. */
export function sighted(
  user: string,
  feed: Feed,
  window: { readonly from: number; readonly to: number } | null,
  { select, expand }: { readonly select: string; readonly expand: string },
  filter: string | null = null,
): GraphPart {
  const isView = feed === 'calendar' && window !== null;
  const path = isView ? `${user}/calendarView` : collection(user, feed);
  const options = { $select: select, $expand: expand, $top: String(listPage), ...(filter === null ? {} : { $filter: filter }) };
  return get(path + query(isView ? { ...windowOptions(window), ...options } : options));
}

/** A page of the tasks of a list with their linked resources. */
export function linkedTasks(user: string, feed: Feed): GraphPart {
  return get(collection(user, feed) + query({ $expand: 'linkedResources', $top: String(listPage) }));
}

/** The items of a folder that carry a marker; not for tasks, whose linked resources cannot be filtered for sure. Of contacts and events those in a folder or a calendar of the user’s own, where one is named. */
export function byMarker(user: string, feed: Feed, marker: string, custom: CustomFields, folder: string | null = null): GraphPart {
  const items = folder === null ? collection(user, feed) : collectionIn(user, feed, encodeURIComponent(folder));
  return get(items + query({ $filter: filterOf(markerProperty, marker), $expand: expandFor(kindIn(feed), custom) }));
}

function collectionIn(user: string, feed: Feed, folder: string): string {
  return feed === 'contacts' ? `${user}/contactFolders/${folder}/contacts` : `${user}/calendars/${folder}/events`;
}

/** A page of the folders that the user has made for contacts. */
export function contactFolders(user: string): GraphPart {
  return get(`${user}/contactFolders${query({ $select: 'id', $top: String(listPage) })}`);
}

/** The events of the default calendar that carry an iCalUId. */
export function byICalUId(user: string, iCalUId: string, custom: CustomFields): GraphPart {
  const $filter = `iCalUId eq ${quoted(iCalUId)}`;
  return get(`${user}/events${query({ $filter, $expand: expandFor('event', custom) })}`);
}

/** A page of a user's task lists. */
export function taskLists(user: string): GraphPart {
  return get(`${user}/todo/lists${query({ $top: String(listPage) })}`);
}

export function deletedItemsFolder(user: string): GraphPart {
  return get(`${user}/mailFolders/deleteditems${query({ $select: 'id' })}`);
}

export function linkedResourcesUrl(user: string, feed: Feed, id: string): string {
  return `${itemUrl(user, feed, id)}/linkedResources`;
}

/** Some properties of an event; its body as the HTML that Exchange keeps. */
export function somePropertiesOf(user: string, id: string, names: readonly ('attendees' | 'body')[]): GraphPart {
  const part = get(itemUrl(user, 'calendar', id) + query({ $select: ['id', ...names].join(',') }));
  return names.includes('body') ? inHtml(part) : part;
}

/** A request whose answer shows bodies as HTML. */
export function inHtml(part: GraphPart): GraphPart {
  const { Prefer = preferences } = part.headers ?? {};
  return { ...part, headers: { ...part.headers, Prefer: Prefer.replace(textPreference, 'outlook.body-content-type="html"') } };
}

/** True for a request about events. */
export function isAboutEvents({ url }: GraphPart): boolean {
  return /\/(?:events|calendarView)(?:[/?]|$)/.test(url);
}

function expandFor(kind: ItemKind, custom: CustomFields): string {
  const added = customOfKind(custom, kind).map(customProperty);
  switch (kind) {
    case 'event':
    case 'series':
      return expandOf([...eventProperties, ...added]);
    case 'contact':
      return expandOf([...contactProperties, ...added]);
    case 'task':
      return 'linkedResources';
  }
}

function windowOptions({ from, to }: { readonly from: number; readonly to: number }): Record<string, string> {
  return { startDateTime: new Date(from).toISOString(), endDateTime: new Date(to).toISOString() };
}

function query(options: Readonly<Record<string, string>>): string {
  return `?${Object.entries(options)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')}`;
}
