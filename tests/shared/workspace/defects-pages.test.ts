import { languageNames } from '../../../local/inventory/checks';
import type { Caller } from '../../../shared/dynamics/dynamics';
import { errorCodes, TandemError } from '../../../shared/platform/errors';
import { offersOf } from '../../../shared/workspace/actions/offer';
import type { Desk } from '../../../shared/workspace/desk';
import { say } from '../../../shared/workspace/languages';
import { listView } from '../../../shared/workspace/list-view';
import type { DetailPage, Input, ListPage, Page } from '../../../shared/workspace/microapp';
import { microapp, microapps, pageOf } from '../../../shared/workspace/microapps';
import { pageFor } from '../../../shared/workspace/page-for';
import type { PageView } from '../../../shared/workspace/page-view';
import type { WorkspaceRecord } from '../../../shared/workspace/record';
import { detailView, formView, holds } from '../../../shared/workspace/record-view';
import { recordTables, regardingTables } from '../../../shared/workspace/tables';
import { actor, broken, offered, request, rowId } from './actions/some-actions';
import { aRecord } from './some-records';

/** The defects of pages and actions of the system that Tandem replaces, by their numbers in its inventory: none of them is here. */

const now = Date.parse('2026-06-15T12:20:00Z');
const id = '11111111-0000-4000-8000-000000000001';
const reference = (table: string, name = 'Somebody') => ({ table, id: rowId, name });

function page(app: string, wanted: string): Page {
  const its = microapp(app);
  const found = its === undefined ? undefined : pageOf(its, wanted);
  if (found === undefined) throw new Error(`${app} has no ${wanted}`);
  return found;
}

function shown(app: string, wanted: string, record: WorkspaceRecord): Extract<PageView, { kind: 'detail' }> {
  const [its, found] = [microapp(app), page(app, wanted)];
  if (its === undefined || found.kind !== 'detail') throw new Error('no detail page');
  const view = detailView(its, found, record, null, actor, now);
  if (view.kind !== 'detail') throw new Error('no detail page');
  return view;
}

function inputs(app: string, wanted: string, record: WorkspaceRecord | null): Record<string, unknown> {
  const [its, found] = [microapp(app), page(app, wanted)];
  if (its === undefined || found.kind !== 'form') throw new Error('no form');
  const view = formView(its, found, record, actor, now);
  return view.kind === 'form' ? Object.fromEntries(view.inputs.map(({ parameter, value }) => [parameter, value])) : {};
}

const lists = microapps.flatMap(({ pages }) => pages.filter((each): each is ListPage => each.kind === 'list'));
const details = microapps.flatMap((app) =>
  app.pages.filter((each): each is DetailPage => each.kind === 'detail').map((each) => ({ app, page: each })),
);
const input = (app: string, action: Parameters<typeof offered>[1], name: string): Input | undefined =>
  offered(app, action).inputs.find(({ parameter }) => parameter === name);

test('5: a record that is not hers is read as she herself: what Dynamics does not show her is not there', async () => {
  const [its, found] = [microapp('tasks'), page('tasks', 'account-detail')];
  if (its === undefined) throw new Error('no such microapp');
  const hers = aRecord('account', { name: 'Secret' }, { id, owner: { table: 'systemuser', id: 'ben', name: null } });
  const asked: Caller[] = [];
  const forbidden = async (_table: string, _id: string, caller: Caller): Promise<never> => {
    asked.push(caller);
    throw new TandemError(errorCodes.forbidden, { retry: 'never', fix: 'Grant it.' });
  };
  const desk: Desk = {
    integration: 'contoso',
    caller: { objectId: 'anna' },
    dynamics: { user: async () => null, record: forbidden, children: async () => [], find: async () => [], run: async () => null },
    records: { get: async () => hers, async *owned() {} },
    owners: ['anna'],
    reader: actor,
    now,
  };
  const wish = { id, search: '', sort: null, cursor: null };
  await expect(pageFor(desk, its, found, wish, '/')).rejects.toMatchObject({ code: errorCodes.notFound });
  expect(asked).toEqual([{ objectId: 'anna' }]);
});

