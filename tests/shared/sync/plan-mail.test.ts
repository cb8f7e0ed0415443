import type { SeenItem, SeenRecord } from '../../../shared/model/seen';
import type { Values } from '../../../shared/model/values';
import type { Link } from '../../../shared/sync/link';
import type { PairPlan, PlanContext } from '../../../shared/sync/pair-plan';
import { planPair } from '../../../shared/sync/plan';
import { itemSide, recordSide } from '../../../shared/sync/sides';
import { agreed, context, future, item, link, pair, past, record, under } from './pairs';

const never = context;
const invite = under({ attendeeMail: 'invite' });
const newer = { version: '101' };
const later = '2026-10-06T09:00:00Z/2026-10-06T10:00:00Z';

function planRead(seen: SeenRecord, found: SeenItem, of: Link, given: PlanContext): PairPlan {
  const side = recordSide(seen, of, { systemUserId: 'me' }, given.rules);
  return planPair(pair('appointment', of, side, itemSide(found, of, given.rules)), given);
}

function meeting(dynamics: Values, exchange: Values, facts: Partial<Link> = {}): Link {
  const { appointment } = agreed;
  return link('appointment', {
    bases: { dynamics: { ...appointment.dynamics, ...dynamics }, exchange: { ...appointment.exchange, ...exchange } },
    ...facts,
  });
}

describe('a new meeting with attendees (promise 2)', () => {
  const create = (given: PlanContext, values: Values = {}) =>
    planPair(
      pair(
        'appointment',
        null,
        { kind: 'created', record: record('appointment', { requiredAttendees: ['a'], optionalAttendees: ['b'], ...values }) },
        { kind: 'none' },
      ),
      given,
    );

  test.each([
    ['never', never, {}],
    ['a first load', { ...invite, firstLoad: true }, {}],
    ['a meeting in the past', invite, { time: past }],
  ])('%s: it is made without its attendees, and the link remembers', (_title, given, values) => {
    const plan = create(given, values);
    expect(plan).toMatchObject({ mails: [], ending: { withheld: true, hold: null } });
    expect(plan.toItem).not.toHaveProperty('values.requiredAttendees');
    expect(plan.toItem).not.toHaveProperty('values.optionalAttendees');
  });

  test('invite: it is made with them, and says whom it mails', () => {
    expect(create(invite)).toMatchObject({
      mails: ['a', 'b'],
      ending: { withheld: false },
      toItem: { values: { requiredAttendees: ['a'], optionalAttendees: ['b'] } },
    });
  });
});

describe('a meeting that has attendees in Exchange', () => {
  const withGuest = { requiredAttendees: ['a'] };
  const of = meeting(withGuest, withGuest);
  const guestItem = item('appointment', withGuest);

  test.each(['subject', 'body', 'location', 'time', 'importance'])('never: a new %s waits for an admin', (field) => {
    const value = field === 'time' ? later : field === 'importance' ? 'high' : 'new';
    const plan = planRead(record('appointment', { ...withGuest, [field]: value }, newer), guestItem, of, never);
    expect(plan).toMatchObject({
      toItem: { kind: 'none' },
      mails: [],
      reason: 'would-mail',
      ending: { hold: { fields: [field], whom: ['a'] } },
    });
  });

  test('never: what Exchange does not announce goes through while the rest waits', () => {
    const seen = record('appointment', { ...withGuest, subject: 'new', status: 'tentative', regarding: 'Fabrikam' }, newer);
    const plan = planRead(seen, guestItem, of, never);
    expect(plan.toItem).toEqual({ kind: 'update', changes: { status: 'tentative', regarding: 'Fabrikam' }, derived: {} });
    expect(plan.ending).toMatchObject({ hold: { fields: ['subject'] } });
  });

  test('never: her own edit in Exchange reaches Dynamics', () => {
    const plan = planRead(
      record('appointment', withGuest),
      item('appointment', { ...withGuest, subject: 'hers' }, { version: 'W/2' }),
      of,
      never,
    );
    expect(plan).toMatchObject({ toRecord: { changes: { subject: 'hers' } }, toItem: { kind: 'none' }, ending: { hold: null } });
  });

  test('never: a new list stays in Dynamics, and the link remembers that it is withheld', () => {
    const plan = planRead(record('appointment', { requiredAttendees: ['a', 'b'] }, newer), guestItem, of, never);
    expect(plan).toMatchObject({ toItem: { kind: 'none' }, mails: [], ending: { kind: 'linked', withheld: true, hold: null } });
  });

  test('never: nobody is told that the record was deleted or moved, and the item stays until an admin decides', () => {
    const deleted = planPair(pair('appointment', of, { kind: 'deleted' }, { kind: 'same', item: guestItem }), never);
    const moved = planRead(record('appointment', withGuest, { ...newer, organizer: 'you' }), guestItem, of, never);
    for (const plan of [deleted, moved])
      expect(plan).toMatchObject({
        toItem: { kind: 'none' },
        mails: [],
        ending: { kind: 'linked', hold: { reason: 'would-mail', whom: ['a'] } },
      });
  });

  test('never: a room alone is written to as well, so its meeting waits too', () => {
    const room = { resources: ['room'] };
    const plan = planRead(record('appointment', { time: later }, newer), item('appointment', room), meeting({}, room), never);
    expect(plan.ending).toMatchObject({ hold: { fields: ['time'], whom: ['room'] } });
  });

  test('invite: the change goes out and says whom it mails', () => {
    const plan = planRead(record('appointment', { ...withGuest, time: later }, newer), guestItem, of, invite);
    expect(plan).toMatchObject({ toItem: { changes: { time: later } }, mails: ['a'], ending: { hold: null } });
  });

  test('invite: a withheld list stays withheld, and what is announced waits', () => {
    const withheld = meeting(withGuest, { requiredAttendees: ['guest'] }, { withheld: true });
    const seen = record('appointment', { requiredAttendees: ['a', 'b'], time: later }, newer);
    const plan = planRead(seen, item('appointment', { requiredAttendees: ['guest'] }), withheld, invite);
    expect(plan).toMatchObject({
      toItem: { kind: 'none' },
      mails: [],
      ending: { withheld: true, hold: { fields: ['time'], whom: ['guest'] } },
    });
  });

  test('a guest added in Outlook comes to Dynamics although the list is withheld from Exchange', () => {
    const withheld = meeting({ requiredAttendees: ['a'] }, { requiredAttendees: [] }, { withheld: true });
    const plan = planRead(
      record('appointment', { requiredAttendees: ['a'] }),
      item('appointment', { requiredAttendees: ['guest'] }, { version: 'W/2' }),
      withheld,
      never,
    );
    expect(plan).toMatchObject({ toRecord: { changes: { requiredAttendees: ['a', 'guest'] } }, toItem: { kind: 'none' } });
  });
});

