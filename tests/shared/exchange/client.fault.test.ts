import { person } from '../../../local/company/people';
import type { DeltaCursor } from '../../../shared/exchange/exchange';
import { markerText } from '../../../shared/model/seen';
import {
  ada,
  annaPath,
  call,
  creation,
  type ExchangeWorld,
  markerOf,
  meeting,
  startExchangeWorld,
  window,
  written,
} from './exchange-world';

let world: ExchangeWorld;
beforeEach(async () => {
  world = await startExchangeWorld();
});
afterEach(() => world.close());

const cursors = (): DeltaCursor[] => [
  { feed: 'calendar', link: null, at: 'end', window },
  { feed: 'contacts', link: null, at: 'end', window: null },
  { feed: world.tasks, link: null, at: 'end', window: null },
];

async function countOf(path: string): Promise<number> {
  const { body } = await world.call('GET', `${annaPath}/${path}?$top=100`);
  return Array.isArray(body.value) ? body.value.length : -1;
}

test('a throttled part says how long to wait, what came before it is written, and nothing after it is sent', async () => {
  world.faults.add({ service: 'graph', method: 'POST', path: '/contacts$', from: 2, times: 1, kind: 'throttle', retryAfterSeconds: 9 });
  const results = await world.anna.write([1, 2, 3, 4].map((index) => creation('contacts', ada, `r${index}`)));
  expect(results[0]).toMatchObject({ outcome: { ok: true } });
  for (const result of results.slice(1)) {
    expect(result).toMatchObject({ outcome: { ok: false, error: { code: 'throttled', retry: 'later', retryAfterMs: 9_000 } } });
  }
  expect(await countOf('contacts')).toBe(1);
});

test('a throttled request as a whole is an error, never a silent second try', async () => {
  world.faults.add({ service: 'graph', path: 'batch$', kind: 'throttle', retryAfterSeconds: 4 });
  const before = world.requests();
  await expect(world.anna.drain(cursors(), true)).rejects.toMatchObject({ code: 'throttled', retryAfterMs: 4_000 });
  expect(world.requests() - before).toBe(1);
});

test('a drain returns what it could read when a later folder fails', async () => {
  world.faults.add({ service: 'graph', path: '/contacts/delta', kind: 'error', status: 503 });
  const pages = await world.anna.drain(cursors(), true);
  expect(pages.map(({ kind, feed }) => [kind, feed])).toEqual([['page', 'calendar']]);
});

test('an unavailable Exchange is worth a later try', async () => {
  world.faults.add({ service: 'graph', kind: 'error', status: 503, retryAfterSeconds: 2 });
  await expect(world.anna.readItems([{ kind: 'contact', id: 'x', feed: 'contacts' }])).rejects.toMatchObject({
    code: 'unavailable',
    retry: 'later',
    retryAfterMs: 2_000,
  });
});

test('an answer that does not come is a time-out', async () => {
  world.faults.add({ service: 'graph', path: 'batch$', kind: 'timeout' });
  await expect(world.annaWithin(400).drain(cursors(), false)).rejects.toMatchObject({ code: 'timeout', retry: 'later' });
});

test('an event whose creation was cut off is not made twice (promise 5)', async () => {
  world.faults.add({ service: 'graph', path: 'batch$', kind: 'cutAfter', times: 1 });
  const [lost] = await world.anna.write([creation('calendar', meeting)]);
  expect(lost).toMatchObject({ outcome: { ok: false, error: { code: 'unavailable' } } });
  const made = await written(world.anna, creation('calendar', meeting));
  expect(made.values).toMatchObject(meeting);
  expect(await countOf('events')).toBe(1);
});

test.each([
  ['contact', ada],
  ['task', call],
] as const)('a %s whose creation was cut off is found by its marker (promise 5)', async (entity, values) => {
  const feed = entity === 'contact' ? 'contacts' : world.tasks;
  const marker = markerText(markerOf(entity));
  expect(await world.anna.findByMarker(entity, feed, marker)).toBeNull();
  world.faults.add({ service: 'graph', path: 'batch$', kind: 'cutAfter', times: 1 });
  const [lost] = await world.anna.write([creation(feed, values)]);
  expect(lost).toMatchObject({ outcome: { ok: false } });
  expect(await world.anna.findByMarker(entity, feed, marker)).toMatchObject({ kind: entity, feed, marker, values });
});

