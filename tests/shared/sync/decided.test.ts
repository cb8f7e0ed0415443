import type { Values } from '../../../shared/model/values';
import type { Decision, HoldAction } from '../../../shared/sync/decision';
import type { Link } from '../../../shared/sync/link';
import type { PairPlan } from '../../../shared/sync/pair-plan';
import { planPair } from '../../../shared/sync/plan';
import { itemSide, recordSide } from '../../../shared/sync/sides';
import { agreed, context, item, link, pair, record } from './pairs';

const guests = { requiredAttendees: ['ben@x.example'] };
const bases = {
  dynamics: { ...agreed.appointment.dynamics, ...guests },
  exchange: { ...agreed.appointment.exchange, ...guests },
};
const of = link('appointment', { bases });

function decided(verdict: Decision['verdict'], action: HoldAction, facts: Partial<Decision> = {}): Decision {
  return { verdict, reason: 'would-mail', action, fields: [], whom: guests.requiredAttendees, ...facts };
}

function edited(values: Values, decision?: Decision, itemNow: Values = {}, known: Link = of): PairPlan {
  const given = { ...context, ...(decision === undefined ? {} : { decision }) };
  const seen = record('appointment', { ...guests, ...values }, { version: '101' });
  const found = item('appointment', { ...guests, ...itemNow });
  return planPair(
    pair('appointment', known, recordSide(seen, known, { systemUserId: 'me' }, given.rules), itemSide(found, known, given.rules)),
    given,
  );
}

function deleted(decision?: Decision): PairPlan {
  const found = { kind: 'same', item: item('appointment', guests) } as const;
  return planPair(pair('appointment', of, { kind: 'deleted' }, found), { ...context, ...(decision === undefined ? {} : { decision }) });
}

describe('a change that would be mailed, under attendeeMail never (promise 2)', () => {
  const change = { subject: 'Review of the offer', location: 'Room 2' };
  const fields = ['subject', 'location'];

  test('goes out to those whom an admin approved', () => {
    expect(edited(change, decided('approve', 'update', { fields }))).toMatchObject({
      toItem: { kind: 'update', changes: change },
      mails: guests.requiredAttendees,
      ending: { kind: 'linked', hold: null },
    });
  });

  test.each<[string, Decision]>([
    ['fewer fields', decided('approve', 'update', { fields: ['subject'] })],
    ['other people', decided('approve', 'update', { fields, whom: ['cora@x.example'] })],
    ['the deletion of the item', decided('approve', 'deleteItem', { fields })],
    ['something that the brake had stopped', decided('approve', 'update', { fields, reason: 'brake' })],
  ])('waits on where what an admin approved was %s', (_title, decision) => {
    expect(edited(change, decision)).toMatchObject({
      toItem: { kind: 'none' },
      mails: [],
      ending: { hold: { reason: 'would-mail', action: 'update', fields, whom: guests.requiredAttendees } },
    });
  });

  test('is kept from the item for good where an admin discarded it, and holds nothing up', () => {
    expect(edited({ ...change, status: 'tentative' }, decided('discard', 'update', { fields }))).toMatchObject({
      toItem: { kind: 'update', changes: { status: 'tentative' } },
      mails: [],
      ending: { kind: 'linked', hold: null },
    });
  });

  test('waits in those fields of which nobody has decided yet', () => {
    const plan = edited(change, decided('discard', 'update', { fields: ['subject'] }));
    expect(plan).toMatchObject({ toItem: { kind: 'none' }, ending: { hold: { fields: ['location'] } } });
  });

  test('waits where what was discarded was something else', () => {
    for (const decision of [decided('discard', 'deleteItem', { fields }), decided('discard', 'update', { fields, reason: 'brake' })])
      expect(edited(change, decision).ending).toMatchObject({ hold: { fields } });
  });

  test('an approval of a change does not let a list go that was never approved', () => {
    const list = { requiredAttendees: ['ben@x.example', 'cora@x.example'] };
    const approval = decided('approve', 'update', { fields: ['subject', 'requiredAttendees'], whom: list.requiredAttendees });
    expect(
      edited({ subject: 'Review of the offer', ...list }, decided('approve', 'update', { fields: ['subject'] })).toItem,
    ).not.toHaveProperty('changes.requiredAttendees');
    expect(edited({ subject: 'Review of the offer', ...list }, approval)).toMatchObject({
      toItem: { kind: 'update', changes: { subject: 'Review of the offer', ...list } },
      mails: list.requiredAttendees,
      ending: { withheld: false, hold: null },
    });
  });
});

