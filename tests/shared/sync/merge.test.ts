import { fieldsOf } from '../../../shared/model/entity';
import { type Direction, elementsOf, type FieldRule, type Side, type Value, type Values } from '../../../shared/model/values';
import { hasMoved, merge } from '../../../shared/sync/merge';

describe('lists of which Dynamics holds only a part', () => {
  const emails = (dynamics: string, exchange: string, recordNow: string, itemNow: string, winner: Side = 'dynamics') => {
    const merged = merge({
      fields: fieldsOf('contact').filter(({ name }) => name === 'emails'),
      direction: ({ direction }) => direction,
      bases: { dynamics: { emails: [...dynamics] }, exchange: { emails: [...exchange] } },
      record: { emails: [...recordNow] },
      item: { emails: [...itemNow] },
      winner,
      occurrencesFrom: 0,
    });
    const text = (value: Value | undefined) => (value === undefined ? null : elementsOf(value).join(''));
    return { toRecord: text(merged.toRecord.emails), toItem: text(merged.toItem.emails) };
  };

  test('a fourth address stays in Exchange, and moves up when there is room', () => {
    expect(emails('abc', 'abc', 'abc', 'abcd')).toEqual({ toRecord: null, toItem: null });
    expect(emails('abc', 'abcd', 'abc', 'bcd')).toEqual({ toRecord: 'bcd', toItem: null });
    expect(emails('abc', 'abcd', 'abc', 'dabc')).toEqual({ toRecord: 'dab', toItem: null });
  });

  test('an edit in Dynamics leaves the fourth address alone', () => {
    expect(emails('abc', 'abcd', 'axc', 'abcd')).toEqual({ toRecord: null, toItem: 'axcd' });
    expect(emails('abc', 'abcd', 'ac', 'abcd')).toEqual({ toRecord: null, toItem: 'acd' });
  });

  test('an address that only Dynamics holds is not pushed out by one that comes from Exchange (promise 1)', () => {
    expect(emails('pab', 'ab', 'pab', 'zab')).toEqual({ toRecord: 'zap', toItem: null });
    expect(emails('pqr', '', 'pqr', 'z')).toEqual({ toRecord: null, toItem: null });
  });

  test('where both sides were filled up, each keeps its own and is given no more than it can hold (promise 1)', () => {
    expect(emails('ab', 'ab', 'abx', 'aby')).toEqual({ toRecord: null, toItem: null });
    expect(emails('ab', 'ab', 'abx', 'abyz')).toEqual({ toRecord: null, toItem: null });
  });

  test('a full record that is edited while Exchange adds keeps its own edit', () => {
    expect(emails('abc', 'abc', 'axc', 'abcd')).toEqual({ toRecord: null, toItem: 'axcd' });
  });
});

test('two numbers in Dynamics and another in Exchange that has room for one more: Exchange keeps its own, and no number is lost (promise 1)', () => {
  const phones = (winner: Side) => {
    const merged = merge({
      fields: fieldsOf('contact').filter(({ name }) => name === 'businessPhones'),
      direction: ({ direction }) => direction,
      bases: { dynamics: { businessPhones: [] }, exchange: { businessPhones: [] } },
      record: { businessPhones: ['e', 'a'] },
      item: { businessPhones: ['b'] },
      winner,
      occurrencesFrom: 0,
    });
    return { record: merged.toRecord.businessPhones ?? ['e', 'a'], item: merged.toItem.businessPhones ?? ['b'] };
  };
  expect(phones('dynamics')).toEqual({ record: ['e', 'a'], item: ['e', 'b'] });
  const { record, item } = phones('exchange');
  expect([...new Set([...elementsOf(record), ...elementsOf(item)])].toSorted()).toEqual(['a', 'b', 'e']);
});

/** What the record and the item hold; nothing where a side does not know the field. */
type Both = readonly [Value | undefined, Value | undefined];

const from = Date.parse('2026-09-17T00:00:00Z');

function merged(rule: FieldRule, base: Both, now: Both, direction: Direction, winner: Side = 'dynamics') {
  const values = (value: Value | undefined): Values => (value === undefined ? {} : { [rule.name]: value });
  return merge({
    fields: [rule],
    direction: () => direction,
    bases: { dynamics: values(base[0]), exchange: values(base[1]) },
    record: values(now[0]),
    item: values(now[1]),
    winner,
    occurrencesFrom: from,
  });
}