test('6: a record that is made has an id of its own, by which it is read again: nothing is searched by its name', () => {
  const made = request('create-account', 'createAccount', { name: "O'Neill" });
  expect(made).toMatchObject({ path: 'accounts(22222222-0000-4000-8000-000000000002)', returns: 'record' });
});

test('7: a customer is bound only when it was changed, and may be a contact', () => {
  const deal = aRecord('opportunity', { name: 'Deal', customerid: reference('contact') });
  expect(inputs('opportunities', 'opportunity-edit', deal)).toMatchObject({ customerType: 'contact', customerContact: rowId });
  const same = { name: 'Deal 2', customerType: 'contact', customerContact: rowId };
  expect(request('opportunities', 'updateOpportunity', same, deal)?.body).toEqual({ name: 'Deal 2' });
  expect(broken('opportunities', 'updateOpportunity', { customerType: '' }, deal)).toEqual(['customerType is required']);
});

test('8: what an activity is about is filled in, kept, changed and cleared', () => {
  const task = aRecord('task', { subject: 'Write', regardingobjectid: reference('lead') });
  const begun = inputs('tasks', 'task-edit', task);
  expect(begun).toMatchObject({ regardingType: 'lead', regardingLead: rowId });
  expect(request('tasks', 'updateTask', { regardingType: 'lead', regardingLead: rowId }, task)).toBeNull();
  expect(request('tasks', 'updateTask', { regardingType: 'nothing' }, task)?.body).toEqual({
    'regardingobjectid_lead_task@odata.bind': null,
  });
});

test('9: an appointment can be about a case, which is bound by its own id', () => {
  const lunch = aRecord('appointment', { subject: 'Lunch', regardingobjectid: null });
  expect(request('appointments', 'updateAppointment', { regardingType: 'incident', regardingIncident: rowId }, lunch)?.body).toEqual({
    'regardingobjectid_incident_appointment@odata.bind': `/incidents(${rowId})`,
  });
});

test('10: department and job title of a contact are shown, kept and written', () => {
  const ada = aRecord('contact', { lastname: 'Byron', department: 'R&D', jobtitle: 'Countess' });
  expect(inputs('contacts', 'contact-edit', ada)).toMatchObject({ department: 'R&D', jobtitle: 'Countess' });
  expect(request('contacts', 'updateContact', { lastname: 'Byron', department: 'R&D', jobtitle: 'Lady' }, ada)?.body).toEqual({
    jobtitle: 'Lady',
  });
});

test('11: every update writes only what was changed, to the version that was seen', () => {
  for (const app of microapps)
    for (const { action, table, record } of offersOf(app)) {
      if (record === 'new' || !action.startsWith('update')) continue;
      const title = recordTables[table].columns.some(({ name }) => name === 'subject') ? 'subject' : undefined;
      const one = aRecord(table, {});
      expect(request(app.id, action, {}, one)).toBeNull();
      if (title !== undefined)
        expect(request(app.id, action, { [title]: 'x' }, one)).toMatchObject({
          headers: { 'If-Match': 'W/"100"' },
          body: { [title]: 'x' },
        });
    }
});

test('12: phone numbers and postal codes are text: no zero in front gets lost', () => {
  const given = { name: 'Contoso', address1_postalcode: '01067', telephone1: '0351 1' };
  expect(request('create-account', 'createAccount', given)?.body).toMatchObject({ address1_postalcode: '01067', telephone1: '0351 1' });
  expect(input('contacts', 'updateContact', 'mobilephone')).toMatchObject({ kind: 'phone' });
});

test('13: a budget keeps its decimals when it is made and when it is changed', () => {
  const given = { name: 'Deal', customerType: 'account', customerAccount: rowId, budgetamount: '10.55' };
  expect(request('create-opportunity', 'createOpportunity', given)?.body).toMatchObject({ budgetamount: 10.55 });
  expect(request('opportunities', 'updateOpportunity', { budgetamount: '10.55' }, aRecord('opportunity', {}))?.body).toEqual({
    budgetamount: 10.55,
  });
});

test('14: type and priority of a case are sent as numbers, never quoted', () => {
  const given = { title: 'Broken', customerType: 'account', customerAccount: rowId, casetypecode: '1', prioritycode: '2' };
  expect(request('create-case', 'createCase', given)?.body).toMatchObject({ casetypecode: 1, prioritycode: 2 });
});

