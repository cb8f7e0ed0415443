import { dryRun } from '../../../shared/cycle/dry-run';
import { Desk } from './desk';
import { anna, ben, type Json, World } from './world';

let world: World;
let annas: Desk;

beforeEach(async () => {
  world = await World.start();
  annas = new Desk(world, anna);
});

afterEach(() => world.close());

const category = 'Tracked to Dynamics 365';
const zoned = (dateTime: string) => ({ dateTime, timeZone: 'UTC' });
const time = { start: zoned('2027-03-01T09:00:00'), end: zoned('2027-03-01T10:00:00') };
const columns = { scheduledstart: '2027-03-01T09:00:00Z', scheduledend: '2027-03-01T10:00:00Z' };

async function linkOf(recordId: string) {
  return [...(await (await world.partition(anna)).links([{ entity: 'appointment', recordId }])).values()][0];
}

test('an event that its user deletes after it was listed is nobody’s twin, and takes no record along (promise 3)', async () => {
  await world.configure({});
  const event = await annas.outlook('POST', 'events', { subject: 'Review', ...time });
  const first = await annas.make('appointments', { ...columns, subject: 'First' });
  const id = await annas.make('appointments', { ...columns, subject: 'Review' });
  const mailbox = world.services.exchange.mailbox.bind(world.services.exchange);
  const deletes = async (): Promise<void> => {
    await annas.outlook('DELETE', `events/${encodeURIComponent(String(event.id))}`);
  };
  let listed = false;
  const exchange = {
    ...world.services.exchange,
    mailbox: (...given: Parameters<typeof mailbox>) => {
      const real = mailbox(...given);
      return {
        ...real,
        sightings: async function* (...asked: Parameters<typeof real.sightings>) {
          yield* real.sightings(...asked);
          if (!listed) await deletes();
          listed = true;
        },
      };
    },
  };
  Object.assign(world.services, { exchange });
  await world.enable(anna);
  expect(listed).toBe(true);
  await world.settle();
  await world.cycle(anna, 'sweep');
  await world.settle();
  expect(await annas.hasRecord('appointments', first)).toBe(true);
  expect(await annas.hasRecord('appointments', id)).toBe(true);
});

test('a tracked meeting with guests is not touched by Tandem at all: nobody knows whether Exchange would announce that (promise 2)', async () => {
  await world.enable(anna);
  const attendees = [{ type: 'required', emailAddress: { address: 'guest@fabrikam.example', name: 'A Guest' } }];
  await annas.outlook('POST', 'events', { subject: 'Tracked', ...time, attendees, categories: [category] });
  world.counters.reset();
  await world.settle();
  const { value } = await world.crm(anna, 'GET', "appointments?$filter=subject eq 'Tracked'");
  expect(value).toHaveLength(1);
  expect(await linkOf(String((value as Json[])[0]?.activityid))).toMatchObject({ state: 'linked' });
  const { graph = {} } = world.counters.snapshot().endpoints;
  expect(Object.keys(graph).filter((label) => /^(PATCH|POST|DELETE) .*event/i.test(label))).toEqual([]);
  await world.expectQuiet();
});

test('a dry run writes nothing, not even for a meeting whose tracking broke off before its organizer took part', async () => {
  await world.enable(ben);
  await world.outlook(anna, 'POST', 'events', {
    subject: 'Hers',
    ...time,
    attendees: [{ type: 'required', emailAddress: { address: ben.email, name: 'Ben' } }],
  });
  const { value } = await world.outlook(ben, 'GET', 'events?$top=100');
  await world.outlook(ben, 'PATCH', `events/${encodeURIComponent(String((value as Json[])[0]?.id))}`, { categories: [category] });
  world.faults.add({ service: 'dynamics', path: '/appointments', kind: 'throttle', retryAfterSeconds: 3_600 });
  await world.cycle(ben);
  world.faults.clear();
  world.advance(3_600_000);
  await world.services.mailboxes.insert({
    ...(await world.mailbox(ben)),
    id: anna.systemUserId,
    systemUserId: anna.systemUserId,
    objectId: anna.objectId,
    email: anna.email,
  });
  const before = await world.rows();
  const waking = world.wakes.waiting.length;
  await dryRun(world.services, world.integration, await world.mailbox(ben), { isEnabled: true, withValues: false });
  expect(await world.rows()).toEqual(before);
  expect(world.wakes.waiting.length).toBe(waking);
});
