import { eventExpand } from '../../../shared/exchange/event';
import { Desk } from './desk';
import { anna, type Json, World } from './world';

const category = 'Tracked to Dynamics 365';

let world: World;
let desk: Desk;

beforeAll(async () => {
  world = await World.start({ seed: 'company' });
  desk = new Desk(world, anna);
  await world.enable(anna);
  await world.settle();
});

afterAll(() => world.close());

const meeting = {
  start: { dateTime: '2027-03-01T09:00:00', timeZone: 'UTC' },
  end: { dateTime: '2027-03-01T10:00:00', timeZone: 'UTC' },
};

/** The rows of a table with this subject or last name. */
async function rows(table: string, column: string, value: string): Promise<Json[]> {
  const { value: found } = await world.crm(anna, 'GET', `${table}?$filter=${column} eq '${value}'`);
  return found as Json[];
}

/** Settles, and expects that nothing is written any more. */
async function settled(): Promise<void> {
  await world.settle();
  world.counters.reset();
  await world.settle();
  expect(world.writes()).toBe(0);
}

function mailsSent(): number {
  return (world.control('graph', 'mail') as { entries: readonly unknown[] }).entries.length;
}

async function defaultList(): Promise<string> {
  const lists = await desk.lists();
  return String(lists.find(({ wellknownListName }) => wellknownListName === 'defaultList')?.id);
}

test('a task that carries the tracking category becomes a task of its user, begun now', async () => {
  const list = await defaultList();
  await world.outlook(anna, 'POST', `todo/lists/${list}/tasks`, { title: 'Tracked task', importance: 'high', categories: [category] });
  await settled();
  const [row, ...more] = await rows('tasks', 'subject', 'Tracked task');
  expect(more).toEqual([]);
  expect(row).toMatchObject({ prioritycode: 2, _ownerid_value: anna.systemUserId, statecode: 0 });
  expect(row?.actualstart).toEqual(expect.any(String));
  const item = await desk.itemOf('tasks', String(row?.activityid));
  expect(item.title).toBe('Tracked task');
});

test('a task that is done when it is tracked becomes a completed one', async () => {
  const list = await defaultList();
  await world.outlook(anna, 'POST', `todo/lists/${list}/tasks`, { title: 'Tracked and done', status: 'completed', categories: [category] });
  await settled();
  const found = await rows('tasks', 'subject', 'Tracked and done');
  expect(found).toMatchObject([{ statecode: 1, statuscode: 5 }]);
});

test('a contact that carries the category becomes a contact of its company', async () => {
  const [account] = (await world.crm(anna, 'GET', 'accounts?$top=1')).value as Json[];
  const contact = { givenName: 'Tessa', surname: 'Tracked', companyName: String(account?.name), categories: [category] };
  await world.outlook(anna, 'POST', 'contacts', contact);
  await settled();
  const [row, ...more] = await rows('contacts', 'lastname', 'Tracked');
  expect(more).toEqual([]);
  expect(row).toMatchObject({ firstname: 'Tessa', _parentcustomerid_value: account?.accountid, _ownerid_value: anna.systemUserId });
});

test('an event that carries the category becomes an appointment, its attendees the rows that have their addresses', async () => {
  const [known] = (await world.crm(anna, 'GET', 'contacts?$filter=emailaddress1 ne null&$top=1')).value as Json[];
  const attendees = [
    { type: 'required', emailAddress: { address: String(known?.emailaddress1) } },
    { type: 'optional', emailAddress: { address: 'stranger@nowhere.example' } },
  ];
  await world.outlook(anna, 'POST', 'events', { subject: 'Tracked meeting', ...meeting, attendees, categories: [category] });
  const mails = mailsSent();
  await settled();
  const found = await rows('appointments', 'subject', 'Tracked meeting');
  expect(found).toHaveLength(1);
  const id = String(found[0]?.activityid);
  const { value: parties } = await world.crm(anna, 'GET', `appointments(${id})/appointment_activity_parties`);
  expect(parties).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ participationtypemask: 7, _partyid_value: anna.systemUserId }),
      expect.objectContaining({ participationtypemask: 5, _partyid_value: known?.contactid }),
      expect.objectContaining({ participationtypemask: 6, _partyid_value: null, addressused: 'stranger@nowhere.example' }),
    ]),
  );
  expect(mailsSent()).toBe(mails);
  const links = await (await world.partition(anna)).links([{ entity: 'appointment', recordId: id }]);
  expect([...links.values()]).toMatchObject([{ state: 'linked' }]);
});

