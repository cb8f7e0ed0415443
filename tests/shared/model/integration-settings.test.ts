import { IntegrationSettings } from '../../../shared/model/integration-settings';

describe('the settings of an integration', () => {
  test('without a word they mail nobody, keep the newest, and let contacts stay', () => {
    expect(IntegrationSettings.parse({})).toEqual({
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
      contactDeletedInDynamics: 'release',
      directions: {},
    });
  });

  test('a direction may narrow a field and never widen it', () => {
    expect(IntegrationSettings.safeParse({ directions: { contact: { notes: 'toExchange', company: 'none' } } }).success).toBe(true);
    for (const contact of [{ company: 'both' }, { company: 'toDynamics' }, { emailNames: 'both' }, { shoeSize: 'both' }])
      expect(IntegrationSettings.safeParse({ directions: { contact } }).success).toBe(false);
  });

  test('a word that nobody knows is refused', () => {
    expect(IntegrationSettings.safeParse({ atendeeMail: 'invite' }).success).toBe(false);
  });
});
