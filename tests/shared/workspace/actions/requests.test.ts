import { offersOf } from '../../../../shared/workspace/actions/offer';
import { actionNames } from '../../../../shared/workspace/microapp';
import { microapps } from '../../../../shared/workspace/microapps';
import type { WorkspaceRecord } from '../../../../shared/workspace/record';
import { aRecord } from '../some-records';
import { newId, request, rowId } from './some-actions';

const id = '11111111-0000-4000-8000-000000000001';
const asSeen = { 'If-Match': 'W/"100"' };
const asNew = { 'If-None-Match': '*' };

const reference = (table: string) => ({ table, id: rowId, name: 'Somebody' });
const account = aRecord('account', { name: 'Contoso', telephone1: '1', websiteurl: null, address1_city: 'Berlin' });
const contact = aRecord('contact', { firstname: 'Ada', lastname: 'Byron', jobtitle: null, department: 'R&D', parentcustomerid: null });
const lead = aRecord('lead', { subject: 'Boats', lastname: 'Doe', companyname: 'Fabrikam', leadsourcecode: 8 });
const opportunity = aRecord('opportunity', { name: 'Big deal', budgetamount: 10.5, customerid: reference('contact') });
const incident = aRecord('incident', { title: 'Broken', casetypecode: 1, prioritycode: 2, customerid: reference('contact') });
const appointment = aRecord('appointment', {
  subject: 'Lunch',
  scheduledstart: '2026-06-15T10:00:30Z',
  scheduledend: '2026-06-15T11:00:30Z',
  regardingobjectid: reference('lead'),
});
const phonecall = aRecord('phonecall', { subject: 'Call back', directioncode: false, regardingobjectid: null });
const task = aRecord('task', { subject: 'Write', description: null, regardingobjectid: reference('account') });

test('every action is offered by some microapp and builds a request', () => {
  const offered = new Set(microapps.flatMap((app) => offersOf(app).map(({ action }) => action)));
  expect([...offered].sort()).toEqual([...actionNames].sort());
});

describe('making a record sends what was filled in, under an id that a repeated call has again', () => {
  const made = (path: string, body: object) => ({ method: 'PATCH', path: `${path}(${newId})`, headers: asNew, body, returns: 'record' });

  test('createAccount', () => {
    const given = { name: ' Contoso ', telephone1: '', websiteurl: 'contoso.com' };
    expect(request('create-account', 'createAccount', given)).toEqual(made('accounts', { name: 'Contoso', websiteurl: 'contoso.com' }));
  });

  test('createContact', () => {
    const given = { lastname: 'Byron', jobtitle: 'Countess', parentType: 'account', parentAccount: rowId.toUpperCase() };
    expect(request('create-contact', 'createContact', given)).toEqual(
      made('contacts', { lastname: 'Byron', jobtitle: 'Countess', 'parentcustomerid_account@odata.bind': `/accounts(${rowId})` }),
    );
  });

  test('createLead', () => {
    const given = { subject: 'Boats', lastname: 'Doe', leadsourcecode: '8' };
    expect(request('create-lead', 'createLead', given)).toEqual(made('leads', { subject: 'Boats', lastname: 'Doe', leadsourcecode: 8 }));
  });

  test('createOpportunity', () => {
    const given = {
      name: 'Big deal',
      customerType: 'contact',
      customerContact: rowId,
      budgetamount: '10.50',
      closeprobability: 40,
      estimatedclosedate: '2026-07-01',
    };
    expect(request('create-opportunity', 'createOpportunity', given)).toEqual(
      made('opportunities', {
        name: 'Big deal',
        'customerid_contact@odata.bind': `/contacts(${rowId})`,
        budgetamount: 10.5,
        closeprobability: 40,
        estimatedclosedate: '2026-07-01',
      }),
    );
  });

  test('createCase', () => {
    const given = { title: 'Broken', customerType: 'account', customerAccount: rowId, casetypecode: '1', prioritycode: '2' };
    expect(request('create-case', 'createCase', given)).toEqual(
      made('incidents', { title: 'Broken', 'customerid_account@odata.bind': `/accounts(${rowId})`, casetypecode: 1, prioritycode: 2 }),
    );
  });

  test('createAppointment', () => {
    const given = {
      subject: 'Lunch',
      'scheduledstart.date': '2026-06-15',
      'scheduledstart.time': '12:00',
      scheduledend: '2026-06-15T13:00:00+02:00',
      regardingType: 'incident',
      regardingIncident: rowId,
    };
    expect(request('create-appointment', 'createAppointment', given)).toEqual(
      made('appointments', {
        subject: 'Lunch',
        scheduledstart: '2026-06-15T10:00:00Z',
        scheduledend: '2026-06-15T11:00:00Z',
        'regardingobjectid_incident_appointment@odata.bind': `/incidents(${rowId})`,
      }),
    );
  });

  test('createPhoneCall', () => {
    const given = { subject: 'Call back', phonenumber: '+49 30 1', directioncode: 'false', regardingType: 'nothing' };
    expect(request('create-phone-call', 'createPhoneCall', given)).toEqual(
      made('phonecalls', { subject: 'Call back', phonenumber: '+49 30 1', directioncode: false }),
    );
  });

  test('createTask', () => {
    const given = { subject: 'Write', regardingType: 'opportunity', regardingOpportunity: rowId };
    expect(request('create-task', 'createTask', given)).toEqual(
      made('tasks', { subject: 'Write', 'regardingobjectid_opportunity_task@odata.bind': `/opportunities(${rowId})` }),
    );
  });
});

