import { halfDoneBases, pendingOf, recoveredBases } from '../../../shared/sync/pending';

const bases = { dynamics: { subject: 'old', notes: 'old' }, exchange: { subject: 'old', notes: 'old' } };

test('what is about to be written is kept with what both sides held of these fields, and of no others', () => {
  const pending = pendingOf({ subject: 'new' }, { notes: 'new' }, { subject: 'old', location: 'x' }, { notes: 'mine', body: 'y' });
  expect(pending).toEqual({
    toRecord: { subject: 'new' },
    toItem: { notes: 'new' },
    record: { subject: 'old', notes: null },
    item: { subject: null, notes: 'mine' },
  });
});

test('that a reminder was about to be written is kept too', () => {
  expect(pendingOf({ dueDate: '2026-12-08' }, {}, {}, {}, true)).toMatchObject({ reminds: true });
});

describe('what both sides agree on after a slice that nobody saw the end of', () => {
  const toItem = pendingOf({}, { subject: 'new' }, { subject: 'new' }, { subject: 'old' });
  const toRecord = pendingOf({ subject: 'new' }, {}, { subject: 'old' }, { subject: 'new' });

  test('is the value that was written, where it is found there, and what the other side held when it was copied', () => {
    expect(recoveredBases(bases, toItem, {}, { subject: 'new' })).toEqual({
      dynamics: { subject: 'new', notes: 'old' },
      exchange: { subject: 'new', notes: 'old' },
    });
    expect(recoveredBases(bases, toRecord, { subject: 'new' }, {})).toEqual({
      dynamics: { subject: 'new', notes: 'old' },
      exchange: { subject: 'new', notes: 'old' },
    });
  });

  test('is not what the other side has become since: that is somebody’s edit', () => {
    const recovered = recoveredBases(bases, toItem, { subject: 'newer' }, { subject: 'new' });
    expect(recovered.dynamics.subject).toBe('new');
    expect(recoveredBases(bases, toRecord, { subject: 'new' }, { subject: 'newer' }).exchange.subject).toBe('new');
  });

  test('is as before where the write did not take effect, or its side was not read', () => {
    expect(recoveredBases(bases, toItem, {}, { subject: 'old' })).toEqual(bases);
    expect(recoveredBases(bases, toItem, { subject: 'new' }, {})).toEqual(bases);
    expect(recoveredBases(bases, toRecord, { subject: 'hers' }, {})).toEqual(bases);
    expect(recoveredBases(bases, toRecord, {}, { subject: 'new' })).toEqual(bases);
    expect(recoveredBases(bases, pendingOf({}, { notes: null }, { notes: null }, { notes: 'old' }), {}, {})).toEqual(bases);
  });

  test('is for a list that both sides added to no more than what one was given, and for a text that joins both, that the other lacks it still', () => {
    const lists = pendingOf({ emails: ['a', 'b'] }, { emails: ['a', 'b'] }, { emails: ['a'] }, { emails: ['b'] });
    const none = { dynamics: { emails: [] }, exchange: { emails: [] } };
    expect(recoveredBases(none, lists, { emails: ['a', 'b'] }, { emails: ['b'] })).toEqual({
      dynamics: { emails: ['b'] },
      exchange: { emails: ['b'] },
    });
    expect(recoveredBases(none, lists, { emails: ['a'] }, { emails: ['a', 'b'] })).toEqual({
      dynamics: { emails: ['a'] },
      exchange: { emails: ['a'] },
    });
    expect(recoveredBases(none, lists, { emails: ['a', 'b'] }, { emails: ['a', 'b'] }).exchange).toEqual({ emails: ['a', 'b'] });
    const notes = pendingOf({ notes: 'his and hers' }, { notes: 'his and hers' }, { notes: 'his' }, { notes: 'hers' });
    const half = recoveredBases(bases, notes, { notes: 'his and hers' }, { notes: 'hers' });
    expect([half.dynamics.notes, half.exchange.notes]).toEqual(['his', 'hers']);
  });

  test('is nothing where a value was taken away', () => {
    const cleared = pendingOf({ notes: null }, {}, { notes: 'old' }, {});
    expect(recoveredBases(bases, cleared, { notes: null }, {})).toEqual({
      dynamics: { subject: 'old', notes: null },
      exchange: { subject: 'old', notes: null },
    });
  });

  describe('where both sides were to be given a field', () => {
    const old = { dynamics: { dates: ['x'] }, exchange: { dates: ['x'] } };
    const both = pendingOf({ dates: ['x', 'r', 'i'] }, { dates: ['x', 'r', 'i'] }, { dates: ['x', 'r'] }, { dates: ['x', 'i'] });

    test('and only the record has it, the record still has something to tell (promise 6)', () => {
      expect(recoveredBases(old, both, { dates: ['x', 'r', 'i'] }, { dates: ['x', 'i'] })).toEqual({
        dynamics: { dates: ['x', 'i'] },
        exchange: { dates: ['x', 'i'] },
      });
      expect(recoveredBases(old, both, { dates: ['x', 'r', 'i'] }, {})).toEqual({
        dynamics: { dates: ['x', 'i'] },
        exchange: { dates: ['x', 'i'] },
      });
    });

    test('and only the record has it, of single dates what it was given is no news of its own (promise 4)', () => {
      const [date, other] = ['2026-12-01T08:00:00Z', '2026-12-08T08:00:00Z'];
      const [oslo, lima, call] = [`${date}|location|Oslo`, `${date}|location|Lima`, `${date}|subject|Call`];
      const [gone, rome] = [`${other}|deleted|true`, `${other}|location|Rome`];
      const agreed = { dynamics: { occurrences: [lima, rome] }, exchange: { occurrences: [lima, rome] } };
      const pending = pendingOf(
        { occurrences: [oslo, call, gone] },
        { occurrences: [oslo, call, gone] },
        { occurrences: [lima, call, rome] },
        { occurrences: [oslo, gone] },
      );
      const { dynamics, exchange } = recoveredBases(agreed, pending, { occurrences: [oslo, call, gone] }, { occurrences: [oslo, gone] });
      expect(exchange).toEqual({ occurrences: [oslo, gone] });
      expect(dynamics.occurrences).toEqual(expect.arrayContaining([oslo, gone]));
      expect(dynamics.occurrences).not.toContain(lima);
      expect(dynamics.occurrences).not.toContain(call);
    });

    test('and both have it, nobody has anything to tell', () => {
      const merged = { dates: ['x', 'r', 'i'] };
      expect(recoveredBases(old, both, merged, merged)).toEqual({ dynamics: merged, exchange: merged });
    });
  });
});

