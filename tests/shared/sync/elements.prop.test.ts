import fc from 'fast-check';
import { mergeLists, mergeSets } from '../../../shared/sync/elements';
import { runs } from './runs';

/** A base and what became of it: elements removed, replaced, added anywhere and moved about. */
const element = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const plain = fc.uniqueArray(element, { maxLength: 5 });
const withDoubles = fc.array(element, { maxLength: 5 });
const lists = (content: fc.Arbitrary<string[]>) => fc.record({ base: content, now: content });
const winner = fc.constantFrom('left' as const, 'right' as const);
const usual = runs(3_000);

const set = (list: readonly string[]) => [...new Set(list)].sort();
const gone = ({ base, now }: { base: string[]; now: string[] }) => base.filter((each) => !now.includes(each));
const fresh = ({ base, now }: { base: string[]; now: string[] }) => now.filter((each) => !base.includes(each));

test('lists that nobody changed stay as they are, whatever each of them holds', () => {
  fc.assert(
    fc.property(withDoubles, withDoubles, winner, (left, right, who) => {
      expect(mergeLists({ base: left, now: left }, { base: right, now: right }, who)).toEqual({ left, right, lost: [] });
    }),
    usual,
  );
});

test('merging what came of a merge changes nothing (promise 4)', () => {
  fc.assert(
    fc.property(lists(withDoubles), lists(withDoubles), winner, (one, other, who) => {
      const { left, right } = mergeLists(one, other, who);
      expect(mergeLists({ base: left, now: left }, { base: right, now: right }, who)).toEqual({ left, right, lost: [] });
    }),
    usual,
  );
});

test('an element that was added on one side is on both sides afterwards, unless it lost to another replacement (promise 1)', () => {
  fc.assert(
    fc.property(lists(withDoubles), lists(withDoubles), winner, (one, other, who) => {
      const { left, right, lost } = mergeLists(one, other, who);
      const gaveUp = (loser: 'left' | 'right') => lost.filter((each) => each.loser === loser).map(({ value }) => value);
      for (const each of fresh(one))
        if (!gaveUp('left').includes(each)) expect([left, right]).toEqual([expect.arrayContaining([each]), expect.arrayContaining([each])]);
      for (const each of fresh(other))
        if (!gaveUp('right').includes(each))
          expect([left, right]).toEqual([expect.arrayContaining([each]), expect.arrayContaining([each])]);
    }),
    usual,
  );
});

test('an element leaves a list only where the other side removed it or a replacement of it lost (promise 1)', () => {
  fc.assert(
    fc.property(lists(withDoubles), lists(withDoubles), winner, (one, other, who) => {
      const { left, right, lost } = mergeLists(one, other, who);
      const gaveUp = (loser: 'left' | 'right') => lost.filter((each) => each.loser === loser).map(({ value }) => value);
      for (const each of one.now) if (!left.includes(each)) expect([...gone(other), ...gaveUp('left')]).toContain(each);
      for (const each of other.now) if (!right.includes(each)) expect([...gone(one), ...gaveUp('right')]).toContain(each);
    }),
    usual,
  );
});

test('an element that only one side holds is never removed because the other lacks it', () => {
  fc.assert(
    fc.property(lists(plain), plain, winner, (one, held, who) => {
      const rooms = held.map((each) => `room ${each}`);
      const base = [...rooms, ...one.base];
      const { right } = mergeLists(one, { base, now: base }, who);
      expect(right).toEqual(expect.arrayContaining(rooms));
    }),
    usual,
  );
});

test('what one side removed and the other left alone is on neither side afterwards', () => {
  fc.assert(
    fc.property(lists(plain), winner, (one, who) => {
      const untouched = { base: one.base, now: one.base };
      for (const each of gone(one)) {
        expect(mergeLists(one, untouched, who).right).not.toContain(each);
        expect(mergeLists(untouched, one, who).left).not.toContain(each);
      }
    }),
    usual,
  );
});

test('sides that held the same elements hold the same elements afterwards', () => {
  fc.assert(
    fc.property(plain, plain, plain, winner, (base, one, other, who) => {
      const { left, right } = mergeLists({ base, now: one }, { base, now: other }, who);
      expect(set(left)).toEqual(set(right));
    }),
    usual,
  );
});

test('sides that held the same list hold the same list afterwards, order included', () => {
  fc.assert(
    fc.property(plain, plain, plain, winner, (base, one, other, who) => {
      const { left, right } = mergeLists({ base, now: one }, { base, now: other }, who);
      expect(left).toEqual(right);
    }),
    usual,
  );
});

test('a list that one side alone changed is taken over as it is', () => {
  fc.assert(
    fc.property(lists(plain), winner, (one, who) => {
      const untouched = { base: one.base, now: one.base };
      expect(mergeLists(one, untouched, who)).toEqual({ left: one.now, right: one.now, lost: [] });
      expect(mergeLists(untouched, one, who)).toEqual({ left: one.now, right: one.now, lost: [] });
    }),
    usual,
  );
});

