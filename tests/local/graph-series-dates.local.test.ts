import { anna, attendee, type Body, ben, drain, type GraphWorld, immutable, segment, startWorld } from './graph-support';
import { create, dates, instances, mondays, recurring } from './series-support';

let world: GraphWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const day = 86_400_000;

async function patch(id: string, body: object): Promise<Body> {
  const answer = await world.call('PATCH', `${anna}/events/${segment(id)}`, body, immutable);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

async function whole(id: string): Promise<Body> {
  const query = '$select=subject,cancelledOccurrences&$expand=exceptionOccurrences';
  return (await world.call('GET', `${anna}/events/${segment(id)}?${query}`, undefined, immutable)).body;
}

function mailed(): string[] {
  const { entries } = world.control('mail', {}) as { entries: readonly { kind: string; to: readonly string[] }[] };
  return entries.map(({ kind, to }) => `${kind} to ${to.map((address) => address.split('@')[0]).join(' and ')}`);
}

describe('one date of a series', () => {
  test('that is changed becomes an exception, and the rest stays', async () => {
    const { id } = await create(world, recurring(mondays));
    const [, second] = await instances(world, id);
    const changed = await patch(String(second?.id), {
      subject: 'Long stand-up',
      start: { dateTime: '2026-10-13T08:00:00', timeZone: 'UTC' },
      end: { dateTime: '2026-10-13T09:00:00', timeZone: 'UTC' },
    });
    expect([changed.type, changed.seriesMasterId, changed.originalStart]).toEqual(['exception', id, '2026-10-12T07:00:00.0000000Z']);
    const all = await instances(world, id);
    expect(all.slice(0, 3).map(({ type, subject }) => `${String(type)} ${subject}`)).toEqual([
      'occurrence Stand-up',
      'exception Long stand-up',
      'occurrence Stand-up',
    ]);
    expect(dates(all).slice(0, 3)).toEqual(['2026-10-05', '2026-10-13', '2026-10-19']);
    const { exceptionOccurrences } = await whole(id);
    expect(exceptionOccurrences).toMatchObject([{ subject: 'Long stand-up', type: 'exception' }]);
  });

  test('follows its series in what was not changed on it', async () => {
    const { id } = await create(world, recurring(mondays));
    const [first] = await instances(world, id);
    await patch(String(first?.id), { location: { displayName: 'Kitchen' } });
    await patch(id, { subject: 'Daily', location: { displayName: 'Hall' } });
    expect((await instances(world, id)).slice(0, 2).map(({ subject, location }) => `${subject} ${location.displayName}`)).toEqual([
      'Daily Kitchen',
      'Daily Hall',
    ]);
  });

  test('that is deleted is among the cancelled ones, for who asks, and answers no more', async () => {
    const { id } = await create(world, recurring(mondays));
    const [, second] = await instances(world, id);
    const path = `${anna}/events/${segment(String(second?.id))}`;
    expect((await world.call('DELETE', path)).status).toBe(204);
    expect((await world.call('GET', path)).status).toBe(404);
    expect(dates(await instances(world, id)).slice(0, 2)).toEqual(['2026-10-05', '2026-10-19']);
    expect((await whole(id)).cancelledOccurrences).toEqual([`OID.${id}.2026-10-12`]);
    expect((await world.call('GET', `${anna}/events/${segment(id)}`)).body).not.toHaveProperty('cancelledOccurrences');
  });

  test('cannot be moved past its neighbour', async () => {
    const { id } = await create(world, recurring(mondays));
    const [first] = await instances(world, id);
    const times = {
      start: { dateTime: '2026-10-12T05:00:00', timeZone: 'UTC' },
      end: { dateTime: '2026-10-12T06:00:00', timeZone: 'UTC' },
    };
    const { status, body } = await world.call('PATCH', `${anna}/events/${segment(String(first?.id))}`, times);
    expect([status, body.error.code]).toEqual([400, 'ErrorOccurrenceCrossingBoundary']);
  });

  test('loses what was changed on it with another pattern, or another time of day, of the series', async () => {
    for (const change of [
      { recurrence: { pattern: { type: 'daily', interval: 1 }, range: { type: 'noEnd', startDate: '2026-10-05' } } },
      {
        start: { dateTime: '2026-10-05T10:00:00', timeZone: 'Europe/Berlin' },
        end: { dateTime: '2026-10-05T11:00:00', timeZone: 'Europe/Berlin' },
      },
    ]) {
      const { id } = await create(world, recurring(mondays));
      const [first, second] = await instances(world, id);
      await patch(String(first?.id), { subject: 'Another' });
      await world.call('DELETE', `${anna}/events/${segment(String(second?.id))}`);
      await patch(id, { subject: 'Renamed' });
      expect(await whole(id)).toMatchObject({ exceptionOccurrences: [{ subject: 'Another' }], cancelledOccurrences: [expect.any(String)] });
      await patch(id, change);
      expect(await whole(id)).toMatchObject({ exceptionOccurrences: [], cancelledOccurrences: [] });
    }
  });
});

describe('a calendar with a series', () => {
  const view = `${anna}/calendarView?startDateTime=2026-10-05T00:00:00Z&endDateTime=2026-10-20T00:00:00Z`;
  const delta = `${anna}/calendarView/delta?startDateTime=2026-10-05T00:00:00Z&endDateTime=2026-10-20T00:00:00Z`;

  test('shows its dates and not its master in a window', async () => {
    await create(world, recurring(mondays));
    const { body } = await world.call('GET', view);
    expect(body.value.map(({ type }) => type)).toEqual(['occurrence', 'occurrence', 'occurrence']);
  });

  test('lists the master and no dates without one', async () => {
    await create(world, recurring(mondays));
    const { body } = await world.call('GET', `${anna}/events`);
    expect(body.value.map(({ type }) => type)).toEqual(['seriesMaster']);
  });

  test('tells in its delta of the master whole, of changed dates whole, and of the others little', async () => {
    const { id } = await create(world, recurring(mondays));
    const [first] = await instances(world, id);
    await patch(String(first?.id), { subject: 'Another' });
    const { items } = await drain(world, delta, immutable);
    expect(items.map(({ type }) => type)).toEqual(['seriesMaster', 'exception', 'occurrence', 'occurrence']);
    expect(Object.keys(items[2] ?? {}).sort()).toEqual(['@odata.etag', '@odata.type', 'end', 'id', 'seriesMasterId', 'start', 'type']);
    expect(items[1]).toMatchObject({ subject: 'Another', seriesMasterId: id });
  });

  test('tells in its delta of a date that was deleted', async () => {
    const { id } = await create(world, recurring(mondays));
    const { link } = await drain(world, delta, immutable);
    const [, second] = await instances(world, id);
    await world.call('DELETE', `${anna}/events/${segment(String(second?.id))}`);
    const { items } = await drain(world, link, immutable);
    expect(items.filter((item) => item['@removed'] !== undefined).map((item) => item.id)).toEqual([second?.id]);
    expect(items.filter(({ type }) => type === 'seriesMaster')).toHaveLength(1);
  });

  test('tells nothing of a series outside the window', async () => {
    await create(world, recurring(mondays));
    world.clock.now += day;
    const later = `${anna}/calendarView/delta?startDateTime=2026-09-01T00:00:00Z&endDateTime=2026-10-01T00:00:00Z`;
    expect((await drain(world, later, immutable)).items).toEqual([]);
  });
});

describe('a series with attendees', () => {
  const invited = { attendees: [attendee('ben')] };

  test('invites once, and lies in the calendar of who is invited', async () => {
    await create(world, recurring(mondays, {}, invited));
    expect(mailed()).toEqual(['invitation to ben']);
    const [copy] = (await world.call('GET', `${ben}/events`)).body.value;
    expect(copy).toMatchObject({ type: 'seriesMaster', isOrganizer: false, subject: 'Stand-up' });
  });

  test('mails for one date that is changed or deleted', async () => {
    const { id } = await create(world, recurring(mondays, {}, invited));
    const [first, second] = await instances(world, id);
    await patch(String(first?.id), { subject: 'Another' });
    await world.call('DELETE', `${anna}/events/${segment(String(second?.id))}`);
    expect(mailed().slice(1)).toEqual(['update to ben', 'cancellation to ben']);
    const view = `${ben}/calendarView?startDateTime=2026-10-05T00:00:00Z&endDateTime=2026-10-20T00:00:00Z`;
    const shown = (await world.call('GET', view)).body.value.map(({ type, subject }) => `${String(type)} ${subject}`);
    expect(shown).toEqual(['exception Another', 'occurrence Stand-up']);
  });

  test('mails once more for each changed date when the series changes', async () => {
    const { id } = await create(world, recurring(mondays, {}, invited));
    const [first] = await instances(world, id);
    await patch(String(first?.id), { subject: 'Another' });
    await patch(id, { location: { displayName: 'Hall' } });
    expect(mailed().slice(2)).toEqual(['update to ben', 'update to ben']);
  });
});
