import { fieldsOf } from '../../../shared/model/entity';
import { elementsOf, type Side, type Value } from '../../../shared/model/values';
import { merge } from '../../../shared/sync/merge';

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
