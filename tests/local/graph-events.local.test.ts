import { anna, type GraphWorld, immutable, meeting, segment, startWorld } from './graph-support';

let world: GraphWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

describe('an event', () => {
  test('comes back with times of seven digits in UTC, and keeps the zone it was created in', async () => {
    const { status, body } = await world.call('POST', `${anna}/events`, {
      subject: 'Berlin breakfast',
      start: { dateTime: '2026-10-06T09:00:00', timeZone: 'W. Europe Standard Time' },
      end: { dateTime: '2026-10-06T10:00:00', timeZone: 'Europe/Berlin' },
    });
    expect(status).toBe(201);
    expect(body.start).toEqual({ dateTime: '2026-10-06T07:00:00.0000000', timeZone: 'UTC' });
    expect(body.end).toEqual({ dateTime: '2026-10-06T08:00:00.0000000', timeZone: 'UTC' });
    expect(body).toMatchObject({ originalStartTimeZone: 'W. Europe Standard Time', originalEndTimeZone: 'W. Europe Standard Time' });
    expect(body['@odata.etag']).toBe(`W/"${body.changeKey}"`);
    expect(body).toMatchObject({ isOrganizer: true, showAs: 'busy', sensitivity: 'normal', importance: 'normal', type: 'singleInstance' });
    expect(body.organizer.emailAddress).toEqual({ name: 'Anna Berger', address: 'anna@contoso.example' });
  });

  test.each(['Tokyo Standard Time', 'Asia/Tokyo'])('is told in the zone that Prefer names: %s', async (zone) => {
    const { body } = await world.call('POST', `${anna}/events`, meeting(), { prefer: `outlook.timezone="${zone}"` });
    expect(body.start).toEqual({ dateTime: '2026-10-06T18:00:00.0000000', timeZone: zone });
    const read = await world.call('GET', `${anna}/events/${segment(body.id)}`, undefined, { prefer: `outlook.timezone="${zone}"` });
    expect(read.headers.get('preference-applied')).toContain(`outlook.timezone="${zone}"`);
    expect(read.body.start.dateTime).toBe('2026-10-06T18:00:00.0000000');
  });

  test('is refused for a time zone that Exchange does not know', async () => {
    const nowhere = { dateTime: '2026-10-06T09:00:00', timeZone: 'Nowhere Standard Time' };
    const { status, body } = await world.call('POST', `${anna}/events`, meeting({ start: nowhere }));
    expect([status, body.error.code]).toEqual([400, 'TimeZoneNotSupportedException']);
  });

  test('of a whole day runs from midnight to midnight in one zone, and is midnight in every zone it is read in', async () => {
    const at = (dateTime: string, timeZone = 'W. Europe Standard Time') => ({ dateTime, timeZone });
    const whole = { isAllDay: true, start: at('2026-10-07T00:00:00'), end: at('2026-10-08T00:00:00') };
    const { status, body } = await world.call('POST', `${anna}/events`, meeting(whole));
    expect(status).toBe(201);
    expect(body.start).toEqual({ dateTime: '2026-10-07T00:00:00.0000000', timeZone: 'UTC' });
    const read = await world.call('GET', `${anna}/events/${segment(body.id)}`, undefined, {
      prefer: 'outlook.timezone="Tokyo Standard Time"',
    });
    expect(read.body.start.dateTime).toBe('2026-10-07T00:00:00.0000000');

    for (const wrong of [
      { start: at('2026-10-07T09:00:00') },
      { end: at('2026-10-08T00:00:00', 'UTC') },
      { end: at('2026-10-07T00:00:00') },
    ]) {
      const refused = await world.call('POST', `${anna}/events`, meeting({ ...whole, ...wrong }));
      expect([refused.status, refused.body.error.code]).toEqual([400, 'ErrorPropertyValidationFailure']);
    }
  });

  test('has its HTML wrapped and cleaned', async () => {
    const content = '<p>Hello <b>you</b></p><script>alert(1)</script>';
    const { body } = await world.call('POST', `${anna}/events`, meeting({ body: { contentType: 'HTML', content } }));
    expect(body.body.contentType).toBe('html');
    expect(body.body.content).toMatch(/^<html>\r\n<head>[\s\S]*<body>\r\n<p>Hello <b>you<\/b><\/p>\r\n<\/body>/);
    expect(body.body.content).not.toContain('script');
    expect(body.bodyPreview).toBe('Hello you');
    const again = await world.call('PATCH', `${anna}/events/${segment(body.id)}`, { body: body.body });
    expect(again.body.body).toEqual(body.body);
  });

  test('answers a text body as HTML, unless text is preferred', async () => {
    const { body } = await world.call('POST', `${anna}/events`, meeting({ body: { contentType: 'text', content: 'Plain & simple' } }));
    expect(body.body.contentType).toBe('html');
    expect(body.body.content).toContain('<div class="PlainText">Plain &amp; simple</div>');
    const read = await world.call('GET', `${anna}/events/${segment(body.id)}`, undefined, { prefer: 'outlook.body-content-type="text"' });
    expect(read.body.body).toEqual({ contentType: 'text', content: 'Plain & simple' });
  });

  test('puts one location in place of all', async () => {
    const { body } = await world.call('POST', `${anna}/events`, meeting({ location: { displayName: 'Room 1' } }));
    expect(body.location.displayName).toBe('Room 1');
    expect(body.locations.map((each) => each.displayName)).toEqual(['Room 1']);
    const cleared = await world.call('PATCH', `${anna}/events/${segment(body.id)}`, { location: { displayName: '' } });
    expect(cleared.body.location.displayName).toBe('');
    expect(cleared.body.locations).toEqual([]);
  });

  test('stays an online meeting once it is one', async () => {
    const { body } = await world.call(
      'POST',
      `${anna}/events`,
      meeting({ isOnlineMeeting: true, onlineMeetingProvider: 'teamsForBusiness' }),
    );
    const patched = await world.call('PATCH', `${anna}/events/${segment(body.id)}`, { isOnlineMeeting: false });
    expect(patched.body.isOnlineMeeting).toBe(true);
  });

  test('refuses a property that does not exist, and a body that is no JSON', async () => {
    const unknown = await world.call('POST', `${anna}/events`, meeting({ colour: 'red' }));
    expect([unknown.status, unknown.body.error.code]).toEqual([400, 'RequestBodyRead']);
    const token = await world.applicationToken();
    const broken = await fetch(`${world.graph.url}/v1.0/${anna}/events`, {
      method: 'POST',
      body: '{',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(broken.status).toBe(400);
  });
});

describe('a transactionId', () => {
  test('gives the same event again for the same request', async () => {
    const request = meeting({ transactionId: 'once' });
    const first = await world.call('POST', `${anna}/events`, request);
    const second = await world.call('POST', `${anna}/events`, request);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.id).toBe(first.body.id);
    expect(second.body.transactionId).toBe('once');
  });

  test('is refused for another request, and the error names the event that has it', async () => {
    const first = await world.call('POST', `${anna}/events`, meeting({ transactionId: 'twice' }), immutable);
    const second = await world.call('POST', `${anna}/events`, meeting({ transactionId: 'twice', subject: 'Other' }), immutable);
    expect([second.status, second.body.error.code]).toEqual([400, 'ErrorDuplicateTransactionId']);
    expect(second.body.error['@event.existingEventId']).toBe(first.body.id);
  });

  test('makes a new event once its event was deleted, unless a switch says otherwise', async () => {
    const request = meeting({ transactionId: 'again' });
    const first = await world.call('POST', `${anna}/events`, request, immutable);
    await world.call('DELETE', `${anna}/events/${segment(first.body.id)}`);
    world.control('switches', { transactionIdAfterDelete: 'duplicate' });
    expect((await world.call('POST', `${anna}/events`, request)).status).toBe(400);
    world.control('switches', { transactionIdAfterDelete: 'create' });
    const second = await world.call('POST', `${anna}/events`, request, immutable);
    expect(second.status).toBe(201);
    expect(second.body.id).not.toBe(first.body.id);
  });

  test('cannot be changed later', async () => {
    const { body } = await world.call('POST', `${anna}/events`, meeting({ transactionId: 'fixed' }));
    const patched = await world.call('PATCH', `${anna}/events/${segment(body.id)}`, { transactionId: 'other' });
    expect(patched.status).toBe(400);
  });
});

describe('an extended property of an event', () => {
  const id = 'String {8F11AA00-0000-4000-8000-00000000000A} Name TandemLink';
  const shownId = 'String {8f11aa00-0000-4000-8000-00000000000a} Name TandemLink';

  test('is not echoed, is shown when asked for, and is found whatever the case of GUID and value', async () => {
    const request = meeting({ singleValueExtendedProperties: [{ id, value: 'Record-1' }] });
    const { body } = await world.call('POST', `${anna}/events`, request);
    expect(body).not.toHaveProperty('singleValueExtendedProperties');
    const expand = encodeURIComponent(`singleValueExtendedProperties($filter=id eq '${id}')`);
    const read = await world.call('GET', `${anna}/events/${segment(body.id)}?$expand=${expand}`);
    expect(read.body.singleValueExtendedProperties).toEqual([{ id: shownId, value: 'Record-1' }]);

    const filter = encodeURIComponent(
      `singleValueExtendedProperties/Any(ep: ep/id eq '${id.toLowerCase().replace('string', 'String').replace('name tandemlink', 'Name TandemLink')}' and ep/value eq 'record-1')`,
    );
    const found = await world.call('GET', `${anna}/events?$filter=${filter}`);
    expect(found.body.value.map((event) => event.id)).toEqual([body.id]);
    expect(found.body.value[0]).not.toHaveProperty('singleValueExtendedProperties');
    const otherName = encodeURIComponent(
      `singleValueExtendedProperties/Any(ep: ep/id eq '${id.replace('TandemLink', 'tandemlink')}' and ep/value eq 'record-1')`,
    );
    expect((await world.call('GET', `${anna}/events?$filter=${otherName}`)).body.value).toEqual([]);
  });
});

describe('versions and ids', () => {
  test('a write makes a new etag, and a stale If-Match is refused with 412', async () => {
    const { body } = await world.call('POST', `${anna}/events`, meeting());
    const path = `${anna}/events/${segment(body.id)}`;
    const patched = await world.call('PATCH', path, { subject: 'New' }, { 'if-match': body['@odata.etag'] });
    expect(patched.status).toBe(200);
    expect(patched.body['@odata.etag']).not.toBe(body['@odata.etag']);
    const stale = await world.call('PATCH', path, { subject: 'Newer' }, { 'if-match': body['@odata.etag'] });
    expect([stale.status, stale.body.error.code]).toEqual([412, 'ErrorIrresolvableConflict']);
    expect((await world.call('DELETE', path, undefined, { 'if-match': body['@odata.etag'] })).status).toBe(412);

    world.control('switches', { ifMatch: '409' });
    expect((await world.call('PATCH', path, { subject: 'Newer' }, { 'if-match': body['@odata.etag'] })).status).toBe(409);
    world.control('switches', { ifMatch: 'ignore' });
    expect((await world.call('PATCH', path, { subject: 'Newer' }, { 'if-match': body['@odata.etag'] })).status).toBe(200);
    world.control('switches', { ifMatch: '412' });
    expect((await world.call('PATCH', path, { subject: 'Newest' }, { 'if-match': '*' })).status).toBe(200);
  });

  test('an event has two ids, and case counts in both', async () => {
    const { body } = await world.call('POST', `${anna}/events`, meeting());
    const read = await world.call('GET', `${anna}/events/${segment(body.id)}`, undefined, immutable);
    expect(read.body.id).not.toBe(body.id);
    expect(body.id).toMatch(/^AAMk.*-.*_.*=$/);
    expect(read.body.id).toMatch(/^AAkA.*=$/);
    for (const wrong of [body.id.toLowerCase(), 'nonsense', body.id.slice(0, -2)]) {
      const { status, body: error } = await world.call('GET', `${anna}/events/${segment(wrong)}`);
      expect([status, error.error.code]).toEqual([400, 'ErrorInvalidIdMalformed']);
    }
    const asContact = await world.call('GET', `${anna}/contacts/${segment(body.id)}`);
    expect([asContact.status, asContact.body.error.code]).toEqual([400, 'ErrorInvalidIdMalformed']);
    const elsewhere = await world.call('GET', `users/ben@contoso.example/events/${segment(body.id)}`);
    expect([elsewhere.status, elsewhere.body.error.code]).toEqual([404, 'ErrorItemNotFound']);
  });

  test('a deleted event answers by its immutable id, and nowhere else', async () => {
    const { body } = await world.call('POST', `${anna}/events`, meeting({ subject: 'To be deleted' }), immutable);
    const usual = (await world.call('GET', `${anna}/events/${segment(body.id)}`)).body.id;
    expect((await world.call('DELETE', `${anna}/events/${segment(body.id)}`)).status).toBe(204);
    expect((await world.call('GET', `${anna}/events/${segment(body.id)}`, undefined, immutable)).status).toBe(200);
    const byUsual = await world.call('GET', `${anna}/events/${segment(usual)}`);
    expect([byUsual.status, byUsual.body.error.code]).toEqual([404, 'ErrorItemNotFound']);
    const view = await world.call('GET', `${anna}/calendarView?startDateTime=2026-10-01&endDateTime=2026-11-01&$top=100`);
    const list = await world.call('GET', `${anna}/events?$top=100`);
    for (const { value } of [view.body, list.body]) expect(value.map((event) => event.subject)).not.toContain('To be deleted');

    world.control('switches', { deletedAnswers404: true });
    expect((await world.call('GET', `${anna}/events/${segment(body.id)}`)).status).toBe(404);
    world.control('switches', { deletedAnswers404: false });
    expect((await world.call('POST', `${anna}/events/${segment(body.id)}/permanentDelete`)).status).toBe(204);
    expect((await world.call('GET', `${anna}/events/${segment(body.id)}`)).status).toBe(404);
  });
});

describe('a calendar view', () => {
  test('needs both dates, and shows what overlaps the window in order of start', async () => {
    const user = 'users/greta@contoso.example';
    const at = (day: number, hour: number) => ({ dateTime: `2026-10-0${day}T${hour}:00:00`, timeZone: 'UTC' });
    for (const [day, subject] of [
      [8, 'later'],
      [7, 'sooner'],
      [9, 'outside'],
    ] as const)
      await world.call('POST', `${user}/calendar/events`, { subject, start: at(day, 10), end: at(day, 11) });
    const view = await world.call(
      'GET',
      `${user}/calendarView?startdatetime=2026-10-07T10:30:00Z&enddatetime=2026-10-09T10:00:00Z&$select=subject`,
    );
    expect(view.body.value.map((event) => event.subject)).toEqual(['sooner', 'later']);
    expect(Object.keys(view.body.value[0] ?? {}).sort()).toEqual(['@odata.etag', 'id', 'subject']);
    expect((await world.call('GET', `${user}/calendarView?startDateTime=2026-10-07`)).status).toBe(400);
  });
});

describe('a list of events', () => {
  const user = 'users/hugo@contoso.example';
  let ids: string[];

  beforeAll(async () => {
    ids = [];
    for (const day of [6, 7, 8]) {
      const at = (hour: number) => ({ dateTime: `2026-10-0${day}T${hour}:00:00`, timeZone: 'UTC' });
      const event = {
        subject: `Day ${day}`,
        start: at(10),
        end: at(11),
        categories: day === 7 ? ['Tandem'] : [],
        showAs: day === 8 ? 'free' : 'busy',
      };
      ids.push((await world.call('POST', `${user}/events`, event)).body.id);
    }
  });

  test.each([
    ["start/dateTime ge '2026-10-07T10:00:00'", ['Day 7', 'Day 8']],
    ["subject eq 'day 6'", ['Day 6']],
    ["categories/any(c: c eq 'Tandem') or showAs eq 'free'", ['Day 7', 'Day 8']],
    ["not (end/dateTime lt '2026-10-08') and isAllDay eq false", ['Day 8']],
  ])('is filtered by %s', async (filter, subjects) => {
    const { body } = await world.call('GET', `${user}/events?$filter=${encodeURIComponent(filter)}`);
    expect(body.value.map((event) => event.subject)).toEqual(subjects);
  });

  test('is filtered by id, whose case counts', async () => {
    const byId = (id: string) => world.call('GET', `${user}/events?$filter=${encodeURIComponent(`id eq '${id}'`)}`);
    expect((await byId(ids[1] ?? '')).body.value).toHaveLength(1);
    expect((await byId((ids[1] ?? '').toLowerCase())).body.value).toEqual([]);
  });

  test('is ordered by the start', async () => {
    const { body } = await world.call('GET', `${user}/events?$orderby=start/dateTime desc&$select=subject`);
    expect(body.value.map((event) => event.subject)).toEqual(['Day 8', 'Day 7', 'Day 6']);
  });
});
