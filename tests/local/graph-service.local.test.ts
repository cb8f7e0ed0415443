import { people, person } from '../../local/company/people';
import { anna, type Body, ben, type GraphWorld, meeting, segment, startWorld } from './graph-support';

let world: GraphWorld;
beforeEach(async () => {
  world = await startWorld({ latencyMs: 20 });
});
afterEach(() => world.close());

describe('access', () => {
  test('takes a valid token of the issuer for this audience, and nothing else', async () => {
    const path = `${anna}/events`;
    const token = await world.applicationToken();
    for (const audience of [world.graph.url, `${world.graph.url}/`]) {
      expect((await world.callAs(await world.applicationToken({ aud: audience }), 'GET', path)).status).toBe(200);
    }
    const wrong = [
      undefined,
      'nonsense',
      `${token}x`,
      await world.applicationToken({ aud: 'https://other.example' }),
      await world.applicationToken({ iss: 'https://other.example' }),
    ];
    for (const each of wrong) {
      const { status, body, headers } = await world.callAs(each, 'GET', path);
      expect([status, body.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  test('lets an application into every mailbox, but it has no me', async () => {
    for (const { email } of people) expect((await world.call('GET', `users/${email}/mailboxSettings`)).status).toBe(200);
    expect((await world.call('GET', 'me/events')).status).toBe(400);
  });

  test('lets a person into their own mailbox only', async () => {
    const token = await world.personToken('ben');
    expect((await world.callAs(token, 'GET', 'me/events')).status).toBe(200);
    expect((await world.callAs(token, 'GET', `${ben}/events`)).status).toBe(200);
    const { status, body } = await world.callAs(token, 'GET', `${anna}/events`);
    expect([status, body.error.code]).toEqual([403, 'ErrorAccessDenied']);
  });

  test('tells of a person and their settings, and knows nobody else', async () => {
    const { body } = await world.call('GET', `${ben}?$select=id,displayName,mail,userPrincipalName`);
    expect(body).toMatchObject({
      id: person('ben').objectId,
      displayName: 'Ben Carter',
      mail: 'ben@contoso.example',
      userPrincipalName: 'ben@contoso.example',
    });
    expect((await world.call('GET', `${ben}/mailboxSettings`)).body.timeZone).toBe('GMT Standard Time');
    const nobody = await world.call('GET', 'users/nobody@contoso.example/events');
    expect([nobody.status, nobody.body.error.code]).toEqual([404, 'ErrorInvalidUser']);
  });

  test('answers what it does not do with 501 and its name', async () => {
    for (const path of [
      `${anna}/outlook/masterCategories`,
      `${anna}/calendarGroups`,
      'applications',
      `${anna}/events/delta`,
      `${anna}/mailFolders/inbox/messageRules`,
    ]) {
      const { status, body } = await world.call('GET', path);
      expect([status, body.error.code]).toEqual([501, 'NotImplemented']);
    }
  });
});

describe('answers', () => {
  test('carry Graph’s headers, and errors its inner error', async () => {
    const { headers } = await world.call('GET', `${anna}/events`, undefined, { 'client-request-id': 'mine' });
    expect(headers.get('content-type')).toMatch(/^application\/json;odata\.metadata=minimal/);
    expect([headers.get('odata-version'), headers.get('client-request-id')]).toEqual(['4.0', 'mine']);
    expect(headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const { body, headers: others } = await world.call('GET', `${anna}/events/x`);
    expect(body.error.innerError).toEqual({
      date: '2026-10-05T08:00:00',
      'request-id': others.get('request-id'),
      'client-request-id': others.get('client-request-id'),
    });
  });

  test('are counted by what was asked', async () => {
    const { body } = await world.call('POST', `${anna}/calendar/events`, meeting());
    await world.call('GET', `${anna}/events/${segment(body.id)}`);
    await world.call('GET', `${anna}/calendarView/delta?startDateTime=2026-10-01&endDateTime=2026-11-01`);
    await world.call('POST', '$batch', { requests: [{ id: '1', method: 'GET', url: `/${anna}/contacts` }] });
    expect(world.counters.snapshot().endpoints.graph).toEqual({
      'POST users/{}/events': { requests: 1, operations: 1 },
      'GET users/{}/events/{}': { requests: 1, operations: 1 },
      'GET calendarView/delta': { requests: 1, operations: 1 },
      'POST $batch': { requests: 1, operations: 0 },
      'GET users/{}/contacts': { requests: 0, operations: 1 },
    });
  });

  test('misbehave in Graph’s shape when they are told to', async () => {
    world.faults.add({ service: 'graph', kind: 'throttle', retryAfterSeconds: 7, times: 1 });
    const throttled = await world.call('GET', `${anna}/events`);
    expect([throttled.status, throttled.body.error.code, throttled.headers.get('retry-after')]).toEqual([429, 'TooManyRequests', '7']);
    world.faults.add({ service: 'graph', kind: 'error', status: 503, times: 1 });
    expect((await world.call('GET', `${anna}/events`)).body.error.code).toBe('ServiceUnavailable');
  });
});

describe('limits of a mailbox', () => {
  test('let four requests run at once and throttle the fifth, whoever’s mailbox else is busy', async () => {
    await world.close();
    world = await startWorld({ latencyMs: 2_000 });
    const answers = await Promise.all(Array.from({ length: 6 }, () => world.call('GET', `${anna}/events`)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body.error).toMatchObject({
      code: 'ApplicationThrottled',
      message: 'Application is over its MailboxConcurrency limit.',
    });
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(world.counters.snapshot().peaks[`graph:${person('anna').objectId}`]).toBe(4);

    const spread = await Promise.all(people.map(({ email }) => world.call('GET', `users/${email}/events`)));
    expect(spread.every(({ status }) => status === 200)).toBe(true);
  });

  test('are per application', async () => {
    const other = await world.applicationToken({ appid: 'another' });
    const calls = [
      ...Array.from({ length: 4 }, () => world.call('GET', `${anna}/events`)),
      ...Array.from({ length: 4 }, () => world.callAs(other, 'GET', `${anna}/events`)),
    ];
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(Array(8).fill(200));
  });

  test('let so many requests through in ten minutes, and say how long to wait', async () => {
    world.control('switches', { mailboxRequests: 2 });
    const path = `${anna}/events`;
    await world.call('GET', path);
    world.clock.now += 60_000;
    await world.call('GET', path);
    const third = await world.call('GET', path);
    expect([third.status, third.body.error.code, third.headers.get('retry-after')]).toEqual([429, 'ApplicationThrottled', '540']);
    world.clock.now += 540_000;
    expect((await world.call('GET', path)).status).toBe(200);
  });
});

describe('a batch', () => {
  const read = (id: string, user = anna, more: object = {}) => ({ id, method: 'GET', url: `/${user}/mailboxSettings`, ...more });
  const batch = (...requests: object[]) => world.call('POST', '$batch', { requests });
  const statuses = ({ body }: { body: Body }) => body.responses.map(({ id, status }) => [id, status]);

  test('answers each part with status, headers and body of its own, under its own Prefer', async () => {
    const json = { 'Content-Type': 'application/json' };
    const { status, body } = await batch(
      {
        id: 'write',
        method: 'POST',
        url: `${anna}/events`,
        headers: { ...json, Prefer: 'IdType="ImmutableId", outlook.timezone="Tokyo Standard Time"' },
        body: meeting(),
      },
      { id: 'wrong', method: 'GET', url: `/${anna}/events/x` },
    );
    expect(status).toBe(200);
    const [written, wrong] = body.responses;
    expect(written).toMatchObject({
      id: 'write',
      status: 201,
      body: { start: { timeZone: 'Tokyo Standard Time' }, id: expect.stringMatching(/^AAkA/) },
    });
    expect(written?.headers['Preference-Applied']).toContain('Tokyo');
    expect(wrong).toMatchObject({ id: 'wrong', status: 400, body: { error: { code: 'ErrorInvalidIdMalformed' } } });
    const deleted = await batch({ id: '1', method: 'DELETE', url: `/${anna}/events/${segment(written?.body.id ?? '')}` });
    expect(deleted.body.responses[0]).toMatchObject({ id: '1', status: 204 });
    expect(deleted.body.responses[0]).not.toHaveProperty('body');
  });

  test('of more than 20 parts, with an id twice, or without a content type for a body is refused whole', async () => {
    const wrong = [
      Array.from({ length: 21 }, (_, index) => read(String(index))),
      [read('a'), read('A')],
      [read('1', anna, { body: {} })],
      [read('1', anna, { dependsOn: ['2'] }), read('2')],
      [{ id: '1' }],
      [],
    ];
    for (const requests of wrong) expect((await batch(...requests)).status).toBe(400);
    expect(
      (await batch(...Array.from({ length: 20 }, (_, index) => read(String(index), `users/${people[index % 12]?.email}`)))).status,
    ).toBe(200);
  });

  test('does chained parts one after the other, and fails those behind a failure with 424', async () => {
    const chained = await batch(
      read('1'),
      read('2', 'users/nobody', { dependsOn: ['1'] }),
      read('3', anna, { dependsOn: ['2'] }),
      read('4', anna, { dependsOn: ['3'] }),
    );
    expect(statuses(chained)).toEqual([
      ['1', 200],
      ['2', 404],
      ['3', 424],
      ['4', 424],
    ]);
    await batch(
      ...Array.from({ length: 8 }, (_, index) => read(String(index), anna, index === 0 ? {} : { dependsOn: [String(index - 1)] })),
    );
    expect(world.counters.snapshot().peaks[`graph:${person('anna').objectId}`]).toBe(1);
  });

  test('runs independent parts four at once: a batch for one mailbox fills it, one that mixes them four apart does not', async () => {
    await batch(...Array.from({ length: 20 }, (_, index) => read(String(index), `users/${people[index % 4]?.email}`)));
    expect(Math.max(...Object.values(world.counters.snapshot().peaks))).toBe(1);
    await batch(...Array.from({ length: 8 }, (_, index) => read(String(index))));
    expect(world.counters.snapshot().peaks[`graph:${person('anna').objectId}`]).toBe(4);
  });

  test('throttles a part with an inner Retry-After while the others succeed', async () => {
    world.faults.add({
      service: 'graph',
      method: 'GET',
      path: 'mailboxSettings',
      from: 2,
      times: 1,
      kind: 'throttle',
      retryAfterSeconds: 3,
    });
    const { status, body } = await batch(read('1'), read('2', ben), read('3'));
    expect(status).toBe(200);
    expect(body.responses.map((part) => [part.status, part.headers['Retry-After']])).toEqual([
      [200, undefined],
      [429, '3'],
      [200, undefined],
    ]);
  });

  test('loses its whole answer when one part is cut, though the others were done', async () => {
    world.faults.add({ service: 'graph', method: 'POST', path: 'contacts', from: 2, times: 1, kind: 'cutAfter' });
    const json = { 'Content-Type': 'application/json' };
    const create = (id: string) => ({ id, method: 'POST', url: `/${anna}/contacts`, headers: json, body: { givenName: id } });
    await expect(batch(create('1'), create('2'), create('3'))).rejects.toThrow();
    const list = await world.call('GET', `${anna}/contacts`);
    expect(list.body.value.map((contact) => contact.givenName)).toEqual(['1', '2', '3']);
  });

  test('may answer in another order', async () => {
    world.control('switches', { batchOrder: 'reversed' });
    expect(statuses(await batch(read('1'), read('2', ben)))).toEqual([
      ['2', 200],
      ['1', 200],
    ]);
  });
});

describe('the company’s mailboxes', () => {
  test('begin with a few items that were born in Exchange, the same on every run', async () => {
    const [one, other] = [await startWorld({ seed: 'company' }), await startWorld({ seed: 'company' })];
    for (const { email } of people) {
      const user = `users/${email}`;
      expect((await one.call('GET', `${user}/contacts`)).body.value).toHaveLength(2);
      expect((await one.call('GET', `${user}/events`)).body.value).toHaveLength(1);
      const list = (await one.call('GET', `${user}/todo/lists`)).body.value[0];
      expect((await one.call('GET', `${user}/todo/lists/${segment(list?.id ?? '')}/tasks`)).body.value).toHaveLength(1);
    }
    const read = async (each: GraphWorld) => (await each.call('GET', `${anna}/contacts?$select=givenName,surname`)).body.value;
    expect(await read(one)).toEqual(await read(other));
    expect(one.control('mail', {})).toMatchObject({ count: 0 });
    await Promise.all([one.close(), other.close()]);
  });

  test('are controlled only by arguments that fit', () => {
    expect(() => world.control('switches', { nonsense: true })).toThrow();
    expect(() => world.control('moveTask', { user: 'anna@contoso.example' })).toThrow();
    expect(() => world.control('expireDeltas', { user: 'nobody' })).toThrow();
  });
});
