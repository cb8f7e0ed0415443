import { person } from '../../../local/company/people';
import type { DeltaCursor } from '../../../shared/exchange/exchange';
import { kindIn } from '../../../shared/exchange/item';
import { type Feed, markerText, type SeenItem } from '../../../shared/model/seen';
import type { Values } from '../../../shared/model/values';
import {
  ada,
  annaPath,
  call,
  creation,
  type ExchangeWorld,
  entityIn,
  markerOf,
  meeting,
  startExchangeWorld,
  update,
  window,
  written,
} from './exchange-world';

let world: ExchangeWorld;
beforeEach(async () => {
  world = await startExchangeWorld();
});
afterEach(() => world.close());

const kinds: readonly (readonly [name: string, feed: (world: ExchangeWorld) => Feed, values: Values, changes: Values])[] = [
  [
    'an appointment',
    () => 'calendar',
    meeting,
    {
      subject: 'Review',
      body: 'Changed',
      time: '2026-10-06/2026-10-08',
      status: 'oof',
      optionalAttendees: [],
      regarding: null,
      location: null,
    },
  ],
  [
    'a contact',
    () => 'contacts',
    ada,
    {
      lastName: 'Byron',
      emails: ['ada@home.example'],
      pager: '77',
      businessFax: null,
      anniversary: null,
      birthday: null,
      addressCity: 'Bath',
      children: null,
    },
  ],
  [
    'a task',
    ({ tasks }) => tasks,
    call,
    { subject: 'Call Ada again', notes: null, dueDate: '2026-11-01', startDate: null, status: 'inProgress', regarding: 'Fabrikam' },
  ],
];

const cursors = (): DeltaCursor[] => [
  { feed: 'calendar', link: null, at: 'end', window },
  { feed: 'contacts', link: null, at: 'end', window: null },
  { feed: world.tasks, link: null, at: 'end', window: null },
];

async function drained(from: readonly DeltaCursor[]) {
  const pages = await world.anna.drain(from, true);
  return pages.map((page) => {
    if (page.kind !== 'page') throw new Error(`${page.feed} is ${page.kind}`);
    return page;
  });
}

test('the standard folders are the default task list and Deleted Items', async () => {
  const { taskList, deletedItems } = await world.anna.standardFolders();
  expect(`tasks:${taskList}`).toBe(world.tasks);
  const folder = await world.call('GET', `${annaPath}/mailFolders/deleteditems`);
  expect(deletedItems).toBe(folder.body.id);
});

describe.each(kinds)('%s', (_, feedOf, values, changes) => {
  test('that is created comes back as it was written, and so does a later read', async () => {
    const feed = feedOf(world);
    const made = await written(world.anna, creation(feed, values));
    expect(made).toMatchObject({ feed, marker: markerText(markerOf(entityIn(made.feed))), values });
    expect(await world.anna.readItems([made])).toEqual([made]);
  });

  test('that is updated comes back as it now is, everything else untouched', async () => {
    const made = await written(world.anna, creation(feedOf(world), values));
    const changed = await written(world.anna, update(made, changes));
    expect(changed.values).toMatchObject({ ...values, ...changes });
    expect(changed.version).not.toBe(made.version);
    expect(await world.anna.readItems([made])).toEqual([{ ...changed, marker: made.marker }]);
  });

  test('that Tandem wrote is seen by the delta as it was returned, in the version that was returned', async () => {
    const feed = feedOf(world);
    const start = await drained(cursors().filter((cursor) => cursor.feed === feed));
    const made = await written(world.anna, creation(feed, values));
    const [page] = await drained(start.map(({ next }) => next));
    expect(page?.changed.map(({ id, version }) => ({ id, version }))).toEqual([{ id: made.id, version: made.version }]);
    expect(made.values).toMatchObject(page?.changed[0]?.values ?? {});
  });

  test('that was deleted is gone in every way, and deleting it again is a success', async () => {
    const made = await written(world.anna, creation(feedOf(world), values));
    const deletion = { kind: 'delete', key: 'd', ref: made, version: made.version } as const;
    for (let time = 0; time < 2; time += 1) {
      expect(await world.anna.write([deletion])).toEqual([{ key: 'd', outcome: { ok: true, value: null } }]);
    }
    const fate = await world.anna.fate(made, markerText(markerOf(entityIn(made.feed))), null);
    expect(fate.kind).toBe(made.kind === 'task' ? 'missing' : 'deleted');
  });

  test('that still exists is said to exist, with its values', async () => {
    const made = await written(world.anna, creation(feedOf(world), values));
    expect(await world.anna.fate(made, made.marker ?? '', null)).toEqual({ kind: 'exists', item: made });
  });

  test('is found by its marker, and by no other', async () => {
    const feed = feedOf(world);
    const made = await written(world.anna, creation(feed, values));
    const entity = entityIn(feed);
    expect(await world.anna.findByMarker(made.kind, feed, markerText(markerOf(entity)))).toEqual(made);
    expect(await world.anna.findByMarker(made.kind, feed, markerText(markerOf(entity, 'r2')))).toBeNull();
  });

  test('is listed with its id, version and categories', async () => {
    const feed = feedOf(world);
    const { id, version } = await written(world.anna, creation(feed, values));
    const pages = [];
    for await (const page of world.anna.listFolder(feed, feed === 'calendar' ? window : null)) pages.push(...page);
    expect(pages).toEqual([{ id, kind: kindIn(feed), version, categories: [] }]);
  });
});

