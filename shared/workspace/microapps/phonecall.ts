import type { DetailPage, FormPage, Input, ListPage, Microapp } from '../microapp';
import { activityButtons, editButton } from './buttons';
import { regardingFields, regardingInputs } from './regarding';

const fields: readonly Input[] = [
  { parameter: 'subject', label: 'field.subject', kind: 'text', column: 'subject', required: true, most: 200 },
  { parameter: 'description', label: 'field.description', kind: 'memo', column: 'description', most: 2_000 },
  { parameter: 'phonenumber', label: 'field.phoneNumber', kind: 'phone', column: 'phonenumber', most: 200 },
  {
    parameter: 'directioncode',
    label: 'field.direction',
    kind: 'choice',
    column: 'directioncode',
    options: {
      fixed: [
        { value: 'true', label: 'option.outgoing' },
        { value: 'false', label: 'option.incoming' },
      ],
    },
  },
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
  id: 'my-open-phone-calls',
  title: 'page.myOpenPhoneCalls',
  searchHint: 'search.phoneCalls',
  searches: ['subject', 'regardingobjectid'],
  list: {
    table: 'phonecall',
    columns: [
      { label: 'field.subject', shows: { column: 'subject' } },
      { label: 'field.due', shows: { column: 'scheduledend' }, format: 'datetime' },
      { label: 'field.relatedTo', shows: { column: 'regardingobjectid' } },
    ],
    sort: { column: 'scheduledend', direction: 'ascending' },
    opens: 'phone-call-detail',
  },
};

const detail: DetailPage = {
  kind: 'detail',
  id: 'phone-call-detail',
  title: 'page.phoneCallDetail',
  table: 'phonecall',
  heading: { column: 'subject' },
  fields: [
    { label: 'field.description', shows: { column: 'description' } },
    { label: 'field.from', shows: { column: 'scheduledstart' }, format: 'datetime' },
    { label: 'field.due', shows: { column: 'scheduledend' }, format: 'datetime' },
    { label: 'field.phoneNumber', shows: { column: 'phonenumber' }, link: 'call' },
    ...regardingFields,
    { label: 'field.priority', shows: { column: 'prioritycode' }, format: 'label' },
    { label: 'field.status', shows: { column: 'statecode' }, format: 'label' },
    { label: 'field.owner', shows: { column: 'ownerid' } },
  ],
  buttons: [editButton('phone-call-edit'), ...activityButtons],
};

const edit: FormPage = {
  kind: 'form',
  id: 'phone-call-edit',
  title: 'page.phoneCallEdit',
  table: 'phonecall',
  record: 'existing',
  inputs: fields,
  submit: { label: 'button.update', action: 'updatePhoneCall' },
  condition: { when: 'open' },
};

const create: FormPage = {
  kind: 'form',
  id: 'create-phone-call',
  title: 'app.createPhoneCall',
  table: 'phonecall',
  record: 'new',
  inputs: fields,
  submit: { label: 'button.createPhoneCall', action: 'createPhoneCall' },
};

export const phoneCallPages = [list, detail, edit] as const;

export const createPhoneCall: Microapp = {
  id: 'create-phone-call',
  title: 'app.createPhoneCall',
  about: 'app.createPhoneCall.about',
  icon: 'phone-call-new',
  table: 'phonecall',
  start: 'create-phone-call',
  pages: [create],
  notices: [],
};