test('taking the category off lets the pair go and keeps both; putting it on again links them again', async () => {
  const list = await defaultList();
  await world.outlook(anna, 'POST', `todo/lists/${list}/tasks`, { title: 'On and off', categories: [category] });
  await world.settle();
  const [row] = await rows('tasks', 'subject', 'On and off');
  const id = String(row?.activityid);
  await desk.edit('tasks', id, { categories: [] });
  await settled();
  await desk.edit('tasks', id, { title: 'Renamed while off' });
  await settled();
  expect(await desk.record('tasks', id)).toMatchObject({ subject: 'On and off' });
  await desk.edit('tasks', id, { categories: [category] });
  await settled();
  await desk.edit('tasks', id, { title: 'Renamed while on' });
  await settled();
  expect(await desk.record('tasks', id)).toMatchObject({ subject: 'Renamed while on' });
  expect(await rows('tasks', 'subject', 'On and off')).toEqual([]);
});

test('an item that came from Dynamics is not let go for lacking the category', async () => {
  const id = await desk.inStep('tasks', { subject: 'Born in Dynamics' });
  await desk.edit('tasks', id, { categories: ['Red category'] });
  await settled();
  await desk.edit('tasks', id, { title: 'Edited in To Do' });
  await settled();
  expect(await desk.record('tasks', id)).toMatchObject({ subject: 'Edited in To Do' });
});

test('a copy of a linked item creates nothing, whatever category it carries', async () => {
  const id = await desk.inStep('appointments', {
    subject: 'The original',
    scheduledstart: '2027-03-02T09:00:00Z',
    scheduledend: '2027-03-02T10:00:00Z',
  });
  const original = await desk.itemOf('appointments', id);
  const { singleValueExtendedProperties } = original;
  const copy = { subject: 'The copy', ...meeting, singleValueExtendedProperties, categories: [category] };
  const { id: copyId } = await world.outlook(anna, 'POST', 'events', copy);
  await settled();
  await world.outlook(anna, 'PATCH', `events/${String(copyId)}`, { subject: 'The edited copy' });
  await settled();
  expect(await rows('appointments', 'subject', 'The copy')).toEqual([]);
  expect(await rows('appointments', 'subject', 'The edited copy')).toEqual([]);
  expect(await desk.record('appointments', id)).toMatchObject({ subject: 'The original' });
  await world.outlook(anna, 'DELETE', `events/${String(copyId)}`);
  await settled();
  expect(await desk.hasRecord('appointments', id)).toBe(true);
});

test('an item outside the window of the calendar is found by the sweep', async () => {
  const far = { start: { dateTime: '2029-03-01T09:00:00', timeZone: 'UTC' }, end: { dateTime: '2029-03-01T10:00:00', timeZone: 'UTC' } };
  await world.outlook(anna, 'POST', 'events', { subject: 'Far away', ...far, categories: [category] });
  await world.settle();
  expect(await rows('appointments', 'subject', 'Far away')).toEqual([]);
  await world.cycle(anna, 'sweep');
  await settled();
  const [row] = await rows('appointments', 'subject', 'Far away');
  await desk.edit('appointments', String(row?.activityid), { subject: 'Still far away' });
  await world.cycle(anna, 'sweep');
  expect(await rows('appointments', 'subject', 'Still far away')).toHaveLength(1);
});

