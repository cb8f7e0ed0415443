import type { Button, DetailPage, FormPage, Input, ListPage, Microapp } from '../microapp';
import { editButton, recordButtons } from './buttons';
import { referenceFields, referenceInputs } from './regarding';

const fields: readonly Input[] = [
  { parameter: 'firstname', label: 'field.firstName', kind: 'text', column: 'firstname', most: 50 },
  { parameter: 'lastname', label: 'field.lastName', kind: 'text', column: 'lastname', required: true, most: 50 },
  { parameter: 'jobtitle', label: 'field.jobTitle', kind: 'text', column: 'jobtitle', most: 100 },
  { parameter: 'department', label: 'field.department', kind: 'text', column: 'department', most: 100 },
  { parameter: 'emailaddress1', label: 'field.email', kind: 'email', column: 'emailaddress1', most: 100 },
  { parameter: 'telephone1', label: 'field.phone', kind: 'phone', column: 'telephone1', most: 50 },
  { parameter: 'mobilephone', label: 'field.mobile', kind: 'phone', column: 'mobilephone', most: 50 },
  ...referenceInputs('parent', 'parentcustomerid', 'field.company', ['account', 'contact'], false),
];

const list: ListPage = {
  kind: 'list',
  id: 'my-contacts',
  title: 'page.myContacts',
  searchHint: 'search.contacts',
  searches: ['fullname', 'emailaddress1', 'parentcustomerid'],
  list: {
    table: 'contact',
    columns: [
      { label: 'field.name', shows: { column: 'fullname' } },
      { label: 'field.phone', shows: { column: 'telephone1' } },
      { label: 'field.mobile', shows: { column: 'mobilephone' } },
      { label: 'field.email', shows: { column: 'emailaddress1' } },
    ],
    sort: { column: 'fullname', direction: 'ascending' },
    opens: 'contact-detail',
  },
};

/** A contact, for every microapp that shows one; `buttons` are its own microapp's. */
export function contactDetail(buttons: readonly Button[] = []): DetailPage {
  return {
    kind: 'detail',
    id: 'contact-detail',
    title: 'page.contactDetail',
    table: 'contact',
    heading: { column: 'fullname' },
    fields: [
      ...referenceFields('parentcustomerid', ['account', 'contact']),
      { label: 'field.accountRole', shows: { column: 'accountrolecode' }, format: 'label' },
      { label: 'field.jobTitle', shows: { column: 'jobtitle' } },
      { label: 'field.department', shows: { column: 'department' } },
      { label: 'field.email', shows: { column: 'emailaddress1' }, link: 'mail' },
      { label: 'field.phone', shows: { column: 'telephone1' }, link: 'call' },
      { label: 'field.mobile', shows: { column: 'mobilephone' }, link: 'call' },
      { label: 'field.owner', shows: { column: 'ownerid' } },
    ],
    buttons,
  };
}

const edit: FormPage = {
  kind: 'form',
  id: 'contact-edit',
  title: 'page.contactEdit',
  table: 'contact',
  record: 'existing',
  inputs: fields,
  submit: { label: 'button.update', action: 'updateContact' },
  condition: { when: 'open' },
};

const create: FormPage = {
  kind: 'form',
  id: 'create-contact',
  title: 'app.createContact',
  table: 'contact',
  record: 'new',
  inputs: fields,
  submit: { label: 'button.createContact', action: 'createContact' },
};

export const contactPages = [list, contactDetail([editButton('contact-edit'), ...recordButtons]), edit] as const;

export const createContact: Microapp = {
  id: 'create-contact',
  title: 'app.createContact',
  about: 'app.createContact.about',
  icon: 'contact-new',
  table: 'contact',
  start: 'create-contact',
  pages: [create],
  notices: [],
};
