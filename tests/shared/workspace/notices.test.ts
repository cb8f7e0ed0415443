import { Notices } from '../../../shared/model/integration-connection';
import { actorOf, isNews, type NoticeFacts, planNotices } from '../../../shared/workspace/notices';
import { recordTableNames } from '../../../shared/workspace/tables';
import { aRecord } from './some-records';

const hour = 3_600_000;
const now = 1_000 * hour;
const anna = { objectId: 'anna-in-entra', systemUserId: 'anna' };
const ben = { objectId: 'ben-in-entra', systemUserId: 'ben' };
const settings = Notices.parse({});
const team = { table: 'team', id: 'sales', name: 'Sales' };

const task = aRecord(
  'task',
  { subject: 'Call back', description: 'secret plans', prioritycode: 2 },
  { createdAt: now - hour, modifiedAt: now - 60_000 },
);

/** A new task of Anna's that Ben made. */
function facts(change: Partial<NoticeFacts> = {}): NoticeFacts {
  return {
    before: null,
    seen: { owner: 'anna', version: '100', actor: 'ben', at: now - 60_000 },
    record: task,
    behindOwner: [anna],
    told: [],
    settings,
    now,
    ...change,
  };
}

const receivers = (given: NoticeFacts) => planNotices(given).send.map(({ to, card }) => [to, card.trigger]);

describe('what is seen of a record', () => {
  const before = aRecord('task', {});
  const change = { integration: 'contoso', before, now: before, isFirstLoad: false };

  test('a first load tells nobody anything', () => {
    expect(isNews({ ...change, before: null, isFirstLoad: true })).toBe(false);
  });
  test('a record that was made, given away, closed or removed is news', () => {
    const bens = { ...before, owner: { table: 'systemuser', id: 'ben', name: null } };
    expect(isNews({ ...change, before: null })).toBe(true);
    expect(isNews({ ...change, now: bens })).toBe(true);
    expect(isNews({ ...change, now: { ...before, state: 1 } })).toBe(true);
    expect(isNews({ ...change, now: null })).toBe(true);
    expect(isNews({ ...change, before: { ...before, state: 1 } })).toBe(false);
  });
  test('an edit is news where a card shows what it changed, and else none', () => {
    const edited = (values: object) => isNews({ ...change, now: { ...before, version: '101', values: { ...before.values, ...values } } });
    expect([edited({ subject: 'Other' }), edited({ prioritycode: 2 }), edited({ regardingobjectid: team })]).toEqual([true, true, true]);
    expect([edited({}), edited({ description: 'Other' })]).toEqual([false, false]);
    const closed = { ...before, state: 1 };
    expect(isNews({ ...change, before: closed, now: { ...closed, values: { subject: 'Other' } } })).toBe(false);
  });
  test('a record that was closed when it came is no news', () => {
    expect(isNews({ ...change, before: null, now: { ...before, state: 1 } })).toBe(false);
  });
  test('who made a new record, or changed an old one last, did it', () => {
    const touched = { ...before, createdBy: 'ben', modifiedBy: 'lena' };
    expect([actorOf({ ...change, before: null, now: touched }), actorOf({ ...change, now: touched })]).toEqual(['ben', 'lena']);
  });
});

