import { person } from '../../local/company/people';
import { type Dynamics, idOf, type Json, startWithTokens } from './dynamics-client';

let dynamics: Dynamics;
const anna = person('anna');
const ben = person('ben');
const representation = { prefer: 'return=representation' };
const bindUser = (systemUserId: string) => ({ 'partyid_systemuser@odata.bind': `/systemusers(${systemUserId})` });

beforeAll(async () => {
  dynamics = await startWithTokens({ seed: 'empty-company', now: () => Date.parse('2026-03-11T09:30:00Z') });
});
afterAll(() => dynamics.close());

async function create(set: string, body: object): Promise<Json> {
  return (await dynamics.send('POST', set, { as: anna, headers: representation, body })).json;
}
const patch = (set: string, id: unknown, body: object) =>
  dynamics.send('PATCH', `${set}(${String(id)})`, { as: anna, headers: { ...representation, 'if-match': '*' }, body });

describe('state and status', () => {
  test('a new task is open and not started, a new appointment scheduled and busy', async () => {
    expect(await create('tasks', { subject: 'Call' })).toMatchObject({ statecode: 0, statuscode: 2, percentcomplete: null });
    expect(await create('appointments', { subject: 'Review' })).toMatchObject({ statecode: 3, statuscode: 5 });
    expect(await create('contacts', { lastname: 'Vogel' })).toMatchObject({ statecode: 0, statuscode: 1 });
  });

  test('a status alone implies its state, a state alone its default status', async () => {
    expect(await create('appointments', { subject: 'Review', statuscode: 2 })).toMatchObject({ statecode: 0, statuscode: 2 });
    const { activityid } = await create('tasks', { subject: 'Call' });
    expect((await patch('tasks', activityid, { statuscode: 7 })).json).toMatchObject({ statecode: 0, statuscode: 7 });
    expect((await patch('tasks', activityid, { statecode: 1 })).json).toMatchObject({ statecode: 1, statuscode: 5 });
  });

  test('a status of another state is refused', async () => {
    const { activityid } = await create('tasks', { subject: 'Call' });
    const answer = await patch('tasks', activityid, { statecode: 0, statuscode: 5 });
    expect([answer.status, answer.code]).toEqual([400, '0x80048408']);
    expect(answer.text).toContain('5 is not a valid status code for state code TaskState.Open');
  });

  test('an activity cannot begin closed', async () => {
    const answer = await dynamics.send('POST', 'tasks', { body: { subject: 'Call', statecode: 1, statuscode: 5 } });
    expect([answer.status, answer.code]).toEqual([400, '0x80048408']);
  });

  test('completing fills the end where it is absent and touches nothing else', async () => {
    const { activityid } = await create('tasks', { subject: 'Call', percentcomplete: 40 });
    const { json } = await patch('tasks', activityid, { statecode: 1, statuscode: 5 });
    expect(json).toMatchObject({ statuscode: 5, actualend: '2026-03-11T09:30:00Z', percentcomplete: 40 });
    const other = await create('tasks', { subject: 'Call', actualend: '2026-03-01T10:00:00Z' });
    expect((await patch('tasks', other.activityid, { statuscode: 5 })).json.actualend).toBe('2026-03-01T10:00:00Z');
  });

  test('a closed activity takes no edits until it is opened again, which keeps its end unless the client clears it', async () => {
    const { activityid } = await create('tasks', { subject: 'Call' });
    await patch('tasks', activityid, { statecode: 1, statuscode: 5 });
    expect((await patch('tasks', activityid, { subject: 'Changed' })).status).toBe(400);
    expect((await patch('tasks', activityid, { statecode: 1, statuscode: 5, subject: 'Changed' })).status).toBe(400);
    expect((await patch('tasks', activityid, { statecode: 2, statuscode: 6 })).status).toBe(200);
    const opened = await patch('tasks', activityid, { statecode: 0, statuscode: 3 });
    expect(opened.json).toMatchObject({ statuscode: 3, actualend: '2026-03-11T09:30:00Z' });
    expect((await patch('tasks', activityid, { subject: 'Changed' })).status).toBe(200);
    await patch('tasks', activityid, { statecode: 1 });
    expect((await patch('tasks', activityid, { statecode: 0, statuscode: 2, actualend: null })).json.actualend).toBeNull();
  });

  test('opportunities and cases are closed by their actions only', async () => {
    const account = idOf(await dynamics.send('POST', 'accounts', { body: { name: 'Alder' } }));
    const customer = { 'customerid_account@odata.bind': `/accounts(${account})` };
    const deal = await create('opportunities', { name: 'Cooling', ...customer });
    expect((await patch('opportunities', deal.opportunityid, { statecode: 1, statuscode: 3 })).status).toBe(400);
    const address = `/opportunities(${String(deal.opportunityid)})`;
    const close = { Status: 3, OpportunityClose: { subject: 'Won', actualrevenue: 10, 'opportunityid@odata.bind': address } };
    expect((await dynamics.send('POST', 'WinOpportunity', { body: close })).status).toBe(204);
    expect((await dynamics.get(`opportunities(${String(deal.opportunityid)})`)).json).toMatchObject({
      statecode: 1,
      statuscode: 3,
      actualvalue: 10,
    });
    const { incidentid } = await create('incidents', { title: 'Gap', ...customer });
    const resolve = {
      Status: -1,
      IncidentResolution: { subject: 'Done', 'incidentid@odata.bind': `/incidents(${String(incidentid)})`, timespent: 5 },
    };
    expect((await dynamics.send('POST', 'CloseIncident', { body: resolve })).status).toBe(204);
    expect((await dynamics.get(`incidents(${String(incidentid)})`)).json).toMatchObject({ statecode: 1, statuscode: 5 });
    expect((await dynamics.send('POST', 'incidents', { body: { title: 'Nobody' } })).status).toBe(400);
  });
});

