import type { DetailPage, FormPage, Input, ListPage, Microapp } from '../microapp';
import { activityButtons, editButton } from './buttons';
import { regardingFields, regardingInputs } from './regarding';

const fields: readonly Input[] = [
  { parameter: 'subject', label: 'field.subject', kind: 'text', column: 'subject', required: true, most: 200 },
  { parameter: 'description', label: 'field.description', kind: 'memo', column: 'description', most: 2_000 },
  {
    parameter: 'scheduledstart',
    label: 'field.from',
    kind: 'datetime',
    column: 'scheduledstart',
  },
  {
    parameter: 'scheduledend',
    label: 'field.due',
    kind: 'datetime',
    column: 'scheduledend',
  },
  ...regardingInputs,
];

const list: ListPage = {
  kind: 'list',
  id: 'my-open-tasks',
  title: 'page.myOpenTasks',
  searchHint: 'search.tasks',
  searches: ['subject', 'regardingobjectid'],
  list: {
    table: 'task',
    columns: [
      { label: 'field.subject', shows: { column: 'subject' } },
      { label: 'field.due', shows: { column: 'scheduledend' }, format: 'datetime' },
      { label: 'field.relatedTo', shows: { column: 'regardingobjectid' } },
    ],
    sort: { column: 'scheduledend', direction: 'ascending' },
    opens: 'task-detail',
  },
};

const detail: DetailPage = {
  kind: 'detail',
  id: 'task-detail',
  title: 'page.taskDetail',
  table: 'task',
  heading: { column: 'subject' },
  fields: [
    { label: 'field.description', shows: { column: 'description' } },
    { label: 'field.from', shows: { column: 'scheduledstart' }, format: 'datetime' },
    { label: 'field.due', shows: { column: 'scheduledend' }, format: 'datetime' },
    ...regardingFields,
    { label: 'field.priority', shows: { column: 'prioritycode' }, format: 'label' },
    { label: 'field.status', shows: { column: 'statecode' }, format: 'label' },
    { label: 'field.owner', shows: { column: 'ownerid' } },
  ],
  buttons: [editButton('task-edit'), ...activityButtons],
};

const edit: FormPage = {
  kind: 'form',
  id: 'task-edit',
  title: 'page.taskEdit',
  table: 'task',
  record: 'existing',
  inputs: fields,
  submit: { label: 'button.update', action: 'updateTask' },
  condition: { when: 'open' },
};

const create: FormPage = {
  kind: 'form',
  id: 'create-task',
  title: 'app.createTask',
  table: 'task',
  record: 'new',
  inputs: fields,
  submit: { label: 'button.createTask', action: 'createTask' },
};

export const taskPages = [list, detail, edit] as const;

export const createTask: Microapp = {
  id: 'create-task',
  title: 'app.createTask',
  about: 'app.createTask.about',
  icon: 'task-new',
  table: 'task',
  start: 'create-task',
  pages: [create],
  notices: [],
};