test('a contact whose creation was cut off is found although its user has moved it to a folder of her own (promise 5)', async () => {
  world.faults.add({ service: 'graph', path: 'batch$', kind: 'cutAfter', times: 1 });
  await world.anna.write([creation('contacts', ada)]);
  const marker = markerText(markerOf('contact'));
  const found = await world.anna.findByMarker('contact', 'contacts', marker);
  const folder = await world.call('POST', `${annaPath}/contactFolders`, { displayName: 'Friends' });
  world.graph.controls.moveContact?.({ user: person('anna').objectId, contactId: found?.id, toFolderId: folder.body.id });
  expect(await world.anna.findByMarker('contact', 'contacts', marker)).toMatchObject({ id: found?.id, marker });
});

test('an expired delta link is told as expired, and the other folders are drained', async () => {
  const first = await world.anna.drain(cursors(), false);
  const next = first.flatMap((page) => (page.kind === 'page' ? [page.next] : []));
  world.faults.add({ service: 'graph', path: '/contacts/delta', kind: 'expireCursor', times: 1 });
  const second = await world.anna.drain(next, true);
  expect(second.map(({ kind, feed }) => [kind, feed])).toEqual([
    ['page', 'calendar'],
    ['expired', 'contacts'],
    ['page', world.tasks],
  ]);
  world.graph.controls.expireDeltas?.({ user: person('anna').objectId });
  const third = await world.anna.drain(next, true);
  expect(third.map(({ kind }) => kind)).toEqual(['expired', 'expired', 'expired']);
});

test.each(['syncStateNotFound', 'location'])('a link that Exchange forgot by %s starts anew', async (expiry) => {
  const first = await world.anna.drain(cursors(), false);
  world.graph.controls.switches?.({ expiry });
  world.graph.controls.expireDeltas?.({});
  const next = first.flatMap((page) => (page.kind === 'page' ? [page.next] : []));
  expect((await world.anna.drain(next, false)).map(({ kind }) => kind)).toEqual(['expired', 'expired', 'expired']);
  expect((await world.anna.drain(cursors(), false)).map(({ kind }) => kind)).toEqual(['page', 'page', 'page']);
});

test.each([
  ['answers in another order', { batchOrder: 'reversed' }],
  ['empty pages first', { emptyPages: true }],
  ['items that come again', { replays: true }],
  ['task dates as midnights of a zone', { taskDates: 'zoneMidnight' }],
  ['deleted items that do not answer', { deletedAnswers404: true }],
])('%s change nothing', async (_, switches) => {
  world.graph.controls.switches?.(switches);
  const made = await written(world.anna, creation(world.tasks, call));
  const event = await written(world.anna, creation('calendar', meeting));
  const seen = new Map<string, unknown>();
  let next = cursors();
  for (let round = 0; round < 4; round += 1) {
    const pages = await world.anna.drain(next, false);
    next = pages.flatMap((page) => (page.kind === 'page' ? [page.next] : []));
    for (const page of pages) if (page.kind === 'page') for (const { id, values } of page.changed) seen.set(id, values);
  }
  expect(made.values).toMatchObject(call);
  expect(seen.get(made.id)).toMatchObject({ dueDate: '2026-10-05', startDate: '2026-10-01' });
  expect([...seen.keys()].sort()).toEqual([made.id, event.id].sort());
  await world.call('DELETE', `${annaPath}/events/${event.id}`);
  expect((await world.anna.fate(event, event.marker ?? '', null)).kind).toBe('deleted');
});

test('where Exchange does not count, there is no mark', async () => {
  world.graph.controls.switches?.({ orderbyAndCount: 'ignore' });
  const [page] = await world.anna.drain(cursors(), true);
  expect(page).toMatchObject({ kind: 'page', mark: null });
});
