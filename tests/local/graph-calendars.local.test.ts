import { anna, attendee, ben, drain, type GraphWorld, immutable, meeting, segment, startWorld } from './graph-support';

let world: GraphWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const october = 'startDateTime=2026-10-01T00:00:00Z&endDateTime=2026-11-01T00:00:00Z';

async function addCalendar(name = 'Travel'): Promise<string> {
  return (await world.call('POST', `${anna}/calendars`, { name })).body.id;
}

async function addEvent(more: object = {}): Promise<string> {
  return (await world.call('POST', `${anna}/events`, meeting(more), immutable)).body.id;
}

function move(eventId: string, toCalendarId: string): unknown {
  return world.control('moveEvent', { user: 'anna@contoso.example', eventId, toCalendarId });
}

async function ids(path: string): Promise<string[]> {
  return (await world.call('GET', path, undefined, immutable)).body.value.map(({ id }) => id);
}

describe('the calendars of a mailbox', () => {
  test('are listed in pages, the default one first, and answer one by one', async () => {
    const travel = await addCalendar();
    const first = await world.call('GET', `${anna}/calendars?$select=id,isDefaultCalendar&$top=1`);
    expect(first.body.value).toEqual([{ id: expect.any(String), isDefaultCalendar: true }]);
    const second = await world.call('GET', first.body['@odata.nextLink'] ?? '');
    expect(second.body.value).toEqual([{ id: travel, isDefaultCalendar: false }]);
    expect(second.body['@odata.nextLink']).toBeUndefined();
    expect((await world.call('GET', `${anna}/calendars/${segment(travel)}`)).body).toMatchObject({ id: travel, name: 'Travel' });
    expect((await world.call('GET', `${anna}/calendars/${segment(first.body.value[0]?.id ?? '')}`)).body.name).toBe('Calendar');
  });

  test('have one name each, and are not found in another mailbox', async () => {
    const travel = await addCalendar();
    expect((await world.call('POST', `${anna}/calendars`, { name: 'travel' })).status).toBe(409);
    expect((await world.call('GET', `${ben}/calendars/${segment(travel)}`)).status).toBe(404);
    expect((await world.call('GET', `${ben}/calendars/${segment(travel)}/calendarView?${october}`)).status).toBe(404);
  });

  test('answer what is not simulated with 501', async () => {
    const travel = `${anna}/calendars/${segment(await addCalendar())}`;
    for (const [method, path] of [
      ['POST', `${travel}/events`],
      ['GET', `${travel}/calendarView/delta?${october}`],
      ['DELETE', travel],
    ] as const) {
      const { status, body } = await world.call(method, path);
      expect([status, body.error.message]).toEqual([501, expect.stringContaining(`${method} /v1.0/${anna}/calendars/`)]);
    }
  });

  test('and their events survive a snapshot', async () => {
    const travel = await addCalendar();
    const event = await addEvent();
    move(event, travel);
    const snapshot = world.graph.snapshot();
    await world.close();
    world = await startWorld({ snapshot });
    expect(await ids(`${anna}/calendars/${segment(travel)}/calendarView?${october}`)).toEqual([event]);
  });
});

describe('an event that is moved to another calendar', () => {
  test('is listed there and no longer in the default one', async () => {
    const travel = await addCalendar();
    const event = await addEvent();
    move(event, travel);
    expect(await ids(`${anna}/calendars/${segment(travel)}/events`)).toEqual([event]);
    expect(await ids(`${anna}/events`)).toEqual([]);
  });

  test('keeps its immutable id, is shown there, and has left the default calendar’s list, view and delta', async () => {
    const travel = await addCalendar();
    const event = await addEvent();
    const { link } = await drain(world, `${anna}/calendarView/delta?${october}`, immutable);
    expect(move(event, travel)).toMatchObject({ immutableId: event });

    expect(await ids(`${anna}/calendars/${segment(travel)}/calendarView?${october}`)).toEqual([event]);
    expect(await ids(`${anna}/calendarView?${october}`)).toEqual([]);
    expect(await ids(`${anna}/events`)).toEqual([]);
    expect((await world.call('GET', `${anna}/events/${segment(event)}`)).status).toBe(200);
    const after = await drain(world, link, immutable);
    expect(after.items).toMatchObject([{ id: event, '@removed': { reason: 'deleted' } }]);

    await world.call('PATCH', `${anna}/events/${segment(event)}`, { subject: 'Edited there' });
    expect((await drain(world, after.link, immutable)).items).toEqual([]);
  });

  test('is told by the delta again once it is back', async () => {
    const travel = await addCalendar();
    const event = await addEvent();
    const { link } = await drain(world, `${anna}/calendarView/delta?${october}`, immutable);
    move(event, travel);
    const [first] = (await world.call('GET', `${anna}/calendars?$top=1`)).body.value;
    move(event, first?.id ?? '');
    expect((await drain(world, link, immutable)).items).toMatchObject([{ id: event, subject: 'Review' }]);
  });

  test('lies nowhere but among the deleted once it is deleted, and its attendees are told', async () => {
    const travel = await addCalendar();
    const event = await addEvent({ attendees: [attendee('ben')] });
    move(event, travel);
    world.control('resetMail', undefined);
    expect((await world.call('DELETE', `${anna}/events/${segment(event)}`)).status).toBe(204);
    expect(await ids(`${anna}/calendars/${segment(travel)}/calendarView?${october}`)).toEqual([]);
    expect((await world.call('GET', `${anna}/events/${segment(event)}`)).status).toBe(200);
    expect(world.control('mail', undefined)).toMatchObject({ count: 1, entries: [{ kind: 'cancellation' }] });
  });
});
