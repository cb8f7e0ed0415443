import { aMoment, Desk } from './desk';
import { anna, beginning, type Json, World } from './world';

let world: World;
let annas: Desk;

beforeAll(async () => {
  world = await World.start();
  await world.enable(anna);
  annas = new Desk(world, anna);
});

afterAll(() => world.close());

const day = 86_400_000;
const start = new Date(beginning + 3 * day).toISOString().slice(0, 10);
const times: Json = { scheduledstart: `${start}T09:00:00Z`, scheduledend: `${start}T10:00:00Z` };

interface Moved {
  readonly id: string;
  /** The path of the event by its immutable id. */
  readonly event: string;
  readonly eventId: string;
}

/** An appointment in step whose event Anna moves to another calendar; the move is settled. */
async function movedAway(subject: string): Promise<Moved> {
  const id = await annas.inStep('appointments', { subject, ...times });
  const eventId = String((await annas.itemOf('appointments', id)).id);
  const calendar = await annas.outlook('POST', 'calendars', { name: `Calendar of ${subject}` });
  world.control('graph', 'moveEvent', { user: anna.objectId, eventId, toCalendarId: calendar.id });
  await world.settle();
  return { id, event: `events/${encodeURIComponent(eventId)}`, eventId };
}

async function linkOf(recordId: string): Promise<unknown> {
  const links = await (await world.partition(anna)).links([{ entity: 'appointment', recordId }]);
  return [...links.values()][0];
}

describe('an appointment whose event is moved to another calendar of the mailbox (promise 3)', () => {
  test('stays in Dynamics, stays linked, and has one event (promise 5)', async () => {
    const { id, eventId } = await movedAway('Moved');
    expect(await annas.record('appointments', id)).toMatchObject({ subject: 'Moved' });
    expect(await linkOf(id)).toMatchObject({ state: 'linked', itemId: eventId });
    expect(await annas.item('appointments', id)).toBeNull();
    await world.cycle(anna, 'sweep');
    expect(await linkOf(id)).toMatchObject({ state: 'linked', itemId: eventId });
    await world.expectQuiet();
  });

  test('still gets what is edited in Dynamics', async () => {
    const { id, event } = await movedAway('Renamed');
    await annas.change('appointments', id, { subject: 'Renamed since' });
    await world.settle();
    expect(await annas.outlook('GET', event)).toMatchObject({ subject: 'Renamed since' });
    await world.expectQuiet();
  });

  test('gets what is edited in Exchange by the daily sweep', async () => {
    const { id, event } = await movedAway('Elsewhere');
    world.advance(aMoment);
    await annas.outlook('PATCH', event, { location: { displayName: 'Room 9' } });
    await world.cycle(anna, 'sweep');
    expect(await annas.record('appointments', id)).toMatchObject({ location: 'Room 9' });
    await world.expectQuiet();
  });

  test('goes once the event is really deleted', async () => {
    const { id, event } = await movedAway('Dropped');
    await annas.outlook('DELETE', event);
    await world.cycle(anna, 'sweep');
    expect(await annas.hasRecord('appointments', id)).toBe(false);
    await world.expectQuiet();
  });

  test('takes its event along when it is deleted in Dynamics', async () => {
    const { id, event } = await movedAway('Called off');
    await annas.drop('appointments', id);
    await world.settle();
    const view = `calendarView?startDateTime=${start}T00:00:00Z&endDateTime=${start}T23:00:00Z&$filter=subject eq 'Called off'`;
    const { value } = await annas.outlook('GET', 'calendars');
    for (const calendar of value as Json[]) {
      const shown = await annas.outlook('GET', `calendars/${encodeURIComponent(String(calendar.id))}/${view}`);
      expect(shown.value).toEqual([]);
    }
    expect(await annas.outlook('GET', event)).toMatchObject({ subject: 'Called off' });
    await world.expectQuiet();
  });
});