test('two replacements of one element: the winner’s stays on both sides and the loser’s is named', () => {
  const [left, right] = [
    { base: ['1', '2'], now: ['1', 'new of left'] },
    { base: ['1', '2'], now: ['1', 'new of right'] },
  ];
  expect(mergeLists(left, right, 'left')).toEqual({ left: left.now, right: left.now, lost: [{ loser: 'right', value: 'new of right' }] });
  expect(mergeLists(left, right, 'right')).toEqual({ left: right.now, right: right.now, lost: [{ loser: 'left', value: 'new of left' }] });
});

describe('named cases', () => {
  const cases: [string, string, string, 'left' | 'right', string, string][] = [
    // title, left base>now, right base>now, winner, left after, right after
    ['both put the list in another order: the winner’s counts on both sides', 'abc>cba', 'abc>bac', 'left', 'cba', 'cba'],
    ['both put the list in another order: the winner’s counts, on the right', 'abc>cba', 'abc>bac', 'right', 'bac', 'bac'],
    ['one reorders while the other adds', 'abc>abcd', 'abc>cba', 'left', 'cbad', 'cbad'],
    ['one reorders while the other replaces', 'ab>ba', 'ab>ax', 'left', 'xa', 'xa'],
    ['a double that is dropped does not take the only one along', 'aa>a', 'a>a', 'left', 'a', 'a'],
    ['one adds what the other removes: it stays, and does not change sides', 'b>bx', 'bx>b', 'right', 'bx', 'bx'],
    ['one adds what the other replaces: both stay', 'b>bx', 'bx>by', 'right', 'byx', 'byx'],
    ['a replacement beats a removal', 'ab>ax', 'ab>a', 'right', 'ax', 'ax'],
    ['both replace different elements with the same one', 'ab>xb', 'ab>ax', 'left', 'x', 'x'],
    ['a removal that the other side never held moves nothing there', 'abx>ab', 'ba>ba', 'left', 'ab', 'ba'],
    ['both empty it', 'ab>', 'ab>', 'left', '', ''],
    ['an addition at the front comes first on the other side', 'ab>zab', 'ab>ab', 'left', 'zab', 'zab'],
  ];
  const split = (text: string) => {
    const [base = '', now = ''] = text.split('>');
    return { base: [...base], now: [...now] };
  };
  test.each(cases)('%s', (_title, left, right, who, leftAfter, rightAfter) => {
    const merged = mergeLists(split(left), split(right), who);
    expect([merged.left.join(''), merged.right.join('')]).toEqual([leftAfter, rightAfter]);
  });
});

test('who alone put what stayed in another order decides it, although the lists never agreed on one', () => {
  const [moved, still] = [
    { base: ['a', 'b', 'c'], now: ['c', 'a', 'b'] },
    { base: ['b', 'a', 'c'], now: ['b', 'a', 'c'] },
  ];
  for (const who of ['left', 'right'] as const) {
    expect(mergeLists(moved, still, who)).toMatchObject({ left: moved.now, right: moved.now });
    expect(mergeLists(still, moved, who)).toMatchObject({ left: moved.now, right: moved.now });
  }
});

test('who adds in front of a list puts nothing in another order: whoever does decides', () => {
  const added = { base: ['a', 'b', 'c'], now: ['x', 'a', 'b', 'c'] };
  const turned = { base: ['a', 'b', 'c'], now: ['c', 'b', 'a'] };
  expect(mergeLists(added, turned, 'left')).toMatchObject({ left: ['c', 'b', 'a', 'x'], right: ['c', 'b', 'a', 'x'] });
});

test('what one side made of an element is not given up where the other side holds it as well', () => {
  const merged = mergeLists({ base: ['a'], now: ['x'] }, { base: ['a'], now: ['y', 'x'] }, 'right');
  expect(merged.lost).toEqual([]);
  expect(set(merged.left)).toEqual(['x', 'y']);
  expect(set(merged.right)).toEqual(['x', 'y']);
});

test('of a set no element that a side added is lost, and none stays that a side removed and the other one did not add', () => {
  fc.assert(
    fc.property(lists(plain), lists(plain), (one, other) => {
      const { left, right } = mergeSets(one, other);
      for (const each of [...fresh(one), ...fresh(other)]) expect([left, right].every((list) => list.includes(each))).toBe(true);
      for (const each of gone(one)) if (other.base.includes(each)) expect(right).not.toContain(each);
      for (const each of gone(other)) if (one.base.includes(each)) expect(left).not.toContain(each);
      expect(mergeSets({ base: left, now: left }, { base: right, now: right })).toEqual({ left, right });
    }),
    usual,
  );
});
