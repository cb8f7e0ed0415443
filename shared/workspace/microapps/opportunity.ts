import type { Button, DetailPage, FormPage, Input, ListPage, Microapp } from '../microapp';
import { editButton, recordButtons } from './buttons';
import { customerFields, customerInputs } from './regarding';

const fields: readonly Input[] = [
  { parameter: 'name', label: 'field.topic', kind: 'text', column: 'name', required: true, most: 300 },
  { parameter: 'description', label: 'field.description', kind: 'memo', column: 'description', most: 2_000 },
  ...customerInputs,
  { parameter: 'customerneed', label: 'field.customerNeed', kind: 'memo', column: 'customerneed', most: 2_000 },
  { parameter: 'budgetamount', label: 'field.budget', kind: 'decimal', column: 'budgetamount', least: 0 },
  { parameter: 'closeprobability', label: 'field.probability', kind: 'integer', column: 'closeprobability', least: 0, most: 100 },
  {
    parameter: 'opportunityratingcode',
    label: 'field.rating',
    kind: 'choice',
    column: 'opportunityratingcode',
    options: { from: 'opportunityratingcode', sort: 'value' },
  },
  { parameter: 'estimatedclosedate', label: 'field.estimatedCloseDate', kind: 'date', column: 'estimatedclosedate' },
];

const list: ListPage = {
  kind: 'list',
  id: 'my-open-opportunities',
  title: 'page.myOpenOpportunities',
  searchHint: 'search.opportunities',
  searches: ['name', 'customerid'],
  list: {
    table: 'opportunity',
    columns: [
      { label: 'field.name', shows: { column: 'name' } },
      { label: 'field.customer', shows: { column: 'customerid' } },
      { label: 'field.budget', shows: { column: 'budgetamount' }, format: 'money' },
      { label: 'field.rating', shows: { column: 'opportunityratingcode' }, format: 'label' },
      { label: 'field.stage', shows: { column: 'salesstage' }, format: 'label' },
    ],
    sort: { column: 'name', direction: 'ascending' },
    opens: 'opportunity-detail',
  },
};

/** An opportunity, for every microapp that shows one; `buttons` are its own microapp's. */
export function opportunityDetail(buttons: readonly Button[] = []): DetailPage {
  return {
    kind: 'detail',
    id: 'opportunity-detail',
    title: 'page.opportunityDetail',
    table: 'opportunity',
    heading: { column: 'name' },
    fields: [
      { label: 'field.description', shows: { column: 'description' } },
      ...customerFields,
      { label: 'field.customerNeed', shows: { column: 'customerneed' } },
      { label: 'field.budget', shows: { column: 'budgetamount' }, format: 'money' },
      { label: 'field.probability', shows: { column: 'closeprobability' }, format: 'percent' },
      { label: 'field.rating', shows: { column: 'opportunityratingcode' }, format: 'label' },
      { label: 'field.estimatedCloseDate', shows: { column: 'estimatedclosedate' }, format: 'date' },
      { label: 'field.status', shows: { column: 'statecode' }, format: 'label' },
      { label: 'field.owner', shows: { column: 'ownerid' } },
    ],
    buttons,
  };
}

const edit: FormPage = {
  kind: 'form',
  id: 'opportunity-edit',
  title: 'page.opportunityEdit',
  table: 'opportunity',
  record: 'existing',
  inputs: fields,
  submit: { label: 'button.update', action: 'updateOpportunity' },
  condition: { when: 'open' },
};

const closeDate: Input = { parameter: 'actualend', label: 'field.closeDate', kind: 'date', required: true, begins: 'today' };
const revenue: Input = { parameter: 'actualrevenue', label: 'field.actualRevenue', kind: 'decimal', least: 0 };
const remarks: Input = { parameter: 'description', label: 'field.description', kind: 'memo', most: 2_000 };

const won: FormPage = {
  kind: 'form',
  id: 'close-as-won',
  title: 'page.closeAsWon',
  table: 'opportunity',
  record: 'existing',
  heading: { column: 'name' },
  inputs: [closeDate, { ...revenue, required: true }, remarks],
  submit: { label: 'button.closeAsWon', action: 'closeOpportunityWon' },
  condition: { when: 'open' },
};

const lost: FormPage = {
  kind: 'form',
  id: 'close-as-lost',
  title: 'page.closeAsLost',
  table: 'opportunity',
  record: 'existing',
  heading: { column: 'name' },
  inputs: [
    {
      parameter: 'status',
      label: 'field.reason',
      kind: 'choice',
      required: true,
      options: {
        fixed: [
          { value: '4', label: 'option.canceled' },
          { value: '5', label: 'option.outSold' },
        ],
      },
    },
    closeDate,
    revenue,
    remarks,
  ],
  submit: { label: 'button.closeAsLost', action: 'closeOpportunityLost' },
  condition: { when: 'open' },
};

const create: FormPage = {
  kind: 'form',
  id: 'create-opportunity',
  title: 'app.createOpportunity',
  table: 'opportunity',
  record: 'new',
  inputs: fields,
  submit: { label: 'button.createOpportunity', action: 'createOpportunity' },
};

const ownButtons: readonly Button[] = [
  { label: 'button.closeAsWon', style: 'primary', does: { page: 'close-as-won' }, condition: { when: 'open' } },
  { label: 'button.closeAsLost', style: 'secondary', does: { page: 'close-as-lost' }, condition: { when: 'open' } },
  editButton('opportunity-edit'),
  ...recordButtons,
];

export const opportunityPages = [list, opportunityDetail(ownButtons), edit, won, lost] as const;

export const createOpportunity: Microapp = {
  id: 'create-opportunity',
  title: 'app.createOpportunity',
  about: 'app.createOpportunity.about',
  icon: 'opportunity-new',
  table: 'opportunity',
  start: 'create-opportunity',
  pages: [create],
  notices: [],
};
