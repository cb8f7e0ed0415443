import { person } from '../../../local/company/people';
import { Desk } from './desk';
import { anna, beginning, ben, type Json, World } from './world';

let world: World;
let annas: Desk;
let bens: Desk;

beforeAll(async () => {
  world = await World.start();
  await world.enable(anna);
  await world.enable(ben);
  annas = new Desk(world, anna);
  bens = new Desk(world, ben);
});

beforeEach(async () => {
  await world.configure({});
  world.control('graph', 'resetMail');
});

afterAll(() => world.close());

const day = 86_400_000;
/** Tests look at one day, however long they take. */
const today = beginning;
const at = (days: number, time = '09:00:00'): string => `${new Date(today + days * day).toISOString().slice(0, 10)}T${time}`;
const from = (days: number): Json => ({ scheduledstart: `${at(days)}Z`, scheduledend: `${at(days, '10:00:00')}Z` });
const guest = 'guest@fabrikam.example';
const required = (who: { systemUserId: string }): Json => ({
  participationtypemask: 5,
  'partyid_systemuser@odata.bind': `/systemusers(${who.systemUserId})`,
});
const byAddress = (addressused: string, participationtypemask = 5): Json => ({ participationtypemask, addressused });
const organizer = { participationtypemask: 7, 'partyid_systemuser@odata.bind': `/systemusers(${anna.systemUserId})` };

interface Mail {
  readonly kind: string;
  readonly to: readonly string[];
}

/** What Exchange would have mailed since the test began. */
function mails(): { kind: string; to: readonly string[] }[] {
  const { entries } = world.control('graph', 'mail') as { entries: readonly Mail[] };
  return entries.map(({ kind, to }) => ({ kind, to: [...to].sort() }));
}

async function inStep(columns: Json): Promise<string> {
  return annas.inStep('appointments', { ...from(3), ...columns });
}

async function addresses(id: string): Promise<string[]> {
  const { attendees } = await annas.itemOf('appointments', id);
  return (attendees as { emailAddress: { address: string } }[]).map(({ emailAddress }) => emailAddress.address).sort();
}

async function parties(id: string): Promise<string[]> {
  const row = await world.crm(
    anna,
    'GET',
    `appointments(${id})?$expand=appointment_activity_parties($select=addressused,participationtypemask)`,
  );
  const rows = row.appointment_activity_parties as { addressused: string; participationtypemask: number }[];
  return rows
    .filter(({ participationtypemask: mask }) => mask === 5 || mask === 6)
    .map(({ addressused, participationtypemask }) => `${addressused} ${participationtypemask}`)
    .sort();
}

async function linkOf(id: string): Promise<{ state: string; withheld: boolean } | undefined> {
  const links = await (await world.partition(anna)).links([{ entity: 'appointment', recordId: id }]);
  return [...links.values()][0];
}

async function holdOf(id: string): Promise<unknown> {
  return (await (await world.partition(anna)).state()).holds.find(({ recordId }) => recordId === id);
}

describe('under "never" nobody is mailed (promise 2)', () => {
  afterEach(() => expect(mails()).toEqual([]));

  test('a meeting made in Dynamics reaches Exchange without its attendees, and so does everything done to it', async () => {
    const id = await inStep({ subject: 'Silent', parties: [required(ben), byAddress(guest)] });
    expect(await addresses(id)).toEqual([]);
    expect(await linkOf(id)).toMatchObject({ state: 'linked', withheld: true });
    await annas.change('appointments', id, { ...from(4), subject: 'Silent, moved' });
    await world.settle();
    expect(await annas.itemOf('appointments', id)).toMatchObject({ subject: 'Silent, moved', start: { dateTime: `${at(4)}.0000000` } });
    await annas.change('appointments', id, { appointment_activity_parties: [organizer, required(ben)] });
    await world.settle();
    expect(await addresses(id)).toEqual([]);
    await annas.edit('appointments', id, { location: { displayName: 'From Exchange' } });
    await world.settle();
    expect(await parties(id)).toEqual([`${ben.email} 5`]);
    await world.expectQuiet();
    await annas.drop('appointments', id);
    await world.settle();
    expect(await annas.item('appointments', id)).toBeNull();
  });

  test('a list that is withheld stays so when the setting changes', async () => {
    const id = await inStep({ subject: 'Still silent', parties: [byAddress(guest)] });
    await world.configure({ attendeeMail: 'invite' });
    await annas.change('appointments', id, from(5));
    await world.settle();
    expect(await addresses(id)).toEqual([]);
    await world.expectQuiet();
  });

  test('a meeting that gets its first attendee in Dynamics later is withheld then', async () => {
    const id = await inStep({ subject: 'Alone at first' });
    await annas.change('appointments', id, { appointment_activity_parties: [organizer, byAddress(guest)], subject: 'No longer alone' });
    await world.settle();
    expect(await addresses(id)).toEqual([]);
    expect(await annas.itemOf('appointments', id)).toMatchObject({ subject: 'No longer alone' });
    expect(await linkOf(id)).toMatchObject({ withheld: true });
    await world.expectQuiet();
  });
});

