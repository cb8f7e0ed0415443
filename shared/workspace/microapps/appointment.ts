import type { DetailPage, FormPage, Input, ListPage, Microapp } from '../microapp';
import { activityButtons, editButton } from './buttons';
import { regardingFields, regardingInputs } from './regarding';

const fields: readonly Input[] = [
  { parameter: 'subject', label: 'field.subject', kind: 'text', column: 'subject', required: true, most: 200 },
  { parameter: 'description', label: 'field.description', kind: 'memo', column: 'description', most: 2_000 },
  { parameter: 'location', label: 'field.location', kind: 'text', column: 'location', most: 200 },
  {
    parameter: 'scheduledstart',
    label: 'field.from',
    kind: 'datetime',
    column: 'scheduledstart',
    required: true,
    begins: 'nextHour',
  },
  {
    parameter: 'scheduledend',
    label: 'field.to',
    kind: 'datetime',
    column: 'scheduledend',
    required: true,
    begins: 'hourAfter',
  },
  ...regardingInputs,
];

const list: ListPage = {
  kind: 'list',
  id: 'my-open-appointments',
  title: 'page.myOpenAppointments',
  searchHint: 'search.appointments',
  searches: ['subject', 'location', 'regardingobjectid'],
  list: {
    table: 'appointment',
    columns: [
      { label: 'field.subject', shows: { column: 'subject' } },
      { label: 'field.fromTo', shows: { template: '{scheduledstart} – {scheduledend}' }, format: 'datetime' },
      { label: 'field.location', shows: { column: 'location' } },
    ],
    sort: { column: 'scheduledstart', direction: 'descending' },
    opens: 'appointment-detail',
  },
};

const detail: DetailPage = {
  kind: 'detail',
  id: 'appointment-detail',
  title: 'page.appointmentDetail',
  table: 'appointment',
  heading: { column: 'subject' },
  fields: [
    { label: 'field.description', shows: { column: 'description' } },
    { label: 'field.from', shows: { column: 'scheduledstart' }, format: 'datetime' },
    { label: 'field.to', shows: { column: 'scheduledend' }, format: 'datetime' },
    { label: 'field.location', shows: { column: 'location' } },
    ...regardingFields,
    { label: 'field.priority', shows: { column: 'prioritycode' }, format: 'label' },
    { label: 'field.status', shows: { column: 'statecode' }, format: 'label' },
    { label: 'field.owner', shows: { column: 'ownerid' } },
  ],
  buttons: [editButton('appointment-edit'), ...activityButtons],
};

const edit: FormPage = {
  kind: 'form',
  id: 'appointment-edit',
  title: 'page.appointmentEdit',
  table: 'appointment',
  record: 'existing',
  inputs: fields,
  submit: { label: 'button.update', action: 'updateAppointment' },
  condition: { when: 'open' },
};

const create: FormPage = {
  kind: 'form',
  id: 'create-appointment',
  title: 'app.createAppointment',
  table: 'appointment',
  record: 'new',
  inputs: fields,
  submit: { label: 'button.createAppointment', action: 'createAppointment' },
};

export const appointmentPages = [list, detail, edit] as const;

export const createAppointment: Microapp = {
  id: 'create-appointment',
  title: 'app.createAppointment',
  about: 'app.createAppointment.about',
  icon: 'appointment-new',
  table: 'appointment',
  start: 'create-appointment',
  pages: [create],
  notices: [],
};