test('items that are where they were expected come whole, all in one request; deleted ones do not', async () => {
  const made: SeenItem[] = [];
  for (const [, feedOf, values] of kinds)
    for (const key of ['stays', 'goes']) made.push(await written(world.anna, creation(feedOf(world), values, key)));
  const going = made.filter((_, index) => index % 2 === 1);
  await world.anna.write(going.map((ref) => ({ kind: 'delete', key: ref.id, ref, version: ref.version })));
  await world.anna.standardFolders();
  const expected = made.map((ref) => ({ ref, time: typeof ref.values.time === 'string' ? ref.values.time : null }));
  const before = world.requests();
  expect(await world.anna.readExpected(expected)).toEqual(made.filter((each) => !going.includes(each)));
  expect(world.requests() - before).toBeLessThanOrEqual(2);
});

test('all folders of a mailbox are drained in one request, and an unchanged one answers with nothing and a new link', async () => {
  await world.anna.write([creation('calendar', meeting), creation('contacts', ada), creation(world.tasks, call)]);
  const before = world.requests();
  const first = await drained(cursors());
  expect(world.requests() - before).toBe(1);
  expect(first.map(({ changed, mark, next }) => [changed.length, mark?.count, next.at])).toEqual([
    [1, 1, 'end'],
    [1, 1, 'end'],
    [1, 1, 'end'],
  ]);
  const second = await drained(first.map(({ next }) => next));
  expect(second.flatMap(({ changed, removed }) => [...changed, ...removed])).toEqual([]);
  expect(second.map(({ mark }) => mark)).toEqual(first.map(({ mark }) => mark));
  expect(second.every(({ next }) => next.link?.startsWith('/users/'))).toBe(true);
});

test('a long folder is drained page by page until the round ends', async () => {
  const many = Array.from({ length: 120 }, (_, index) => creation('contacts', { lastName: `Number ${index}` }, `r${index}`));
  await world.anna.write(many);
  const ids = new Set<string>();
  let cursor = cursors()[1];
  const ends: string[] = [];
  while (cursor !== undefined && ends.at(-1) !== 'end') {
    const [page] = await drained([cursor]);
    for (const { id } of page?.changed ?? []) ids.add(id);
    cursor = page?.next;
    ends.push(cursor?.at ?? 'end');
  }
  expect(ends).toEqual(['round', 'end']);
  expect(ids.size).toBe(120);
});

test('what a person deletes in Outlook is reported as removed', async () => {
  const made = await written(world.anna, creation('contacts', ada));
  const [first] = await drained(cursors().slice(1, 2));
  await world.call('DELETE', `${annaPath}/contacts/${made.id}`);
  const [second] = await drained(first === undefined ? [] : [first.next]);
  expect(second).toMatchObject({ changed: [], removed: [made.id], mark: { newest: null, count: 0 } });
});

