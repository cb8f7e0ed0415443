import { feedsThatAreRead, IntegrationSettings } from '../../../shared/model/integration-settings';

describe('the settings of an integration', () => {
  test('without a word they mail nobody, keep the newest, and let contacts stay', () => {
    expect(IntegrationSettings.parse({})).toMatchObject({
      entities: {
        task: true,
        phonecall: true,
        letter: true,
        fax: true,
        contact: true,
        appointment: true,
        serviceappointment: true,
        series: true,
      },
      attendeeMail: 'never',
      conflict: {
        task: 'newest',
        phonecall: 'newest',
        letter: 'newest',
        fax: 'newest',
        contact: 'newest',
        appointment: 'newest',
        series: 'newest',
      },
      taskDeletedInExchange: 'delete',
      appointmentDeletedInExchange: 'delete',
      appointmentCanceledInDynamics: 'free',
      pastAppointmentEditedInDynamics: 'update',
      contactDeletedInDynamics: 'release',
      brake: { mailboxNumber: 10, mailboxPercent: 20, integrationNumber: 200, integrationPercent: 2 },
      directions: {},
      filters: {},
      leftFilter: 'release',
      contactAddresses: 'mailing',
      customFields: {},
      notesConflict: 'newest',
      richText: false,
      appointmentAttachments: false,
    });
  });

  test('a direction may narrow a field and never widen it', () => {
    expect(IntegrationSettings.safeParse({ directions: { contact: { notes: 'toExchange', company: 'toExchange' } } }).success).toBe(true);
    for (const contact of [{ company: 'both' }, { company: 'toDynamics' }, { emailNames: 'both' }, { shoeSize: 'both' }])
      expect(IntegrationSettings.safeParse({ directions: { contact } }).success).toBe(false);
  });

  test.each([
    ['contact', 'lastName', 'toExchange'],
    ['contact', 'company', 'none'],
    ['task', 'status', 'none'],
    ['task', 'regarding', 'none'],
    ['appointment', 'time', 'toExchange'],
    ['appointment', 'requiredAttendees', 'none'],
    ['series', 'recurrence', 'none'],
  ])('the direction of %s %s is fixed, and the refusal says so', (entity, field, direction) => {
    const { error } = IntegrationSettings.safeParse({ directions: { [entity]: { [field]: direction } } });
    expect(error?.issues.map(({ path, message }) => [path, message])).toEqual([
      [['directions', entity, field], expect.stringMatching(`${field} of the entity ${entity} is fixed: its direction is `)],
    ]);
  });

  test.each([
    [{ contact: [{ column: 'employeeid', property: 'Employee' }] }, true],
    [{ appointment: [{ column: 'new_code', property: 'Room code', kind: 'number', direction: 'both' }] }, true],
    [{ task: [{ column: 'new_code', property: 'Code' }] }, false],
    [{ contact: [{ column: "x' or 1 eq 1", property: 'Code' }] }, false],
    [{ contact: [{ column: 'employeeid', property: "Code' or id eq '" }] }, false],
    [{ contact: [{ column: 'new_role', property: 'Role', kind: 'choice', direction: 'both' }] }, false],
    [{ contact: [{ column: 'new_date', property: 'Date', kind: 'date', prefix: 'On ' }] }, false],
    [
      {
        contact: [
          { column: 'employeeid', property: 'A' },
          { column: 'employeeid', property: 'B' },
        ],
      },
      false,
    ],
    [
      {
        contact: [
          { column: 'new_a', property: 'Same' },
          { column: 'new_b', property: 'same' },
        ],
      },
      false,
    ],
  ])('added columns %j: %s', (customFields, isAccepted) => {
    expect(IntegrationSettings.safeParse({ customFields }).success).toBe(isAccepted);
  });

  test('a word that nobody knows is refused', () => {
    expect(IntegrationSettings.safeParse({ atendeeMail: 'invite' }).success).toBe(false);
  });
});

test('the feed of appointments is read for series too', () => {
  const off = (...names: ('appointment' | 'series')[]) =>
    feedsThatAreRead(IntegrationSettings.parse({ entities: Object.fromEntries(names.map((name) => [name, false])) }));
  expect(off('appointment')).toContain('appointment');
  expect(off('series')).toContain('appointment');
  expect(off('appointment', 'series')).not.toContain('appointment');
});
