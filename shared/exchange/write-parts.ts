import { z } from 'zod';
import type { CustomFields } from '../model/custom-fields';
import { markerText } from '../model/seen';
import { attendeesJson, mergedAttendees, touchesAttendees } from './attendees';
import { contactBody } from './contact';
import { customOfKind, withCustom } from './custom';
import { type EventContext, eventBody, touchesJoinable } from './event';
import type { ItemWrite } from './exchange';
import type { GraphPart } from './graph';
import { shaped } from './item';
import { collection, get, itemUrl, linkedResourcesUrl, somePropertiesOf, wholeItem, write as writePart } from './requests';
import { seriesBody } from './series';
import { displayNameOf, linkedResources, newLink, ownLink, taskBody } from './task';
import { bodyJson } from './texts';
import { transactionIdOf } from './transaction-id';

export type ItemCreate = Extract<ItemWrite, { kind: 'create' }>;
export type ItemUpdate = Extract<ItemWrite, { kind: 'update' }>;

/** What is read of an event before it is written. */
const eventBefore = z.object({ attendees: attendeesJson.nullish(), body: bodyJson.nullish() });

export interface WriteContext {
  readonly user: string;
  readonly zone: string;
  readonly rich: boolean;
  readonly custom: CustomFields;
}

/**
 * What has to be read before a write, because Graph replaces or addresses it as something that Tandem does not know: the attendees of an event with
 * their names and answers, the body of an online meeting with the block for joining, and the id of a task's linked resource.
 */
export function readBefore(write: ItemWrite, user: string): GraphPart | null {
  if (write.kind !== 'update') return null;
  const { kind, feed, id } = write.ref;
  if (kind === 'event' || kind === 'series') {
    const attendees = touchesAttendees(write.changes) ? (['attendees'] as const) : [];
    const body = touchesJoinable(write.changes, write.current) ? (['body'] as const) : [];
    return attendees.length + body.length === 0 ? null : somePropertiesOf(user, id, [...attendees, ...body]);
  }
  if (kind === 'task' && ('regarding' in write.changes || write.marker !== undefined)) return get(linkedResourcesUrl(user, feed, id));
  return null;
}

/** The requests of one write, in order; the last one answers with the item. `before` is the body that `readBefore` brought. */
export function partsOf(write: ItemWrite, before: unknown, context: WriteContext): GraphPart[] {
  switch (write.kind) {
    case 'create':
      return [createPart(write, context, null)];
    case 'update':
      return updateParts(write, before, context);
    case 'delete':
      return [writePart('DELETE', itemUrl(context.user, write.ref.feed, write.ref.id), undefined, write.version)];
  }
}

/** True where the last request of an update is a plain read: of a series, whose dates no reply shows, or because none of the changes is a property that may be written. */
export function isReadBack(parts: readonly GraphPart[]): boolean {
  return parts.at(-1)?.method === 'GET';
}

/** The request that makes an item; `deleted` is the id of an event that was made for the same record before and is gone, where that keeps Exchange from making another. */
export function createPart(write: ItemCreate, context: WriteContext, deleted: string | null): GraphPart {
  const item = withCustom(plainItem(write, context, deleted), write.values, customOfKind(context.custom, write.itemKind));
  return writePart('POST', collection(context.user, write.feed), item, null);
}

function plainItem(write: ItemCreate, { zone, rich }: WriteContext, deleted: string | null): Record<string, unknown> {
  const { values, derived } = write;
  const marker = markerText(write.marker);
  switch (write.itemKind) {
    case 'task':
      return { ...taskBody(values, derived), linkedResources: [newLink(marker, values.regarding)] };
    case 'contact':
      return contactBody(values, {}, marker);
    case 'event':
    case 'series': {
      const attendees = mergedAttendees(values, {}, []);
      const bodyOf = write.itemKind === 'series' ? seriesBody : eventBody;
      return {
        ...bodyOf(values, {}, { zone, derived, marker, rich, html: null }),
        ...(attendees.length > 0 ? { attendees } : {}),
        transactionId: transactionIdOf(deleted === null ? marker : `${marker} after ${deleted}`),
      };
    }
  }
}

function updateParts(write: ItemUpdate, before: unknown, context: WriteContext): GraphPart[] {
  const { kind, feed, id } = write.ref;
  const body = withCustom(updateBody(write, before, context), write.changes, customOfKind(context.custom, kind));
  const changed = Object.keys(body).length > 0;
  const patch = changed ? [writePart('PATCH', itemUrl(context.user, feed, id), body, write.version)] : [];
  if (kind === 'series') return [...patch, wholeItem(context.user, write.ref, context.custom)];
  const mark = kind === 'task' && write.marker !== undefined ? markPart(write, markerText(write.marker), before, context.user) : [];
  return [...linkPatch(write, before, context.user), ...mark, ...(changed ? patch : [wholeItem(context.user, write.ref, context.custom)])];
}

function updateBody(write: ItemUpdate, before: unknown, { zone, rich }: WriteContext): Record<string, unknown> {
  const { changes, current, derived } = write;
  const marker = write.marker === undefined ? null : markerText(write.marker);
  switch (write.ref.kind) {
    case 'task':
      return taskBody(changes, derived);
    case 'contact':
      return contactBody(changes, current, marker);
    case 'event':
    case 'series': {
      const bodyOf = write.ref.kind === 'series' ? seriesBody : eventBody;
      const now = shaped(eventBefore, before ?? {}, 'an event before its write');
      const context: EventContext = { zone, derived, marker, rich, html: now.body?.content ?? null };
      const body = bodyOf(changes, current, context);
      if (!touchesAttendees(changes)) return body;
      const { attendees } = now;
      return { ...body, attendees: mergedAttendees(changes, current, attendees ?? []) };
    }
  }
}

/** The linked resource that ties a task to its record: made, or where the task has one of another record, told of this one. */
function markPart(write: ItemUpdate, marker: string, before: unknown, user: string): GraphPart[] {
  const { feed, id } = write.ref;
  const url = linkedResourcesUrl(user, feed, id);
  const link = ownLink(shaped(linkedResources, before, 'the linked resources of a task').value);
  if (link?.id === undefined || link.id === null) return [writePart('POST', url, newLink(marker, write.changes.regarding), null)];
  return [writePart('PATCH', `${url}/${encodeURIComponent(link.id)}`, { externalId: marker }, null)];
}

/** A task shows what it is about by its linked resource; one whose user removed that stays without. */
function linkPatch(write: ItemUpdate, before: unknown, user: string): GraphPart[] {
  const { kind, feed, id } = write.ref;
  if (kind !== 'task' || !('regarding' in write.changes)) return [];
  const link = ownLink(shaped(linkedResources, before, 'the linked resources of a task').value);
  if (link?.id === undefined || link.id === null) return [];
  const url = `${linkedResourcesUrl(user, feed, id)}/${encodeURIComponent(link.id)}`;
  return [writePart('PATCH', url, { displayName: displayNameOf(write.changes.regarding) }, null)];
}