describe('changing a record sends what is another than before, to the version that was seen', () => {
  const changed = (path: string, body: object) => ({ method: 'PATCH', path: `${path}(${id})`, headers: asSeen, body, returns: 'record' });

  test('updateAccount', () => {
    const given = { name: 'Contoso', telephone1: '', address1_city: 'Bonn' };
    expect(request('accounts', 'updateAccount', given, account)).toEqual(changed('accounts', { telephone1: null, address1_city: 'Bonn' }));
  });

  test('updateContact', () => {
    const given = { lastname: 'Lovelace', jobtitle: 'Countess', department: 'R&D', parentType: 'nothing' };
    expect(request('contacts', 'updateContact', given, contact)).toEqual(
      changed('contacts', { lastname: 'Lovelace', jobtitle: 'Countess' }),
    );
  });

  test('updateLead', () => {
    expect(request('leads', 'updateLead', { subject: 'Ships', leadsourcecode: '10' }, lead)).toEqual(
      changed('leads', { subject: 'Ships', leadsourcecode: 10 }),
    );
  });

  test('updateOpportunity', () => {
    const given = { name: 'Big deal', customerType: 'contact', customerContact: rowId, budgetamount: 10.75 };
    expect(request('opportunities', 'updateOpportunity', given, opportunity)).toEqual(changed('opportunities', { budgetamount: 10.75 }));
  });

  test('updateCase', () => {
    const given = { title: 'Broken', customerType: 'account', customerAccount: rowId, prioritycode: '1' };
    expect(request('cases', 'updateCase', given, incident)).toEqual(
      changed('incidents', { 'customerid_account@odata.bind': `/accounts(${rowId})`, prioritycode: 1 }),
    );
  });

  test('updateAppointment, which keeps the seconds that no form shows and what it is about', () => {
    const given = {
      subject: 'Long lunch',
      'scheduledstart.date': '2026-06-15',
      'scheduledstart.time': '12:00',
      'scheduledend.date': '2026-06-15',
      'scheduledend.time': '14:00',
      regardingType: 'lead',
      regardingLead: rowId,
    };
    expect(request('appointments', 'updateAppointment', given, appointment)).toEqual(
      changed('appointments', { subject: 'Long lunch', scheduledend: '2026-06-15T12:00:00Z' }),
    );
  });

  test('updatePhoneCall', () => {
    const given = { subject: 'Call back', directioncode: 'true', regardingType: 'contact', regardingContact: rowId };
    expect(request('phone-calls', 'updatePhoneCall', given, phonecall)).toEqual(
      changed('phonecalls', { directioncode: true, 'regardingobjectid_contact_phonecall@odata.bind': `/contacts(${rowId})` }),
    );
  });

  test('updateTask, which can end what it is about', () => {
    expect(request('tasks', 'updateTask', { subject: 'Write', regardingType: 'nothing' }, task)).toEqual(
      changed('tasks', { 'regardingobjectid_account_task@odata.bind': null }),
    );
  });

  test('and nothing where nothing was changed', () => {
    expect(request('tasks', 'updateTask', { subject: 'Write', description: '' }, task)).toBeNull();
  });
});

