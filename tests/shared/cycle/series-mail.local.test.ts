import { Desk } from './desk';
import { anna, beginning, ben, type Json, World } from './world';

let world: World;
let annas: Desk;

beforeEach(async () => {
  world = await World.start();
  await world.enable(anna);
  annas = new Desk(world, anna);
});
afterEach(() => world.close());

const masters = 'recurringappointmentmasters';
const day = 86_400_000;
const monday = beginning - (beginning % day) + 7 * day;
const at = (days: number, time = '12:00'): string => `${new Date(monday + days * day).toISOString().slice(0, 10)}T${time}:00Z`;

const withBen: Json = {
  subject: 'Stand-up',
  recurrencepatterntype: 1,
  interval: 1,
  daysofweekmask: 2,
  patternstartdate: at(0, '00:00'),
  patternendtype: 2,
  occurrences: 5,
  starttime: at(0),
  endtime: at(0, '12:30'),
  parties: [{ participationtypemask: 5, 'partyid_systemuser@odata.bind': `/systemusers(${ben.systemUserId})` }],
};

function mails(): string[] {
  const { entries } = world.control('graph', 'mail') as { entries: readonly { kind: string; to: readonly string[] }[] };
  return entries.map(({ kind, to }) => `${kind} ${to.join(' ')}`);
}

async function dateOn(id: string, index: number): Promise<string> {
  const { value } = await world.crm(anna, 'GET', `appointments?$filter=seriesid eq ${id}&$orderby=originalstartdate`);
  return `appointments(${String((value as Json[])[index]?.activityid)})`;
}

test('under "never" a series invites nobody, and neither do its dates (promise 2)', async () => {
  const id = await annas.inStep(masters, withBen);
  await annas.change(masters, id, { subject: 'Weekly' });
  await world.crm(anna, 'PATCH', await dateOn(id, 1), { location: 'Kitchen' });
  await world.crm(anna, 'DELETE', await dateOn(id, 2));
  await world.settle();
  expect(await annas.itemOf(masters, id)).toMatchObject({ subject: 'Weekly', attendees: [] });
  expect(mails()).toEqual([]);
  await world.expectQuiet();
});

test('under "invite" a series invites once, and mails once for each date that changes', async () => {
  await world.configure({ attendeeMail: 'invite' });
  const id = await annas.inStep(masters, withBen);
  expect(mails()).toEqual([`invitation ${ben.email}`]);
  await world.crm(anna, 'PATCH', await dateOn(id, 1), { location: 'Kitchen' });
  await world.crm(anna, 'DELETE', await dateOn(id, 2));
  await world.settle();
  expect(mails().slice(1).sort()).toEqual([`cancellation ${ben.email}`, `update ${ben.email}`]);
  await world.expectQuiet();
});

test('what Exchange would announce of a series that a person gave attendees in Outlook waits for an admin', async () => {
  const id = await annas.inStep(masters, { ...withBen, parties: [] });
  await annas.edit(masters, id, { attendees: [{ type: 'required', emailAddress: { address: 'guest@visitors.example' } }] });
  await world.settle();
  const before = mails().length;
  await world.crm(anna, 'PATCH', await dateOn(id, 1), { location: 'Kitchen' });
  await world.settle();
  expect(mails()).toHaveLength(before);
  const [link] = (await (await world.partition(anna)).links([{ entity: 'series', recordId: id }])).values();
  expect(link?.state).toBe('held');
  await world.expectQuiet();
});
