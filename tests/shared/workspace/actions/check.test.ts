import fc from 'fast-check';
import { checkGiven } from '../../../../shared/workspace/actions/check';
import { offersOf } from '../../../../shared/workspace/actions/offer';
import { microapps } from '../../../../shared/workspace/microapps';
import { aRecord } from '../some-records';
import { actor, broken, check, rowId } from './some-actions';

const task = aRecord('task', { subject: 'Write', scheduledstart: '2026-06-15T10:00:00Z', scheduledend: '2026-06-15T11:00:00Z' });

describe('what breaks a rule is refused with its field, before anything is sent', () => {
  test('a required field that is empty or was not sent', () => {
    expect(broken('create-account', 'createAccount', {})).toEqual(['name is required']);
    expect(broken('tasks', 'updateTask', { subject: ' ' }, task)).toEqual(['subject is required']);
    expect(broken('tasks', 'updateTask', {}, task)).toEqual([]);
    expect(broken('leads', 'disqualifyLead', {}, aRecord('lead', {}))).toEqual(['reason is required']);
  });

  test('a field that the action does not ask for', () => {
    expect(broken('tasks', 'updateTask', { ownerid: rowId }, task)).toEqual(['ownerid is nothing that this action asks for']);
  });

  test('a text that is too long, or has lines where there is one', () => {
    expect(broken('create-task', 'createTask', { subject: 'x'.repeat(201) })).toEqual(['subject is longer than 200 characters']);
    expect(broken('create-task', 'createTask', { subject: 'a\nb' })).toEqual(['subject has more than one line']);
  });

  test('what has another type', () => {
    expect(broken('create-account', 'createAccount', { name: 7 })).toEqual(['name is not text']);
    expect(broken('create-account', 'createAccount', { name: 'A', emailaddress1: 'nobody' })).toEqual([
      'emailaddress1 is not an e-mail address',
    ]);
    expect(broken('create-account', 'createAccount', { name: 'A', websiteurl: 'javascript:alert(1)' })).toEqual([
      'websiteurl is not a web address',
    ]);
  });

  test('a number out of its range', () => {
    const lost = { status: '4', actualend: '2026-06-15' };
    const deal = aRecord('opportunity', {});
    expect(broken('opportunities', 'closeOpportunityLost', { ...lost, actualrevenue: -1 }, deal)).toEqual(['actualrevenue is less than 0']);
    expect(broken('opportunities', 'updateOpportunity', { closeprobability: '101' }, deal)).toEqual(['closeprobability is more than 100']);
    expect(broken('opportunities', 'updateOpportunity', { closeprobability: 1.5 }, deal)).toEqual([
      'closeprobability is not a whole number',
    ]);
  });

  test('a choice that is none of the options; what the record holds stays possible', () => {
    const deal = aRecord('opportunity', { opportunityratingcode: 9 });
    expect(broken('opportunities', 'updateOpportunity', { opportunityratingcode: '4' }, deal)).toEqual([
      'opportunityratingcode is none of the options',
    ]);
    expect(broken('opportunities', 'updateOpportunity', { opportunityratingcode: '9' }, deal)).toEqual([]);
  });

  test('a day or a time that there is not', () => {
    const deal = aRecord('opportunity', {});
    expect(broken('opportunities', 'updateOpportunity', { estimatedclosedate: '2026-02-30' }, deal)).toHaveLength(1);
    expect(broken('tasks', 'updateTask', { scheduledend: '2026-06-15T10:00' }, task)).toEqual([
      'scheduledend is not a time with its zone, such as 2026-06-15T12:00:00Z',
    ]);
    expect(broken('tasks', 'updateTask', { 'scheduledend.date': '2026-06-15', 'scheduledend.time': '' }, task)).toEqual([
      'scheduledend.time is not a time such as 13:30',
    ]);
  });

  test('an end before the start, whichever of them was changed', () => {
    expect(broken('tasks', 'updateTask', { scheduledend: '2026-06-15T09:00:00Z' }, task)).toEqual([
      'scheduledend is before scheduledstart',
    ]);
    expect(broken('tasks', 'updateTask', { scheduledstart: '2026-06-15T12:00:00Z' }, task)).toEqual([
      'scheduledend is before scheduledstart',
    ]);
    expect(broken('tasks', 'updateTask', { scheduledstart: '', scheduledend: '2026-06-15T09:00:00Z' }, task)).toEqual([]);
  });

  test('a kind of row that a record cannot be about, a kind without its row, and a row without its kind', () => {
    expect(broken('tasks', 'updateTask', { regardingType: 'task' }, task)).toEqual(['regardingType is none of the options']);
    expect(broken('tasks', 'updateTask', { regardingType: 'account' }, task)).toEqual(['regardingAccount is required']);
    expect(broken('tasks', 'updateTask', { regardingAccount: rowId }, task)).toEqual(['regardingAccount needs regardingType']);
    expect(broken('tasks', 'updateTask', { regardingType: 'account', regardingAccount: "x') or true" }, task)).toEqual([
      'regardingAccount is no id',
    ]);
  });
});

test('a row of a kind that was not chosen does not matter: a card sends every field that it has', () => {
  const given = { regardingType: 'contact', regardingContact: rowId, regardingAccount: 'left over', regardingLead: '' };
  expect(check('tasks', 'updateTask', given, task)).toEqual({
    kind: 'good',
    wish: { regardingobjectid: { table: 'contact', id: rowId, name: null } },
  });
});

test('whatever is sent is taken or refused, and never an error', () => {
  const offers = microapps.flatMap(offersOf);
  const names = [...new Set(offers.flatMap(({ inputs }) => inputs.map(({ parameter }) => parameter)))];
  const given = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), fc.jsonValue(), { maxKeys: 6 });
  fc.assert(
    fc.property(fc.constantFrom(...offers), given, (offer, sent) => {
      const record = offer.record === 'new' ? null : aRecord(offer.table, {});
      expect(['good', 'broken']).toContain(checkGiven(offer, sent, record, actor).kind);
    }),
    { numRuns: 200 },
  );
});