test('18: every link to a related record names the id of that record', () => {
  for (const { app, page: each } of details) {
    for (const column of recordTables[each.table].columns.filter(({ type, name }) => type === 'lookup' && name !== 'ownerid')) {
      for (const target of column.targets ?? []) {
        const view = shown(app.id, each.id, aRecord(each.table, { [column.name]: reference(target) }));
        for (const { link } of view.fields) if (link?.kind === 'page') expect([app.id, each.id, link.id]).toEqual([app.id, each.id, rowId]);
      }
    }
  }
  const view = shown('appointments', 'appointment-detail', aRecord('appointment', { regardingobjectid: reference('opportunity') }));
  expect(view.fields).toContainEqual(expect.objectContaining({ link: { kind: 'page', page: 'opportunity-detail', id: rowId } }));
});

test('19: what changes a record is offered only while it is open: edit, resolve, close, complete', () => {
  for (const { app, page: each } of details) {
    const closed = aRecord(each.table, {}, { state: 2 });
    const left = shown(app.id, each.id, closed).buttons.map(({ does }) => (does.kind === 'action' ? does.action : does.page));
    expect(left.filter((name) => name !== 'assign' && name !== 'addNote')).toEqual([]);
  }
  for (const app of microapps)
    for (const each of app.pages)
      if (each.kind === 'form' && each.record === 'existing')
        expect(holds(each.condition, aRecord(each.table, {}, { state: 2 }))).toBe(false);
});

test('20: the account of an opportunity is its name', () => {
  const deal = aRecord('opportunity', { customerid: reference('account', 'Contoso') });
  expect(shown('tasks', 'opportunity-detail', deal).fields).toContainEqual(expect.objectContaining({ label: 'Account', text: 'Contoso' }));
});

test('21: choices are shown by their labels in every microapp', () => {
  const deal = aRecord('opportunity', { opportunityratingcode: 1 });
  for (const app of ['appointments', 'phone-calls', 'tasks', 'opportunities'])
    expect(shown(app, 'opportunity-detail', deal).fields).toContainEqual(expect.objectContaining({ label: 'Rating', text: 'Hot' }));
});

test('22, 26, 31: a shared page is the same in every microapp, its heading and its contacts included', () => {
  for (const { page: each } of details)
    for (const { page: other } of details) if (other.id === each.id) expect({ ...other, buttons: [] }).toEqual({ ...each, buttons: [] });
  expect(shown('tasks', 'contact-detail', aRecord('contact', { fullname: 'Ada Byron' })).heading).toBe('Ada Byron');
  expect(page('appointments', 'account-detail')).toMatchObject({ children: { list: { opens: 'contact-detail' } } });
  const address = { address1_line1: 'Main 1', address1_postalcode: '10115', address1_city: 'Berlin', address1_country: null };
  const fields = shown('cases', 'account-detail', aRecord('account', address)).fields.map(({ text }) => text);
  expect(fields).toContain('Main 1, 10115 Berlin');
});

test('23, 24: lists have open records only, each table by its own states, in an order', () => {
  expect(recordTables.task.openStates).toEqual([0]);
  expect(recordTables.phonecall.openStates).toEqual([0]);
  expect(recordTables.appointment.openStates).toEqual([0, 3]);
  for (const { list } of lists) expect(list.sort.column).not.toBe('');
  expect(lists.find(({ id: each }) => each === 'my-open-tasks')?.list.sort).toEqual({ column: 'scheduledend', direction: 'ascending' });
  const columns = lists.find(({ id: each }) => each === 'my-contacts')?.list.columns.map(({ label }) => label);
  expect(columns).toEqual(expect.arrayContaining(['field.phone', 'field.mobile']));
});

test('25: leads are found by topic, opportunities and contacts by their company, activities by what they are about', () => {
  const found = (wanted: string, record: WorkspaceRecord, search: string) => {
    const list = lists.find(({ id: each }) => each === wanted);
    if (list === undefined) throw new Error(wanted);
    return listView(list.list, [record], list.searches, { search, sort: null, cursor: null }, actor).rows.length;
  };
  expect(found('my-open-leads', aRecord('lead', { subject: 'Boats' }), 'boat')).toBe(1);
  expect(found('my-open-opportunities', aRecord('opportunity', { customerid: reference('account', 'Contoso') }), 'contoso')).toBe(1);
  expect(found('my-contacts', aRecord('contact', { parentcustomerid: reference('account', 'Contoso') }), 'contoso')).toBe(1);
  for (const table of regardingTables)
    expect(found('my-open-tasks', aRecord('task', { regardingobjectid: reference(table, 'Contoso') }), 'contoso')).toBe(1);
});

