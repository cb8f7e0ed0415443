import type { Microapp, NoticeKind, Page, TextKey } from '../microapp';
import type { RecordTableName } from '../tables';
import { accountDetail, accountPages, createAccount } from './account';
import { appointmentPages, createAppointment } from './appointment';
import { contactDetail, contactPages, createContact } from './contact';
import { caseDetail, casePages, createCase } from './incident';
import { createLead, leadDetail, leadPages } from './lead';
import { createOpportunity, opportunityDetail, opportunityPages } from './opportunity';
import { createPhoneCall, phoneCallPages } from './phonecall';
import { createTask, taskPages } from './task';

/** The two cards that the microapp of a table sends: for a record that was made for somebody, and for one that was given to her. */
function noticesOf(table: RecordTableName, page: string): readonly NoticeKind[] {
  return (['new', 'existing'] as const).map((trigger) => ({
    trigger,
    title: `notice.${table}.title` as const,
    body: `notice.${table}.${trigger}` as const,
    page,
  }));
}

interface Own {
  readonly id: string;
  readonly title: TextKey;
  readonly about: TextKey;
  readonly icon: string;
  readonly table: RecordTableName;
  /** The page that its cards open. */
  readonly detail: string;
}

/** The microapp of a table: its own pages, of which the first is where it starts, and the pages of what its records are connected with. */
function objectApp({ detail, ...own }: Own, pages: readonly [Page, ...Page[]], connected: readonly Page[]): Microapp {
  return { ...own, start: pages[0].id, pages: [...pages, ...connected], notices: noticesOf(own.table, detail) };
}

const regardingPages = [accountDetail(), contactDetail(), leadDetail(), opportunityDetail(), caseDetail()];

/** The sixteen microapps, in the order of their names. */
export const microapps: readonly Microapp[] = [
  objectApp(
    { id: 'accounts', title: 'app.accounts', about: 'app.accounts.about', icon: 'account', table: 'account', detail: 'account-detail' },
    accountPages,
    [contactDetail()],
  ),
  objectApp(
    {
      id: 'appointments',
      title: 'app.appointments',
      about: 'app.appointments.about',
      icon: 'appointment',
      table: 'appointment',
      detail: 'appointment-detail',
    },
    appointmentPages,
    regardingPages,
  ),
  objectApp(
    { id: 'cases', title: 'app.cases', about: 'app.cases.about', icon: 'case', table: 'incident', detail: 'case-detail' },
    casePages,
    [accountDetail(), contactDetail()],
  ),
  objectApp(
    { id: 'contacts', title: 'app.contacts', about: 'app.contacts.about', icon: 'contact', table: 'contact', detail: 'contact-detail' },
    contactPages,
    [accountDetail()],
  ),
  createAccount,
  createAppointment,
  createCase,
  createContact,
  createLead,
  createOpportunity,
  createPhoneCall,
  createTask,
  objectApp(
    { id: 'leads', title: 'app.leads', about: 'app.leads.about', icon: 'lead', table: 'lead', detail: 'lead-detail' },
    leadPages,
    [],
  ),
  objectApp(
    {
      id: 'opportunities',
      title: 'app.opportunities',
      about: 'app.opportunities.about',
      icon: 'opportunity',
      table: 'opportunity',
      detail: 'opportunity-detail',
    },
    opportunityPages,
    [accountDetail(), contactDetail()],
  ),
  objectApp(
    {
      id: 'phone-calls',
      title: 'app.phoneCalls',
      about: 'app.phoneCalls.about',
      icon: 'phone-call',
      table: 'phonecall',
      detail: 'phone-call-detail',
    },
    phoneCallPages,
    regardingPages,
  ),
  objectApp(
    { id: 'tasks', title: 'app.tasks', about: 'app.tasks.about', icon: 'task', table: 'task', detail: 'task-detail' },
    taskPages,
    regardingPages,
  ),
];

/** The microapp of this id; undefined where there is none. */
export function microapp(id: string): Microapp | undefined {
  return microapps.find((each) => each.id === id);
}

/** The page of a microapp; undefined where it has none of this id. */
export function pageOf(app: Microapp, id: string): Page | undefined {
  return app.pages.find((each) => each.id === id);
}
