import { anna, attendee, type Body, ben, drain, type GraphWorld, immutable, meeting, segment, startWorld } from './graph-support';

let world: GraphWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const contacts = `${anna}/contactFolders/contacts/contacts/delta`;
const october = `${anna}/calendarView/delta?startDateTime=2026-10-01T00:00:00Z&endDateTime=2026-11-01T00:00:00Z`;

async function addContact(givenName: string): Promise<Body> {
  return (await world.call('POST', `${anna}/contacts`, { givenName })).body;
}

async function addContacts(count: number): Promise<Body[]> {
  const added: Body[] = [];
  for (let index = 0; index < count; index += 1) added.push(await addContact(`N${index}`));
  return added;
}

function given(items: readonly Body[]): unknown[] {
  return items.map((item) => (item['@removed'] === undefined ? item.givenName : `-${item.id}`));
}

describe('a delta round', () => {
  test('tells everything there is in pages, and after that only what changed', async () => {
    const added = await addContacts(25);
    const first = await drain(world, contacts);
    expect(first.pages).toBe(3);
    expect(first.items).toHaveLength(25);
    expect(first.items[0]).toMatchObject({
      '@odata.type': '#microsoft.graph.contact',
      givenName: 'N0',
      '@odata.etag': expect.stringMatching(/^W\//),
    });
    expect(first.link).toMatch(/\$deltatoken=/);

    const [changed, deleted] = added;
    await world.call('PATCH', `${anna}/contacts/${segment(changed?.id ?? '')}`, { givenName: 'Changed' });
    await world.call('PATCH', `${anna}/contacts/${segment(changed?.id ?? '')}`, { givenName: 'Changed twice' });
    await world.call('DELETE', `${anna}/contacts/${segment(deleted?.id ?? '')}`);
    const second = await drain(world, first.link);
    expect(given(second.items)).toEqual(['Changed twice', `-${deleted?.id}`]);
    expect(second.items[1]).toEqual({ '@odata.type': '#microsoft.graph.contact', id: deleted?.id, '@removed': { reason: 'deleted' } });
    expect((await drain(world, second.link)).items).toEqual([]);
  });

  test('says which preferences were applied, and honours a page size and $select', async () => {
    await addContacts(3);
    const { body, headers } = await world.call('GET', `${contacts}?$select=givenName`, undefined, { prefer: 'odata.maxpagesize=2' });
    expect(headers.get('preference-applied')).toBe('odata.track-changes, odata.maxpagesize=2');
    expect(body['@odata.context']).toBe(`${world.graph.url}/v1.0/$metadata#Collection(contact)`);
    expect(body.value).toHaveLength(2);
    const rest = await world.call('GET', body['@odata.nextLink'] ?? '', undefined, { prefer: 'odata.maxpagesize=2' });
    expect(Object.keys(rest.body.value[0] ?? {}).sort()).toEqual(['@odata.etag', '@odata.type', 'givenName', 'id']);
  });

  test('leaves out what was deleted before it began', async () => {
    const { id } = await addContact('Early');
    await world.call('DELETE', `${anna}/contacts/${segment(id)}`);
    expect((await drain(world, contacts)).items).toEqual([]);
  });

  test('loses no change that is made while it is being read', async () => {
    const added = await addContacts(15);
    const page = await world.call('GET', contacts);
    await world.call('PATCH', `${anna}/contacts/${segment(added[2]?.id ?? '')}`, { givenName: 'Meanwhile' });
    await world.call('DELETE', `${anna}/contacts/${segment(added[12]?.id ?? '')}`);
    const rest = await drain(world, page.body['@odata.nextLink'] ?? '');
    expect(given(rest.items)).toEqual(['N10', 'N11', 'N13', 'N14', 'Meanwhile', `-${added[12]?.id}`]);
  });

  test('speaks in immutable ids to whoever asks for them, on the same link', async () => {
    const { id } = await addContact('Two ids');
    const { link } = await drain(world, contacts);
    await world.call('DELETE', `${anna}/contacts/${segment(id)}`);
    const usual = await world.call('GET', link);
    const stable = await world.call('GET', link, undefined, immutable);
    expect(usual.body.value[0]?.id).toBe(id);
    expect(stable.body.value[0]?.id).toMatch(/^AAkA/);
  });

  test('is answered under all the names of the function', async () => {
    for (const name of ['delta()', 'microsoft.graph.delta', 'delta']) {
      expect((await world.call('GET', `${anna}/contactFolders/contacts/contacts/${name}`)).status).toBe(200);
    }
    expect((await world.call('GET', `${anna}/contacts/delta`)).status).toBe(501);
  });

  test('tells of a contact that moved: gone from one folder, new in the other', async () => {
    const { id } = await addContact('Mover');
    const folder = (await world.call('POST', `${anna}/contactFolders`, { displayName: 'Partners' })).body;
    const here = await drain(world, contacts);
    const there = await drain(world, `${anna}/contactFolders/${segment(folder.id)}/contacts/delta`);
    world.control('moveContact', { user: 'anna@contoso.example', contactId: id, toFolderId: folder.id });
    expect(given((await drain(world, here.link)).items)).toEqual([`-${id}`]);
    expect(given((await drain(world, there.link)).items)).toEqual(['Mover']);
  });
});

describe('generations of a delta chain', () => {
  test('the three newest links answer, an older one is 410 with the generations that are kept', async () => {
    await addContact('N');
    const links = [(await drain(world, contacts)).link];
    for (let round = 0; round < 3; round += 1) links.push((await drain(world, links.at(-1) ?? '')).link);
    for (const link of links.slice(1)) expect(link).toMatch(/deltatoken/);
    const { status, body } = await world.call('GET', links[0] ?? '');
    expect([status, body.error.code]).toEqual([410, 'SyncStateNotFound']);
    expect(body.error.message).toBe('The sync state generation is not found; generation=1;[highest=4][4][2][3].');
    expect((await world.call('GET', links[1] ?? '')).status).toBe(200);
  });

  test('a link can be read again within those three, and tells the same or newer', async () => {
    const { link } = await drain(world, contacts);
    await addContact('First');
    expect(given((await world.call('GET', link)).body.value)).toEqual(['First']);
    await addContact('Second');
    expect(given((await world.call('GET', link)).body.value)).toEqual(['First', 'Second']);
    expect((await world.call('GET', link)).status).toBe(200);
    expect((await world.call('GET', link)).status).toBe(410);
  });

  test('pages of one round are generations too', async () => {
    await addContacts(6);
    const prefer = { prefer: 'odata.maxpagesize=1' };
    const first = (await world.call('GET', contacts, undefined, prefer)).body['@odata.nextLink'] ?? '';
    await drain(world, first, prefer);
    expect((await world.call('GET', first, undefined, prefer)).status).toBe(410);
  });

  test('another chain on the same folder does not age this one', async () => {
    const { link } = await drain(world, contacts);
    for (let round = 0; round < 5; round += 1) await drain(world, contacts);
    expect((await world.call('GET', link)).status).toBe(200);
  });

  test('an answer without changes can be told not to be one', async () => {
    world.control('switches', { emptyAnswerAdvances: false });
    const { link } = await drain(world, contacts);
    let next = link;
    for (let round = 0; round < 5; round += 1) next = (await drain(world, next)).link;
    expect(next).toBe(link);
    expect((await world.call('GET', link)).status).toBe(200);
  });

  test('links expire on demand, by a control or by a fault on the request', async () => {
    const { link } = await drain(world, contacts);
    world.faults.add({ service: 'graph', path: 'delta', kind: 'expireCursor', times: 1 });
    expect((await world.call('GET', link)).body.error.code).toBe('SyncStateNotFound');
    expect((await world.call('GET', link)).status).toBe(200);
    expect(world.control('expireDeltas', { user: 'ben@contoso.example' })).toEqual({ expired: 0 });
    expect(world.control('expireDeltas', {})).toEqual({ expired: 1 });
    expect((await world.call('GET', link)).status).toBe(410);
    expect((await world.call('GET', contacts)).status).toBe(200);
  });

  test('an expired link can instead point to where a new round begins', async () => {
    world.control('switches', { expiry: 'location' });
    await addContact('N');
    const { link } = await drain(world, `${contacts}?$select=givenName`);
    world.control('expireDeltas', {});
    const refused = await world.call('GET', link);
    expect([refused.status, refused.body.error.code]).toEqual([410, 'resyncRequired']);
    const location = refused.headers.get('location') ?? '';
    expect(location).toMatch(/\$deltatoken=$/);
    expect(given((await drain(world, location)).items)).toEqual(['N']);
  });

  test('a token that was never given out, or for something else, is a bad request', async () => {
    expect((await world.call('GET', `${contacts}?$deltatoken=nonsense`)).status).toBe(400);
    const { link } = await drain(world, contacts);
    const token = new URL(link).searchParams.get('$deltatoken');
    expect((await world.call('GET', `${anna}/calendarView/delta?$deltatoken=${token}`)).status).toBe(400);
  });
});

describe('what a delta may do', () => {
  test('begin a round with an empty page', async () => {
    world.control('switches', { emptyPages: true });
    await addContact('N');
    const first = await world.call('GET', contacts);
    expect(first.body.value).toEqual([]);
    const round = await drain(world, first.body['@odata.nextLink'] ?? '');
    expect(given(round.items)).toEqual(['N']);
    const next = await drain(world, round.link);
    expect([next.pages, next.items.length]).toEqual([2, 0]);
  });

  test('tell an item again', async () => {
    world.control('switches', { replays: true });
    await addContact('N');
    const { items, link } = await drain(world, contacts);
    const again = await drain(world, link);
    expect(again.items).toEqual(items);
  });

  test('tell a change late, and never lose it', async () => {
    world.control('switches', { deltaLagMs: 3_600_000 });
    await addContact('N');
    const early = await drain(world, contacts);
    expect(early.items).toEqual([]);
    world.control('switches', { deltaLagMs: 0 });
    expect(given((await drain(world, early.link)).items)).toEqual(['N']);
  });

  test('tell changes in another order than they were made', async () => {
    world.control('switches', { deltaOrder: 'newestFirst' });
    await addContact('N');
    await addContact('O');
    expect(given((await drain(world, contacts)).items)).toEqual(['O', 'N']);
  });
});

describe('delta of a calendar window', () => {
  test('needs both dates and takes no query option', async () => {
    expect((await world.call('GET', `${anna}/calendarView/delta?startDateTime=2026-10-01`)).status).toBe(400);
    for (const option of ['$select=subject', "$filter=subject eq 'x'", '$orderby=subject', '$expand=extensions', '$search="x"', '$top=5']) {
      expect((await world.call('GET', `${october}&${option}`)).status).toBe(400);
    }
    expect((await world.call('GET', october.replace('startDateTime', 'startdatetime'))).status).toBe(200);
  });

  test('reports what was changed, moved or created outside the window as removed', async () => {
    const inside = (await world.call('POST', `${anna}/events`, meeting())).body;
    const outside = {
      start: { dateTime: '2026-12-01T09:00:00', timeZone: 'UTC' },
      end: { dateTime: '2026-12-01T10:00:00', timeZone: 'UTC' },
    };
    await world.call('POST', `${anna}/events`, meeting(outside));
    const first = await drain(world, october);
    expect(first.items.map((item) => item.id)).toEqual([inside.id]);

    await world.call('PATCH', `${anna}/events/${segment(inside.id)}`, outside);
    const born = (await world.call('POST', `${anna}/events`, meeting(outside))).body;
    const second = await drain(world, first.link);
    expect(second.items).toEqual(
      [inside.id, born.id].map((id) => ({ '@odata.type': '#microsoft.graph.event', id, '@removed': { reason: 'deleted' } })),
    );
    expect((await world.call('GET', `${anna}/events/${segment(inside.id)}`)).status).toBe(200);

    await world.call('PATCH', `${anna}/events/${segment(born.id)}`, meeting());
    expect((await drain(world, second.link)).items).toMatchObject([{ id: born.id, subject: 'Review' }]);
  });

  test('hears of invitations, and tells times and bodies as each request prefers', async () => {
    const { link } = await drain(world, `${ben}/calendarView/delta?startDateTime=2026-10-01&endDateTime=2026-11-01`);
    await world.call('POST', `${anna}/events`, meeting({ attendees: [attendee('ben')], body: { contentType: 'text', content: 'Hi' } }));
    const prefer = 'outlook.timezone="Tokyo Standard Time", outlook.body-content-type="text"';
    const { items } = await drain(world, link, { prefer });
    expect(items).toMatchObject([
      { subject: 'Review', isOrganizer: false, start: { timeZone: 'Tokyo Standard Time' }, body: { content: 'Hi' } },
    ]);
  });
});

describe('delta of To Do', () => {
  test('tells of tasks per list with their linked resources, and of a move as gone here and new there', async () => {
    const lists = (await world.call('GET', `${anna}/todo/lists`)).body.value;
    const other = (await world.call('POST', `${anna}/todo/lists`, { displayName: 'Other' })).body;
    const path = (list: Body | undefined) => `${anna}/todo/lists/${segment(list?.id ?? '')}/tasks`;
    const task = (await world.call('POST', path(lists[0]), { title: 'Mover', linkedResources: [{ externalId: 'r' }] })).body;
    const here = await drain(world, `${path(lists[0])}/delta?$expand=linkedResources&$select=title&$top=1`);
    expect(here.items).toMatchObject([{ id: task.id, title: 'Mover', linkedResources: [{ externalId: 'r' }] }]);
    const there = await drain(world, `${path(other)}/delta`);
    world.control('moveTask', { user: 'anna@contoso.example', taskId: task.id, toListId: other.id });
    expect((await drain(world, here.link)).items).toMatchObject([{ id: task.id, '@removed': { reason: 'deleted' } }]);
    const [arrived] = (await drain(world, there.link)).items;
    expect(arrived?.title).toBe('Mover');
    expect(arrived?.id).not.toBe(task.id);
  });

  test('tells of lists', async () => {
    const first = await drain(world, `${anna}/todo/lists/delta`);
    expect(first.items.map((list) => list.displayName)).toEqual(['Tasks', 'Flagged Emails']);
    const { id } = (await world.call('POST', `${anna}/todo/lists`, { displayName: 'New' })).body;
    const second = await drain(world, first.link);
    expect(second.items).toMatchObject([{ id, displayName: 'New' }]);
    await world.call('DELETE', `${anna}/todo/lists/${segment(id)}`);
    expect((await drain(world, second.link)).items).toMatchObject([{ id, '@removed': { reason: 'deleted' } }]);
  });
});

describe('a snapshot', () => {
  test('brings back items, ids, versions and delta links', async () => {
    const contact = await addContact('Kept');
    await world.call('POST', `${anna}/events`, meeting({ attendees: [attendee('ben')] }));
    const { link } = await drain(world, contacts);
    const token = new URL(link).searchParams.get('$deltatoken');
    const again = await startWorld({ snapshot: JSON.parse(JSON.stringify(world.graph.snapshot())) });
    const read = await again.call('GET', `${anna}/contacts/${segment(contact.id)}`);
    expect(read.body).toMatchObject({ id: contact.id, givenName: 'Kept', '@odata.etag': contact['@odata.etag'] });
    expect(again.control('mail', {})).toMatchObject({ count: 1 });
    await again.call('PATCH', `${anna}/contacts/${segment(contact.id)}`, { givenName: 'Changed' });
    const { items } = await drain(again, `${contacts}?$deltatoken=${token}`);
    expect(given(items)).toEqual(['Changed']);
    await again.close();
  });
});

describe('a mailbox of 20,000 contacts', () => {
  test('is read to its end and probed in reasonable time', async () => {
    const state = world.graph.snapshot() as {
      exchange: { mailboxes: { last: number; items: { contact: object[] }; feeds: Record<string, object[]> }[] };
    };
    const model = await addContact('Model');
    const [kept] = (world.graph.snapshot() as typeof state).exchange.mailboxes[0]?.items.contact ?? [];
    const mailbox = state.exchange.mailboxes[0];
    if (mailbox === undefined || kept === undefined) throw new Error('The snapshot has no mailbox.');
    const changes: object[] = [];
    for (let key = mailbox.last + 1; key <= mailbox.last + 20_000; key += 1) {
      mailbox.items.contact.push({ ...kept, key, placement: key, version: key });
      changes.push({ at: key, key, placement: key });
    }
    mailbox.feeds['contact:1'] = changes;
    mailbox.last += 20_000;
    const big = await startWorld({ snapshot: state });
    const started = performance.now();
    const { items, pages } = await drain(big, contacts, { prefer: 'odata.maxpagesize=500' });
    expect([items.length, pages]).toEqual([20_000, 40]);
    const probe = await big.call('GET', `${anna}/contacts?$top=1&$orderby=lastModifiedDateTime desc&$select=id&$count=true`);
    expect(probe.body['@odata.count']).toBe(20_000);
    expect(model.id).not.toBe('');
    expect(performance.now() - started).toBeLessThan(20_000);
    await big.close();
  });
});
