import type { Call, Json } from './call';
import { badUri } from './errors';
import type { Expand, Resource } from './query';
import type { StoredList, StoredTask } from './task-item';
import { preciseStamp, wireTime } from './time';
import { etagOf } from './versions';

const dateNames = ['dueDateTime', 'startDateTime', 'completedDateTime', 'reminderDateTime'] as const;
const names = [
  'id',
  'title',
  'body',
  'status',
  'importance',
  'isReminderOn',
  'createdDateTime',
  'lastModifiedDateTime',
  'bodyLastModifiedDateTime',
  'hasAttachments',
  'categories',
  'recurrence',
  'linkedResources',
  ...dateNames,
];

/** Tasks as To Do shows them: no change key, and dates only where there are some. */
export const taskResource: Resource<StoredTask> = {
  type: 'todoTask',
  names: new Set(names),
  expandable: ['linkedResources'],
  show: showTask,
  field(call, task, name) {
    switch (name) {
      case 'linkedResources':
        if (call.exchange.switches.linkedResourcesFilter === 'refuse')
          throw badUri('Invalid filter clause: linkedResources cannot be filtered.');
        return task.linkedResources;
      case 'lastModifiedDateTime':
        return preciseStamp(task.modified);
      case 'title':
        if (call.exchange.switches.titleFilter === 'refuse') throw badUri('Invalid filter clause: title cannot be filtered.');
        return task.title;
      case 'status':
        return task.status;
      default:
        return showTask(call, task, [])[name];
    }
  },
};

function showTask(call: Call, task: StoredTask, expands: readonly Expand[]): Json {
  const { contentType, content } = task.body;
  const shown: Json = {
    '@odata.etag': etagOf(call.mailbox.person.objectId, task.version),
    importance: task.importance,
    isReminderOn: task.isReminderOn,
    status: task.status,
    title: task.title,
    createdDateTime: preciseStamp(task.created),
    lastModifiedDateTime: preciseStamp(task.modified),
    bodyLastModifiedDateTime: preciseStamp(task.bodyModified),
    hasAttachments: false,
    categories: task.categories,
    id: call.mailbox.idOf('task', task, 'usual'),
    body: { content, contentType },
  };
  for (const name of dateNames) {
    const instant = task[name];
    if (instant !== null) shown[name] = { dateTime: wireTime(instant), timeZone: 'UTC' };
  }
  for (const { name } of expands) shown[name] = task.linkedResources;
  return shown;
}

/** To Do lists as Graph shows them. */
export const listResource: Resource<StoredList> = {
  type: 'todoTaskList',
  names: new Set(['id', 'displayName', 'isOwner', 'isShared', 'wellknownListName']),
  expandable: [],
  show: showList,
  field: (call, list, name) => showList(call, list)[name],
};

function showList(call: Call, list: StoredList): Json {
  return {
    '@odata.etag': etagOf(call.mailbox.person.objectId, list.version),
    displayName: list.displayName,
    isOwner: true,
    isShared: false,
    wellknownListName: list.wellknownListName,
    id: call.mailbox.idOf('list', list, 'usual'),
  };
}
