import { fakeGraph, refusal } from './fake-graph';

const zoned = (dateTime: string) => ({ dateTime, timeZone: 'UTC' });
const event = { id: 'e1', start: zoned('2026-10-05T09:00:00'), end: zoned('2026-10-05T10:00:00') };

test('an event counts as existing while a calendar that was shared by a mailbox that is gone cannot tell (promise 3)', async () => {
  const { exchange } = fakeGraph(({ url }) => {
    if (url.startsWith('/users/u1/events/e1?')) return { status: 200, body: event };
    if (url.startsWith('/users/u1/calendarView?')) return { status: 200, body: { value: [] } };
    if (url.startsWith('/users/u1/calendars?'))
      return { status: 200, body: { value: [{ id: 'c1', isDefaultCalendar: true }, { id: 'c2' }] } };
    return refusal(404, 'ErrorNonExistentMailbox');
  });
  const mailbox = exchange.mailbox({ userId: 'u1', zone: 'Europe/Berlin', deletedItems: null });
  expect(await mailbox.fate({ kind: 'event', id: 'e1', feed: 'calendar' }, '', null)).toMatchObject({ kind: 'exists' });
});

test('a calendar view of several pages is looked through to its end', async () => {
  const { exchange, sent } = fakeGraph(({ url }) => {
    if (url.startsWith('/users/u1/events/e1?')) return { status: 200, body: event };
    if (url.startsWith('/users/u1/calendarView?')) return { status: 200, body: { value: [] } };
    if (url.startsWith('/users/u1/calendars?')) return { status: 200, body: { value: [{ id: 'c/2', isDefaultCalendar: false }] } };
    const next = 'https://graph.example/v1.0/users/u1/calendars/c%2F2/calendarView?$skip=1';
    const page = url.endsWith('$skip=1')
      ? { value: [{ id: 'o1', seriesMasterId: 'e1' }] }
      : { value: [{ id: 'x' }], '@odata.nextLink': next };
    return { status: 200, body: page };
  });
  const mailbox = exchange.mailbox({ userId: 'u1', zone: 'Europe/Berlin', deletedItems: null });
  expect(await mailbox.fate({ kind: 'event', id: 'e1', feed: 'calendar' }, '', null)).toMatchObject({ kind: 'exists' });
  expect(sent.flat().at(-1)?.url).toBe('/users/u1/calendars/c%2F2/calendarView?$skip=1');
});
