import type { Values } from '../../../shared/model/values';
import { withoutAttendees } from '../../../shared/sync/gated-write';
import { mailGate } from '../../../shared/sync/mail-gate';
import { agreed, now } from './pairs';

const day = 86_400_000;
const dateIn = (days: number) => `${new Date(now + days * day).toISOString().slice(0, 10)}T09:00:00Z`;
const begun: Values = {
  ...agreed.series.exchange,
  time: '2024-01-01T09:00:00Z/2024-01-01T10:00:00Z',
  requiredAttendees: ['ben@x.example'],
};
const ask = (changes: Values, current: Values, setting: 'never' | 'invite' = 'invite', action: 'create' | 'update' | 'delete' = 'update') =>
  mailGate({ action, changes, current, setting, withheld: false, now });

describe('the mail gate of a series (promise 2)', () => {
  test.each([['recurrence'], ['occurrences'], ['subject']])(
    '%s is announced to its attendees, so without being asked for it is held',
    (field) => {
      const changes = field === 'occurrences' ? { occurrences: [`${dateIn(7)}|subject|Another`] } : { [field]: 'changed' };
      expect(ask(changes, begun, 'never')).toEqual({ kind: 'hold', whom: ['ben@x.example'], fields: [field] });
    },
  );

  test('how a date shows is nobody’s news, as of a single meeting', () => {
    const occurrences = [`${dateIn(7)}|status|free`];
    expect(ask({ occurrences }, begun, 'never')).toEqual({ kind: 'silent' });
    expect(ask({ occurrences: [...occurrences, `${dateIn(7)}|subject|Another`] }, begun, 'never').kind).toBe('hold');
    expect(ask({ occurrences: [] }, { ...begun, occurrences }, 'never')).toEqual({ kind: 'silent' });
  });

  test('one that began long ago and goes on is still to come', () => {
    expect(ask({ subject: 'Another' }, begun)).toEqual({ kind: 'mail', whom: ['ben@x.example'] });
    expect(ask({}, begun, 'invite', 'delete')).toEqual({ kind: 'mail', whom: ['ben@x.example'] });
  });

  test('a date that is past is held, though the series goes on', () => {
    expect(ask({ occurrences: [`${dateIn(-7)}|subject|Another`] }, begun).kind).toBe('hold');
    expect(ask({ occurrences: [`${dateIn(7)}|deleted|true`] }, begun).kind).toBe('mail');
    const [both, today] = [
      [`${dateIn(-7)}|subject|Another`, `${dateIn(7)}|subject|Another`],
      new Date(now).toISOString().replace('.000', ''),
    ];
    expect(ask({ occurrences: both }, begun).kind).toBe('mail');
    expect(ask({ occurrences: [`${today}|subject|Another`] }, begun).kind).toBe('hold');
    expect(ask({ occurrences: [`${dateIn(-7)}|subject|Another`], subject: 'Another' }, begun).kind).toBe('mail');
  });

  test('who is invited to one date only is withheld where nobody may be mailed, and the rest goes on', () => {
    const current: Values = { ...begun, requiredAttendees: [], occurrences: [`${dateIn(14)}|optionalAttendees|old@x.example`] };
    const occurrences = [`${dateIn(7)}|requiredAttendees|guest@x.example`, `${dateIn(7)}|subject|Another`];
    expect(ask({ occurrences }, { ...current, occurrences: [] }, 'never')).toEqual({ kind: 'withhold' });
    expect(withoutAttendees({ occurrences }, current)).toEqual({
      occurrences: [`${dateIn(7)}|subject|Another`, `${dateIn(14)}|optionalAttendees|old@x.example`],
    });
    expect(withoutAttendees({ occurrences: [`${dateIn(7)}|requiredAttendees|guest@x.example`], subject: 'S' }, begun)).toEqual({
      subject: 'S',
    });
  });

  test('who is invited to one date only is told of its deletion', () => {
    const current: Values = { ...begun, requiredAttendees: [], occurrences: [`${dateIn(14)}|requiredAttendees|guest@x.example`] };
    expect(ask({}, current, 'never', 'delete')).toEqual({ kind: 'hold', whom: ['guest@x.example'], fields: [] });
  });

  test('one without attendees is nobody’s news', () => {
    const changes: Values = { recurrence: 'another', occurrences: [`${dateIn(7)}|deleted|true`] };
    expect(ask(changes, { ...begun, requiredAttendees: [] }, 'never')).toEqual({ kind: 'silent' });
  });
});
