import { anna, type Body, type GraphWorld, immutable, segment, startWorld } from './graph-support';

let world: GraphWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

async function create(contact: object, headers?: Record<string, string>): Promise<Body> {
  const { status, body } = await world.call('POST', `${anna}/contacts`, contact, headers);
  expect(status).toBe(201);
  return body;
}

function patch(id: string, change: object): ReturnType<GraphWorld['call']> {
  return world.call('PATCH', `${anna}/contacts/${segment(id)}`, change);
}

describe('a contact', () => {
  test('makes its display name from its parts, again whenever one changes, unless it is sent', async () => {
    const { id, displayName, fileAs } = await create({ givenName: 'Nora', surname: 'Olsen' });
    expect([displayName, fileAs]).toEqual(['Nora Olsen', 'Olsen, Nora']);
    expect((await patch(id, { jobTitle: 'Buyer' })).body.displayName).toBe('Nora Olsen');
    expect((await patch(id, { middleName: 'M.' })).body.displayName).toBe('Nora M. Olsen');
    expect((await patch(id, { surname: 'Berg', displayName: 'N. Berg' })).body.displayName).toBe('N. Berg');
    expect((await patch(id, { givenName: 'Eleonora' })).body.displayName).toBe('Eleonora M. Berg');
  });

  test('drops blank phones, so that the second becomes the first', async () => {
    const { id, businessPhones, homePhones } = await create({ businessPhones: ['', '+49 2'], homePhones: ['1', '2'] });
    expect([businessPhones, homePhones]).toEqual([['+49 2'], ['1', '2']]);
    expect((await patch(id, { businessPhones: ['1', '2', '3'] })).status).toBe(400);
  });

  test('keeps its three addresses and their three names in step', async () => {
    const address = (name: string) => ({ name, address: `${name}@x.example` });
    const { id } = await create({ emailAddresses: [address('a'), { address: 'b@x.example' }] });
    const whole = (await world.call('GET', `${anna}/contacts/${segment(id)}`)).body;
    expect(whole).toMatchObject({
      primaryEmailAddress: address('a'),
      secondaryEmailAddress: { name: 'b@x.example' },
      tertiaryEmailAddress: null,
    });
    const second = (await patch(id, { primaryEmailAddress: null, tertiaryEmailAddress: address('c') })).body;
    expect(second.emailAddresses).toEqual([{ name: 'b@x.example', address: 'b@x.example' }, address('c')]);
    expect((await patch(id, { emailAddresses: ['a', 'b', 'c', 'd'].map(address) })).status).toBe(400);
  });

  test('keeps a birthday as a DateTimeOffset, and tells its own times in whole seconds', async () => {
    const { birthday, createdDateTime } = await create({ birthday: '1980-02-29' });
    expect([birthday, createdDateTime]).toEqual(['1980-02-29T00:00:00Z', '2026-10-05T08:00:00Z']);
  });

  test('that was deleted answers by its immutable id from Deleted Items', async () => {
    const { id } = await create({ givenName: 'Gone' }, immutable);
    const usual = (await world.call('GET', `${anna}/contacts/${segment(id)}`)).body.id;
    expect((await world.call('DELETE', `${anna}/contacts/${segment(id)}`)).status).toBe(204);
    const bin = await world.call('GET', `${anna}/mailFolders/deleteditems`);
    const deleted = await world.call('GET', `${anna}/contacts/${segment(id)}`, undefined, immutable);
    expect([deleted.status, deleted.body.parentFolderId]).toEqual([200, bin.body.id]);
    expect((await world.call('GET', `${anna}/contacts/${segment(usual)}`)).status).toBe(404);
    expect((await world.call('DELETE', `${anna}/contacts/${segment(id)}`)).status).toBe(204);
    expect((await world.call('GET', `${anna}/contacts/${segment(id)}`)).status).toBe(404);
  });

  test('refuses a stale If-Match with 412', async () => {
    const { id, '@odata.etag': etag } = await create({ givenName: 'Tag' });
    await patch(id, { jobTitle: 'New' });
    const stale = await world.call('DELETE', `${anna}/contacts/${segment(id)}`, undefined, { 'if-match': etag });
    expect([stale.status, stale.body.error.code]).toEqual([412, 'ErrorIrresolvableConflict']);
  });
});

