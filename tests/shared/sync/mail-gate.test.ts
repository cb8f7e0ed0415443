import fc from 'fast-check';
import type { Values } from '../../../shared/model/values';
import { attendeesOf, type MailQuestion, mailGate } from '../../../shared/sync/mail-gate';
import { future, now, past } from './pairs';
import { runs } from './runs';

const question: MailQuestion = { action: 'update', changes: {}, current: { time: future }, setting: 'never', withheld: false, now };
const guests = { requiredAttendees: ['a'], optionalAttendees: ['b'] };
const room = { resources: ['room'] };

const ask = (asked: Partial<MailQuestion>) => mailGate({ ...question, ...asked });

describe('creating a meeting', () => {
  test('is silent without attendees, whatever the settings', () => {
    for (const setting of ['never', 'invite'] as const)
      expect(ask({ action: 'create', changes: { subject: 'x', time: future }, current: {}, setting })).toEqual({ kind: 'silent' });
  });

  test.each<[string, Partial<MailQuestion>, string]>([
    ['never', {}, 'withhold'],
    ['invite', { setting: 'invite' }, 'mail'],
    ['invite, but withheld', { setting: 'invite', withheld: true }, 'withhold'],
    ['invite, but in the past', { setting: 'invite', changes: { ...guests, time: past } }, 'withhold'],
    ['invite, but at a time that nobody understands', { setting: 'invite', changes: { ...guests, time: 'soon' } }, 'withhold'],
    ['invite, but at no time', { setting: 'invite', changes: guests }, 'withhold'],
  ])('with attendees under %s: %s', (_title, asked, kind) => {
    expect(ask({ action: 'create', changes: { ...guests, time: future }, current: {}, ...asked })).toMatchObject({ kind });
  });

  test('names everybody who is invited, once', () => {
    const changes = { requiredAttendees: ['a'], optionalAttendees: ['b', 'a'], time: future };
    expect(ask({ action: 'create', changes, current: {}, setting: 'invite' })).toEqual({ kind: 'mail', whom: ['a', 'b'] });
  });
});

describe('changing a meeting', () => {
  const current = { ...guests, ...room, time: future };

  test.each(['subject', 'body', 'location', 'time', 'importance'])(
    '%s is announced to attendees and rooms, so it waits under never',
    (field) => {
      const changes = { [field]: field === 'time' ? past : 'new' };
      expect(ask({ changes, current })).toEqual({ kind: 'hold', whom: ['a', 'b', 'room'], fields: [field] });
      expect(ask({ changes, current, setting: 'invite' })).toEqual({ kind: 'mail', whom: ['a', 'b', 'room'] });
      expect(ask({ changes, current: { time: future } })).toEqual({ kind: 'silent' });
    },
  );

  test.each(['status', 'regarding'])('%s is not announced', (field) => {
    expect(ask({ changes: { [field]: 'new' }, current })).toEqual({ kind: 'silent' });
  });

  test('nothing but a reminder is silent', () => {
    expect(ask({ current })).toEqual({ kind: 'silent' });
  });

  test('a list is withheld rather than held where nobody may be written to', () => {
    for (const changes of [{ requiredAttendees: ['c'] }, { optionalAttendees: [] }, { ...guests, subject: 'new' }]) {
      expect(ask({ changes, current })).toEqual({ kind: 'withhold' });
      expect(ask({ changes, current, setting: 'invite', withheld: true })).toEqual({ kind: 'withhold' });
    }
  });

  test('a new guest is written to together with those who were there', () => {
    expect(ask({ changes: { requiredAttendees: ['a', 'c'] }, current, setting: 'invite' })).toEqual({
      kind: 'mail',
      whom: ['a', 'b', 'room', 'c'],
    });
  });

  test('a meeting that is over is nobody’s business any more, unless it is moved to the future', () => {
    const over = { ...guests, time: past };
    expect(ask({ changes: { subject: 'new' }, current: over, setting: 'invite' })).toMatchObject({ kind: 'hold', fields: ['subject'] });
    expect(ask({ changes: { time: future }, current: over, setting: 'invite' })).toMatchObject({ kind: 'mail' });
    expect(ask({ changes: { time: past }, current: { ...guests, time: future }, setting: 'invite' })).toMatchObject({ kind: 'mail' });
  });
});

describe('deleting a meeting', () => {
  test.each<[string, Partial<MailQuestion>, string]>([
    ['without attendees', {}, 'silent'],
    ['with attendees, never', { current: { ...guests, time: future } }, 'hold'],
    ['with a room alone, never', { current: { ...room, time: future } }, 'hold'],
    ['with attendees, invite', { current: { ...guests, time: future }, setting: 'invite' }, 'mail'],
    ['with attendees, invite, withheld', { current: { ...guests, time: future }, setting: 'invite', withheld: true }, 'hold'],
    ['with attendees, invite, in the past', { current: { ...guests, time: past }, setting: 'invite' }, 'hold'],
  ])('%s', (_title, asked, kind) => {
    expect(ask({ action: 'delete', ...asked })).toMatchObject({ kind });
  });
});

test('under never, and where the list is withheld, no answer ever lets Exchange write to anybody (promise 2)', () => {
  const values: fc.Arbitrary<Values> = fc.record(
    {
      subject: fc.constant('x'),
      time: fc.constantFrom(future, past, null),
      status: fc.constant('busy'),
      requiredAttendees: fc.subarray(['a', 'b']),
      optionalAttendees: fc.subarray(['c']),
    },
    { requiredKeys: [] },
  );
  const asked = fc.record({
    action: fc.constantFrom('create' as const, 'update' as const, 'delete' as const),
    changes: values,
    current: values,
    setting: fc.constantFrom('never' as const, 'invite' as const),
    withheld: fc.boolean(),
    now: fc.constant(now),
  });
  fc.assert(
    fc.property(asked, (given) => {
      const answer = mailGate(given);
      const couldMail = attendeesOf(given.current).length > 0 || attendeesOf(given.changes).length > 0;
      if (given.setting === 'never' || given.withheld) expect(answer.kind).not.toBe('mail');
      if (answer.kind === 'mail' || answer.kind === 'hold') expect(answer.whom).not.toEqual([]);
      if (!couldMail && !('requiredAttendees' in given.changes || 'optionalAttendees' in given.changes)) expect(answer.kind).toBe('silent');
      if (answer.kind === 'silent' && given.action === 'create') expect(attendeesOf(given.changes)).toEqual([]);
      if (answer.kind === 'silent' && given.action === 'delete') expect(attendeesOf(given.current)).toEqual([]);
    }),
    runs(3_000),
  );
});