test('27: money is shown in the currency in which it is edited', () => {
  const euro = { table: 'transactioncurrency', id: 'euro', name: 'Euro' };
  const deal = aRecord('opportunity', { budgetamount: 10.5, budgetamount_base: 11, transactioncurrencyid: euro });
  expect(shown('opportunities', 'opportunity-detail', deal).fields).toContainEqual(expect.objectContaining({ text: '€10.50' }));
  expect(inputs('opportunities', 'opportunity-edit', deal)).toMatchObject({ budgetamount: 10.5 });
});

test('28: a lost deal needs no revenue; its reason and description begin empty', () => {
  const deal = aRecord('opportunity', { description: 'Long story', statuscode: 1 });
  expect(inputs('opportunities', 'close-as-lost', deal)).toMatchObject({ status: null, description: null, actualrevenue: null });
  expect(broken('opportunities', 'closeOpportunityLost', { status: '4', actualend: '2026-06-15' }, deal)).toEqual([]);
});

test('29: an end begins after its start and never lies before it; times are sent as UTC', () => {
  const begun = inputs('create-appointment', 'create-appointment', null);
  expect(begun).toMatchObject({ scheduledstart: '2026-06-15T13:00:00Z', scheduledend: '2026-06-15T14:00:00Z' });
  const given = { subject: 'Lunch', scheduledstart: '2026-06-15T12:00:00+02:00', scheduledend: '2026-06-15T09:00:00Z' };
  expect(broken('create-appointment', 'createAppointment', given)).toEqual(['scheduledend is before scheduledstart']);
  const good = { ...given, scheduledend: '2026-06-15T11:00:00Z' };
  expect(request('create-appointment', 'createAppointment', good)?.body).toMatchObject({ scheduledstart: '2026-06-15T10:00:00Z' });
});

test('32: activities can be completed and canceled, records assigned, leads qualified, calls have a number and a direction, contacts a company', () => {
  for (const app of ['tasks', 'appointments', 'phone-calls'])
    for (const action of ['markComplete', 'cancel', 'assign', 'addNote'] as const) expect(offered(app, action)).toMatchObject({ action });
  for (const action of ['qualifyLead', 'disqualifyLead'] as const) expect(offered('leads', action)).toMatchObject({ action });
  expect(input('phone-calls', 'updatePhoneCall', 'phonenumber')).toMatchObject({ kind: 'phone' });
  expect(input('create-phone-call', 'createPhoneCall', 'directioncode')).toMatchObject({ kind: 'choice' });
  expect(input('create-contact', 'createContact', 'parentAccount')).toMatchObject({ kind: 'lookup' });
  expect(input('create-case', 'createCase', 'customerContact')).toMatchObject({ kind: 'lookup' });
});

test('33: the sources of a lead are sorted by what people read', () => {
  expect(input('leads', 'updateLead', 'leadsourcecode')).toMatchObject({ options: { sort: 'label' } });
});

test('34: no action is without use: each is offered somewhere, by the inputs of its form', () => {
  for (const app of microapps) for (const { action } of offersOf(app)) expect(offered(app.id, action).table).toBe(app.table);
});

test('35: what Dynamics keeps of a closed deal is in the language of who closed it', () => {
  expect(new Set(languageNames.map((language) => say(language, 'page.closeAsWon'))).size).toBeGreaterThan(7);
  const deal = aRecord('opportunity', { name: 'Deal' }, { id });
  const body = request('opportunities', 'closeOpportunityWon', { actualend: '2026-06-15', actualrevenue: 1 }, deal)?.body;
  expect(body).toMatchObject({ OpportunityClose: { subject: `${say('en', 'page.closeAsWon')}: Deal` } });
});

test('37: Phone Calls has a page for leads', () => {
  expect(page('phone-calls', 'lead-detail')).toMatchObject({ kind: 'detail', table: 'lead' });
});
