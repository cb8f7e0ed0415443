import { anna, attendee, type Body, ben, type GraphWorld, immutable, meeting, segment, startWorld } from './graph-support';

let world: GraphWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

interface Mail {
  readonly count: number;
  readonly entries: readonly {
    readonly kind: string;
    readonly from: string;
    readonly to: readonly string[];
    readonly at: string;
    readonly iCalUId: string;
  }[];
}

function mail(): Mail {
  return world.control('mail', {}) as Mail;
}

function mailed(): string[] {
  return mail().entries.map(({ kind, to }) => `${kind} to ${to.map((address) => address.split('@')[0]).join(' and ')}`);
}

async function invite(...attendees: object[]): Promise<Body> {
  const { body } = await world.call('POST', `${anna}/events`, meeting({ attendees }), immutable);
  return body;
}

async function calendarOf(user: string): Promise<readonly Body[]> {
  return (await world.call('GET', `${user}/events?$top=100`, undefined, immutable)).body.value;
}

describe('a meeting', () => {
  test('invites with a mail, and puts a tentative copy of its own id into the calendars of attendees in the company', async () => {
    const event = await invite(attendee('ben'), { type: 'optional', emailAddress: { address: 'outside@fabrikam.example' } });
    const [copy] = await calendarOf(ben);
    expect(copy).toMatchObject({
      iCalUId: event.iCalUId,
      isOrganizer: false,
      showAs: 'tentative',
      responseStatus: { response: 'notResponded' },
    });
    expect(copy?.id).not.toBe(event.id);
    expect(copy?.organizer.emailAddress).toEqual({ name: 'Anna Berger', address: 'anna@contoso.example' });
    expect(mail()).toEqual({
      count: 1,
      entries: [
        {
          at: '2026-10-05T08:00:00.000Z',
          kind: 'invitation',
          from: 'anna@contoso.example',
          to: ['ben@contoso.example', 'outside@fabrikam.example'],
          id: event.id,
          iCalUId: event.iCalUId,
        },
      ],
    });
  });

  test('without attendees mails nobody, whatever happens to it', async () => {
    const { id } = await invite();
    await world.call('PATCH', `${anna}/events/${segment(id)}`, {
      subject: 'Alone',
      start: { dateTime: '2026-10-06T09:30:00', timeZone: 'UTC' },
    });
    await world.call('DELETE', `${anna}/events/${segment(id)}`);
    expect(mailed()).toEqual([]);
  });

  test.each([
    ['subject', { subject: 'Changed' }],
    ['body', { body: { contentType: 'text', content: 'Agenda' } }],
    ['start', { start: { dateTime: '2026-10-06T08:00:00', timeZone: 'UTC' } }],
    ['location', { location: { displayName: 'Elsewhere' } }],
  ])('mails an update and changes the copies when its %s changes', async (_name, change) => {
    const { id } = await invite(attendee('ben'));
    const { body } = await world.call('PATCH', `${anna}/events/${segment(id)}`, change);
    expect(mailed()).toEqual(['invitation to ben', 'update to ben']);
    const [copy] = await calendarOf(ben);
    expect(copy).toMatchObject({ subject: body.subject, start: body.start, location: body.location, bodyPreview: body.bodyPreview });
  });

  test('mails nobody about what only its organizer sees, or about what did not change', async () => {
    const { id, subject } = await invite(attendee('ben'));
    const extended = [{ id: 'String {8f11aa00-0000-4000-8000-00000000000a} Name Link', value: 'x' }];
    for (const change of [
      { categories: ['Tandem'] },
      { showAs: 'free' },
      { isReminderOn: false },
      { subject },
      { singleValueExtendedProperties: extended },
    ])
      await world.call('PATCH', `${anna}/events/${segment(id)}`, change);
    expect(mailed()).toEqual(['invitation to ben']);
    world.control('switches', { extendedPropertiesMail: true });
    await world.call('PATCH', `${anna}/events/${segment(id)}`, { singleValueExtendedProperties: extended });
    expect(mailed()).toEqual(['invitation to ben', 'update to ben']);
  });

  test('mails only those who were added or removed when nothing but the attendees was sent', async () => {
    const { id } = await invite(attendee('ben'), attendee('chloe'));
    await world.call('PATCH', `${anna}/events/${segment(id)}`, { attendees: [attendee('ben'), attendee('emi')] });
    expect(mailed().slice(1)).toEqual(['invitation to emi', 'cancellation to chloe']);
    expect((await calendarOf('users/chloe@contoso.example'))[0]).toMatchObject({ isCancelled: true });
    expect((await calendarOf('users/emi@contoso.example'))[0]).toMatchObject({ isCancelled: false });
  });

  test.each([
    ['DELETE', ''],
    ['POST', '/cancel'],
  ])('mails a cancellation and marks the copies when its organizer does %s%s', async (method, action) => {
    const { id } = await invite(attendee('ben'));
    const { status } = await world.call(
      method,
      `${anna}/events/${segment(id)}${action}`,
      method === 'POST' ? { comment: 'Sorry' } : undefined,
    );
    expect(status).toBe(method === 'POST' ? 202 : 204);
    expect(mailed()).toEqual(['invitation to ben', 'cancellation to ben']);
    expect((await calendarOf(ben))[0]).toMatchObject({ isCancelled: true, subject: 'Canceled: Review', showAs: 'free' });
    expect(await calendarOf(anna)).toEqual([]);
  });

  test('is mailed about even when it lies in the past', async () => {
    world.clock.now = Date.parse('2027-01-01T00:00:00Z');
    const { id } = await invite(attendee('ben'));
    await world.call('DELETE', `${anna}/events/${segment(id)}`);
    expect(mail().count).toBe(2);
    world.control('resetMail', {});
    expect(mail().count).toBe(0);
  });

  test('is the attendee’s own to delete and to change, which mails nobody and does not reach the organizer', async () => {
    await invite(attendee('ben'));
    const [copy] = await calendarOf(ben);
    const path = `${ben}/events/${segment(copy?.id ?? '')}`;
    expect((await world.call('PATCH', path, { showAs: 'busy', subject: 'Mine' })).status).toBe(200);
    expect((await world.call('POST', `${path}/cancel`, {})).status).toBe(400);
    expect((await world.call('DELETE', path)).status).toBe(204);
    expect(mailed()).toEqual(['invitation to ben']);
    expect((await calendarOf(anna))[0]?.subject).toBe('Review');
  });

  test('keeps its extended properties to the organizer, unless a switch lets them travel', async () => {
    const id = 'String {8f11aa00-0000-4000-8000-00000000000a} Name Link';
    const marked = meeting({ attendees: [attendee('ben')], singleValueExtendedProperties: [{ id, value: 'x' }] });
    const found = async () => {
      const filter = encodeURIComponent(`singleValueExtendedProperties/any(ep: ep/id eq '${id}' and ep/value eq 'x')`);
      return (await world.call('GET', `${ben}/events?$filter=${filter}`)).body.value.length;
    };
    await world.call('POST', `${anna}/events`, marked);
    expect(await found()).toBe(0);
    world.control('switches', { extendedPropertiesTravel: true });
    await world.call('POST', `${anna}/events`, marked);
    expect(await found()).toBe(1);
  });

  test('hides its attendees from each other when it is asked to', async () => {
    const { body } = await world.call(
      'POST',
      `${anna}/events`,
      meeting({ hideAttendees: true, attendees: [attendee('ben'), attendee('emi')] }),
    );
    expect(body.attendees).toHaveLength(2);
    expect((await calendarOf(ben))[0]?.attendees).toEqual([
      expect.objectContaining({ emailAddress: { name: 'Ben', address: 'ben@contoso.example' } }),
    ]);
  });
});
