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
    });
  });

  test('a direction may narrow a field and never widen it', () => {
    expect(IntegrationSettings.safeParse({ directions: { contact: { notes: 'toExchange', company: 'toExchange' } } }).success).toBe(true);
    for (const contact of [{ company: 'both' }, { company: 'toDynamics' }, { emailNames: 'both' }, { shoeSize: 'both' }])
      expect(IntegrationSettings.safeParse({ directions: { contact } }).success).toBe(false);
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
