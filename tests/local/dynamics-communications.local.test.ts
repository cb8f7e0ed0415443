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

test.each([
  ['phonecalls', 1, 2, 3],
  ['letters', 1, 4, 5],
  ['faxes', 1, 2, 5],
])('one of the %s begins open, takes its default status when it is completed, and can be canceled', async (set, open, done, canceled) => {
  const { activityid, statecode, statuscode } = await create(set, { subject: 'Tell them' });
  expect([statecode, statuscode]).toEqual([0, open]);
  expect((await patch(set, activityid, { statecode: 1 })).json).toMatchObject({
    statecode: 1,
    statuscode: done,
    actualend: '2026-03-11T09:30:00Z',
  });
  expect((await patch(set, activityid, { subject: 'Too late' })).status).toBe(400);
  expect((await patch(set, activityid, { statecode: 2, statuscode: canceled })).json).toMatchObject({ statecode: 2, statuscode: canceled });
});

test('a phone call knows its number, its direction and who calls whom', async () => {
  const { activityid } = await create('phonecalls', {
    subject: 'Call back',
    phonenumber: '+49 30 5550001',
    phonecall_activity_parties: [
      { ...bindUser(anna.systemUserId), participationtypemask: 1 },
      { addressused: 'carl@visitors.example', participationtypemask: 2 },
    ],
  });
  const expand = 'phonecall_activity_parties($select=participationtypemask,addressused,_partyid_value)';
  const { json } = await dynamics.get(`phonecalls(${String(activityid)})?$expand=${expand}`);
  expect(json).toMatchObject({ phonenumber: '+49 30 5550001', directioncode: true, leftvoicemail: false });
  expect(json.phonecall_activity_parties).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ participationtypemask: 1, _partyid_value: anna.systemUserId, addressused: anna.email }),
      expect.objectContaining({ participationtypemask: 2, _partyid_value: null, addressused: 'carl@visitors.example' }),
    ]),
  );
});

test('a service activity is found by each user who is a resource of it, and equipment is one too', async () => {
  const lift = idOf(await dynamics.send('POST', 'equipments', { body: { name: 'Lift' } }));
  const made = await create('serviceappointments', {
    subject: 'Inspect',
    serviceappointment_activity_parties: [
      { ...bindUser(anna.systemUserId), participationtypemask: 10 },
      { ...bindUser(ben.systemUserId), participationtypemask: 10 },
      { 'partyid_equipment@odata.bind': `/equipments(${lift})`, participationtypemask: 10 },
    ],
  });
  expect(made).toMatchObject({ statecode: 3, statuscode: 4 });
  const filter = (id: string) => `serviceappointment_activity_parties/any(p:p/participationtypemask eq 10 and p/_partyid_value eq ${id})`;
  for (const id of [anna.systemUserId, ben.systemUserId, lift]) {
    const { rows } = await dynamics.get(`serviceappointments?$select=subject&$filter=${filter(id)}`);
    expect(rows.map(({ activityid }) => activityid)).toEqual([made.activityid]);
  }
});

test.each(['phonecalls', 'letters', 'faxes', 'serviceappointments'])('the table %s keeps a change feed', async (set) => {
  const { status, json } = await dynamics.get(`${set}?$select=_ownerid_value`, { prefer: 'odata.track-changes' });
  expect(status).toBe(200);
  expect(json).toHaveProperty(['@odata.deltaLink']);
});
