import fc from 'fast-check';
import { type Candidate, naturalKeys, type Seeker, seekingKeys, twinsOf } from '../../../shared/sync/twins';
import { runs } from './runs';

const usual = runs(500);

const keys = fc.uniqueArray(fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5'), { maxLength: 3 });
const names = ['r1', 'r2', 'r3', 'r4', 'r5'];
const seekers = fc.uniqueArray(fc.record<Seeker>({ name: fc.constantFrom(...names), keys }), { selector: ({ name }) => name });
const candidates = fc.uniqueArray(
  fc.record<Candidate>({
    id: fc.constantFrom('i1', 'i2', 'i3', 'i4', 'i5', 'i6'),
    markedFor: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(...names) }),
    isFree: fc.boolean(),
    keys,
  }),
  { selector: ({ id }) => id },
);
const rivals = fc.dictionary(fc.constantFrom(...names, 'r6', 'r7'), keys).map((found) => new Map(Object.entries(found)));

const share = (left: readonly string[], right: readonly string[]): boolean => left.some((key) => right.includes(key));

test('no item is ever given to two records (promise 5)', () => {
  fc.assert(
    fc.property(seekers, candidates, rivals, (seeking, found, others) => {
      const ids = [...twinsOf(seeking, found, others).values()];
      expect(new Set(ids).size).toBe(ids.length);
    }),
    usual,
  );
});

test('a twin by natural key is free, unmarked, and the one candidate on both sides', () => {
  fc.assert(
    fc.property(seekers, candidates, rivals, (seeking, found, others) => {
      for (const [name, id] of twinsOf(seeking, found, others)) {
        const item = found.find((each) => each.id === id);
        const seeker = seeking.find((each) => each.name === name);
        if (item === undefined || seeker === undefined) throw new Error('a twin that nobody offered');
        if (item.markedFor !== null) {
          expect(item.markedFor).toBe(name);
          continue;
        }
        expect(item.isFree).toBe(true);
        expect(found.filter((each) => each.isFree && each.markedFor === null && share(each.keys, seeker.keys))).toEqual([item]);
        for (const [other, theirs] of [...others, ...seeking.map((each) => [each.name, each.keys] as const)])
          if (other !== name && !seeking.some((each) => each.name === other && each.keys !== theirs))
            expect(share(theirs, item.keys)).toBe(false);
      }
    }),
    usual,
  );
});

test('an item that carries the marker of a record is its item, whatever it looks like', () => {
  fc.assert(
    fc.property(seekers, candidates, rivals, (seeking, found, others) => {
      const twins = twinsOf(seeking, found, others);
      for (const { name } of seeking)
        if (found.some(({ markedFor }) => markedFor === name)) expect(found.find(({ id }) => id === twins.get(name))?.markedFor).toBe(name);
    }),
    usual,
  );
});

describe('twins', () => {
  const seeker = (name: string, ...its: string[]): Seeker => ({ name, keys: its });
  const candidate = (id: string, its: readonly string[], facts: Partial<Candidate> = {}): Candidate => ({
    id,
    keys: its,
    markedFor: null,
    isFree: true,
    ...facts,
  });
  const found = (seeking: readonly Seeker[], offered: readonly Candidate[], others: Readonly<Record<string, readonly string[]>> = {}) =>
    Object.fromEntries(twinsOf(seeking, offered, new Map(Object.entries(others))));

  test('are found where one record and one item share a key', () => {
    expect(found([seeker('r1', 'k1'), seeker('r2', 'k2')], [candidate('i1', ['k1', 'k3']), candidate('i2', ['k2'])])).toEqual({
      r1: 'i1',
      r2: 'i2',
    });
    expect(found([seeker('r1', 'k1')], [candidate('i1', ['k2'])])).toEqual({});
  });

  test('are nobody where two items fit, or another record fits as well, whether it seeks or not', () => {
    expect(found([seeker('r1', 'k1')], [candidate('i1', ['k1']), candidate('i2', ['k1'])])).toEqual({});
    expect(found([seeker('r1', 'k1'), seeker('r2', 'k1')], [candidate('i1', ['k1'])])).toEqual({});
    expect(found([seeker('r1', 'k1')], [candidate('i1', ['k1'])], { r9: ['k1'] })).toEqual({});
    expect(found([seeker('r1', 'k1')], [candidate('i1', ['k1'])], { r1: ['k1'], r9: ['k2'] })).toEqual({ r1: 'i1' });
  });

  test('are never made of what is not free or carries another marker', () => {
    expect(found([seeker('r1', 'k1')], [candidate('i1', ['k1'], { isFree: false })])).toEqual({});
    expect(found([seeker('r1', 'k1')], [candidate('i1', ['k1'], { markedFor: 'r9' })])).toEqual({});
    expect(found([seeker('r1', 'k1')], [candidate('i1', ['k1'], { markedFor: 'r9' }), candidate('i2', ['k1'])])).toEqual({ r1: 'i2' });
  });

  test('by marker come first: of several the one that looks the same, otherwise always the same one', () => {
    const marked = { markedFor: 'r1' };
    const offered = [
      candidate('i3', [], marked),
      candidate('i1', ['k2'], marked),
      candidate('i2', ['k1'], marked),
      candidate('i9', ['k1']),
    ];
    expect(found([seeker('r1', 'k1')], offered)).toEqual({ r1: 'i2' });
    expect(found([seeker('r1', 'k5')], offered)).toEqual({ r1: 'i1' });
    expect(found([seeker('r1', 'k5')], offered.toReversed())).toEqual({ r1: 'i1' });
  });
});

