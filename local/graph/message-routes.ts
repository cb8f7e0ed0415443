import { z } from 'zod';
import type { WireReply } from '../serving/wire';
import { type Call, context, parameter, readAs, readWrite, reply, type Writable } from './call';
import { type DeltaSource, deltaReply } from './delta';
import { badUri, GraphFailure, invalidRequest, notImplemented } from './errors';
import { childrenOf, mailFolderOf, type ShownMailFolder } from './mail-folders';
import { folders, type Mailbox } from './mailbox';
import type { StoredMessage } from './message-item';
import { messageResource } from './message-view';
import { checkOptions, listReply, pick, type Resource, readNumber, readSelect, showOne } from './query';
import type { Route } from './router';
import { parseInstant } from './time';

const writableFolder = {
  type: 'mailFolder',
  schema: z.strictObject({ displayName: z.string().min(1) }),
  readOnly: ['id', 'parentFolderId', 'childFolderCount', 'totalItemCount', 'unreadItemCount'],
  unsupported: ['isHidden', 'messages', 'childFolders', 'messageRules'],
} satisfies Writable<z.ZodType>;

const writableMessage = {
  type: 'message',
  schema: z.strictObject({ isRead: z.boolean().optional(), categories: z.array(z.string()).optional() }),
  readOnly: ['id', 'changeKey', 'createdDateTime', 'lastModifiedDateTime', 'receivedDateTime', 'parentFolderId'],
  unsupported: ['subject', 'body', 'from', 'toRecipients', 'ccRecipients', 'importance', 'flag'],
} satisfies Writable<z.ZodType>;

const folderResource: Resource<ShownMailFolder> = {
  type: 'mailFolder',
  names: new Set(['id', 'displayName', 'parentFolderId', 'childFolderCount', 'totalItemCount', 'unreadItemCount', 'isHidden']),
  expandable: [],
  show(call, folder) {
    const messages = [...call.mailbox.inFolder('message', folder.key)];
    return {
      id: call.mailbox.folderId('mailFolder', folder.key),
      displayName: folder.displayName,
      parentFolderId: call.mailbox.folderId('mailFolder', folder.parent),
      childFolderCount: childrenOf(call.mailbox, folder.key).length,
      totalItemCount: messages.length,
      unreadItemCount: messages.filter(({ isRead }) => !isRead).length,
      isHidden: false,
    };
  },
  field: (call, folder, name) => folderResource.show(call, folder, [])[name],
};

/** Mail folders and messages. Nothing is sent: mail arrives by the control `deliver`. */
export const messageRoutes: readonly Route[] = [
  { method: 'GET', path: 'users/{}/mailFolders', handle: (call) => listFolders(call, 0) },
  { method: 'POST', path: 'users/{}/mailFolders', handle: (call) => createFolder(call, 0) },
  { method: 'GET', path: 'users/{}/mailFolders/{}', handle: getFolder },
  { method: 'DELETE', path: 'users/{}/mailFolders/{}', handle: deleteFolder },
  { method: 'GET', path: 'users/{}/mailFolders/{}/childFolders', handle: (call) => listFolders(call, folderOf(call).key) },
  { method: 'POST', path: 'users/{}/mailFolders/{}/childFolders', handle: (call) => createFolder(call, folderOf(call).key) },
  {
    method: 'GET',
    path: 'users/{}/mailFolders/{}/messages',
    handle: (call) => list(call, call.mailbox.inFolder('message', folderOf(call).key)),
  },
  { method: 'GET', path: 'users/{}/mailFolders/{}/messages/delta', handle: delta },
  { method: 'GET', path: 'users/{}/messages', handle: (call) => list(call, call.mailbox.all('message')) },
  { method: 'GET', path: 'users/{}/messages/{}', handle: getMessage },
  { method: 'PATCH', path: 'users/{}/messages/{}', handle: patchMessage },
  { method: 'DELETE', path: 'users/{}/messages/{}', handle: deleteMessage },
  { method: 'POST', path: 'users/{}/messages/{}/move', handle: moveMessage },
];

function listFolders(call: Call, parent: number): WireReply {
  return listReply(call, folderResource, childrenOf(call.mailbox, parent), context(call, 'mailFolders'));
}

function createFolder(call: Call, parent: number): WireReply {
  const { displayName } = readWrite(call, writableFolder);
  if (childrenOf(call.mailbox, parent).some((folder) => folder.displayName.toLowerCase() === displayName.toLowerCase()))
    throw new GraphFailure(409, 'ErrorFolderExists', 'A folder with the specified name already exists.');
  const { key } = call.mailbox.add('mailFolder', parent, { displayName });
  return reply(call, 201, {
    '@odata.context': context(call, 'mailFolders/$entity'),
    ...folderResource.show(call, { key, displayName, parent }, []),
  });
}