describe('guests that were added in Outlook', () => {
  async function withGuest(columns: Json): Promise<string> {
    const id = await inStep(columns);
    await annas.edit('appointments', id, { attendees: [{ type: 'optional', emailAddress: { address: guest, name: 'A Guest' } }] });
    await world.settle();
    world.control('graph', 'resetMail');
    return id;
  }

  test('a guest added in Outlook becomes an attendee in Dynamics', async () => {
    const id = await withGuest({ subject: 'Come in' });
    expect(await parties(id)).toEqual([`${guest} 6`]);
    await world.expectQuiet();
    expect(mails()).toEqual([]);
  });

  test('a meeting with guests that is moved in Dynamics is held; its other fields go on, both ways (promise 2)', async () => {
    const id = await withGuest({ subject: 'Held' });
    await annas.change('appointments', id, { ...from(5), statecode: 0, statuscode: 2 });
    await world.settle();
    expect(await annas.itemOf('appointments', id)).toMatchObject({ start: { dateTime: `${at(3)}.0000000` }, showAs: 'tentative' });
    expect(await holdOf(id)).toMatchObject({ reason: 'would-mail', fields: ['time'], whom: [guest] });
    await annas.edit('appointments', id, { showAs: 'oof' });
    await world.settle();
    expect(await annas.record('appointments', id)).toMatchObject({ statuscode: 6, scheduledstart: `${at(5)}Z` });
    expect(await linkOf(id)).toMatchObject({ state: 'held' });
    expect(mails()).toEqual([]);
    await world.expectQuiet();
  });

  test('a hold goes when the reason for it goes', async () => {
    const id = await withGuest({ subject: 'Moved and moved back' });
    await annas.change('appointments', id, from(5));
    await world.settle();
    expect(await holdOf(id)).toBeDefined();
    await annas.change('appointments', id, from(3));
    await world.settle();
    expect(await holdOf(id)).toBeUndefined();
    expect(await linkOf(id)).toMatchObject({ state: 'linked' });
    expect(mails()).toEqual([]);
    await world.expectQuiet();
  });

  test('a hold goes when the user moves the meeting herself', async () => {
    const id = await withGuest({ subject: 'She does it' });
    await annas.change('appointments', id, from(5));
    await world.settle();
    await annas.edit('appointments', id, {
      start: { dateTime: at(5), timeZone: 'UTC' },
      end: { dateTime: at(5, '10:00:00'), timeZone: 'UTC' },
    });
    await world.settle();
    expect(await holdOf(id)).toBeUndefined();
    expect(await linkOf(id)).toMatchObject({ state: 'linked' });
    expect(mails()).toEqual([{ kind: 'update', to: [guest] }]);
    await world.expectQuiet();
  });

  test('a meeting with guests that is deleted in Dynamics is held: nobody gets a cancellation that nobody asked for', async () => {
    const id = await withGuest({ subject: 'Deleted with guests' });
    await annas.drop('appointments', id);
    await world.settle();
    expect(await annas.itemOf('appointments', id)).toMatchObject({ subject: 'Deleted with guests' });
    expect(await holdOf(id)).toMatchObject({ reason: 'would-mail', whom: [guest] });
    expect(mails()).toEqual([]);
    await world.expectQuiet();
  });

  test('a meeting with guests that gets another organizer is held where it was', async () => {
    const id = await withGuest({ subject: 'Organized by Ben now' });
    await annas.change('appointments', id, {
      appointment_activity_parties: [
        { participationtypemask: 7, 'partyid_systemuser@odata.bind': `/systemusers(${ben.systemUserId})` },
        byAddress(guest, 6),
      ],
    });
    await world.settle();
    expect(await annas.itemOf('appointments', id)).toMatchObject({ subject: 'Organized by Ben now' });
    expect(await holdOf(id)).toMatchObject({ reason: 'would-mail', whom: [guest] });
    expect(mails()).toEqual([]);
    await world.expectQuiet();
  });
});

