import type { WireReply } from '../serving/wire';
import { type Call, context, parameter, readWrite, reply, type Writable } from './call';
import { itemNotFound } from './errors';
import { listReply, type Resource, showOne } from './query';
import type { Route } from './router';
import { type LinkedResource, linkedResourceSchema, newLinkedResource } from './task-item';
import { taskOf, tasksPath } from './task-routes';

const path = 'users/{}/todo/lists/{}/tasks/{}/linkedResources';

const writable = {
  type: 'linkedResource',
  schema: linkedResourceSchema,
  readOnly: ['id'],
  unsupported: [],
} satisfies Writable<typeof linkedResourceSchema>;

const resource: Resource<LinkedResource> = {
  type: 'linkedResource',
  names: new Set(['id', 'webUrl', 'applicationName', 'displayName', 'externalId']),
  expandable: [],
  show: (_call, linked) => ({ ...linked }),
  field: (_call, linked, name) => ({ ...linked })[name as keyof LinkedResource],
};

/** What a task is linked to elsewhere; each write gives the task a new version. */
export const linkedResourceRoutes: readonly Route[] = [
  { method: 'GET', path, handle: (call) => listReply(call, resource, taskOf(call).linkedResources, metadata(call)) },
  { method: 'POST', path, handle: create },
  {
    method: 'GET',
    path: `${path}/{}`,
    handle: (call) => reply(call, 200, { '@odata.context': metadata(call, '/$entity'), ...showOne(call, resource, linkedOf(call)) }),
  },
  { method: 'PATCH', path: `${path}/{}`, handle: change },
  { method: 'DELETE', path: `${path}/{}`, handle: remove },
];

function create(call: Call): WireReply {
  const task = taskOf(call);
  const { mailbox } = call;
  const linked = newLinkedResource(readWrite(call, writable), mailbox.person.objectId, mailbox.next());
  task.linkedResources = [...task.linkedResources, linked];
  mailbox.changed('task', task);
  return answer(call, 201, linked);
}

function change(call: Call): WireReply {
  const task = taskOf(call);
  const before = linkedOf(call);
  const given = Object.fromEntries(Object.entries(readWrite(call, writable)).filter(([, value]) => value !== undefined));
  const linked: LinkedResource = { ...before, ...given };
  task.linkedResources = task.linkedResources.map((each) => (each.id === linked.id ? linked : each));
  call.mailbox.changed('task', task);
  return answer(call, 200, linked);
}

function remove(call: Call): WireReply {
  const task = taskOf(call);
  const gone = linkedOf(call);
  task.linkedResources = task.linkedResources.filter((each) => each.id !== gone.id);
  call.mailbox.changed('task', task);
  return reply(call, 204);
}

function linkedOf(call: Call): LinkedResource {
  const found = taskOf(call).linkedResources.find((each) => each.id === parameter(call, 2));
  if (found === undefined) throw itemNotFound();
  return found;
}

function answer(call: Call, status: number, linked: LinkedResource): WireReply {
  return reply(call, status, { '@odata.context': metadata(call, '/$entity'), ...linked });
}

function metadata(call: Call, rest = ''): string {
  return context(call, tasksPath(call, `('${encodeURIComponent(parameter(call, 1))}')/linkedResources${rest}`));
}
