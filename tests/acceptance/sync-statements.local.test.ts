import { eventExpand } from '../../shared/exchange/event';
import { planPair } from '../../shared/sync/plan';
import { Desk, extended } from '../shared/cycle/desk';
import { anna, beginning, ben, type Json, World } from '../shared/cycle/world';
import { agreed, item, link, pair, under } from '../shared/sync/pairs';

/** The statements by which a faithful rebuild of server-side synchronization is told, each by its number (section 9.4 of the specification). */
let world: World;
let annas: Desk;

beforeAll(async () => {
  world = await World.start({ settings: { attendeeMail: 'invite' } });
  await world.enable(anna);
  await world.enable(ben);
  annas = new Desk(world, anna);
});

beforeEach(() => void world.control('graph', 'resetMail'));

afterAll(() => world.close());

const day = 86_400_000;
const at = (days: number, time = '09:00:00'): string => `${new Date(beginning + days * day).toISOString().slice(0, 10)}T${time}`;
const from = (days: number): Json => ({ scheduledstart: `${at(days)}Z`, scheduledend: `${at(days, '10:00:00')}Z` });
const guest: Json = { addressused: 'guest@fabrikam.example', participationtypemask: 5 };

/** The kinds of mail that Exchange would have sent since the test began. */
function mails(): string[] {
  const { entries } = world.control('graph', 'mail') as { entries: readonly { kind: string }[] };
  return entries.map(({ kind }) => kind);
}

test('9.4-3: an appointment without organizer becomes no event, and a warning names it', async () => {
  const warn = jest.spyOn(world.services.log, 'warn');
  const row = await world.crm(anna, 'POST', 'appointments', { subject: 'Nobody’s', ...from(3) });
  await world.settle();
  expect((await annas.items('appointments')).map(({ subject }) => subject)).not.toContain('Nobody’s');
  expect(warn).toHaveBeenCalledWith('no-organizer', {
    integration: 'contoso',
    entity: 'appointment',
    count: 1,
    records: String(row.activityid),
  });
  warn.mockRestore();
});

test('9.4-4: a past appointment with attendees appears as an event, and nobody is mailed', async () => {
  const id = await annas.inStep('appointments', { subject: 'Long over', ...from(-3), parties: [guest] });
  expect(await annas.itemOf('appointments', id)).toMatchObject({ subject: 'Long over' });
  expect(mails()).toEqual([]);
});

test('9.4-5: a change of nothing but the regarding of a future meeting sends no update', async () => {
  const id = await annas.inStep('appointments', { subject: 'About somebody', ...from(4), parties: [guest] });
  expect(mails()).toEqual(['invitation']);
  const account = await world.crm(anna, 'POST', 'accounts', { name: 'Adatum' });
  const regarding = { 'regardingobjectid_account_appointment@odata.bind': `/accounts(${String(account.accountid)})` };
  await annas.change('appointments', id, regarding);
  await world.settle();
  expect(mails()).toEqual(['invitation']);
  await world.expectQuiet();
});

describe('9.4-6: the deletion of a future meeting', () => {
  test('cancels it where the mailbox organizes it', async () => {
    const id = await annas.inStep('appointments', { subject: 'Off', ...from(5), parties: [guest] });
    await annas.drop('appointments', id);
    await world.settle();
    expect(await annas.item('appointments', id)).toBeNull();
    expect(mails()).toEqual(['invitation', 'cancellation']);
  });

  test('leaves an unlinked copy where the mailbox only attends, and mails nobody', () => {
    const attended = item('appointment', { organizedHere: false });
    const bases = { ...agreed.appointment, exchange: attended.values };
    const sides = [{ kind: 'deleted' }, { kind: 'same', item: attended }] as const;
    const plan = planPair(pair('appointment', link('appointment', { bases }), ...sides), under({ attendeeMail: 'invite' }));
    expect(plan).toMatchObject({ toItem: { kind: 'none' }, mails: [], ending: { kind: 'released', reason: 'deleted-in-dynamics' } });
  });
});

