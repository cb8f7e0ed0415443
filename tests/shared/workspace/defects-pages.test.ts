import type { Caller } from '../../../shared/dynamics/dynamics';
import { errorCodes, TandemError } from '../../../shared/platform/errors';
import { say } from '../../../shared/workspace/languages';
import { listView } from '../../../shared/workspace/list-view';
import { microapp, microapps, pageOf } from '../../../shared/workspace/microapps';
import { pageFor } from '../../../shared/workspace/page-for';
import type { WorkspaceRecord } from '../../../shared/workspace/record';
import { formView, holds } from '../../../shared/workspace/record-view';
import { recordTables, regardingTables } from '../../../shared/workspace/tables';
import { actor, rowId } from './actions/some-actions';
import { annasDesk, details, id, inputs, lists, notHere, now, page, reference, shown, wish } from './some-pages';
import { aRecord } from './some-records';

/** The defects of pages of the system that Tandem replaces, by their numbers in its inventory: none of them is here. */

test('defect 5: a record that is not hers is read as she herself: what Dynamics does not show her is not there', async () => {
  const [its, found] = [microapp('tasks'), page('tasks', 'account-detail')];
  if (its === undefined) throw new Error('no such microapp');
  const hers = aRecord('account', { name: 'Secret' }, { id, owner: { table: 'systemuser', id: 'ben', name: null } });
  const asked: Caller[] = [];
  const forbidden = async (_table: string, _id: string, caller: Caller): Promise<never> => {
    asked.push(caller);
    throw new TandemError(errorCodes.forbidden, { retry: 'never', fix: 'Grant it.' });
  };
  const desk = annasDesk([hers], forbidden);
  await expect(pageFor(desk, its, found, { ...wish, id }, '/')).rejects.toMatchObject({ code: errorCodes.notFound });
  expect(asked).toEqual([{ objectId: 'anna' }]);
});

