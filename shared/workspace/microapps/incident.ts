import type { Button, DetailPage, FormPage, Input, ListPage, Microapp } from '../microapp';
import { editButton, recordButtons } from './buttons';
import { customerFields, customerInputs } from './regarding';

/** The fields of a case; its type and priority are asked for where it is made. */
const fields = (required: boolean): readonly Input[] => [
  { parameter: 'title', label: 'field.title', kind: 'text', column: 'title', required: true, most: 200 },
  { parameter: 'description', label: 'field.description', kind: 'memo', column: 'description', most: 2_000 },
  ...customerInputs,
  {
    parameter: 'casetypecode',
    label: 'field.caseType',
    kind: 'choice',
    column: 'casetypecode',
    required,
    options: { from: 'casetypecode', sort: 'value' },
  },
  {
    parameter: 'prioritycode',
    label: 'field.priority',
    kind: 'choice',
    column: 'prioritycode',
    required,
    options: { from: 'prioritycode', sort: 'value' },
  },
];

const list: ListPage = {
  kind: 'list',
  id: 'my-open-cases',
  title: 'page.myOpenCases',
  searchHint: 'search.cases',
  searches: ['title', 'ticketnumber', 'description', 'customerid'],
  list: {
    table: 'incident',
    columns: [
      { label: 'field.title', shows: { column: 'title' } },
      { label: 'field.customer', shows: { column: 'customerid' } },
      { label: 'field.priority', shows: { column: 'prioritycode' }, format: 'label' },
    ],
    sort: { column: 'createdon', direction: 'descending' },
    opens: 'case-detail',
  },
};

/** A case, for every microapp that shows one; `buttons` are its own microapp's. */
export function caseDetail(buttons: readonly Button[] = []): DetailPage {
  return {
    kind: 'detail',
    id: 'case-detail',
    title: 'page.caseDetail',
    table: 'incident',
    heading: { column: 'title' },
    fields: [
      { label: 'field.caseNumber', shows: { column: 'ticketnumber' } },
      { label: 'field.description', shows: { column: 'description' } },
      ...customerFields,
      { label: 'field.caseType', shows: { column: 'casetypecode' }, format: 'label' },
      { label: 'field.priority', shows: { column: 'prioritycode' }, format: 'label' },
      { label: 'field.status', shows: { column: 'statecode' }, format: 'label' },
      { label: 'field.owner', shows: { column: 'ownerid' } },
    ],
    buttons,
  };
}

const edit: FormPage = {
  kind: 'form',
  id: 'case-edit',
  title: 'page.caseEdit',
  table: 'incident',
  record: 'existing',
  inputs: fields(false),
  submit: { label: 'button.update', action: 'updateCase' },
  condition: { when: 'open' },
};

const resolve: FormPage = {
  kind: 'form',
  id: 'case-resolve',
  title: 'page.caseResolve',
  table: 'incident',
  record: 'existing',
  heading: { column: 'title' },
  inputs: [
    {
      parameter: 'status',
      label: 'field.resolutionType',
      kind: 'choice',
      required: true,
      options: {
        fixed: [
          { value: '5', label: 'option.problemSolved' },
          { value: '1000', label: 'option.informationProvided' },
        ],
      },
    },
    { parameter: 'subject', label: 'field.resolution', kind: 'text', required: true, most: 200 },
    { parameter: 'timespent', label: 'field.billableTime', kind: 'integer', required: true, least: 0, most: 2_147_483_647 },
    { parameter: 'description', label: 'field.remarks', kind: 'memo', most: 2_000 },
  ],
  submit: { label: 'button.resolve', action: 'resolveCase' },
  condition: { when: 'open' },
};

const create: FormPage = {
  kind: 'form',
  id: 'create-case',
  title: 'app.createCase',
  table: 'incident',
  record: 'new',
  inputs: fields(true),
  submit: { label: 'button.createCase', action: 'createCase' },
};

const ownButtons: readonly Button[] = [
  { label: 'button.resolve', style: 'primary', does: { page: 'case-resolve' }, condition: { when: 'open' } },
  editButton('case-edit'),
  ...recordButtons,
];

export const casePages = [list, caseDetail(ownButtons), edit, resolve] as const;

export const createCase: Microapp = {
  id: 'create-case',
  title: 'app.createCase',
  about: 'app.createCase.about',
  icon: 'case-new',
  table: 'incident',
  start: 'create-case',
  pages: [create],
  notices: [],
};