test('9.4-7: a meeting canceled in Dynamics becomes free in Exchange and stays, by default', async () => {
  const id = await annas.inStep('appointments', { subject: 'Not now', ...from(6) });
  await annas.change('appointments', id, { statecode: 2, statuscode: 4 });
  await world.settle();
  expect(await annas.itemOf('appointments', id)).toMatchObject({ showAs: 'free', isReminderOn: false });
  await world.expectQuiet();
});

test('9.4-8: a meeting completed in Dynamics and then moved in Outlook stays as it was in Dynamics', async () => {
  const id = await annas.inStep('appointments', { subject: 'Done early', ...from(7) });
  await annas.change('appointments', id, { statecode: 1, statuscode: 3 });
  await world.settle();
  const moved = { start: { dateTime: at(9), timeZone: 'UTC' }, end: { dateTime: at(9, '10:00:00'), timeZone: 'UTC' } };
  await annas.edit('appointments', id, moved);
  await world.settle();
  expect(await annas.record('appointments', id)).toMatchObject({ statecode: 1, ...from(7) });
  await world.expectQuiet();
});

test('9.4-9: what Outlook shows as working elsewhere is open and free in Dynamics', async () => {
  const id = await annas.inStep('appointments', { subject: 'From home', ...from(8) });
  await annas.edit('appointments', id, { showAs: 'workingElsewhere' });
  await world.settle();
  expect(await annas.record('appointments', id)).toMatchObject({ statecode: 0, statuscode: 1 });
  await world.expectQuiet();
});

test('9.4-10: a task completed in Outlook is completed in Dynamics, with its end', async () => {
  const id = await annas.inStep('tasks', { subject: 'Almost done' });
  await annas.edit('tasks', id, { status: 'completed' });
  await world.settle();
  const row = await annas.record('tasks', id);
  expect(row).toMatchObject({ statecode: 1, statuscode: 5, percentcomplete: 100 });
  expect(Date.parse(String(row.actualend))).toBeLessThanOrEqual(world.clock.now());
  await world.expectQuiet();
});

test('9.4-11: a phone call syncs as a task, and deleting the task deletes the phone call', async () => {
  const id = await annas.inStep('phonecalls', { subject: 'Call them back', phonenumber: '+49 30 5550001' });
  expect(await annas.itemOf('phonecalls', id)).toMatchObject({ title: 'Call them back' });
  await annas.discard('phonecalls', id);
  await world.settle();
  expect(await annas.hasRecord('phonecalls', id)).toBe(false);
  await world.expectQuiet();
});

test('9.4-12: a completed Exchange task survives the deletion of its Dynamics task', async () => {
  const id = await annas.inStep('tasks', { subject: 'For the record' });
  await annas.edit('tasks', id, { status: 'completed' });
  await world.settle();
  await annas.drop('tasks', id);
  await world.settle();
  expect(await annas.itemOf('tasks', id)).toMatchObject({ title: 'For the record', status: 'completed' });
  await world.expectQuiet();
});

const categories = ['Tracked to Dynamics 365'];
const time: Json = {
  start: { dateTime: at(6), timeZone: 'UTC' },
  end: { dateTime: at(6, '10:00:00'), timeZone: 'UTC' },
};

async function rowsOf(subject: string): Promise<Json[]> {
  return (await world.crm(anna, 'GET', `appointments?$filter=subject eq '${subject}'`)).value as Json[];
}

test('9.4-21: removing the category keeps the Dynamics row, and the item', async () => {
  const { id } = await world.outlook(anna, 'POST', 'events', { subject: 'Tracked', ...time, categories });
  await world.settle();
  const [row] = await rowsOf('Tracked');
  await world.outlook(anna, 'PATCH', `events/${String(id)}`, { categories: [] });
  await world.settle();
  await world.outlook(anna, 'PATCH', `events/${String(id)}`, { subject: 'On its own' });
  await world.settle();
  expect(await annas.record('appointments', String(row?.activityid))).toMatchObject({ subject: 'Tracked', statecode: 3 });
  expect(await world.outlook(anna, 'GET', `events/${String(id)}`)).toMatchObject({ subject: 'On its own' });
  await world.expectQuiet();
});

