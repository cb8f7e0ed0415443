import { anna, type Body, type GraphWorld, immutable, segment } from './graph-support';

export const yearAhead = 'startDateTime=2026-10-01T00:00:00Z&endDateTime=2027-10-01T00:00:00Z';

/** A series that begins on Monday, 5 October 2026, 9 o'clock in Berlin. */
export function recurring(pattern: object, range: object = {}, more: object = {}): object {
  return {
    subject: 'Stand-up',
    start: { dateTime: '2026-10-05T09:00:00', timeZone: 'Europe/Berlin' },
    end: { dateTime: '2026-10-05T09:30:00', timeZone: 'Europe/Berlin' },
    recurrence: {
      pattern: { interval: 1, ...pattern },
      range: { type: 'noEnd', startDate: '2026-10-05', recurrenceTimeZone: 'W. Europe Standard Time', ...range },
    },
    ...more,
  };
}

export const mondays = { type: 'weekly', daysOfWeek: ['monday'] };

/** Anna makes a series. */
export async function create(world: GraphWorld, body: object): Promise<Body> {
  const answer = await world.call('POST', `${anna}/events`, body, immutable);
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

/** The dates of one of her series. */
export async function instances(world: GraphWorld, id: string, within = yearAhead): Promise<readonly Body[]> {
  return (await world.call('GET', `${anna}/events/${segment(id)}/instances?${within}&$top=1000`, undefined, immutable)).body.value;
}

/** When events begin, to the minute. */
export const starts = (bodies: readonly Body[]) => bodies.map(({ start }) => start.dateTime.slice(0, 16));
export const dates = (bodies: readonly Body[]) => starts(bodies).map((start) => start.slice(0, 10));
