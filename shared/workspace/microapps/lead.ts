import type { Button, DetailPage, FormPage, Input, ListPage, Microapp } from '../microapp';
import { editButton, recordButtons } from './buttons';

const fields: readonly Input[] = [
  { parameter: 'subject', label: 'field.topic', kind: 'text', column: 'subject', required: true, most: 300 },
  { parameter: 'firstname', label: 'field.firstName', kind: 'text', column: 'firstname', most: 50 },
  { parameter: 'lastname', label: 'field.lastName', kind: 'text', column: 'lastname', required: true, most: 50 },
  { parameter: 'jobtitle', label: 'field.jobTitle', kind: 'text', column: 'jobtitle', most: 100 },
  { parameter: 'companyname', label: 'field.company', kind: 'text', column: 'companyname', most: 100 },
  { parameter: 'telephone1', label: 'field.phone', kind: 'phone', column: 'telephone1', most: 50 },
  { parameter: 'emailaddress1', label: 'field.email', kind: 'email', column: 'emailaddress1', most: 100 },
  {
    parameter: 'leadqualitycode',
    label: 'field.leadQuality',
    kind: 'choice',
    column: 'leadqualitycode',
    options: { from: 'leadqualitycode', sort: 'value' },
  },
  {
    parameter: 'leadsourcecode',
    label: 'field.leadSource',
    kind: 'choice',
    column: 'leadsourcecode',
    options: { from: 'leadsourcecode', sort: 'label' },
  },
  {
    parameter: 'purchasetimeframe',
    label: 'field.purchaseTimeframe',
    kind: 'choice',
    column: 'purchasetimeframe',
    options: { from: 'purchasetimeframe', sort: 'value' },
  },
];

const list: ListPage = {
  kind: 'list',
  id: 'my-open-leads',
  title: 'page.myOpenLeads',
  searchHint: 'search.leads',
  searches: ['subject', 'fullname', 'companyname'],
  list: {
    table: 'lead',
    columns: [
      { label: 'field.topic', shows: { column: 'subject' } },
      { label: 'field.company', shows: { column: 'companyname' } },
      { label: 'field.name', shows: { column: 'fullname' } },
      { label: 'field.source', shows: { column: 'leadsourcecode' }, format: 'label' },
      { label: 'field.quality', shows: { column: 'leadqualitycode' }, format: 'label' },
    ],
    sort: { column: 'subject', direction: 'ascending' },
    opens: 'lead-detail',
  },
};

/** A lead, for every microapp that shows one; `buttons` are its own microapp's. */
export function leadDetail(buttons: readonly Button[] = []): DetailPage {
  return {
    kind: 'detail',
    id: 'lead-detail',
    title: 'page.leadDetail',
    table: 'lead',
    heading: { column: 'subject' },
    fields: [
      { label: 'field.nameJobTitle', shows: { template: '{fullname} – {jobtitle}' } },
      { label: 'field.company', shows: { column: 'companyname' } },
      { label: 'field.phone', shows: { column: 'telephone1' }, link: 'call' },
      { label: 'field.mobile', shows: { column: 'mobilephone' }, link: 'call' },
      { label: 'field.email', shows: { column: 'emailaddress1' }, link: 'mail' },
      { label: 'field.purchaseTimeframe', shows: { column: 'purchasetimeframe' }, format: 'label' },
      { label: 'field.leadQuality', shows: { column: 'leadqualitycode' }, format: 'label' },
      { label: 'field.leadSource', shows: { column: 'leadsourcecode' }, format: 'label' },
      { label: 'field.owner', shows: { column: 'ownerid' } },
    ],
    buttons,
  };
}

const reason: Input = {
  parameter: 'reason',
  label: 'field.reason',
  kind: 'choice',
  required: true,
  options: {
    fixed: [
      { value: '4', label: 'option.lost' },
      { value: '5', label: 'option.cannotContact' },
      { value: '6', label: 'option.noLongerInterested' },
      { value: '7', label: 'option.canceled' },
    ],
  },
};

const edit: FormPage = {
  kind: 'form',
  id: 'lead-edit',
  title: 'page.leadEdit',
  table: 'lead',
  record: 'existing',
  inputs: fields,
  submit: { label: 'button.update', action: 'updateLead' },
  condition: { when: 'open' },
};

const create: FormPage = {
  kind: 'form',
  id: 'create-lead',
  title: 'app.createLead',
  table: 'lead',
  record: 'new',
  inputs: fields,
  submit: { label: 'button.createLead', action: 'createLead' },
};

const ownButtons: readonly Button[] = [
  { label: 'button.qualify', style: 'primary', does: { action: 'qualifyLead', asks: [] }, condition: { when: 'open' } },
  { label: 'button.disqualify', style: 'secondary', does: { action: 'disqualifyLead', asks: [reason] }, condition: { when: 'open' } },
  editButton('lead-edit'),
  ...recordButtons,
];

export const leadPages = [list, leadDetail(ownButtons), edit] as const;

export const createLead: Microapp = {
  id: 'create-lead',
  title: 'app.createLead',
  about: 'app.createLead.about',
  icon: 'lead-new',
  table: 'lead',
  start: 'create-lead',
  pages: [create],
  notices: [],
};
