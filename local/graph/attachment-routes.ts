import { z } from 'zod';
import type { WireReply } from '../serving/wire';
import { type Call, context, jsonObject, parameter, readAs, reply } from './call';
import { badProperty, itemNotFound, notImplemented } from './errors';
import type { StoredAttachment, StoredEvent } from './event-item';
import { tellChange } from './meetings';
import { listReply, type Resource, showOne } from './query';
import { findItem } from './reach';
import type { Route } from './router';
import { preciseStamp } from './time';

const path = 'users/{}/events/{}/attachments';
const fileType = '#microsoft.graph.fileAttachment';

/** Larger files need an upload session (attach large files docs). Bytes. */
const largest = 3 * 1024 * 1024;

/** What the storage of an attachment takes besides its content. */
const overhead = 400;

const schema = z.strictObject({
  name: z.string().min(1).max(255),
  contentType: z.string().nullish(),
  contentBytes: z.base64(),
  isInline: z.boolean().optional(),
});

const resource: Resource<StoredAttachment> = {
  type: 'fileAttachment',
  names: new Set(['id', 'lastModifiedDateTime', 'name', 'contentType', 'size', 'isInline', 'contentId', 'contentLocation', 'contentBytes']),
  expandable: [],
  show: (_call, attachment) => shown(attachment),
  field: (_call, attachment, name) => shown(attachment)[name],
};

/** The files of events that stand alone; each that comes or goes gives the event a new version, and its attendees are told. */
export const attachmentRoutes: readonly Route[] = [
  { method: 'GET', path, handle: (call) => listReply(call, resource, singleEvent(call).attachments ?? [], metadata(call)) },
  { method: 'POST', path, handle: add },
  {
    method: 'POST',
    path: `${path}/createUploadSession`,
    handle: () => {
      throw notImplemented('upload sessions of attachments');
    },
  },
  {
    method: 'GET',
    path: `${path}/{}`,
    handle: (call) => reply(call, 200, { '@odata.context': metadata(call, '/$entity'), ...showOne(call, resource, attachmentOf(call)) }),
  },
  { method: 'DELETE', path: `${path}/{}`, handle: remove },
];

function add(call: Call): WireReply {
  const event = singleEvent(call);
  const type = (JSON.parse(call.request.body) as Record<string, unknown>)['@odata.type'];
  if (type !== fileType) throw notImplemented(`an attachment of the type '${String(type)}'`);
  const { name, contentType, contentBytes, isInline } = readAs(schema, jsonObject(call), 'fileAttachment');
  const length = Buffer.from(contentBytes, 'base64').length;
  if (length > largest) throw badProperty('The size of the attachment exceeds what one request may have.');
  const attachment: StoredAttachment = {
    id: `AAMkAttachment${call.mailbox.next()}`,
    name,
    contentType: contentType ?? 'application/octet-stream',
    contentBytes,
    size: length + overhead,
    isInline: isInline ?? false,
    modified: call.exchange.now(),
  };
  replace(call, event, [...(event.attachments ?? []), attachment]);
  return reply(call, 201, { '@odata.context': metadata(call, '/$entity'), ...shown(attachment) });
}

function remove(call: Call): WireReply {
  const event = singleEvent(call);
  const gone = attachmentOf(call);
  replace(
    call,
    event,
    (event.attachments ?? []).filter(({ id }) => id !== gone.id),
  );
  return reply(call, 204);
}

function replace(call: Call, event: StoredEvent, attachments: readonly StoredAttachment[]): void {
  const before = { ...event };
  event.attachments = attachments;
  call.mailbox.changed('event', event);
  tellChange(call.exchange, call.mailbox, event, before, ['attachments']);
}

function singleEvent(call: Call): StoredEvent {
  const event = findItem(call, 'event');
  if (event.instance !== undefined || event.series !== null) throw notImplemented('attachments of series');
  return event;
}

function attachmentOf(call: Call): StoredAttachment {
  const found = (singleEvent(call).attachments ?? []).find(({ id }) => id === parameter(call, 1));
  if (found === undefined) throw itemNotFound();
  return found;
}

function shown({ id, modified, name, contentType, size, isInline, contentBytes }: StoredAttachment): Record<string, unknown> {
  return {
    '@odata.type': fileType,
    '@odata.mediaContentType': contentType,
    id,
    lastModifiedDateTime: preciseStamp(modified),
    name,
    contentType,
    size,
    isInline,
    contentId: null,
    contentLocation: null,
    contentBytes,
  };
}

function metadata(call: Call, rest = ''): string {
  return context(call, `events('${encodeURIComponent(parameter(call, 0))}')/attachments${rest}`);
}
