import type { Button, DetailPage, FormPage, Input, ListPage, Microapp } from '../microapp';
import { editButton, recordButtons } from './buttons';

const fields: readonly Input[] = [
  { parameter: 'name', label: 'field.accountName', kind: 'text', column: 'name', required: true, most: 160 },
  { parameter: 'telephone1', label: 'field.phone', kind: 'phone', column: 'telephone1', most: 50 },
  { parameter: 'emailaddress1', label: 'field.email', kind: 'email', column: 'emailaddress1', most: 100 },
  { parameter: 'websiteurl', label: 'field.website', kind: 'url', column: 'websiteurl', most: 200 },
  { parameter: 'address1_line1', label: 'field.street', kind: 'text', column: 'address1_line1', most: 250 },
  { parameter: 'address1_postalcode', label: 'field.zip', kind: 'text', column: 'address1_postalcode', most: 20 },
  { parameter: 'address1_city', label: 'field.city', kind: 'text', column: 'address1_city', most: 80 },
  { parameter: 'address1_country', label: 'field.country', kind: 'text', column: 'address1_country', most: 80 },
];

const list: ListPage = {
  kind: 'list',
  id: 'my-accounts',
  title: 'page.myAccounts',
  searchHint: 'search.accounts',
  searches: ['name', 'emailaddress1', 'address1_city'],
  list: {
    table: 'account',
    columns: [
      { label: 'field.account', shows: { column: 'name' } },
      { label: 'field.email', shows: { column: 'emailaddress1' } },
      { label: 'field.address', shows: { template: '{address1_city}, {address1_country}' } },
    ],
    sort: { column: 'name', direction: 'ascending' },
    opens: 'account-detail',
  },
};

/** An account with its contacts, for every microapp that shows one; `buttons` are its own microapp's. */
export function accountDetail(buttons: readonly Button[] = []): DetailPage {
  return {
    kind: 'detail',
    id: 'account-detail',
    title: 'page.accountDetail',
    table: 'account',
    heading: { column: 'name' },
    fields: [
      { label: 'field.phone', shows: { column: 'telephone1' }, link: 'call' },
      { label: 'field.email', shows: { column: 'emailaddress1' }, link: 'mail' },
      { label: 'field.website', shows: { column: 'websiteurl' }, link: 'url' },
      { label: 'field.address', shows: { template: '{address1_line1}, {address1_postalcode} {address1_city}, {address1_country}' } },
      { label: 'field.owner', shows: { column: 'ownerid' } },
    ],
    children: {
      title: 'field.contacts',
      list: {
        table: 'contact',
        columns: [
          { label: 'field.name', shows: { column: 'fullname' } },
          { label: 'field.jobTitle', shows: { column: 'jobtitle' } },
        ],
        sort: { column: 'fullname', direction: 'ascending' },
        opens: 'contact-detail',
      },
      lookup: 'parentcustomerid',
    },
    buttons,
  };
}

const edit: FormPage = {
  kind: 'form',
  id: 'account-edit',
  title: 'page.accountEdit',
  table: 'account',
  record: 'existing',
  inputs: fields,
  submit: { label: 'button.update', action: 'updateAccount' },
  condition: { when: 'open' },
};

const create: FormPage = {
  kind: 'form',
  id: 'create-account',
  title: 'app.createAccount',
  table: 'account',
  record: 'new',
  inputs: fields,
  submit: { label: 'button.createAccount', action: 'createAccount' },
};

/** The pages of an account itself: those of its own microapp, beside the detail pages of other tables. */
export const accountPages = [list, accountDetail([editButton('account-edit'), ...recordButtons]), edit] as const;

export const createAccount: Microapp = {
  id: 'create-account',
  title: 'app.createAccount',
  about: 'app.createAccount.about',
  icon: 'account-new',
  table: 'account',
  start: 'create-account',
  pages: [create],
  notices: [],
};
