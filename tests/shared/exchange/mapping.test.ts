import { contactBody, contactOf } from '../../../shared/exchange/contact';
import { eventBody, eventOf, placeOf } from '../../../shared/exchange/event';
import { taskBody, taskOf } from '../../../shared/exchange/task';
import { transactionIdOf } from '../../../shared/exchange/transaction-id';

const head = { id: 'AAMkAGI=', '@odata.etag': 'W/"CQAA"', lastModifiedDateTime: '2026-10-05T08:00:00Z' };

describe('a task', () => {
  test('that To Do returns without empty properties has them as null', () => {
    const { values } = taskOf({ ...head, title: 'Call Ada', status: 'waitingOnOthers' }, 'tasks:l', 'UTC');
    expect(values).toEqual({
      subject: 'Call Ada',
      notes: null,
      startDate: null,
      dueDate: null,
      completedDate: null,
      importance: 'normal',
      status: 'waiting',
    });
  });

  test('whose body is HTML has it as text', () => {
    const body = { contentType: 'html', content: '<html><body><p>One</p><p>Two &amp; three</p></body></html>' };
    expect(taskOf({ ...head, body }, 'tasks:l', 'UTC').values.notes).toBe('One\n\nTwo & three');
  });

  test('gets its reminder at the time of its derived value, and loses it where that is null', () => {
    expect(taskBody({}, { reminderAt: Date.parse('2026-10-05T07:30:00Z') })).toEqual({
      isReminderOn: true,
      reminderDateTime: { dateTime: '2026-10-05T07:30:00', timeZone: 'UTC' },
    });
    expect(taskBody({}, { reminderAt: null })).toEqual({ isReminderOn: false });
    expect(taskBody({}, {})).toEqual({});
  });

  test('that is canceled in Dynamics is completed in To Do, which knows no canceled ones', () => {
    expect(taskBody({ status: 'canceled' }, {})).toEqual({ status: 'completed' });
  });
});

describe('a contact', () => {
  test('from a delta lacks the fields that only an expand brings', () => {
    const item = contactOf({ ...head, givenName: 'Ada', emailAddresses: [] }, 'UTC', false);
    expect(item.values).toEqual({ firstName: 'Ada', emails: [], emailNames: [] });
    expect(item.marker).toBeNull();
  });

  test('that is read whole has its extended properties, however Graph spells their ids', () => {
    const singleValueExtendedProperties = [
      { id: 'String 0x3a24', value: '+49 30 1' },
      { id: 'SystemTime 0x3a41', value: '2001-06-02T00:00:00Z' },
      { id: 'String {7a9de300-1111-4b6e-9d2e-0a5c6a3b7e10} Name TandemLink', value: 'i/contact/r/1' },
    ];
    const item = contactOf({ ...head, singleValueExtendedProperties }, 'UTC', true);
    expect(item.values).toMatchObject({ businessFax: '+49 30 1', anniversary: '2001-06-02', pager: null });
    expect(item.marker).toBe('i/contact/r/1');
  });

  test.each([
    ['Outlook on the web', '1990-05-06T11:59:00Z'],
    ['a client that writes UTC dates', '1990-05-06T00:00:00Z'],
    ['a client in Berlin', '1990-05-05T22:00:00Z'],
  ])('has the birthday that %s meant', (_, birthday) => {
    expect(contactOf({ ...head, birthday }, 'Europe/Berlin', false).values.birthday).toBe('1990-05-06');
  });

  test('whose anniversary is blanked gets the date that Outlook shows as none, and it reads back as none', () => {
    const body = contactBody({ anniversary: null, pager: null }, {}, null);
    expect(body.singleValueExtendedProperties).toEqual([
      { id: 'String 0x3A21', value: '' },
      { id: 'SystemTime 0x3A41', value: '4501-01-01T00:00:00Z' },
    ]);
    expect(contactOf({ ...head, ...body }, 'UTC', true).values).toMatchObject({ anniversary: null, pager: null });
  });

  test('whose name changes is shown by its whole name, without the salutation', () => {
    const current = { firstName: 'Ada', middleName: null, lastName: 'Byron', salutation: 'Lady', suffix: null };
    expect(contactBody({ lastName: 'Lovelace' }, current, null)).toEqual({ surname: 'Lovelace', displayName: 'Ada Lovelace' });
  });

  test('keeps the names that Outlook shows for addresses that stay', () => {
    const current = { emails: ['ada@contoso.example'], emailNames: ['ada@contoso.example\nAda L.'] };
    expect(contactBody({ emails: ['new@contoso.example', 'ada@contoso.example'] }, current, null)).toEqual({
      emailAddresses: [
        { address: 'new@contoso.example', name: 'new@contoso.example' },
        { address: 'ada@contoso.example', name: 'Ada L.' },
      ],
    });
  });

  test('never sends a fourth address, which Exchange refuses', () => {
    const { emailAddresses } = contactBody({ emails: ['a@x.y', 'b@x.y', 'c@x.y', 'd@x.y'] }, {}, null);
    expect(emailAddresses).toHaveLength(3);
  });
});

