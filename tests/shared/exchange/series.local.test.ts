import type { DeltaCursor, ItemRef } from '../../../shared/exchange/exchange';
import { type Recurrence, recurrenceText } from '../../../shared/model/recurrence';
import { markerText, type SeenItem } from '../../../shared/model/seen';
import { elementsOf, type Values } from '../../../shared/model/values';
import { annaPath, day, type ExchangeWorld, markerOf, startExchangeWorld, update, written } from './exchange-world';

let world: ExchangeWorld;
beforeEach(async () => {
  world = await startExchangeWorld();
});
afterEach(() => world.close());

/** The Monday after next, so that every date of the stories is still to come. */
const monday = (() => {
  const today = new Date(Date.now() + 7 * day);
  const ahead = (8 - today.getUTCDay()) % 7;
  return new Date(today.getTime() + ahead * day).toISOString().slice(0, 10);
})();
const dateAfter = (days: number) => new Date(Date.parse(monday) + days * day).toISOString().slice(0, 10);
const at = (days: number, time = '12:00') => `${dateAfter(days)}T${time}:00Z`;
const window = { from: Date.now() - 30 * day, to: Date.now() + 365 * day };

function standUp(pattern: Recurrence['pattern'], end: Recurrence['range']['end'] = { kind: 'none' }, more: Values = {}): Values {
  return {
    subject: 'Stand-up',
    body: 'What is new?',
    location: 'Hall',
    time: `${at(0)}/${at(0, '12:30')}`,
    importance: 'normal',
    status: 'busy',
    recurrence: recurrenceText({ pattern, range: { start: monday, end } }),
    ...more,
  };
}

const mondays: Recurrence['pattern'] = { type: 'weekly', interval: 1, daysOfWeek: ['monday'] };

function create(values: Values): Promise<SeenItem> {
  const marker = markerOf('series');
  return written(world.anna, { kind: 'create', key: 'r1', itemKind: 'series', feed: 'calendar', marker, values, derived: {} });
}

const refOf = ({ id }: SeenItem): ItemRef => ({ kind: 'series', id, feed: 'calendar' });

async function whole(item: SeenItem): Promise<SeenItem> {
  const [read] = await world.anna.readItems([refOf(item)]);
  if (read === undefined) throw new Error('the series is not found');
  return read;
}

async function instances(item: SeenItem): Promise<readonly Record<string, unknown>[]> {
  const query = `startDateTime=${new Date(window.from).toISOString()}&endDateTime=${new Date(window.to).toISOString()}&$top=500`;
  const { body } = await world.call('GET', `${annaPath}/events/${encodeURIComponent(item.id)}/instances?${query}`);
  return body.value as Record<string, unknown>[];
}

async function pathOn(item: SeenItem, index: number): Promise<string> {
  return `${annaPath}/events/${encodeURIComponent(String((await instances(item))[index]?.id))}`;
}

const monthNow = Number(monday.slice(5, 7));
const dayNow = Number(monday.slice(8));