test('9.4-22: a copy of a linked event in Outlook creates nothing', async () => {
  await world.outlook(anna, 'POST', 'events', { subject: 'Original', ...time, categories });
  await world.settle();
  const [row] = await rowsOf('Original');
  const original = await annas.itemOf('appointments', String(row?.activityid));
  const { singleValueExtendedProperties } = await world.outlook(anna, 'GET', `events/${String(original.id)}?$expand=${eventExpand}`);
  await world.outlook(anna, 'POST', 'events', { subject: 'Copy', ...time, categories, singleValueExtendedProperties });
  await world.settle();
  expect(await rowsOf('Copy')).toEqual([]);
  expect(await rowsOf('Original')).toHaveLength(1);
  await world.expectQuiet();
});

test('9.4-1: a contact that is given to somebody else leaves the one mailbox and appears in the other', async () => {
  const bens = new Desk(world, ben);
  const id = await annas.inStep('contacts', { lastname: 'Handed over' });
  await annas.change('contacts', id, { 'ownerid@odata.bind': `/systemusers(${ben.systemUserId})` });
  await world.settle();
  expect(await annas.item('contacts', id)).toBeNull();
  expect(await bens.itemOf('contacts', id)).toMatchObject({ surname: 'Handed over' });
});

describe('filters and rights of contacts', () => {
  afterEach(async () => {
    world.control('dynamics', 'setColumnSecurity', { table: 'contact', column: 'governmentid', secured: false });
    await world.configure({ attendeeMail: 'invite' });
  });

  test('9.4-2: of two filters on contacts, one narrower than the other, the union syncs', async () => {
    const wide = { column: 'lastname', operator: 'startswith', value: 'Filtered' } as const;
    const narrow = { and: [wide, { column: 'jobtitle', operator: 'eq', value: 'Buyer' }] } as const;
    const contact = [
      { name: 'Wide', filter: wide, active: true },
      { name: 'Narrow', filter: narrow, active: true },
    ];
    await world.configure({ attendeeMail: 'invite', filters: { contact } });
    const [wider, both, neither] = [
      await annas.inStep('contacts', { lastname: 'Filtered' }),
      await annas.inStep('contacts', { lastname: 'Filtered', jobtitle: 'Buyer' }),
      await annas.inStep('contacts', { lastname: 'Outside', jobtitle: 'Buyer' }),
    ];
    expect(await annas.item('contacts', wider)).not.toBeNull();
    expect(await annas.item('contacts', both)).not.toBeNull();
    expect(await annas.item('contacts', neither)).toBeNull();
  });

  test('9.4-13: with the direction to Exchange an edit of the job title in Outlook is not copied, and the next change in Dynamics overwrites it', async () => {
    await world.configure({ attendeeMail: 'invite', directions: { contact: { jobTitle: 'toExchange' } } });
    const id = await annas.inStep('contacts', { lastname: 'One way', jobtitle: 'Buyer' });
    await annas.edit('contacts', id, { jobTitle: 'My own title' });
    await world.settle();
    expect(await annas.record('contacts', id)).toMatchObject({ jobtitle: 'Buyer' });
    expect(await annas.itemOf('contacts', id)).toMatchObject({ jobTitle: 'My own title' });
    await annas.change('contacts', id, { jobtitle: 'Head of buying' });
    await world.settle();
    expect(await annas.itemOf('contacts', id)).toMatchObject({ jobTitle: 'Head of buying' });
    const replaced = (await world.journal(anna)).filter(({ recordId, field }) => recordId === id && field === 'jobTitle');
    expect(replaced.map(({ value }) => value)).toContain('"My own title"');
  });

  test('9.4-14: a secured column that the person may not read is absent in Exchange', async () => {
    world.control('dynamics', 'setColumnSecurity', {
      table: 'contact',
      column: 'governmentid',
      secured: true,
      readers: [ben.systemUserId],
      writers: [ben.systemUserId],
    });
    const id = await annas.inStep('contacts', { lastname: 'Secured' });
    await new Desk(world, ben).change('contacts', id, { governmentid: 'G-4711' });
    await world.settle();
    expect(await annas.itemOf('contacts', id)).toMatchObject({ surname: 'Secured' });
    expect(extended(await annas.itemOf('contacts', id), 'String 0x3A07')).toBeNull();
  });
});