describe('an event', () => {
  const utc = (dateTime: string) => ({ dateTime, timeZone: 'UTC' });

  test.each([
    ['free', 'free'],
    ['workingElsewhere', 'free'],
    ['unknown', 'busy'],
    ['oof', 'oof'],
  ])('that shows as %s is %s', (showAs, status) => {
    expect(eventOf({ ...head, showAs }, { zone: 'UTC', rich: false }, false).values.status).toBe(status);
  });

  test.each([
    ['its date', utc('2026-10-05T00:00:00.0000000'), utc('2026-10-06T00:00:00.0000000')],
    ["the user's midnight in UTC", utc('2026-10-04T22:00:00.0000000'), utc('2026-10-05T22:00:00.0000000')],
    [
      'a midnight of its own zone',
      { dateTime: '2026-10-05T00:00:00.0000000', timeZone: 'Tokyo Standard Time' },
      { dateTime: '2026-10-06T00:00:00.0000000', timeZone: 'Tokyo Standard Time' },
    ],
  ])('of a whole day is the same dates where Exchange tells it as %s', (_, start, end) => {
    expect(eventOf({ ...head, start, end, isAllDay: true }, { zone: 'Europe/Berlin', rich: false }, false).values.time).toBe(
      '2026-10-05/2026-10-06',
    );
  });

  test('of a whole day is written as midnights of the user, a timed one in UTC', () => {
    const context = { zone: 'Europe/Berlin', derived: { reminderOn: false }, marker: null, rich: false, html: null };
    expect(eventBody({ time: '2026-10-05/2026-10-06' }, {}, context)).toEqual({
      isAllDay: true,
      start: { dateTime: '2026-10-05T00:00:00', timeZone: 'Europe/Berlin' },
      end: { dateTime: '2026-10-06T00:00:00', timeZone: 'Europe/Berlin' },
      isReminderOn: false,
    });
    expect(eventBody({ time: '2026-10-05T09:00:00Z/2026-10-05T10:00:00Z' }, {}, { ...context, derived: {} })).toEqual({
      isAllDay: false,
      start: utc('2026-10-05T09:00:00'),
      end: utc('2026-10-05T10:00:00'),
    });
  });

  test('that people join online keeps its body, which carries the way to join', () => {
    const context = { zone: 'UTC', derived: {}, marker: null, rich: false, html: null };
    expect(eventBody({ body: 'New', subject: 'S' }, { online: true }, context)).toEqual({ subject: 'S' });
  });

  test('tells attendees by type and lower-case address, and rooms apart', () => {
    const attendees = [
      { type: 'required', emailAddress: { address: 'Ada@Contoso.example', name: 'Ada' } },
      { type: 'optional', emailAddress: { address: 'bob@fabrikam.example' } },
      { type: 'resource', emailAddress: { address: 'room1@contoso.example' } },
      { type: 'required', emailAddress: { name: 'no address' } },
    ];
    expect(eventOf({ ...head, attendees }, { zone: 'UTC', rich: false }, false).values).toMatchObject({
      requiredAttendees: ['ada@contoso.example'],
      optionalAttendees: ['bob@fabrikam.example'],
      resources: ['room1@contoso.example'],
    });
  });

  test('is told apart from a series and its dates', () => {
    const kinds = [
      {},
      { type: 'singleInstance' },
      { type: 'seriesMaster' },
      { type: 'occurrence' },
      { type: 'exception', seriesMasterId: 'm' },
    ];
    expect(kinds.map(placeOf)).toEqual([
      { kind: 'single' },
      { kind: 'single' },
      { kind: 'master' },
      { kind: 'date', masterId: null },
      { kind: 'date', masterId: 'm' },
    ]);
  });
  test('has one transaction id for one marker, in the shape of a GUID', () => {
    const id = transactionIdOf('i/appointment/r/1');
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(transactionIdOf('i/appointment/r/1')).toBe(id);
    expect(transactionIdOf('i/appointment/r/2')).not.toBe(id);
  });
});