describe('a series', () => {
  test.each<[string, Recurrence['pattern']]>([
    ['daily', { type: 'daily', interval: 2 }],
    ['weekly', { type: 'weekly', interval: 2, daysOfWeek: ['monday', 'friday'], firstDayOfWeek: 'monday' }],
    ['by the day of the month', { type: 'absoluteMonthly', interval: 1, dayOfMonth: dayNow }],
    ['by the weekday of the month', { type: 'relativeMonthly', interval: 1, daysOfWeek: ['monday'], index: nth(dayNow) }],
    ['yearly by the date', { type: 'absoluteYearly', interval: 1, dayOfMonth: dayNow, month: monthNow }],
    ['yearly by the weekday', { type: 'relativeYearly', interval: 1, daysOfWeek: ['monday'], index: nth(dayNow), month: monthNow }],
  ])('that recurs %s reads back as it was written, for every way to end', async (_how, pattern) => {
    for (const end of [{ kind: 'none' }, { kind: 'count', count: 4 }, { kind: 'date', date: dateAfter(1_200) }] as const) {
      const values = standUp(pattern, end);
      const marker = markerOf('series', JSON.stringify(end));
      const item = await written(world.anna, {
        kind: 'create',
        key: 'r',
        itemKind: 'series',
        feed: 'calendar',
        marker,
        values,
        derived: {},
      });
      expect((await whole(item)).values).toMatchObject({ ...values, zone: 'Europe/Berlin', occurrences: [] });
    }
  });

  test('of whole days reads back as whole days', async () => {
    const values = standUp(
      mondays,
      { kind: 'count', count: 3 },
      { time: `${monday}/${dateAfter(1)}`, occurrences: [`${dateAfter(7)}|deleted|true`, `${dateAfter(14)}|subject|Off`] },
    );
    const item = await create(values);
    expect((await whole(item)).values).toMatchObject(values);
  });

  test('is made once, however often its making is asked for', async () => {
    const values = standUp(mondays, { kind: 'none' }, { occurrences: [`${at(7)}|subject|Long`] });
    expect((await create(values)).id).toBe((await create(values)).id);
    const { body } = await world.call('GET', `${annaPath}/events`);
    expect(body.value).toHaveLength(1);
  });

  test('is found by its marker with its dates, and as nothing but a series', async () => {
    const item = await create(standUp(mondays, { kind: 'none' }, { occurrences: [`${at(7)}|subject|Long`] }));
    const marker = markerText(markerOf('series'));
    expect(await world.anna.findByMarker('series', 'calendar', marker)).toEqual(await whole(item));
    expect(await world.anna.findByMarker('event', 'calendar', marker)).toBeNull();
    expect(await world.anna.findByMarker('series', 'calendar', markerText(markerOf('series', 'r2')))).toBeNull();
  });

  test('is changed in what is written and in nothing else', async () => {
    const item = await create(standUp(mondays));
    const after = await written(
      world.anna,
      update(item, { subject: 'Daily', recurrence: standUp({ type: 'daily', interval: 1 }).recurrence ?? null }),
    );
    expect(after.values).toEqual({ ...(await whole(item)).values });
    expect(after.values).toMatchObject({ ...standUp({ type: 'daily', interval: 1 }), subject: 'Daily' });
  });

  test('moved to another time takes its pattern along', async () => {
    const item = await create(standUp(mondays));
    const time = `${at(1, '15:00')}/${at(1, '16:00')}`;
    const recurrence = recurrenceText({
      pattern: { ...mondays, daysOfWeek: ['tuesday'] },
      range: { start: dateAfter(1), end: { kind: 'none' } },
    });
    expect((await written(world.anna, update(item, { time, recurrence }))).values).toMatchObject({ time, recurrence });
  });
});

describe('the dates of a series that differ from it', () => {
  const deviations = [
    `${at(14)}|deleted|true`,
    `${at(21)}|location|`,
    `${at(21)}|subject|Long stand-up`,
    `${at(7)}|time|${at(8, '13:00')}/${at(8, '14:00')}`,
  ].sort();

  test('are written with a new series, in three requests, and read back the same', async () => {
    const before = world.requests();
    const item = await create(standUp(mondays, { kind: 'none' }, { occurrences: deviations }));
    expect(world.requests() - before).toBe(3);
    expect(item.values.occurrences).toEqual(deviations);
    expect((await whole(item)).values.occurrences).toEqual(deviations);
    expect((await instances(item)).slice(0, 3).map(({ subject }) => subject)).toEqual(['Stand-up', 'Stand-up', 'Long stand-up']);
  });

  test('are written one by one, and go back to the series where nothing differs any more', async () => {
    const item = await create(standUp(mondays, { kind: 'none' }, { occurrences: deviations }));
    const kept = deviations.filter((each) => each.includes('deleted'));
    const before = world.requests();
    const after = await written(world.anna, update(item, { occurrences: [...kept, `${at(28)}|importance|high`] }));
    expect(world.requests() - before).toBe(3);
    expect(after.values.occurrences).toEqual([...kept, `${at(28)}|importance|high`]);
  });

  test('of long ago are left alone', async () => {
    const start = '2024-01-01T12:00:00Z';
    const range = { start: '2024-01-01', end: { kind: 'none' } } as const;
    const values = { ...standUp(mondays), time: `${start}/2024-01-01T12:30:00Z`, recurrence: recurrenceText({ pattern: mondays, range }) };
    const item = await create({ ...values, occurrences: ['2024-01-08T12:00:00Z|deleted|true', `${start}|subject|First`] });
    expect(item.values.occurrences).toEqual([]);
  });

  test('that the series lacks are left out', async () => {
    const item = await create(
      standUp(mondays, { kind: 'none' }, { occurrences: [`${at(8)}|subject|No such day`, `${at(9)}|deleted|true`] }),
    );
    expect(item.values.occurrences).toEqual([]);
  });

  test('are written anew where another pattern made Exchange forget them', async () => {
    const item = await create(standUp(mondays, { kind: 'none' }, { occurrences: deviations }));
    const recurrence = standUp({ type: 'daily', interval: 1 }).recurrence ?? null;
    const occurrences = [`${at(3)}|subject|Long`];
    expect((await written(world.anna, update(item, { recurrence, occurrences }))).values.occurrences).toEqual(occurrences);
  });

  test('are what a person did to them', async () => {
    const item = await create(standUp(mondays));
    await world.call('PATCH', await pathOn(item, 1), { subject: 'Another', location: { displayName: 'Kitchen' } });
    await world.call('DELETE', await pathOn(item, 2));
    expect((await whole(item)).values.occurrences).toEqual(
      [`${at(7)}|location|Kitchen`, `${at(7)}|subject|Another`, `${at(14)}|deleted|true`].sort(),
    );
  });

  test('keep their local time when the clocks change', async () => {
    const item = await create(standUp({ type: 'daily', interval: 1 }));
    const all = await instances(item);
    const startOf = ({ start }: Record<string, unknown>) => `${String((start as { dateTime: string }).dateTime).slice(0, 19)}Z`;
    const [other = {}] = all.filter((each) => !startOf(each).endsWith('T12:00:00Z'));
    await world.call('DELETE', `${annaPath}/events/${encodeURIComponent(String(other.id))}`);
    const start = startOf(other);
    expect(elementsOf((await whole(item)).values.occurrences)).toEqual([`${start}|deleted|true`]);
  });
});

