import { markerText } from '../../../shared/model/seen';
import type { Entity, Values } from '../../../shared/model/values';
import { planPair } from '../../../shared/sync/plan';
import { context, item, pair, record, recordId, under } from './pairs';

const invite = under({ attendeeMail: 'invite' });
const marker = markerText({ integration: 'contoso', entity: 'contact', recordId, incarnation: 1 });
const guests = { requiredAttendees: ['ben@x.example'] };

function met(entity: Entity, inDynamics: Values, inExchange: Values, given = context, facts: { readonly marker?: string } = {}) {
  const seen = record(entity, inDynamics);
  return planPair(pair(entity, null, { kind: 'created', record: seen }, { kind: 'same', item: item(entity, inExchange, facts) }), given);
}

describe('a record and an item that were the same before Tandem knew them', () => {
  test('are linked as they are, and the item is told which record it belongs to', () => {
    expect(met('contact', {}, {})).toMatchObject({
      toRecord: { kind: 'none' },
      toItem: { kind: 'update', changes: {}, derived: {}, mark: true },
      ending: { kind: 'linked', withheld: false, hold: null },
      lost: [],
      mails: [],
      reason: 'first-meeting',
    });
  });

  test('keep what they differ in, and only what the item lacks is filled in', () => {
    const plan = met('contact', { jobTitle: 'Buyer', notes: 'Met in Graz' }, { jobTitle: 'Head of buying', notes: null });
    expect(plan.toRecord).toEqual({ kind: 'none' });
    expect(plan.toItem).toEqual({ kind: 'update', changes: { notes: 'Met in Graz' }, derived: {}, mark: true });
  });

  test('have nothing to write where the item carries the marker of this very record already', () => {
    expect(met('contact', {}, {}, context, { marker }).toItem).toEqual({ kind: 'none' });
    expect(met('contact', { notes: 'Met in Graz' }, { notes: null }, context, { marker }).toItem).not.toHaveProperty('mark');
    const other = markerText({ integration: 'contoso', entity: 'contact', recordId: 'another', incarnation: 1 });
    expect(met('contact', {}, {}, context, { marker: other }).toItem).toMatchObject({ mark: true });
  });
});

describe('a meeting that was in both systems before (promise 2)', () => {
  test.each([
    ['never', context],
    ['invite', invite],
  ])('under %s is not written to where it has attendees, not even to mark it', (_title, given) => {
    expect(met('appointment', { ...guests, location: 'Room 2' }, { ...guests, location: null }, given)).toMatchObject({
      toItem: { kind: 'none' },
      mails: [],
    });
  });

  test('keeps the list from Exchange where the record names anybody whom the item does not', () => {
    const more = { requiredAttendees: ['ben@x.example', 'cora@x.example'] };
    expect(met('appointment', guests, {}, invite)).toMatchObject({ mails: [], ending: { withheld: true } });
    expect(met('appointment', guests, {}, invite).toItem).not.toHaveProperty('changes.requiredAttendees');
    expect(met('appointment', more, guests, invite).ending).toMatchObject({ withheld: true });
    expect(met('appointment', guests, more, invite).ending).toMatchObject({ withheld: false });
    expect(met('appointment', guests, guests, invite).ending).toMatchObject({ withheld: false });
  });

  test('keeps it during a first load in any case', () => {
    expect(met('appointment', {}, {}, { ...invite, firstLoad: true }).ending).toMatchObject({ withheld: true });
    expect(met('task', {}, {}, { ...invite, firstLoad: true }).ending).toMatchObject({ withheld: false });
  });

  test('takes over what tells nobody, and with it its reminder', () => {
    const plan = met('appointment', { location: 'Room 2' }, { location: null }, invite);
    expect(plan.toItem).toMatchObject({ kind: 'update', changes: { location: 'Room 2' }, mark: true });
  });
});

describe('a private event that was in both systems before', () => {
  const secret = { sensitivity: 'private', subject: 'Private appointment', body: null, location: null };

  test('is left alone under skip', () => {
    expect(met('appointment', {}, secret)).toMatchObject({
      toRecord: { kind: 'none' },
      toItem: { kind: 'none' },
      ending: { kind: 'untouched' },
      reason: 'private',
    });
  });

  test('is linked where it shows its time, and none of its gaps is filled in', () => {
    const plan = met('appointment', { location: 'Room 2' }, secret, under({ privateItems: 'busyOnly' }));
    expect(plan).toMatchObject({ toItem: { kind: 'update', changes: {}, mark: true }, ending: { kind: 'linked' } });
  });
});
