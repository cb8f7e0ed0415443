import type { SeenItem } from '../../../shared/model/seen';
import type { Entity, Values } from '../../../shared/model/values';
import { planPair } from '../../../shared/sync/plan';
import { isPrivate, privateSubject, travels, withoutPrivate } from '../../../shared/sync/private';
import { agreed, context, future, item, link, pair, record, recordId, under } from './pairs';

const secret: Values = {
  sensitivity: 'private',
  subject: 'Doctor',
  body: 'Bring the letter',
  location: 'Clinic',
  categories: ['Red'],
  requiredAttendees: ['ben@x.example'],
  optionalAttendees: ['cora@x.example'],
  resources: ['room@x.example'],
};
const later = '2026-10-06T09:00:00Z/2026-10-06T10:00:00Z';
const busyOnly = under({ privateItems: 'busyOnly' });

test('an item is private where its owner says so, whichever word Exchange has for it', () => {
  for (const sensitivity of ['private', 'personal', 'confidential']) expect(isPrivate({ sensitivity })).toBe(true);
  for (const sensitivity of ['normal', null]) expect(isPrivate({ sensitivity })).toBe(false);
  expect(isPrivate({})).toBe(false);
});

test('a private item syncs as the settings say: an event without what it is about, anything else only in full', () => {
  const told = (entity: Entity) =>
    (['skip', 'busyOnly', 'full'] as const).map((privateItems) => travels(entity, { sensitivity: 'private' }, { privateItems }));
  expect(told('appointment')).toEqual([false, true, true]);
  for (const entity of ['task', 'contact', 'series'] as const) expect(told(entity)).toEqual([false, false, true]);
  expect(travels('task', { sensitivity: 'normal' }, { privateItems: 'skip' })).toBe(true);
});

describe('what Tandem knows of a private item', () => {
  const meeting = item('appointment', secret);

  test('is all of it where the settings say so, and all of what is not private', () => {
    expect(withoutPrivate(meeting, { privateItems: 'full' })).toBe(meeting);
    const open = item('appointment', { ...secret, sensitivity: 'normal' });
    expect(withoutPrivate(open, { privateItems: 'skip' })).toBe(open);
  });

  test('is under skip that it is there, and where it belongs', () => {
    const { values } = withoutPrivate(meeting, { privateItems: 'skip' });
    expect(values).toEqual({
      sensitivity: 'private',
      categories: ['Red'],
      iCalUId: agreed.appointment.exchange.iCalUId,
      organizedHere: true,
    });
  });

  test('is under busyOnly when it takes place and how it shows as well, and for the mail gate who takes part', () => {
    const { requiredAttendees, optionalAttendees, resources } = secret;
    expect(withoutPrivate(meeting, { privateItems: 'busyOnly' }).values).toEqual({
      sensitivity: 'private',
      categories: ['Red'],
      iCalUId: agreed.appointment.exchange.iCalUId,
      organizedHere: true,
      time: future,
      status: agreed.appointment.exchange.status,
      requiredAttendees,
      optionalAttendees,
      resources,
      subject: privateSubject,
      body: null,
      location: null,
    });
  });

  test('is under busyOnly of a task, a contact or a series no more than under skip, and of what was not read nothing', () => {
    for (const entity of ['task', 'contact', 'series'] as const) {
      const found = item(entity, { sensitivity: 'private' });
      expect(withoutPrivate(found, { privateItems: 'busyOnly' })).toEqual(withoutPrivate(found, { privateItems: 'skip' }));
    }
    expect(Object.keys(withoutPrivate(item('task', { sensitivity: 'private' }), { privateItems: 'skip' }).values)).toEqual(['sensitivity']);
  });

  test('names neutral words that say nothing', () => {
    expect(privateSubject).toBe('Private appointment');
  });
});

describe('a private event under busyOnly', () => {
  const known = withoutPrivate(
    item('appointment', { ...secret, requiredAttendees: [], optionalAttendees: [], resources: [] }),
    busyOnly.rules,
  );
  const of = link('appointment', { bases: { dynamics: agreed.appointment.dynamics, exchange: known.values } });
  const sides = (inDynamics: Values, found: SeenItem = known) =>
    planPair(
      pair(
        'appointment',
        of,
        { kind: 'changed', record: record('appointment', inDynamics, { version: '101' }) },
        { kind: 'changed', item: found },
      ),
      busyOnly,
    );

  test('is moved from both sides', () => {
    expect(sides({ time: later }).toItem).toMatchObject({ kind: 'update', changes: { time: later } });
    expect(sides({}, { ...known, values: { ...known.values, time: later } }).toRecord).toEqual({
      kind: 'update',
      changes: { time: later },
    });
    expect(sides({ status: 'tentative' }).toItem).toMatchObject({ changes: { status: 'tentative' } });
  });

  test('takes nothing from Dynamics but that, and gives back nothing that stands there in place of it', () => {
    expect(sides({ subject: 'Called', body: 'Text', location: 'Room 2', importance: 'high', regarding: 'Fabrikam' })).toMatchObject({
      toRecord: { kind: 'none' },
      toItem: { kind: 'none' },
    });
  });

  test('that was not private when both agreed leaves neutral words in Dynamics', () => {
    const before = { ...agreed.appointment.exchange, location: 'Clinic' };
    const linked = link('appointment', { bases: { dynamics: { ...agreed.appointment.dynamics, location: 'Clinic' }, exchange: before } });
    const seen = { kind: 'same', record: record('appointment', { location: 'Clinic' }) } as const;
    const plan = planPair(
      { entity: 'appointment', recordId, link: linked, record: seen, item: { kind: 'changed', item: known } },
      busyOnly,
    );
    expect(plan.toRecord).toMatchObject({ kind: 'update', changes: { subject: privateSubject, location: null } });
  });
});

test('a private item that is tracked and does not sync is forgotten where its record was about to be made', () => {
  const waiting = link('task', { state: 'tracking', reason: 'tracked' });
  const found = { kind: 'tracked', item: item('task', { sensitivity: 'private' }) } as const;
  expect(planPair(pair('task', waiting, { kind: 'none' }, found), context)).toMatchObject({
    toRecord: { kind: 'none' },
    ending: { kind: 'forgotten' },
    reason: 'private',
  });
});