describe('a calendar with series', () => {
  const first: DeltaCursor = { feed: 'calendar', link: null, at: 'end', window };

  async function drained(cursor: DeltaCursor) {
    const [page] = await world.anna.drain([cursor], false);
    if (page?.kind !== 'page') throw new Error('no page');
    return page;
  }

  test('is heard in a delta as its master, in the version that was written last', async () => {
    const item = await create(standUp(mondays, { kind: 'none' }, { occurrences: [`${at(7)}|subject|Long`] }));
    const { changed } = await drained(first);
    expect(changed.map(({ id, kind, version }) => ({ id, kind, version }))).toEqual([
      { id: item.id, kind: 'series', version: item.version },
    ]);
  });

  test('tells of a date that a person changed or deleted as of a change of its series', async () => {
    const item = await create(standUp(mondays));
    const { next } = await drained(first);
    await world.call('DELETE', await pathOn(item, 1));
    const { changed, removed } = await drained(next);
    expect(changed.map(({ id }) => id)).toEqual([item.id]);
    expect(removed).not.toContain(item.id);
  });

  test('knows a series that was deleted from one that only lies outside the window', async () => {
    const item = await create(
      standUp(mondays, { kind: 'none' }, { occurrences: [`${at(0)}|deleted|true`, `${at(7)}|time|${at(9)}/${at(9, '12:30')}`] }),
    );
    expect((await world.anna.fate(refOf(item), '', null)).kind).toBe('exists');
    await world.call('DELETE', `${annaPath}/events/${encodeURIComponent(item.id)}`);
    expect((await world.anna.fate(refOf(item), '', null)).kind).toBe('deleted');
  });

  test('lists a series once, in the version that was written last', async () => {
    const item = await create(standUp(mondays));
    const listed = [];
    for await (const page of world.anna.listFolder('calendar', null)) listed.push(...page);
    expect(listed).toEqual([{ id: item.id, kind: 'series', version: item.version, categories: [] }]);
  });

  test('gives up a series that is deleted', async () => {
    const item = await create(standUp(mondays));
    const [result] = await world.anna.write([{ kind: 'delete', key: 'r1', ref: refOf(item), version: item.version }]);
    expect(result?.outcome).toEqual({ ok: true, value: null });
    expect((await world.anna.fate(refOf(item), '', null)).kind).toBe('deleted');
  });
});

function nth(dayOfMonth: number) {
  const names = ['first', 'second', 'third', 'fourth', 'last'] as const;
  return names[Math.ceil(dayOfMonth / 7) - 1] ?? 'last';
}