describe('under "invite" the organizer’s future meetings invite, once', () => {
  beforeEach(() => world.configure({ attendeeMail: 'invite' }));

  test('a future meeting invites its attendees once', async () => {
    const id = await inStep({ subject: 'Invited', parties: [byAddress(guest), required(ben)] });
    expect(await addresses(id)).toEqual([ben.email, guest].sort());
    await world.expectQuiet();
    expect(mails()).toEqual([{ kind: 'invitation', to: [ben.email, guest].sort() }]);
  });

  test('a move in Dynamics updates them once, and a deletion cancels', async () => {
    const id = await inStep({ subject: 'Moved with guests', parties: [byAddress(guest)] });
    world.control('graph', 'resetMail');
    await annas.change('appointments', id, from(6));
    await world.expectQuiet();
    expect(mails()).toEqual([{ kind: 'update', to: [guest] }]);
    await annas.drop('appointments', id);
    await world.expectQuiet();
    expect(mails().map(({ kind }) => kind)).toEqual(['update', 'cancellation']);
  });

  test('an attendee who is added or removed in Dynamics is written to, and nobody else', async () => {
    const id = await inStep({ subject: 'Changing guests', parties: [byAddress(guest)] });
    world.control('graph', 'resetMail');
    await annas.change('appointments', id, {
      appointment_activity_parties: [organizer, byAddress(guest), byAddress('second@fabrikam.example')],
    });
    await world.settle();
    expect(mails()).toEqual([{ kind: 'invitation', to: ['second@fabrikam.example'] }]);
    await annas.change('appointments', id, { appointment_activity_parties: [organizer, byAddress('second@fabrikam.example')] });
    await world.expectQuiet();
    expect(mails()[1]).toEqual({ kind: 'cancellation', to: [guest] });
    expect(await addresses(id)).toEqual(['second@fabrikam.example']);
  });

  test('a past meeting invites nobody', async () => {
    const id = await inStep({ subject: 'Long ago', ...from(-2), parties: [byAddress(guest)] });
    expect(await addresses(id)).toEqual([]);
    await annas.change('appointments', id, { subject: 'Long ago, renamed' });
    await world.expectQuiet();
    expect(mails()).toEqual([]);
  });

  test('an attendee’s copy is a view: it is never linked, and its edits go nowhere', async () => {
    const id = await inStep({ subject: 'Ben’s copy', parties: [required(ben)] });
    const copy = (await bens.items('appointments')).find(({ subject }) => subject === 'Ben’s copy');
    expect(copy).toMatchObject({ isOrganizer: false });
    await bens.outlook('PATCH', `events/${String(copy?.id)}`, { showAs: 'oof' });
    await world.settle();
    expect(await annas.record('appointments', id)).toMatchObject({ statuscode: 5 });
    await bens.outlook('DELETE', `events/${String(copy?.id)}`);
    await world.expectQuiet();
    expect(await annas.hasRecord('appointments', id)).toBe(true);
  });

  test('the meetings of a first load are withheld: they were agreed on long ago', async () => {
    const emi = person('emi');
    const emis = new Desk(world, emi);
    const id = await emis.make('appointments', { subject: 'Before Tandem', ...from(7), parties: [byAddress(guest)] });
    await world.enable(emi);
    await world.settle();
    expect(await emis.itemOf('appointments', id)).toMatchObject({ attendees: [] });
    await emis.change('appointments', id, from(8));
    await world.expectQuiet();
    expect(mails()).toEqual([]);
  });
});