describe('a field that came into the map after a pair was linked', () => {
  const rule: FieldRule = { name: 'custom', direction: 'both', merge: 'whole', joins: true };
  const joined = (now: Both, direction: Direction = 'both', given = rule) => merged(given, [undefined, undefined], now, direction);

  test('is nobody’s edit: each side keeps what it holds', () => {
    expect(joined(['mine', 'hers'])).toEqual({ toRecord: {}, toItem: {}, lost: [] });
    expect(joined([null, 'hers'])).toEqual({ toRecord: {}, toItem: {}, lost: [] });
    expect(joined([undefined, null])).toEqual({ toRecord: {}, toItem: {}, lost: [] });
  });

  test('fills an item that is known to have nothing, as Exchange can hold it', () => {
    expect(joined(['mine', null]).toItem).toEqual({ custom: 'mine' });
    const prefixed = { ...rule, inExchange: (value: Value) => `No. ${String(value)}` };
    expect(joined(['7', null], 'toExchange', prefixed).toItem).toEqual({ custom: 'No. 7' });
    expect(joined(['mine', null], 'both', { ...rule, inExchange: () => null }).toItem).toEqual({});
  });

  test('fills no item of which nothing is known, and none against its direction', () => {
    expect(joined(['mine', undefined]).toItem).toEqual({});
    expect(joined(['mine', null], 'toDynamics').toItem).toEqual({});
    expect(joined(['mine', null], 'none').toItem).toEqual({});
  });

  test('is merged like any other once both sides have a base, and joins again where one has none', () => {
    expect(merged(rule, ['old', 'old'], ['mine', 'old'], 'both').toItem).toEqual({ custom: 'mine' });
    expect(merged(rule, ['old', undefined], ['mine', 'hers'], 'both')).toEqual({ toRecord: {}, toItem: {}, lost: [] });
    expect(merged(rule, [undefined, 'old'], ['mine', 'hers'], 'both')).toEqual({ toRecord: {}, toItem: {}, lost: [] });
  });
});

test('a field that joins is news only where that side has a base for it; any other is news where it has none, too', () => {
  const rule: FieldRule = { name: 'custom', direction: 'both', merge: 'whole' };
  const joins: FieldRule = { ...rule, joins: true };
  expect(hasMoved([rule], {}, { custom: 'x' })).toBe(true);
  expect(hasMoved([joins], {}, { custom: 'x' })).toBe(false);
  expect(hasMoved([joins], { custom: null }, { custom: 'x' })).toBe(true);
  expect(hasMoved([joins], { custom: 'x' }, { custom: 'x' })).toBe(false);
  expect(hasMoved([joins], { custom: 'x' }, {})).toBe(false);
});

describe('single dates of a series that both sides changed', () => {
  const rule: FieldRule = { name: 'occurrences', direction: 'both', merge: 'keyed' };
  const date = '2026-10-12T09:00:00Z';
  const [mine, hers] = [[`${date}|subject|Mine`], [`${date}|subject|Hers`]];

  test('are as the winner has them, and the loser is named with its side (promise 1)', () => {
    expect(merged(rule, [[], []], [mine, hers], 'both', 'dynamics')).toEqual({
      toRecord: {},
      toItem: { occurrences: mine },
      lost: [{ field: 'occurrences', side: 'exchange', value: `${date}|subject|Hers` }],
    });
    expect(merged(rule, [[], []], [mine, hers], 'both', 'exchange')).toEqual({
      toRecord: { occurrences: hers },
      toItem: {},
      lost: [{ field: 'occurrences', side: 'dynamics', value: `${date}|subject|Mine` }],
    });
  });

  test('follow the only side that may tell, and what gave way is named (promise 1)', () => {
    expect(merged(rule, [[], []], [mine, hers], 'toExchange', 'exchange')).toMatchObject({
      toItem: { occurrences: mine },
      lost: [{ side: 'exchange', value: `${date}|subject|Hers` }],
    });
    expect(merged(rule, [[], []], [mine, hers], 'toDynamics', 'dynamics')).toMatchObject({
      toRecord: { occurrences: hers },
      lost: [{ side: 'dynamics', value: `${date}|subject|Mine` }],
    });
  });

  test('are compared from the very first moment on that counts', () => {
    const first = [`${new Date(from).toISOString().replace('.000', '')}|subject|Mine`];
    expect(merged(rule, [[], []], [first, []], 'both').toItem).toEqual({ occurrences: first });
  });
});

describe('elements that both sides replaced', () => {
  const rule: FieldRule = { name: 'emails', direction: 'both', merge: 'elements' };

  test('are the winner’s on both sides, and the loser is named with its side (promise 1)', () => {
    expect(merged(rule, [['a'], ['a']], [['mine'], ['hers']], 'both', 'dynamics')).toEqual({
      toRecord: {},
      toItem: { emails: ['mine'] },
      lost: [{ field: 'emails', side: 'exchange', value: 'hers' }],
    });
    expect(merged(rule, [['a'], ['a']], [['mine'], ['hers']], 'both', 'exchange')).toEqual({
      toRecord: { emails: ['hers'] },
      toItem: {},
      lost: [{ field: 'emails', side: 'dynamics', value: 'mine' }],
    });
  });
});

test('what somebody emptied and lost is not named: there is nothing to give back', () => {
  const rule: FieldRule = { name: 'subject', direction: 'both', merge: 'whole' };
  expect(merged(rule, ['old', 'old'], [null, 'hers'], 'both', 'exchange')).toEqual({ toRecord: { subject: 'hers' }, toItem: {}, lost: [] });
  expect(merged(rule, ['old', 'old'], ['mine', null], 'both', 'dynamics')).toEqual({ toRecord: {}, toItem: { subject: 'mine' }, lost: [] });
});