test('a task that moved to another list is found there by its marker, under its new id', async () => {
  const made = await written(world.anna, creation(world.tasks, call));
  const list = await world.call('POST', `${annaPath}/todo/lists`, { displayName: 'Elsewhere' });
  const toListId = String(list.body.id);
  world.graph.controls.moveTask?.({ user: person('anna').objectId, taskId: made.id, toListId });
  const fate = await world.anna.fate(made, made.marker ?? '', null);
  expect(fate).toMatchObject({ kind: 'exists', item: { feed: `tasks:${toListId}`, marker: made.marker, values: call } });
});

test('a contact that moved to another folder still exists', async () => {
  const made = await written(world.anna, creation('contacts', ada));
  const folder = await world.call('POST', `${annaPath}/contactFolders`, { displayName: 'Friends' });
  world.graph.controls.moveContact?.({ user: person('anna').objectId, contactId: made.id, toFolderId: folder.body.id });
  expect((await world.anna.fate(made, made.marker ?? '', null)).kind).toBe('exists');
});

test('an event that moved out of every window still exists', async () => {
  const made = await written(world.anna, creation('calendar', meeting));
  await written(world.anna, update(made, { time: '2031-01-01T09:00:00Z/2031-01-01T10:00:00Z' }));
  expect((await world.anna.fate(made, made.marker ?? '', null)).kind).toBe('exists');
});

test('a create that is sent again makes no second event, and answers with the first', async () => {
  const made = await written(world.anna, creation('calendar', meeting));
  const again = await written(world.anna, creation('calendar', { ...meeting, subject: 'Edited meanwhile' }));
  expect(again).toEqual(made);
});

test('an edit over a newer version is refused as stale, and the other writes go on', async () => {
  const [one, other] = [await written(world.anna, creation('contacts', ada)), await written(world.anna, creation('contacts', ada, 'r2'))];
  await world.call('PATCH', `${annaPath}/contacts/${one.id}`, { nickName: 'Countess' });
  const results = await world.anna.write([update(one, { nickname: 'A' }), update(other, { nickname: 'B' })]);
  expect(results).toMatchObject([
    { key: one.id, outcome: { ok: false, error: { code: 'stale', retry: 'now' } } },
    { key: other.id, outcome: { ok: true, value: { values: { nickname: 'B' } } } },
  ]);
});

test('a write that Exchange refuses does not stop the others', async () => {
  const wrong = creation('calendar', { ...meeting, time: '2026-10-05T10:00:00Z/2026-10-05T09:00:00Z' }, 'wrong');
  const results = await world.anna.write([wrong, creation('contacts', ada, 'right')]);
  expect(results).toMatchObject([
    { key: 'wrong', outcome: { ok: false, error: { code: 'refused', retry: 'never' } } },
    { key: 'right', outcome: { ok: true } },
  ]);
});

test('inviting one more keeps the names and answers of those who were invited', async () => {
  const made = await written(world.anna, creation('calendar', meeting));
  await world.call('PATCH', `${annaPath}/events/${made.id}`, {
    attendees: [
      { type: 'required', emailAddress: { address: 'guest@fabrikam.example', name: 'The Guest' } },
      { type: 'resource', emailAddress: { address: 'room@contoso.example', name: 'Room' } },
    ],
  });
  const [now] = await world.anna.readItems([made]);
  if (now === undefined) throw new Error('the event is gone');
  const changed = await written(world.anna, update(now, { requiredAttendees: ['guest@fabrikam.example', 'ben@contoso.example'] }));
  expect(changed.values).toMatchObject({
    requiredAttendees: ['ben@contoso.example', 'guest@fabrikam.example'],
    resources: ['room@contoso.example'],
  });
  const { body } = await world.call('GET', `${annaPath}/events/${made.id}`);
  expect(body.attendees).toMatchObject([{ emailAddress: { name: 'The Guest' } }, {}, { type: 'resource', emailAddress: { name: 'Room' } }]);
});