describe('natural keys', () => {
  const contact = { firstName: 'Anna', lastName: 'Weber', emails: ['Anna@x.example', 'a@y.example'] };
  const event = { subject: 'Review', time: '2026-10-05T09:00:00Z/2026-10-05T10:00:00Z', iCalUId: null };

  test('a contact has one for each address, and case and spacing do not matter', () => {
    const other = { firstName: ' anna', lastName: 'WEBER ', emails: ['anna@X.example'] };
    expect(naturalKeys('contact', contact)).toHaveLength(2);
    expect(naturalKeys('contact', contact)).toEqual(expect.arrayContaining(naturalKeys('contact', other)));
  });

  test.each([
    ['contact', { ...contact, emails: [] }],
    ['contact', { emails: ['anna@x.example'] }],
    ['task', { subject: 'Call Adatum', dueDate: null }],
    ['task', { subject: null, dueDate: '2026-10-05' }],
    ['event', { ...event, subject: null }],
    ['event', { ...event, time: null }],
    ['series', { subject: 'Weekly', time: event.time, recurrence: null }],
    ['series', { subject: 'Weekly', time: null, recurrence: '{}' }],
  ] as const)('a %s of which half is missing has none: %j', (kind, values) => {
    expect(naturalKeys(kind, values)).toEqual([]);
  });

  test('tell a task by its subject and due date, and an event by both of its identities', () => {
    const task = { subject: 'Call  Adatum', dueDate: '2026-10-05' };
    expect(naturalKeys('task', task)).toEqual(naturalKeys('task', { ...task, subject: 'call adatum' }));
    expect(naturalKeys('task', task)).not.toEqual(naturalKeys('task', { ...task, subject: 'CallAdatum' }));
    expect(naturalKeys('task', task)).not.toEqual(naturalKeys('task', { ...task, dueDate: '2026-10-06' }));
    expect(naturalKeys('task', task)).toHaveLength(1);
    expect(naturalKeys('series', { iCalUId: 'x' })).toEqual(naturalKeys('event', { iCalUId: 'x' }));
  });

  test('of different meanings never meet, though the texts are the same', () => {
    const time = '2026-10-05/2026-10-06';
    const told = [
      naturalKeys('task', { subject: 'Anna', dueDate: '2026-10-05' }),
      naturalKeys('event', { subject: 'Anna', time }),
      naturalKeys('contact', { emails: ['Anna'], lastName: '2026-10-05' }),
    ].flat();
    expect(new Set(told).size).toBe(3);
  });

  test('an event that ends later is the same, one that starts later is not', () => {
    const longer = { ...event, time: '2026-10-05T09:00:00Z/2026-10-05T11:00:00Z' };
    const later = { ...event, time: '2026-10-05T09:30:00Z/2026-10-05T10:00:00Z' };
    expect(naturalKeys('event', longer)).toEqual(naturalKeys('event', event));
    expect(naturalKeys('event', later)).not.toEqual(naturalKeys('event', event));
  });

  test('a series is the same only where it goes on in the same way', () => {
    const weekly = { ...event, recurrence: 'every week' };
    expect(naturalKeys('series', weekly)).toHaveLength(1);
    expect(naturalKeys('series', { ...weekly, subject: ' review' })).toEqual(naturalKeys('series', weekly));
    expect(naturalKeys('series', { ...weekly, recurrence: 'every day' })).not.toEqual(naturalKeys('series', weekly));
    expect(seekingKeys('series', { ...weekly, iCalUId: '040000008200E0' })).toHaveLength(1);
  });

  test('a record that knows its iCalUId seeks by nothing else', () => {
    const known = { ...event, iCalUId: '040000008200E0' };
    expect(naturalKeys('event', known)).toHaveLength(2);
    expect(seekingKeys('event', known)).toHaveLength(1);
    expect(seekingKeys('event', event)).toEqual(naturalKeys('event', event));
  });
});
