import { person } from '../../../local/company/people';
import { markerText, type SeenItem } from '../../../shared/model/seen';
import { annaPath, creation, type ExchangeWorld, markerOf, meeting, startExchangeWorld, written } from './exchange-world';

let world: ExchangeWorld;
beforeEach(async () => {
  world = await startExchangeWorld();
});
afterEach(() => world.close());

async function addCalendar(name: string): Promise<string> {
  return String((await world.call('POST', `${annaPath}/calendars`, { name })).body.id);
}

function move({ id }: SeenItem, toCalendarId: string): void {
  world.graph.controls.moveEvent?.({ user: person('anna').objectId, eventId: id, toCalendarId });
}

async function fateOf(event: SeenItem): Promise<string> {
  return (await world.anna.fate(event, markerText(markerOf('appointment')), null)).kind;
}

/** How often the calendars were listed or looked into. */
function looks(): number {
  const served = Object.entries(world.counters.snapshot().endpoints.graph ?? {});
  return served.reduce((sum, [label, { operations }]) => sum + (label.startsWith('GET users/{}/calendars') ? operations : 0), 0);
}

describe('an event (promise 3)', () => {
  test('that moved to another calendar of the mailbox still exists', async () => {
    const event = await written(world.anna, creation('calendar', meeting));
    await addCalendar('Birthdays');
    move(event, await addCalendar('Travel'));
    expect(await world.anna.fate(event, event.marker ?? '', null)).toMatchObject({
      kind: 'exists',
      item: { id: event.id, values: meeting },
    });
  });

  test('of whole days is found in another calendar too', async () => {
    const event = await written(world.anna, creation('calendar', { ...meeting, time: '2026-10-06/2026-10-08' }));
    move(event, await addCalendar('Travel'));
    expect(await fateOf(event)).toBe('exists');
  });

  test('is looked for in every calendar, however many pages list them', async () => {
    const event = await written(world.anna, creation('calendar', meeting));
    let last = '';
    for (let index = 0; index < 101; index += 1) last = await addCalendar(`Calendar ${index}`);
    move(event, last);
    expect(await fateOf(event)).toBe('exists');
  });

  test('that was deleted is deleted, from whichever calendar', async () => {
    const [here, there] = [
      await written(world.anna, creation('calendar', meeting, 'r1')),
      await written(world.anna, creation('calendar', meeting, 'r2')),
    ];
    move(there, await addCalendar('Travel'));
    for (const { id } of [here, there]) await world.call('DELETE', `${annaPath}/events/${id}`);
    expect([await fateOf(here), await fateOf(there)]).toEqual(['deleted', 'deleted']);
  });

  test('that the default calendar shows costs no look at the others', async () => {
    const event = await written(world.anna, creation('calendar', meeting));
    await addCalendar('Travel');
    world.counters.reset();
    expect(await fateOf(event)).toBe('exists');
    expect(looks()).toBe(0);
  });

  test('that the default calendar lacks costs two requests more, however many calendars there are', async () => {
    const event = await written(world.anna, creation('calendar', meeting));
    for (const name of ['Birthdays', 'Holidays', 'Travel']) await addCalendar(name);
    await world.call('DELETE', `${annaPath}/events/${event.id}`);
    world.counters.reset();
    const before = world.requests();
    expect(await fateOf(event)).toBe('deleted');
    expect(looks()).toBe(4);
    // The event, the default view, the calendars, and all their views.
    expect(world.requests() - before).toBe(4);
  });

  test.each([403, 404])('that no calendar shows counts as existing while one calendar answers %i', async (status) => {
    const event = await written(world.anna, creation('calendar', meeting));
    for (const name of ['Closed', 'Travel']) await addCalendar(name);
    await world.call('DELETE', `${annaPath}/events/${event.id}`);
    world.faults.add({ service: 'graph', path: '/calendars/[^/]+/calendarView', kind: 'error', status, times: 1 });
    expect(await fateOf(event)).toBe('exists');
    expect(await fateOf(event)).toBe('deleted');
  });

  test('that a later calendar shows exists although an earlier one refuses', async () => {
    const event = await written(world.anna, creation('calendar', meeting));
    await addCalendar('Closed');
    move(event, await addCalendar('Travel'));
    world.faults.add({ service: 'graph', path: '/calendars/[^/]+/calendarView', kind: 'error', status: 403, times: 1 });
    expect(await fateOf(event)).toBe('exists');
  });

  test.each(['/calendars\\?', '/calendars/[^/]+/calendarView'])('has no fate while Exchange throttles or fails at %s', async (path) => {
    const event = await written(world.anna, creation('calendar', meeting));
    await addCalendar('Travel');
    await world.call('DELETE', `${annaPath}/events/${event.id}`);
    world.faults.add({ service: 'graph', path, kind: 'error', status: 503, times: 1 });
    await expect(fateOf(event)).rejects.toMatchObject({ code: 'unavailable', retry: 'later' });
    expect(await fateOf(event)).toBe('deleted');
  });
});