function getFolder(call: Call): WireReply {
  return reply(call, 200, { '@odata.context': context(call, 'mailFolders/$entity'), ...showOne(call, folderResource, folderOf(call)) });
}

/** A deleted folder goes to Deleted Items with all that is in it. */
function deleteFolder(call: Call): WireReply {
  const { mailbox } = call;
  const { key } = folderOf(call);
  if (key <= folders.archive) throw invalidRequest('A folder that every mailbox has cannot be deleted.');
  const folder = mailbox.find('mailFolder', mailbox.folderId('mailFolder', key));
  if (isBelow(mailbox, key, folders.deletedItems)) throw notImplemented('deleting a mail folder for good');
  mailbox.move('mailFolder', folder, folders.deletedItems);
  return reply(call, 204);
}

function isBelow(mailbox: Mailbox, key: number, other: number): boolean {
  const parent = mailbox.get('mailFolder', key)?.folder ?? 0;
  return parent === other || (parent !== 0 && isBelow(mailbox, parent, other));
}

function list(call: Call, messages: Iterable<StoredMessage>): WireReply {
  return listReply(call, messageResource, messages, context(call, 'messages'));
}

function getMessage(call: Call): WireReply {
  return reply(call, 200, { '@odata.context': context(call, 'messages/$entity'), ...showOne(call, messageResource, messageOf(call)) });
}

function patchMessage(call: Call): WireReply {
  const message = messageOf(call);
  const { isRead = message.isRead, categories = message.categories } = readWrite(call, writableMessage);
  Object.assign(message, { isRead, categories });
  call.mailbox.changed('message', message);
  return whole(call, 200, message);
}

function deleteMessage(call: Call): WireReply {
  call.mailbox.discard('message', messageOf(call));
  return reply(call, 204);
}

function moveMessage(call: Call): WireReply {
  const message = messageOf(call);
  const { destinationId } = readAs(z.strictObject({ destinationId: z.string() }), JSON.parse(call.request.body || '{}'), 'move');
  call.mailbox.move('message', message, mailFolderOf(call.mailbox, destinationId).key);
  return whole(call, 201, message);
}

function whole(call: Call, status: number, message: StoredMessage): WireReply {
  return reply(call, status, { '@odata.context': context(call, 'messages/$entity'), ...messageResource.show(call, message, []) });
}

function messageOf(call: Call): StoredMessage {
  return call.mailbox.find('message', parameter(call, 0));
}

function folderOf(call: Call): ShownMailFolder {
  return mailFolderOf(call.mailbox, parameter(call, 0));
}

/** The delta of one folder. Of filters it takes only the one on the time of receipt; the links remember it (Graph message delta docs). */
function delta(call: Call): WireReply {
  const { mailbox } = call;
  const folder = folderOf(call).key;
  const source: DeltaSource = {
    kind: 'message',
    scope: `message:${folder}`,
    feed: mailbox.feed('message', folder),
    type: 'message',
    open() {
      checkOptions(call, ['$select', '$filter', '$top', '$deltatoken']);
      const select = readSelect(call, messageResource);
      const top = readNumber(call, '$top');
      const receivedFrom = readFrom(call);
      return {
        ...(select === undefined ? {} : { select }),
        ...(top === undefined ? {} : { top }),
        ...(receivedFrom === undefined ? {} : { receivedFrom }),
      };
    },
    has(key, { receivedFrom = Number.NEGATIVE_INFINITY }) {
      const message = mailbox.get('message', key);
      return message !== undefined && message.folder === folder && message.received >= receivedFrom;
    },
    show(key, { select }) {
      const message = mailbox.get('message', key);
      return message === undefined ? [] : [pick(messageResource.show(call, message, []), select, [])];
    },
  };
  return deltaReply(call, source);
}

function readFrom(call: Call): number | undefined {
  const filter = call.query.get('$filter');
  if (filter === undefined) return undefined;
  const match = /^\s*receivedDateTime\s+ge\s+(\S+)\s*$/i.exec(filter);
  if (match === null) throw notImplemented(`the filter '${filter}' on the delta of messages`);
  const at = parseInstant(match[1] ?? '');
  if (at === undefined) throw badUri(`Invalid filter clause '${filter}'.`);
  return at;
}