test('a meeting about an account is tracked as one about it', async () => {
  const [account] = (await world.crm(anna, 'GET', 'accounts?$top=1')).value as Json[];
  const [, regarding] = /eq '([^']*TandemRegarding)'/.exec(eventExpand) ?? [];
  const singleValueExtendedProperties = [{ id: regarding, value: String(account?.name) }];
  await world.outlook(anna, 'POST', 'events', { subject: 'About them', ...meeting, singleValueExtendedProperties, categories: [category] });
  await settled();
  const found = await rows('appointments', 'subject', 'About them');
  expect(found).toMatchObject([{ _regardingobjectid_value: account?.accountid }]);
});

test('an open task that was tracked is deleted in Dynamics with its item, as any other', async () => {
  const list = await defaultList();
  await world.outlook(anna, 'POST', `todo/lists/${list}/tasks`, { title: 'Tracked and thrown away', categories: [category] });
  await settled();
  const [row] = await rows('tasks', 'subject', 'Tracked and thrown away');
  await desk.discard('tasks', String(row?.activityid));
  await settled();
  expect(await rows('tasks', 'subject', 'Tracked and thrown away')).toEqual([]);
});

test.each(['sweep', 'edit'] as const)(
  'a copy of an item that is gone with its record makes no record, whatever a %s tells of it (promise 5)',
  async (told) => {
    const times = { scheduledstart: '2027-03-02T09:00:00Z', scheduledend: '2027-03-02T10:00:00Z' };
    const id = await desk.inStep('appointments', { subject: `Gone before the ${told}`, ...times });
    const original = await desk.itemOf('appointments', id);
    const { singleValueExtendedProperties } = original;
    const copy = { subject: `Copied before the ${told}`, ...meeting, singleValueExtendedProperties, categories: [category] };
    const { id: copyId } = await world.outlook(anna, 'POST', 'events', copy);
    await settled();
    await world.outlook(anna, 'DELETE', `events/${String(original.id)}`);
    await settled();
    expect(await desk.hasRecord('appointments', id)).toBe(false);
    if (told === 'sweep') await world.cycle(anna, 'sweep');
    else await world.outlook(anna, 'PATCH', `events/${String(copyId)}`, { location: { displayName: 'Elsewhere' } });
    await settled();
    expect(await rows('appointments', 'subject', `Copied before the ${told}`)).toEqual([]);
    expect(await desk.hasRecord('appointments', id)).toBe(false);
  },
);

test('an item whose record was deleted and that is tracked again gets another record', async () => {
  await world.outlook(anna, 'POST', 'contacts', { givenName: 'Twice', surname: 'Made', categories: [category] });
  await settled();
  const [first] = await rows('contacts', 'lastname', 'Made');
  const before = await desk.itemOf('contacts', String(first?.contactid));
  await desk.drop('contacts', String(first?.contactid));
  await settled();
  expect(await rows('contacts', 'lastname', 'Made')).toEqual([]);
  await world.outlook(anna, 'PATCH', `contacts/${String(before.id)}`, { categories: [] });
  await settled();
  await world.outlook(anna, 'PATCH', `contacts/${String(before.id)}`, { categories: [category] });
  await settled();
  const [second, ...more] = await rows('contacts', 'lastname', 'Made');
  expect(more).toEqual([]);
  expect(second?.contactid).not.toBe(first?.contactid);
  await world.outlook(anna, 'PATCH', `contacts/${String(before.id)}`, { jobTitle: 'Buyer' });
  await settled();
  expect(await desk.record('contacts', String(second?.contactid))).toMatchObject({ jobtitle: 'Buyer' });
});

test('an item that was let go and is tracked again while its record is deleted gets another record: nobody can tell which came first', async () => {
  await world.outlook(anna, 'POST', 'contacts', { givenName: 'Wished', surname: 'Meanwhile', categories: [category] });
  await settled();
  const [first] = await rows('contacts', 'lastname', 'Meanwhile');
  const { id } = await desk.itemOf('contacts', String(first?.contactid));
  await world.outlook(anna, 'PATCH', `contacts/${String(id)}`, { categories: [] });
  await settled();
  await world.outlook(anna, 'PATCH', `contacts/${String(id)}`, { categories: [category] });
  await desk.drop('contacts', String(first?.contactid));
  await settled();
  const [second, ...more] = await rows('contacts', 'lastname', 'Meanwhile');
  expect(more).toEqual([]);
  expect(second?.contactid).not.toBe(first?.contactid);
  expect(await desk.itemOf('contacts', String(second?.contactid))).toMatchObject({ id });
});

