import { languageNames } from '../../../local/inventory/checks';
import { errorCodes } from '../../../shared/platform/errors';
import { act } from '../../../shared/workspace/act';
import { offersOf } from '../../../shared/workspace/actions/offer';
import { say } from '../../../shared/workspace/languages';
import type { Input } from '../../../shared/workspace/microapp';
import { microapp, microapps } from '../../../shared/workspace/microapps';
import { pageFor } from '../../../shared/workspace/page-for';
import { recordTables } from '../../../shared/workspace/tables';
import { broken, offered, request, rowId } from './actions/some-actions';
import { annasDesk, id, inputs, page, reference, wish } from './some-pages';
import { aRecord } from './some-records';

/** The defects of forms and actions of the system that Tandem replaces, by their numbers in its inventory: none of them is here. */

const input = (app: string, action: Parameters<typeof offered>[1], name: string): Input | undefined =>
  offered(app, action).inputs.find(({ parameter }) => parameter === name);

test('defect 6: a record that is made has an id of its own, by which it is read again: nothing is searched by its name', () => {
  const made = request('create-account', 'createAccount', { name: "O'Neill" });
  expect(made).toMatchObject({ path: 'accounts(22222222-0000-4000-8000-000000000002)', returns: 'record' });
});

test.each([
  ['opportunities', 'opportunity-edit', 'updateOpportunity', 'opportunity', 'name'],
  ['cases', 'case-edit', 'updateCase', 'incident', 'title'],
] as const)('defect 7: in %s a customer is bound only when it was changed, and may be a contact', (app, form, action, table, title) => {
  const record = aRecord(table, { [title]: 'Old', customerid: reference('contact') });
  expect(inputs(app, form, record)).toMatchObject({ customerType: 'contact', customerContact: rowId });
  const same = { [title]: 'New', customerType: 'contact', customerContact: rowId };
  expect(request(app, action, same, record)?.body).toEqual({ [title]: 'New' });
  expect(broken(app, action, { customerType: '' }, record)).toEqual(['customerType is required']);
});

test.each([
  ['tasks', 'task-edit', 'updateTask', 'task'],
  ['phone-calls', 'phone-call-edit', 'updatePhoneCall', 'phonecall'],
  ['appointments', 'appointment-edit', 'updateAppointment', 'appointment'],
] as const)('defect 8: what an activity is about is filled in, kept, changed and cleared in %s', (app, form, action, table) => {
  const activity = aRecord(table, { subject: 'Write', regardingobjectid: reference('lead') });
  expect(inputs(app, form, activity)).toMatchObject({ regardingType: 'lead', regardingLead: rowId });
  expect(request(app, action, { regardingType: 'lead', regardingLead: rowId }, activity)).toBeNull();
  expect(request(app, action, { regardingType: 'nothing' }, activity)?.body).toEqual({
    [`regardingobjectid_lead_${table}@odata.bind`]: null,
  });
});

test('defect 9: an appointment can be about a case, which is bound by its own id', () => {
  const lunch = aRecord('appointment', { subject: 'Lunch', regardingobjectid: null });
  expect(request('appointments', 'updateAppointment', { regardingType: 'incident', regardingIncident: rowId }, lunch)?.body).toEqual({
    'regardingobjectid_incident_appointment@odata.bind': `/incidents(${rowId})`,
  });
});

test('defect 10: department and job title of a contact are shown, kept and written', () => {
  const ada = aRecord('contact', { lastname: 'Byron', department: 'R&D', jobtitle: 'Countess' });
  expect(inputs('contacts', 'contact-edit', ada)).toMatchObject({ department: 'R&D', jobtitle: 'Countess' });
  expect(request('contacts', 'updateContact', { lastname: 'Byron', department: 'R&D', jobtitle: 'Lady' }, ada)?.body).toEqual({
    jobtitle: 'Lady',
  });
});

test('defect 11: every update writes only what was changed, to the version that was seen', () => {
  const titles = { contact: 'lastname', lead: 'subject' } as const;
  const updates = microapps.flatMap((app) =>
    offersOf(app).flatMap((offer) => (offer.action.startsWith('update') ? [{ app: app.id, ...offer }] : [])),
  );
  expect(new Set(updates.map(({ table }) => table)).size).toBe(8);
  for (const { app, action, table } of updates) {
    const title = table === 'contact' || table === 'lead' ? titles[table] : recordTables[table].title;
    const one = aRecord(table, { [title]: 'old', description: 'long', scheduledstart: '2026-06-15T10:00:00Z' });
    expect(request(app, action, {}, one)).toBeNull();
    expect(request(app, action, { [title]: 'x' }, one)).toMatchObject({ headers: { 'If-Match': 'W/"100"' } });
    expect(request(app, action, { [title]: 'x' }, one)?.body).toEqual({ [title]: 'x' });
  }
});