describe('a deletion that would be mailed, under attendeeMail never (promise 2)', () => {
  test('waits for an admin', () => {
    expect(deleted()).toMatchObject({
      toItem: { kind: 'none' },
      mails: [],
      ending: { hold: { reason: 'would-mail', action: 'deleteItem', fields: [], whom: guests.requiredAttendees } },
    });
  });

  test('is done where an admin approved that these people hear of it', () => {
    expect(deleted(decided('approve', 'deleteItem'))).toMatchObject({
      toItem: { kind: 'delete' },
      mails: guests.requiredAttendees,
      reason: 'record-deleted',
    });
    expect(deleted(decided('approve', 'deleteItem', { whom: [] })).toItem).toEqual({ kind: 'none' });
    expect(deleted(decided('approve', 'update', { fields: ['subject'] })).toItem).toEqual({ kind: 'none' });
  });

  test('is not done where an admin discarded it: the item stays, on its own', () => {
    expect(deleted(decided('discard', 'deleteItem'))).toMatchObject({
      toItem: { kind: 'none' },
      mails: [],
      ending: { kind: 'released', reason: 'deleted-in-dynamics' },
    });
    expect(deleted(decided('discard', 'update')).ending).toMatchObject({ kind: 'linked' });
  });
});

describe('a meeting whose record has another organizer now, under attendeeMail never (promise 2)', () => {
  const left = (decision?: Decision) => {
    const seen = record('appointment', guests, { version: '101', organizer: 'you' });
    const found = { kind: 'same', item: item('appointment', guests) } as const;
    const given = { ...context, ...(decision === undefined ? {} : { decision }) };
    return planPair(pair('appointment', of, { kind: 'movedHome', record: seen }, found), given);
  };

  test('waits for an admin, goes where she approves, and stays on its own where she does not', () => {
    expect(left()).toMatchObject({ toItem: { kind: 'none' }, ending: { hold: { action: 'deleteItem' } }, reason: 'would-mail' });
    expect(left(decided('approve', 'deleteItem'))).toMatchObject({ toItem: { kind: 'delete' }, mails: guests.requiredAttendees });
    expect(left(decided('discard', 'deleteItem'))).toMatchObject({
      toItem: { kind: 'none' },
      mails: [],
      ending: { kind: 'released', reason: 'moved-home' },
      reason: 'moved-home',
    });
  });
});

test('a meeting that was closed goes on waiting for an admin where its copy is to leave with its former organizer, and ends with it where nobody was asked (promise 4)', () => {
  const seen = record('appointment', { ...guests, status: 'canceled' }, { version: '102', organizer: 'you', standing: 'closed' });
  const found = { kind: 'same', item: item('appointment', guests) } as const;
  const plan = (link: Link, decision?: Decision) =>
    planPair(pair('appointment', link, { kind: 'movedHome', record: seen }, found), {
      ...context,
      ...(decision === undefined ? {} : { decision }),
    });
  const waiting = link('appointment', { bases, state: 'held', reason: 'would-mail' });
  expect(plan(waiting)).toMatchObject({ toItem: { kind: 'none' }, ending: { hold: { action: 'deleteItem' } } });
  expect(plan(waiting, decided('approve', 'deleteItem')).toItem).toEqual({ kind: 'delete' });
  expect(plan(of)).toMatchObject({ toItem: { kind: 'update' }, ending: { kind: 'released', reason: 'closed' } });
  const late = { kind: 'changed', item: item('appointment', { ...guests, body: 'Mine' }, { version: 'W/2' }) } as const;
  const edited = planPair(pair('appointment', waiting, { kind: 'movedHome', record: seen }, late), context);
  expect(edited).toMatchObject({ toRecord: { kind: 'none' }, ending: { kind: 'released', reason: 'closed', untold: ['body'] } });
});

describe('a pair that is held', () => {
  const held = link('appointment', { bases, state: 'held', reason: 'would-mail' });

  test('is linked again once both sides have nothing to tell', () => {
    expect(edited({}, undefined, {}, held)).toMatchObject({ toItem: { kind: 'none' }, ending: { kind: 'linked', hold: null } });
  });

  test('stays as it is while its record was not read, whatever the item says', () => {
    const found = { kind: 'changed', item: item('appointment', { ...guests, body: 'Mine' }, { version: 'W/2' }) } as const;
    const plan = planPair(pair('appointment', held, { kind: 'same', record: null }, found), context);
    expect(plan).toMatchObject({ toRecord: { kind: 'none' }, ending: { kind: 'untouched' }, reason: 'would-mail' });
  });
});