describe('closing', () => {
  const done = { actualend: '2026-06-15', actualrevenue: 1000.5, description: 'At last' };
  const bind = { 'opportunityid@odata.bind': `/opportunities(${id})` };

  test('closeOpportunityWon', () => {
    expect(request('opportunities', 'closeOpportunityWon', done, opportunity)).toEqual({
      method: 'POST',
      path: 'WinOpportunity',
      headers: {},
      body: { Status: 3, OpportunityClose: { subject: 'Close as Won: Big deal', ...done, ...bind } },
      returns: 'nothing',
    });
  });

  test('closeOpportunityLost, without any revenue', () => {
    expect(request('opportunities', 'closeOpportunityLost', { status: '5', actualend: '2026-06-15' }, opportunity)?.body).toEqual({
      Status: 5,
      OpportunityClose: { subject: 'Close as Lost: Big deal', actualend: '2026-06-15', ...bind },
    });
  });

  test('resolveCase', () => {
    const given = { status: '1000', subject: 'Told them', timespent: '15', description: '' };
    expect(request('cases', 'resolveCase', given, incident)?.body).toEqual({
      Status: 1000,
      IncidentResolution: { subject: 'Told them', timespent: 15, 'incidentid@odata.bind': `/incidents(${id})` },
    });
  });

  test.each<[string, WorkspaceRecord, number, number]>([
    ['tasks', task, 5, 6],
    ['appointments', appointment, 3, 4],
    ['phone-calls', phonecall, 4, 3],
    ['phone-calls', { ...phonecall, values: { directioncode: true } }, 2, 3],
  ])('markComplete and cancel in %s, by the state and status of the activity', (app, record, done, canceled) => {
    expect(request(app, 'markComplete', {}, record)).toMatchObject({ headers: asSeen, body: { statecode: 1, statuscode: done } });
    expect(request(app, 'cancel', {}, record)).toMatchObject({ headers: asSeen, body: { statecode: 2, statuscode: canceled } });
  });

  test('qualifyLead makes an account only of a company with a name', () => {
    expect(request('leads', 'qualifyLead', {}, lead)).toMatchObject({
      path: `leads(${id})/Microsoft.Dynamics.CRM.QualifyLead`,
      body: { CreateAccount: true, CreateContact: true, CreateOpportunity: true, Status: 3 },
    });
    const alone = aRecord('lead', { lastname: 'Doe', companyname: null });
    expect(request('leads', 'qualifyLead', {}, alone)).toMatchObject({ body: { CreateAccount: false } });
  });

  test('disqualifyLead', () => {
    expect(request('leads', 'disqualifyLead', { reason: '5' }, lead)).toMatchObject({
      path: `leads(${id})`,
      headers: asSeen,
      body: { statecode: 2, statuscode: 5 },
    });
  });
});

test('assign gives the record to another user, and nothing happens where she has it', () => {
  expect(request('accounts', 'assign', { owner: rowId }, account)?.body).toEqual({ 'ownerid@odata.bind': `/systemusers(${rowId})` });
  const hers = { ...account, owner: { table: 'systemuser', id: rowId, name: 'Eve' } };
  expect(request('accounts', 'assign', { owner: rowId }, hers)).toBeNull();
});

test('addNote', () => {
  expect(request('tasks', 'addNote', { notetext: 'Remember', subject: '' }, task)).toEqual({
    method: 'PATCH',
    path: `annotations(${newId})`,
    headers: asNew,
    body: { notetext: 'Remember', 'objectid_task@odata.bind': `/tasks(${id})` },
    returns: 'nothing',
  });
});