describe('extended properties of a contact', () => {
  const fax = 'String 0x3A24';
  const anniversary = 'SystemTime 0x3A41';

  test('take property tags, and come back under the short lower-case tag', async () => {
    const values = [
      { id: fax, value: '+49 99' },
      { id: anniversary, value: '2001-05-06' },
    ];
    const { id } = await create({ givenName: 'Tagged', singleValueExtendedProperties: values });
    const expand = encodeURIComponent(
      `singleValueExtendedProperties($filter=id eq '${fax}' or id eq '${anniversary}' or id eq 'String 0x3A21')`,
    );
    const shown = [
      { id: 'String 0x3a24', value: '+49 99' },
      { id: 'SystemTime 0x3a41', value: '2001-05-06T00:00:00Z' },
    ];
    const one = await world.call('GET', `${anna}/contacts/${segment(id)}?$expand=${expand}&$select=id`);
    expect(one.body.singleValueExtendedProperties).toEqual(shown);
    const filter = encodeURIComponent(`singleValueExtendedProperties/any(ep: ep/id eq '${fax}' and ep/value eq '+49 99')`);
    const list = await world.call('GET', `${anna}/contacts?$filter=${filter}&$expand=${expand}`);
    expect(list.body.value.map((contact) => contact.singleValueExtendedProperties)).toEqual([shown]);
    await patch(id, { singleValueExtendedProperties: [{ id: fax, value: null }] });
    expect((await world.call('GET', `${anna}/contacts?$filter=${filter}`)).body.value).toEqual([]);
  });

  test('follow one of three forms, and are not another way to a contact’s own properties', async () => {
    const write = (id: string) => world.call('POST', `${anna}/contacts`, { singleValueExtendedProperties: [{ id, value: 'x' }] });
    expect((await write('CrmLink')).status).toBe(400);
    expect((await write('String 0x3A08')).status).toBe(501);
  });
});

describe('contact folders', () => {
  test('leave the default one out of their list; it answers as `contacts` and by the id that its contacts name', async () => {
    const { parentFolderId } = await create({ givenName: 'Child' });
    expect((await world.call('GET', `${anna}/contactFolders`)).body.value).toEqual([]);
    const byName = await world.call('GET', `${anna}/contactFolders/contacts`);
    expect(byName.body).toMatchObject({ id: parentFolderId, displayName: 'Contacts' });
    expect((await world.call('GET', `${anna}/contactFolders/${segment(parentFolderId)}`)).status).toBe(200);
  });

  test('hold contacts of their own; a contact that moves gets another id and keeps its immutable one', async () => {
    const folder = await world.call('POST', `${anna}/contactFolders`, { displayName: 'Partners' });
    expect(folder.status).toBe(201);
    const { id } = await create({ givenName: 'Mover' });
    const moved = world.control('moveContact', { user: 'anna@contoso.example', contactId: id, toFolderId: folder.body.id });
    const { id: newId, immutableId } = moved as { id: string; immutableId: string };
    expect(newId).not.toBe(id);
    expect((await world.call('GET', `${anna}/contacts/${segment(id)}`)).status).toBe(404);
    const read = await world.call('GET', `${anna}/contacts/${segment(immutableId)}`);
    expect(read.body).toMatchObject({ id: newId, parentFolderId: folder.body.id });
    const inside = await world.call('GET', `${anna}/contactFolders/${segment(folder.body.id)}/contacts`);
    expect(inside.body.value.map((contact) => contact.givenName)).toEqual(['Mover']);

    expect((await world.call('DELETE', `${anna}/contactFolders/${segment(folder.body.id)}`)).status).toBe(204);
    const bin = await world.call('GET', `${anna}/mailFolders/deleteditems`);
    expect((await world.call('GET', `${anna}/contacts/${segment(immutableId)}`)).body.parentFolderId).toBe(bin.body.id);
  });
});

