import { z } from 'zod';
import type { WireReply } from '../serving/wire';
import { type Call, context, readWrite, reply, type Writable } from './call';
import { type DeltaSource, deltaReply } from './delta';
import { invalidRequest } from './errors';
import type { Mailbox } from './mailbox';
import { checkOptions, listReply, showOne } from './query';
import type { Route } from './router';
import type { StoredList } from './task-item';
import { listOf } from './task-routes';
import { listResource } from './task-view';

const writableList = {
  type: 'todoTaskList',
  schema: z.strictObject({ displayName: z.string().min(1) }),
  readOnly: ['id', 'isOwner', 'isShared', 'wellknownListName'],
  unsupported: ['tasks', 'extensions'],
} satisfies Writable<z.ZodType>;

/** To Do lists. */
export const listRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'users/{}/todo/lists',
    handle: (call) => listReply(call, listResource, call.mailbox.all('list'), context(call, 'todo/lists')),
  },
  { method: 'POST', path: 'users/{}/todo/lists', handle: createList },
  { method: 'GET', path: 'users/{}/todo/lists/delta', handle: deltaOfLists },
  { method: 'GET', path: 'users/{}/todo/lists/{}', handle: getList },
  { method: 'PATCH', path: 'users/{}/todo/lists/{}', handle: patchList },
  { method: 'DELETE', path: 'users/{}/todo/lists/{}', handle: deleteList },
];

/** The two lists that every mailbox has. */
export function addUsualLists(mailbox: Mailbox): void {
  mailbox.add('list', 0, { displayName: 'Tasks', wellknownListName: 'defaultList' });
  mailbox.add('list', 0, { displayName: 'Flagged Emails', wellknownListName: 'flaggedEmails' });
}

function createList(call: Call): WireReply {
  const { displayName } = readWrite(call, writableList);
  return listBody(call, 201, call.mailbox.add('list', 0, { displayName, wellknownListName: 'none' }));
}

function getList(call: Call): WireReply {
  return reply(call, 200, { '@odata.context': context(call, 'todo/lists/$entity'), ...showOne(call, listResource, listOf(call)) });
}

function patchList(call: Call): WireReply {
  const list = ownListOf(call);
  list.displayName = readWrite(call, writableList).displayName;
  call.mailbox.changed('list', list);
  return listBody(call, 200, list);
}

/** Deletes a list and its tasks, for good. */
function deleteList(call: Call): WireReply {
  const list = ownListOf(call);
  for (const task of [...call.mailbox.inFolder('task', list.key)]) call.mailbox.remove('task', task);
  call.mailbox.remove('list', list);
  return reply(call, 204);
}

function ownListOf(call: Call): StoredList {
  const list = listOf(call);
  if (list.wellknownListName !== 'none') throw invalidRequest('A list that every mailbox has cannot be changed.');
  return list;
}

function listBody(call: Call, status: number, list: StoredList): WireReply {
  return reply(call, status, { '@odata.context': context(call, 'todo/lists/$entity'), ...listResource.show(call, list, []) });
}

function deltaOfLists(call: Call): WireReply {
  const { mailbox } = call;
  const source: DeltaSource = {
    kind: 'list',
    scope: 'list:0',
    feed: mailbox.feed('list', 0),
    type: 'todoTaskList',
    open() {
      checkOptions(call, ['$deltatoken']);
      return {};
    },
    has: (key) => mailbox.get('list', key) !== undefined,
    show(key) {
      const list = mailbox.get('list', key);
      return list === undefined ? [] : [listResource.show(call, list, [])];
    },
  };
  return deltaReply(call, source);
}