describe('who gets a card', () => {
  test('the owner of a new record', () => {
    expect(receivers(facts())).toEqual([['anna-in-entra', 'new']]);
  });
  test('the new owner of an existing record', () => {
    expect(receivers(facts({ before: { owner: 'ben' } }))).toEqual([['anna-in-entra', 'existing']]);
  });
  test('nobody for an edit that leaves the owner', () => {
    expect(planNotices(facts({ before: { owner: 'anna' } }))).toMatchObject({ send: [], silence: 'same-owner' });
  });
  test('nobody for what she did herself', () => {
    expect(receivers(facts({ seen: { owner: 'anna', version: '100', actor: 'anna', at: now } }))).toEqual([]);
  });
  test('she herself, where the settings want that', () => {
    const own = { seen: { owner: 'anna', version: '100', actor: 'anna', at: now }, settings: Notices.parse({ toOneself: true }) };
    expect(receivers(facts(own))).toHaveLength(1);
  });
  test('the members of the team that owns it, but for the one who did it (defect 4)', () => {
    const ours = {
      record: { ...task, owner: team },
      seen: { owner: 'sales', version: '100', actor: 'ben', at: now },
      behindOwner: [anna, ben],
    };
    expect(receivers(facts(ours))).toEqual([['anna-in-entra', 'new']]);
  });
  test('no member of a team, where the settings do not want that', () => {
    const ours = {
      record: { ...task, owner: team },
      seen: { owner: 'sales', version: '100', actor: null, at: now },
      behindOwner: [anna, ben],
    };
    const quiet = Notices.parse({ toTeams: false });
    expect(planNotices(facts({ ...ours, settings: quiet }))).toMatchObject({ send: [], silence: 'teams-off' });
  });
  test('nobody for an old record that comes into sight for the first time (defect 2)', () => {
    expect(planNotices(facts({ record: { ...task, createdAt: now - 73 * hour } }))).toMatchObject({ send: [], silence: 'not-new' });
  });
  test('nobody for a record that comes into sight again with the owner it had, however young (defect 2)', () => {
    expect(receivers(facts({ before: { owner: 'anna' } }))).toEqual([]);
  });
  test('the new owner of one that comes into sight again with another (defect 3)', () => {
    const back = { before: { owner: 'ben' }, record: { ...task, createdAt: 0 } };
    expect(receivers(facts(back))).toEqual([['anna-in-entra', 'existing']]);
  });
  test('nobody who has a card about it: one card an event, however often it is seen', () => {
    expect(planNotices(facts({ told: ['anna-in-entra'] }))).toMatchObject({ send: [], takeBack: [] });
  });
  test('nobody once it belongs to somebody else again', () => {
    const moved = { record: { ...task, owner: { table: 'systemuser', id: 'ben', name: null } }, behindOwner: [ben] };
    expect(planNotices(facts(moved))).toMatchObject({ send: [], silence: 'moved-on' });
  });
  test('nobody for a closed record, one that is gone, or one that belongs to nobody', () => {
    expect(planNotices(facts({ record: { ...task, state: 1 } }))).toMatchObject({ send: [], silence: 'closed' });
    expect(planNotices(facts({ record: null, seen: null, behindOwner: [] }))).toMatchObject({ send: [], silence: 'gone' });
    expect(planNotices(facts({ record: { ...task, owner: null }, behindOwner: [] }))).toMatchObject({ send: [], silence: 'nobodys' });
  });
  test.each(recordTableNames)('the owner of a new or given %s, from the microapp of the table', (table) => {
    const record = aRecord(table, {}, { createdAt: now });
    for (const before of [null, { owner: 'ben' }]) expect(receivers(facts({ record, before }))).toHaveLength(1);
  });
});

describe('a card', () => {
  const only = (given: NoticeFacts) => planNotices(given).send[0]?.card;

  test('is the same for the same event, and another for another version of the owner’s change or another trigger', () => {
    const ids = [
      facts(),
      facts({ now: now + hour }),
      facts({ before: { owner: 'ben' } }),
      facts({ seen: { owner: 'anna', version: '101', actor: null, at: now } }),
    ].map((given) => only(given)?.id);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
  });
  test('lives 72 hours, or as long as the settings say (defect 30)', () => {
    expect(only(facts())?.expiresAt).toBe(now + 72 * hour);
    expect(only(facts({ settings: Notices.parse({ hours: 5 }) }))?.expiresAt).toBe(now + 5 * hour);
  });
  test('keeps what it shows and nothing else', () => {
    expect(only(facts())?.values).toEqual({ subject: 'Call back', prioritycode: 2 });
  });
  test('goes when the record closes, is deleted, or moves on to somebody else (defect 30)', () => {
    const had = facts({ told: ['anna-in-entra'] });
    expect(planNotices({ ...had, record: { ...task, state: 1 } }).takeBack).toEqual(['anna-in-entra']);
    expect(planNotices({ ...had, record: null, seen: null, behindOwner: [] }).takeBack).toEqual(['anna-in-entra']);
    const bens = { ...task, owner: { table: 'systemuser', id: 'ben', name: null } };
    const moved = planNotices({
      ...had,
      before: { owner: 'anna' },
      seen: { owner: 'ben', version: '101', actor: 'anna', at: now },
      record: bens,
      behindOwner: [ben],
    });
    expect([moved.takeBack, moved.send.map(({ to }) => to)]).toEqual([['anna-in-entra'], ['ben-in-entra']]);
  });
  test('shows the record as it is now to those who keep it, and to nobody else', () => {
    const edited = { ...task, version: '101', values: { ...task.values, subject: 'Call again' } };
    const had = { before: { owner: 'anna' }, record: edited, told: ['anna-in-entra', 'ben-in-entra'] };
    const plan = planNotices(facts({ ...had, seen: { owner: 'anna', version: '101', actor: 'ben', at: now } }));
    expect(plan).toMatchObject({ send: [], takeBack: ['ben-in-entra'] });
    expect(plan.revise).toEqual({ people: ['anna-in-entra'], version: '101', values: { subject: 'Call again', prioritycode: 2 } });
    expect(planNotices(facts({ ...had, record: { ...edited, state: 1 } })).revise).toBeNull();
  });
  test('is about the version that the cache has, however old the event is', () => {
    expect(only(facts({ record: { ...task, version: '105' } }))).toMatchObject({ version: '105', id: only(facts())?.id });
  });
  test('stays with those of a team who are still in it', () => {
    const ours = facts({
      before: { owner: 'sales' },
      record: { ...task, owner: team },
      behindOwner: [anna],
      told: ['anna-in-entra', 'ben-in-entra'],
    });
    expect(planNotices({ ...ours, seen: { owner: 'sales', version: '101', actor: null, at: now } }).takeBack).toEqual(['ben-in-entra']);
  });
});