describe('a list of contacts', () => {
  const user = 'users/kira@contoso.example';
  const names = Array.from({ length: 25 }, (_, index) => `Name ${String(index).padStart(2, '0')}`);

  beforeAll(async () => {
    for (const givenName of names) {
      world.clock.now += 1000;
      await world.call('POST', `${user}/contacts`, {
        givenName,
        emailAddresses: [{ address: `${givenName.replace(' ', '')}@x.example` }],
        categories: givenName.endsWith('7') ? ['Seven'] : [],
      });
    }
  });

  function given(answer: { body: Body }): unknown[] {
    return answer.body.value.map((contact) => contact.givenName);
  }

  test('comes in pages of ten, by nextLinks with $skip on this origin', async () => {
    const first = await world.call('GET', `${user}/contacts?$count=true&$select=givenName`);
    expect(first.body['@odata.count']).toBe(25);
    expect(first.body['@odata.nextLink']).toMatch(new RegExp(`^${world.graph.url}/v1.0/users/.*\\$skip=10`));
    const second = await world.call('GET', first.body['@odata.nextLink'] ?? '');
    const third = await world.call('GET', second.body['@odata.nextLink'] ?? '');
    expect([...given(first), ...given(second), ...given(third)]).toEqual(names);
    expect(third.body).not.toHaveProperty('@odata.nextLink');
    expect((await world.call('GET', `${user}/contacts?$top=1001`)).status).toBe(400);
  });

  test('tells the newest change and the number of contacts in one small answer', async () => {
    const probe = `${user}/contacts?$top=1&$orderby=lastModifiedDateTime desc&$select=id,lastModifiedDateTime&$count=true`;
    const { body } = await world.call('GET', probe);
    expect(body['@odata.count']).toBe(25);
    expect(body.value).toEqual([
      { '@odata.etag': expect.any(String), id: expect.any(String), lastModifiedDateTime: '2026-10-05T08:00:25Z' },
    ]);
    world.control('switches', { orderbyAndCount: 'ignore' });
    const ignored = await world.call('GET', probe);
    expect(ignored.body).not.toHaveProperty('@odata.count');
    expect(ignored.body.value[0]?.lastModifiedDateTime).toBe('2026-10-05T08:00:01Z');
    world.control('switches', { orderbyAndCount: 'honour' });
  });

  test.each([
    ["givenName eq 'name 03'", ['Name 03']],
    ["startswith(givenName,'Name 0') and not (givenName lt 'Name 08')", ['Name 08', 'Name 09']],
    ["contains(displayName,'24') or givenName eq 'Name 00'", ['Name 00', 'Name 24']],
    ["emailAddresses/any(a:a/address eq 'name11@x.example')", ['Name 11']],
    ["categories/any(c:c eq 'Seven')", ['Name 07', 'Name 17']],
    ["categories/any(c:c ne 'Seven') or companyName ne null", []],
    ['lastModifiedDateTime ge 2026-10-05T08:00:24Z', ['Name 23', 'Name 24']],
  ])('is filtered by %s', async (filter, expected) => {
    expect(given(await world.call('GET', `${user}/contacts?$top=100&$filter=${encodeURIComponent(filter)}`))).toEqual(expected);
  });

  test.each(['$filter=shoeSize eq 1', '$filter=givenName eq', '$orderby=shoeSize', '$select=shoeSize', '$nonsense=1'])(
    'refuses %s',
    async (option) => {
      const { status, body } = await world.call('GET', `${user}/contacts?${option}`);
      expect([status, body.error.code]).toEqual([400, 'RequestBroker--ParseUri']);
    },
  );

  test('refuses what it does not do by its name', async () => {
    const { status, body } = await world.call('GET', `${user}/contacts?$search="x"`);
    expect(status).toBe(501);
    expect(body.error.message).toContain('$search');
  });
});