test('defect 18: every link to a related record names the id of that record', () => {
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

test('defect 19: what changes a record is offered only while it is open: edit, resolve, close, complete', () => {
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

test('defect 20: the account of an opportunity is its name', () => {
  const deal = aRecord('opportunity', { customerid: reference('account', 'Contoso') });
  expect(shown('tasks', 'opportunity-detail', deal).fields).toContainEqual(expect.objectContaining({ label: 'Account', text: 'Contoso' }));
});

test('defect 21: choices are shown by their labels in every microapp', () => {
  const deal = aRecord('opportunity', { opportunityratingcode: 1 });
  for (const app of ['appointments', 'phone-calls', 'tasks', 'opportunities'])
    expect(shown(app, 'opportunity-detail', deal).fields).toContainEqual(expect.objectContaining({ label: 'Rating', text: 'Hot' }));
  const ada = aRecord('contact', { accountrolecode: 1 });
  for (const app of ['appointments', 'phone-calls', 'tasks', 'cases', 'accounts', 'contacts', 'opportunities'])
    expect(shown(app, 'contact-detail', ada).fields).toContainEqual(
      expect.objectContaining({ label: 'Account Role', text: 'Decision Maker' }),
    );
});

test('defects 22, 26 and 31: a shared page is the same in every microapp', () => {
  for (const { page: each } of details)
    for (const { page: other } of details) if (other.id === each.id) expect({ ...other, buttons: [] }).toEqual({ ...each, buttons: [] });
});

test('defect 22: the page of a contact is headed by the contact', () => {
  const view = shown('tasks', 'contact-detail', aRecord('contact', { fullname: 'Ada Byron' }));
  expect([view.title, view.heading]).toEqual(['Contact Detail', 'Ada Byron']);
});

test('defect 26: a lead has its company called so, and both of its telephone numbers', () => {
  const lead = aRecord('lead', { companyname: 'Analytical Engines', telephone1: '0351 1', mobilephone: '0171 2' });
  const fields = shown('phone-calls', 'lead-detail', lead).fields.map(({ label, text }) => [label, text]);
  expect(fields).toEqual(
    expect.arrayContaining([
      ['Company', 'Analytical Engines'],
      ['Phone', '0351 1'],
      ['Mobile', '0171 2'],
    ]),
  );
});

test('defect 31: the contacts of an account lead to their pages, and the parts of its address are kept apart', () => {
  const address = { address1_line1: 'Main 1', address1_postalcode: '10115', address1_city: 'Berlin', address1_country: null };
  for (const { app, page: each } of details.filter(({ page: { id: its } }) => its === 'account-detail')) {
    expect(each.children?.list.opens).toBe('contact-detail');
    expect(pageOf(app, 'contact-detail')).toMatchObject({ kind: 'detail' });
    const fields = shown(app.id, 'account-detail', aRecord('account', address)).fields.map(({ text }) => text);
    expect(fields).toContain('Main 1, 10115 Berlin');
  }
});

test('defect 23: each table has its own open states, and activities are sorted by when they are due', () => {
  expect(recordTables.task.openStates).toEqual([0]);
  expect(recordTables.phonecall.openStates).toEqual([0]);
  expect(recordTables.appointment.openStates).toEqual([0, 3]);
  const sortOf = (wanted: string) => lists.find(({ id: each }) => each === wanted)?.list.sort;
  for (const list of ['my-open-tasks', 'my-open-phone-calls'])
    expect(sortOf(list)).toEqual({ column: 'scheduledend', direction: 'ascending' });
  expect(sortOf('my-open-appointments')).toMatchObject({ column: 'scheduledstart' });
});

test('defect 24: every list shows what is open and nothing that is closed, in an order', async () => {
  for (const app of microapps)
    for (const each of app.pages) {
      if (each.kind !== 'list') continue;
      const { table, sort } = each.list;
      const two = [aRecord(table, {}), aRecord(table, {}, { id: rowId, state: 1 })];
      const view = await pageFor(
        annasDesk(two, async () => notHere()),
        app,
        each,
        wish,
        '/',
      );
      expect(view).toMatchObject({ kind: 'list', list: { rows: [{ id }], sort } });
    }
});

test('defect 24: My Contacts has the telephone and the mobile number', () => {
  const columns = lists.find(({ id: each }) => each === 'my-contacts')?.list.columns.map(({ label }) => label);
  expect(columns).toEqual(expect.arrayContaining(['field.phone', 'field.mobile']));
});

test('defect 25: leads are found by topic, opportunities and contacts by their company, activities by what they are about', () => {
  const found = (wanted: string, record: WorkspaceRecord, search: string) => {
    const list = lists.find(({ id: each }) => each === wanted);
    if (list === undefined) throw new Error(wanted);
    return listView(list.list, [record], list.searches, { search, sort: null, cursor: null }, actor).rows.length;
  };
  expect(found('my-open-leads', aRecord('lead', { subject: 'Boats' }), 'boat')).toBe(1);
  expect(found('my-open-opportunities', aRecord('opportunity', { customerid: reference('account', 'Contoso') }), 'contoso')).toBe(1);
  expect(found('my-contacts', aRecord('contact', { parentcustomerid: reference('account', 'Contoso') }), 'contoso')).toBe(1);
  for (const table of regardingTables) {
    const about = { regardingobjectid: reference(table, 'Contoso') };
    expect(found('my-open-tasks', aRecord('task', about), 'contoso')).toBe(1);
    expect(found('my-open-phone-calls', aRecord('phonecall', about), 'contoso')).toBe(1);
    expect(found('my-open-appointments', aRecord('appointment', about), 'contoso')).toBe(1);
  }
});

test('defect 27: money is shown in the currency in which it is edited', () => {
  const euro = { table: 'transactioncurrency', id: 'euro', name: 'Euro' };
  const deal = aRecord('opportunity', { budgetamount: 10.5, budgetamount_base: 11, transactioncurrencyid: euro });
  expect(shown('opportunities', 'opportunity-detail', deal).fields).toContainEqual(expect.objectContaining({ text: '€10.50' }));
  expect(inputs('opportunities', 'opportunity-edit', deal)).toMatchObject({ budgetamount: 10.5 });
});

test('defect 33: the sources of a lead are sorted by what people read', () => {
  const [its, form] = [microapp('leads'), page('leads', 'lead-edit')];
  if (its === undefined || form.kind !== 'form') throw new Error('no form');
  const sources = { 1: { 1033: 'Web' }, 2: { 1033: 'Advertisement' }, 3: { 1033: 'Partner' } };
  const reader = { ...actor, labels: { ...actor.labels, 'lead.leadsourcecode': sources } };
  const view = formView(its, form, aRecord('lead', {}), reader, now);
  const asked = view.kind === 'form' ? view.inputs.find(({ parameter }) => parameter === 'leadsourcecode') : undefined;
  expect(asked?.options?.map(({ label }) => label)).toEqual(['Advertisement', 'Partner', 'Web']);
});

test('defect 35: titles of people’s cards are written alike, whether a record is new or given away', () => {
  const titles = microapps.flatMap(({ notices }) => notices.map(({ title }) => say('en', title)));
  expect(titles).toHaveLength(16);
  for (const title of titles) expect(title).toMatch(/^[A-Z][a-z]+(?: [a-z]+)* assigned to you$/);
});

test('defect 37: Phone Calls has a page for leads, to which a call leads', () => {
  expect(page('phone-calls', 'lead-detail')).toMatchObject({ kind: 'detail', table: 'lead' });
  const view = shown('phone-calls', 'phone-call-detail', aRecord('phonecall', { regardingobjectid: reference('lead') }));
  expect(view.fields).toContainEqual(expect.objectContaining({ link: { kind: 'page', page: 'lead-detail', id: rowId } }));
});