describe('what both sides agree on where the record took its write and the item’s failed', () => {
  const [date, other] = ['2026-12-01T08:00:00Z', '2027-01-06T08:00:00Z'];
  const [gone, oslo, rome] = [`${date}|deleted|true`, `${date}|location|Oslo`, `${other}|location|Rome`];

  test('is not that a date which the item had deleted was told to it, now that it is there again (promise 6)', () => {
    const agreed = { dynamics: { occurrences: [oslo, rome] }, exchange: { occurrences: [gone, rome] } };
    const both = pendingOf({ occurrences: [oslo] }, { occurrences: [oslo] }, { occurrences: [oslo, rome] }, { occurrences: [] });
    const half = halfDoneBases(agreed, both, { occurrences: [oslo] });
    expect(half).toEqual({ dynamics: { occurrences: [oslo] }, exchange: { occurrences: [gone] } });
    expect(recoveredBases(half, both, { occurrences: [oslo] }, { occurrences: [] })).toEqual(half);
  });

  test('is of a list what the record was given, so that its removal from there is news (promise 6)', () => {
    const none = { dynamics: { emails: [] }, exchange: { emails: [] } };
    const both = pendingOf({ emails: ['a', 'b'] }, { emails: ['a', 'b'] }, { emails: ['a'] }, { emails: ['b'] });
    const half = { dynamics: { emails: ['b'] }, exchange: { emails: ['b'] } };
    expect(halfDoneBases(none, both, { emails: ['a', 'b'] })).toEqual(half);
  });

  test('is not what Dynamics did not keep of what it was given: its absence is nobody’s removal (promise 1)', () => {
    const none = { dynamics: { occurrences: [] }, exchange: { occurrences: [] } };
    const both = pendingOf({ occurrences: [oslo, rome] }, { occurrences: [oslo, rome] }, { occurrences: [oslo] }, { occurrences: [rome] });
    expect(halfDoneBases(none, both, { occurrences: [oslo] })).toEqual({
      dynamics: { occurrences: [] },
      exchange: { occurrences: [rome] },
    });
  });

  test('is a field that only the record was to be given, and of notes that are kept together nothing but what the item held', () => {
    const subject = pendingOf({ subject: 'new' }, { notes: 'mine' }, { subject: 'old', notes: 'mine' }, { subject: 'new' });
    expect(halfDoneBases(bases, subject, { subject: 'new' })).toEqual({
      dynamics: { subject: 'new', notes: 'old' },
      exchange: { subject: 'new', notes: 'old' },
    });
    const notes = pendingOf({ notes: 'his and hers' }, { notes: 'his and hers' }, { notes: 'his' }, { notes: 'hers' });
    expect(halfDoneBases(bases, notes, { notes: 'his and hers' })).toEqual({
      dynamics: { subject: 'old', notes: 'old' },
      exchange: { subject: 'old', notes: 'hers' },
    });
  });
});