describe('a change that waits for an admin', () => {
  test('a record that left, waits and comes back brings what was edited meanwhile', () => {
    const guests = { requiredAttendees: ['a'] };
    const away = record('appointment', { ...guests, status: 'tentative' }, { ...newer, organizer: 'you' });
    const plan = planRead(away, item('appointment', guests), meeting(guests, guests), never);
    expect(plan.ending).toMatchObject({ kind: 'linked', hold: { fields: ['status'] } });
  });

  const guest = { requiredAttendees: ['a'] };
  /** The time was moved from long ago to the future, and waits: the base of the record's side stays behind. */
  const held = meeting({ ...guest, time: past }, { ...guest, time: past }, { state: 'held', reason: 'would-mail', recordVersion: '101' });
  const waiting = record('appointment', { ...guest, time: future }, newer);

  test('goes on waiting and is not written bit by bit: no reminder for a time that Exchange does not have (promise 4)', () => {
    const plan = planRead(waiting, item('appointment', { ...guest, time: past }), held, never);
    expect(plan).toMatchObject({ toRecord: { kind: 'none' }, toItem: { kind: 'none' }, ending: { hold: { fields: ['time'] } } });
  });

  test('is not forgotten because only the item was read', () => {
    const found = itemSide(item('appointment', { ...guest, time: past }, { version: 'W/2' }), held, never.rules);
    const plan = planPair(pair('appointment', held, { kind: 'same', record: null }, found), never);
    expect(plan).toMatchObject({
      toRecord: { kind: 'none' },
      toItem: { kind: 'none' },
      ending: { kind: 'untouched' },
      reason: 'would-mail',
    });
  });

  test('goes out once the guest is gone from the item', () => {
    const plan = planRead(waiting, item('appointment', { requiredAttendees: [], time: past }, { version: 'W/2' }), held, never);
    expect(plan).toMatchObject({
      toRecord: { changes: { requiredAttendees: [] } },
      toItem: { changes: { time: future } },
      ending: { hold: null },
    });
  });
});

test('a list that was withheld when its record was closed is withheld once that is opened again (promise 2)', () => {
  const of = meeting({ requiredAttendees: ['a'], status: 'completed' }, { status: 'free' }, { state: 'released', reason: 'closed' });
  const seen = record('appointment', { requiredAttendees: ['a', 'b'] }, newer);
  expect(planRead(seen, item('appointment', { status: 'free' }), of, invite)).toMatchObject({
    toItem: { kind: 'update', changes: { status: 'busy' } },
    mails: [],
    ending: { kind: 'linked', withheld: true },
  });
});

describe('an online meeting', () => {
  test('keeps the body by which people join, and everything else is written', () => {
    const online = { online: true, body: 'Join here' };
    const seen = record('appointment', { body: 'new', subject: 'new' }, newer);
    const plan = planRead(seen, item('appointment', online), meeting({ body: null }, online), never);
    expect(plan.toItem).toMatchObject({ changes: { subject: 'new' } });
    expect(plan.toItem).not.toHaveProperty('changes.body');
  });

  test('of which the block for joining can be told is given a new text, and that is announced like any other', () => {
    const online = { online: true, bodyApart: true, requiredAttendees: ['a'], resources: [] };
    const guest = { requiredAttendees: ['a'] };
    const seen = record('appointment', { ...guest, body: 'new' }, newer);
    const of = meeting(guest, online);
    expect(planRead(seen, item('appointment', online), of, invite)).toMatchObject({ toItem: { changes: { body: 'new' } }, mails: ['a'] });
    expect(planRead(seen, item('appointment', online), of, never)).toMatchObject({
      toItem: { kind: 'none' },
      ending: { hold: { reason: 'would-mail', fields: ['body'], whom: ['a'] } },
    });
  });

  test('whose record still has the block of before it was told apart is no change, and the block is not written twice', () => {
    const line = '_'.repeat(80);
    const block = `${line}\nJoin<https://teams.microsoft.com/l/meetup-join/1>\n${line}`;
    const online = { online: true, bodyApart: true };
    const of = meeting({ body: `Agenda\n${block}` }, { ...online, body: `Agenda\n${block}` });
    const now = item('appointment', { ...online, body: 'Agenda' }, { version: 'W/2' });
    expect(planRead(record('appointment', { body: `Agenda\n${block}` }), now, of, never)).toMatchObject({
      toRecord: { kind: 'none' },
      toItem: { kind: 'none' },
    });
    expect(planRead(record('appointment', { body: `New agenda\n${block}` }, newer), now, of, never)).toMatchObject({
      toRecord: { kind: 'none' },
      toItem: { changes: { body: 'New agenda' } },
    });
  });
});