describe('a private event', () => {
  const secret = 'Divorce lawyer';
  const event = {
    subject: secret,
    ...meeting,
    body: { contentType: 'text', content: secret },
    sensitivity: 'private',
    categories: [category],
  };

  afterEach(() => world.configure({}));

  /** True where the word stands in any appointment of Dynamics. */
  async function isTold(word: string): Promise<boolean> {
    const { value } = await world.crm(anna, 'GET', 'appointments?$select=subject,description,location');
    return JSON.stringify(value).includes(word);
  }

  test('is not tracked under "skip", and a linked one that becomes private is let go', async () => {
    await world.outlook(anna, 'POST', 'events', event);
    await settled();
    expect(await isTold(secret)).toBe(false);
    const id = await desk.inStep('appointments', {
      subject: 'Harmless',
      scheduledstart: '2027-03-03T09:00:00Z',
      scheduledend: '2027-03-03T10:00:00Z',
    });
    await desk.edit('appointments', id, { sensitivity: 'personal', subject: secret });
    await settled();
    await desk.edit('appointments', id, { subject: `${secret}, again` });
    await settled();
    expect(await isTold(secret)).toBe(false);
    expect(await desk.record('appointments', id)).toMatchObject({ subject: 'Harmless' });
  });

  test('tells its time alone under "busyOnly", and its subject never comes back changed', async () => {
    await world.configure({ privateItems: 'busyOnly' });
    const { id: eventId } = await world.outlook(anna, 'POST', 'events', { ...event, showAs: 'oof' });
    await settled();
    expect(await isTold(secret)).toBe(false);
    const [row] = await rows('appointments', 'subject', 'Private appointment');
    expect(row).toMatchObject({ scheduledstart: '2027-03-01T09:00:00Z', statuscode: 6 });
    const id = String(row?.activityid);
    await desk.change('appointments', id, { subject: 'Guess', scheduledend: '2027-03-01T11:00:00Z' });
    await settled();
    const shown = await world.outlook(anna, 'GET', `events/${String(eventId)}`);
    expect(shown).toMatchObject({ subject: secret, end: { dateTime: '2027-03-01T11:00:00.0000000' } });
    await world.outlook(anna, 'PATCH', `events/${String(eventId)}`, { sensitivity: 'normal', subject: 'Public now' });
    await settled();
    expect(await desk.record('appointments', id)).toMatchObject({ subject: 'Public now' });
  });

  test('becomes neutral in Dynamics under "busyOnly" once it is marked', async () => {
    await world.configure({ privateItems: 'busyOnly' });
    const id = await desk.inStep('appointments', {
      subject: 'Was open',
      scheduledstart: '2027-03-04T09:00:00Z',
      scheduledend: '2027-03-04T10:00:00Z',
    });
    await desk.edit('appointments', id, { sensitivity: 'private', subject: 'Custody hearing' });
    await settled();
    expect(await desk.record('appointments', id)).toMatchObject({ subject: 'Private appointment' });
    expect(await isTold('Custody hearing')).toBe(false);
  });

  test('syncs like any other under "full"', async () => {
    await world.configure({ privateItems: 'full' });
    await world.outlook(anna, 'POST', 'events', { ...event, subject: 'No secret' });
    await settled();
    expect(await rows('appointments', 'subject', 'No secret')).toHaveLength(1);
  });
});

test('a private contact is not tracked', async () => {
  const hidden = { singleValueExtendedProperties: [{ id: 'Integer 0x36', value: '2' }] };
  await world.outlook(anna, 'POST', 'contacts', { givenName: 'Hidden', surname: 'Person', categories: [category], ...hidden });
  await settled();
  expect(await rows('contacts', 'lastname', 'Person')).toEqual([]);
});