test('defect 12: phone numbers and postal codes are text: no zero in front gets lost', () => {
  const given = { name: 'Contoso', address1_postalcode: '01067', telephone1: '0351 1' };
  expect(request('create-account', 'createAccount', given)?.body).toMatchObject({ address1_postalcode: '01067', telephone1: '0351 1' });
  expect(input('contacts', 'updateContact', 'mobilephone')).toMatchObject({ kind: 'phone' });
});

test('defect 13: a budget keeps its decimals when it is made and when it is changed', () => {
  const given = { name: 'Deal', customerType: 'account', customerAccount: rowId, budgetamount: '10.55' };
  expect(request('create-opportunity', 'createOpportunity', given)?.body).toMatchObject({ budgetamount: 10.55 });
  expect(request('opportunities', 'updateOpportunity', { budgetamount: '10.55' }, aRecord('opportunity', {}))?.body).toEqual({
    budgetamount: 10.55,
  });
});

test('defect 14: type and priority of a case are sent as numbers, never quoted', () => {
  const given = { title: 'Broken', customerType: 'account', customerAccount: rowId, casetypecode: '1', prioritycode: '2' };
  expect(request('create-case', 'createCase', given)?.body).toMatchObject({ casetypecode: 1, prioritycode: 2 });
});

test('defect 19: the app itself refuses the form and the action of a record that was closed, whatever a client shows', async () => {
  const [its, form] = [microapp('opportunities'), page('opportunities', 'close-as-won')];
  if (its === undefined) throw new Error('no such microapp');
  const desk = annasDesk([], async () => aRecord('opportunity', {}, { id, state: 1 }));
  await expect(pageFor(desk, its, form, { ...wish, id }, '/')).rejects.toMatchObject({ code: errorCodes.conflict });
  for (const action of ['closeOpportunityWon', 'closeOpportunityLost', 'updateOpportunity'] as const) {
    const call = { record: { id, version: '100' }, given: {}, newId: rowId };
    await expect(act(desk, offered('opportunities', action), call)).rejects.toMatchObject({ code: errorCodes.conflict });
  }
});

test('defect 28: a lost deal needs no revenue; its reason and description begin empty', () => {
  const deal = aRecord('opportunity', { description: 'Long story', statuscode: 1 });
  expect(inputs('opportunities', 'close-as-lost', deal)).toMatchObject({ status: null, description: null, actualrevenue: null });
  expect(broken('opportunities', 'closeOpportunityLost', { status: '4', actualend: '2026-06-15' }, deal)).toEqual([]);
});

test('defect 29: an end begins after its start and never lies before it; times are sent as UTC', () => {
  const begun = inputs('create-appointment', 'create-appointment', null);
  expect(begun).toMatchObject({ scheduledstart: '2026-06-15T13:00:00Z', scheduledend: '2026-06-15T14:00:00Z' });
  const given = { subject: 'Lunch', scheduledstart: '2026-06-15T12:00:00+02:00', scheduledend: '2026-06-15T09:00:00Z' };
  expect(broken('create-appointment', 'createAppointment', given)).toEqual(['scheduledend is before scheduledstart']);
  const good = { ...given, scheduledend: '2026-06-15T11:00:00Z' };
  expect(request('create-appointment', 'createAppointment', good)?.body).toMatchObject({ scheduledstart: '2026-06-15T10:00:00Z' });
});

test('defect 32: activities can be completed and canceled, records assigned, leads qualified, calls have a number and a direction, contacts a company', () => {
  for (const app of ['tasks', 'appointments', 'phone-calls'])
    for (const action of ['markComplete', 'cancel', 'assign', 'addNote'] as const) expect(offered(app, action)).toMatchObject({ action });
  for (const action of ['qualifyLead', 'disqualifyLead'] as const) expect(offered('leads', action)).toMatchObject({ action });
  expect(input('phone-calls', 'updatePhoneCall', 'phonenumber')).toMatchObject({ kind: 'phone' });
  expect(input('create-phone-call', 'createPhoneCall', 'directioncode')).toMatchObject({ kind: 'choice' });
  expect(input('create-contact', 'createContact', 'parentAccount')).toMatchObject({ kind: 'lookup' });
  expect(input('create-case', 'createCase', 'customerContact')).toMatchObject({ kind: 'lookup' });
});

test('defect 34: no action is without use: each is offered somewhere, by the inputs of its form', () => {
  for (const app of microapps) for (const { action } of offersOf(app)) expect(offered(app.id, action).table).toBe(app.table);
});

test('defect 35: what Dynamics keeps of a closed deal is in the language of who closed it', () => {
  expect(new Set(languageNames.map((language) => say(language, 'page.closeAsWon'))).size).toBeGreaterThan(7);
  const deal = aRecord('opportunity', { name: 'Deal' }, { id });
  const body = request('opportunities', 'closeOpportunityWon', { actualend: '2026-06-15', actualrevenue: 1 }, deal)?.body;
  expect(body).toMatchObject({ OpportunityClose: { subject: `${say('en', 'page.closeAsWon')}: Deal` } });
});