test('few writes are one request; many are three chains at most, and never more than three requests run at once', async () => {
  await world.anna.write([1, 2, 3, 4, 5].map((index) => creation('contacts', ada, `few${index}`)));
  expect(world.requests()).toBe(1);
  const many = Array.from({ length: 45 }, (_, index) => creation('contacts', { lastName: `N${index}` }, `many${index}`));
  const results = await world.anna.write(many);
  expect(results.map(({ key, outcome }) => [key, outcome.ok])).toEqual(many.map(({ key }) => [key, true]));
  expect(world.requests()).toBe(4);
  const peaks = Object.entries(world.counters.snapshot().peaks).filter(([key]) => key.includes(person('anna').objectId));
  expect(peaks.every(([, peak]) => peak <= 3)).toBe(true);
});

test('who looks from outside while a cycle may be at work asks one thing at a time', async () => {
  const outside = world.exchange.mailbox({ userId: person('anna').objectId, zone: 'Europe/Berlin', deletedItems: null, fromOutside: true });
  const made = await Promise.all([1, 2, 3].map((index) => written(world.anna, creation('contacts', ada, `o${index}`))));
  world.counters.reset();
  const read = await Promise.all(Array.from({ length: 6 }, () => outside.readItems(made)));
  expect(read.flat()).toHaveLength(18);
  const peaks = Object.entries(world.counters.snapshot().peaks).filter(([key]) => key.includes(person('anna').objectId));
  expect(peaks.map(([, peak]) => peak)).toEqual(peaks.map(() => 1));
  expect(peaks).not.toEqual([]);
});

test('the writes of one item keep their order, however many there are', async () => {
  const made = await written(world.anna, creation('contacts', ada));
  const item = { ...made, version: '' };
  const others = Array.from({ length: 20 }, (_, index) => creation('contacts', { lastName: `N${index}` }, `o${index}`));
  await world.anna.write([update(item, { nickname: 'first' }), ...others, update(item, { nickname: 'second' })]);
  const [now] = await world.anna.readItems([made]);
  expect(now?.values.nickname).toBe('second');
});

test('items that are not there are left out of a read of many', async () => {
  const made = await Promise.all([1, 2, 3].map((index) => written(world.anna, creation(world.tasks, call, `r${index}`))));
  await world.call('DELETE', `${annaPath}/todo/lists/${world.tasks.slice('tasks:'.length)}/tasks/${made[1]?.id}`);
  const many = Array.from({ length: 15 }, () => made).flat();
  const read = await world.anna.readItems(many);
  expect(new Set(read.map(({ id }) => id))).toEqual(new Set([made[0]?.id, made[2]?.id]));
  expect(read).toHaveLength(30);
});

test('a probe sees of each mailbox what the drain marked', async () => {
  await world.anna.write([creation('calendar', meeting), creation('contacts', ada)]);
  const pages = await drained(cursors());
  const feeds = cursors().map(({ feed }) => feed);
  const probed = await world.exchange.probe([
    { userId: person('anna').objectId, feeds },
    { userId: person('ben').objectId, feeds: ['calendar', 'contacts'] },
    { userId: '00000000-0000-4000-8000-00000000dead', feeds: ['calendar'] },
  ]);
  expect(probed.get(person('anna').objectId)).toEqual(pages.map(({ feed, mark }) => ({ feed, mark })));
  expect(probed.get(person('ben').objectId)?.map(({ feed }) => feed)).toEqual(['calendar', 'contacts']);
  expect(probed.size).toBe(2);
});

test('a list that was deleted is told as gone, and the other folders are drained', async () => {
  const list = await world.call('POST', `${annaPath}/todo/lists`, { displayName: 'Soon gone' });
  const feed: Feed = `tasks:${String(list.body.id)}`;
  await world.call('DELETE', `${annaPath}/todo/lists/${list.body.id}`);
  const pages = await world.anna.drain([{ feed, link: null, at: 'end', window: null }, ...cursors()], true);
  expect(pages.map(({ kind }) => kind)).toEqual(['folderGone', 'page', 'page', 'page']);
});

test('a mailbox that Exchange does not have is lost, not empty', async () => {
  const nobody = world.exchange.mailbox({ userId: '00000000-0000-4000-8000-00000000dead', zone: 'UTC', deletedItems: null });
  await expect(nobody.drain(cursors(), false)).rejects.toMatchObject({ code: 'mailbox-missing' });
});
