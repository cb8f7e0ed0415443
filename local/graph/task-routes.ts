import type { WireReply } from '../serving/wire';
import { type Call, context, type Json, parameter, readWrite, reply } from './call';
import { type DeltaSource, deltaReply } from './delta';
import { badBody, invalidRequest, itemNotFound } from './errors';
import { checkOptions, listReply, pick, readExpand, readNumber, readSelect, showOne } from './query';
import { requireTaskMatch } from './reach';
import type { Route } from './router';
import { newLinkedResource, newTask, type StoredList, type StoredTask, writableTask, writeTask } from './task-item';
import { taskResource } from './task-view';

const tasks = 'users/{}/todo/lists/{}/tasks';

/** Tasks of one To Do list. */
export const taskRoutes: readonly Route[] = [
  { method: 'GET', path: tasks, handle: listTasks },
  { method: 'POST', path: tasks, handle: createTask },
  { method: 'GET', path: `${tasks}/delta`, handle: deltaOfTasks },
  { method: 'GET', path: `${tasks}/{}`, handle: getTask },
  { method: 'PATCH', path: `${tasks}/{}`, handle: patchTask },
  { method: 'DELETE', path: `${tasks}/{}`, handle: deleteTask },
];

/** The list that the path names. */
export function listOf(call: Call): StoredList {
  return call.mailbox.find('list', parameter(call, 0));
}

/** The task that the path names, if it lies in the list that the path names: one that was moved or deleted is not found. */
export function taskOf(call: Call): StoredTask {
  const list = listOf(call);
  const task = call.mailbox.find('task', parameter(call, 1));
  if (task.folder !== list.key) throw itemNotFound();
  return task;
}

/** The metadata path of a list's tasks. */
export function tasksPath(call: Call, rest = ''): string {
  return `todo/lists('${encodeURIComponent(parameter(call, 0))}')/tasks${rest}`;
}

function listTasks(call: Call): WireReply {
  return listReply(call, taskResource, call.mailbox.inFolder('task', listOf(call).key), context(call, tasksPath(call)));
}

function createTask(call: Call): WireReply {
  const list = listOf(call);
  const { mailbox, exchange } = call;
  const input = readWrite(call, writableTask);
  if (list.wellknownListName === 'flaggedEmails') throw invalidRequest('Tasks cannot be created in the list of flagged e-mails.');
  if (input.title === undefined) throw invalidRequest('A task needs a title.');
  const now = exchange.now();
  const fields = writeTask({ ...newTask, bodyModified: now }, input, now, exchange.switches.taskDates);
  const linkedResources = (input.linkedResources ?? []).map((each) => newLinkedResource(each, mailbox.person.objectId, mailbox.next()));
  const task = mailbox.add('task', list.key, { ...fields, linkedResources });
  const shown: Json = whole(call, task);
  return reply(call, 201, linkedResources.length === 0 ? shown : { ...shown, linkedResources });
}

function getTask(call: Call): WireReply {
  return reply(call, 200, { '@odata.context': context(call, tasksPath(call, '/$entity')), ...showOne(call, taskResource, taskOf(call)) });
}

function patchTask(call: Call): WireReply {
  const task = taskOf(call);
  requireTaskMatch(call, task);
  const { linkedResources, ...input } = readWrite(call, writableTask);
  if (linkedResources !== undefined) throw badBody('linkedResources of a task are changed one by one, at their own address.');
  Object.assign(task, writeTask(task, input, call.exchange.now(), call.exchange.switches.taskDates));
  call.mailbox.changed('task', task);
  return reply(call, 200, whole(call, task));
}

function deleteTask(call: Call): WireReply {
  const task = taskOf(call);
  requireTaskMatch(call, task);
  call.mailbox.remove('task', task);
  return reply(call, 204);
}

function whole(call: Call, task: StoredTask): Json {
  return { '@odata.context': context(call, tasksPath(call, '/$entity')), ...taskResource.show(call, task, []) };
}

function deltaOfTasks(call: Call): WireReply {
  const list = listOf(call).key;
  const { mailbox } = call;
  const source: DeltaSource = {
    kind: 'task',
    scope: `task:${list}`,
    feed: mailbox.feed('task', list),
    type: 'todoTask',
    open() {
      checkOptions(call, ['$select', '$top', '$expand', '$deltatoken']);
      const select = readSelect(call, taskResource);
      const top = readNumber(call, '$top');
      return {
        ...(select === undefined ? {} : { select }),
        ...(top === undefined || top === 0 ? {} : { top }),
        expandLinkedResources: readExpand(call, taskResource).length > 0,
      };
    },
    has: (key) => mailbox.get('task', key)?.folder === list,
    show(key, { select, expandLinkedResources }) {
      const task = mailbox.get('task', key);
      const expands = expandLinkedResources === true ? [{ name: 'linkedResources', filter: undefined }] : [];
      return task === undefined ? [] : [pick(taskResource.show(call, task, expands), select, expands)];
    },
  };
  return deltaReply(call, source);
}