describe('activity parties', () => {
  async function partiesOf(id: unknown): Promise<Json[]> {
    const { json } = await dynamics.get(`appointments(${String(id)})?$expand=appointment_activity_parties`);
    return json.appointment_activity_parties as Json[];
  }
  const masks = (parties: readonly Json[]) => parties.map((party) => party.participationtypemask).sort();

  test('are created with the appointment; owner and regarding are added by the platform', async () => {
    const contact = idOf(await dynamics.send('POST', 'contacts', { body: { lastname: 'Vogel', emailaddress1: 'mara@alder.example' } }));
    const { activityid } = await create('appointments', {
      subject: 'Review',
      'regardingobjectid_contact_appointment@odata.bind': `/contacts(${contact})`,
      appointment_activity_parties: [
        { ...bindUser(anna.systemUserId), participationtypemask: 7 },
        { 'partyid_contact@odata.bind': `contacts(${contact})`, participationtypemask: 5 },
        { addressused: 'guest@visitors.example', participationtypemask: 6 },
      ],
    });
    const parties = await partiesOf(activityid);
    expect(masks(parties)).toEqual([5, 6, 7, 8, 9]);
    expect(parties).toContainEqual(
      expect.objectContaining({ participationtypemask: 5, _partyid_value: contact, addressused: 'mara@alder.example' }),
    );
    expect(parties).toContainEqual(
      expect.objectContaining({ participationtypemask: 6, _partyid_value: null, addressused: 'guest@visitors.example' }),
    );
    expect(parties).toContainEqual(expect.objectContaining({ participationtypemask: 9, _partyid_value: anna.systemUserId }));
  });

  test('say on request which table they point to', async () => {
    const parties = [{ ...bindUser(ben.systemUserId), participationtypemask: 5 }];
    const { activityid } = await create('appointments', { subject: 'Review', appointment_activity_parties: parties });
    const path = `appointments(${String(activityid)})?$expand=appointment_activity_parties($select=_partyid_value)`;
    const { json } = await dynamics.get(path, { prefer: 'odata.include-annotations="*"' });
    expect((json.appointment_activity_parties as Json[])[0]).toMatchObject({
      '_partyid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'systemuser',
      '_partyid_value@OData.Community.Display.V1.FormattedValue': 'Ben Carter',
    });
  });

  test('are replaced as a whole by an update that lists them, and kept by one that does not', async () => {
    const parties = [
      { ...bindUser(anna.systemUserId), participationtypemask: 7 },
      { ...bindUser(ben.systemUserId), participationtypemask: 5 },
    ];
    const { activityid } = await create('appointments', { subject: 'Review', appointment_activity_parties: parties });
    await patch('appointments', activityid, { subject: 'Changed' });
    expect(masks(await partiesOf(activityid))).toEqual([5, 7, 9]);
    await patch('appointments', activityid, { appointment_activity_parties: [parties[0]] });
    expect(masks(await partiesOf(activityid))).toEqual([7, 9]);
    await patch('appointments', activityid, { 'ownerid@odata.bind': `/systemusers(${ben.systemUserId})` });
    expect(await partiesOf(activityid)).toContainEqual(
      expect.objectContaining({ participationtypemask: 9, _partyid_value: ben.systemUserId }),
    );
  });

  test('go with their appointment', async () => {
    const { activityid } = await create('appointments', { subject: 'Review' });
    const count = async () => Number((await dynamics.get('activityparties/$count')).text);
    const before = await count();
    await dynamics.send('DELETE', `appointments(${String(activityid)})`);
    expect(await count()).toBe(before - 1);
  });

  test.each([
    ['nobody', { participationtypemask: 5 }, 400],
    ['no part', { addressused: 'a@b.example' }, 400],
    ['an unknown property', { addressused: 'a@b.example', participationtypemask: 5, colour: 'red' }, 400],
    ['the owner', { ...bindUser(anna.systemUserId), participationtypemask: 9 }, 501],
  ])('that name %s are refused', async (_title, party, status) => {
    const answer = await dynamics.send('POST', 'appointments', { body: { subject: 'Review', appointment_activity_parties: [party] } });
    expect(answer.status).toBe(status);
  });
});

describe('owners', () => {
  test('an owner changes by a bind, to a user or a team', async () => {
    const { activityid } = await create('tasks', { subject: 'Call' });
    const toBen = await patch('tasks', activityid, { 'ownerid@odata.bind': `/systemusers(${ben.systemUserId})` });
    expect(toBen.json).toMatchObject({ _ownerid_value: ben.systemUserId, _owninguser_value: ben.systemUserId, _owningteam_value: null });
    const team = String((await dynamics.get('teams?$select=teamid')).rows[0]?.teamid);
    const toTeam = await patch('tasks', activityid, { 'ownerid@odata.bind': `teams(${team})` });
    expect(toTeam.json).toMatchObject({ _ownerid_value: team, _owninguser_value: null, _owningteam_value: team });
  });
});
