import { activity } from './activity';

/** Tasks have nothing but what all activities have. */
export const { pages: taskPages, create: createTask } = activity({
  table: 'task',
  slug: 'task',
  titles: { list: 'page.myOpenTasks', detail: 'page.taskDetail', edit: 'page.taskEdit', create: 'app.createTask' },
  about: 'app.createTask.about',
  searchHint: 'search.tasks',
  searches: [],
  columns: [
    { label: 'field.due', shows: { column: 'scheduledend' }, format: 'datetime' },
    { label: 'field.relatedTo', shows: { column: 'regardingobjectid' } },
  ],
  sort: { column: 'scheduledend', direction: 'ascending' },
  details: [],
  inputs: [],
  endLabel: 'field.due',
  needsTimes: false,
  create: { label: 'button.createTask', action: 'createTask' },
  update: 'updateTask',
});
