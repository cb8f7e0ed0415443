import fc from 'fast-check';
import { startOf } from '../../../shared/model/appointment';
import { streetLines } from '../../../shared/model/contact';
import { fieldsOf } from '../../../shared/model/entity';
import { elementsOf, entities, isBlank, normalText, sameValue, type Value } from '../../../shared/model/values';

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.constantFrom('a', 'b'),
  fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
);

test('values are the same as themselves, both ways round, and blank ones are all the same', () => {
  fc.assert(
    fc.property(value, value, (left, right) => {
      expect(sameValue(left, left)).toBe(true);
      expect(sameValue(left, right)).toBe(sameValue(right, left));
      if (isBlank(left) && isBlank(right)) expect(sameValue(left, right)).toBe(true);
      if (isBlank(left) !== isBlank(right)) expect(sameValue(left, right)).toBe(false);
    }),
  );
  expect(sameValue(undefined, [])).toBe(true);
  expect(sameValue(false, null)).toBe(false);
  expect(sameValue(['a', 'b'], ['b', 'a'])).toBe(false);
  expect(elementsOf('a')).toEqual([]);
});

test('text that was made normal is normal, and only white space is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\t', '\n', '\r', '\u00a0', '\u2028', '\ufeff') }), (text) => {
      const normal = normalText(text);
      expect(normalText(normal)).toBe(normal);
      expect((normal ?? '').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      expect(normal).not.toBe('');
    }),
  );
  expect(normalText('a \r\nb\t\n\n')).toBe('a\nb');
  expect([normalText(undefined), normalText(null), normalText(' \n ')]).toEqual([null, null, null]);
});

test('a megabyte of blanks is made normal at once, not in quadratic time', () => {
  const started = performance.now();
  expect(normalText(`${' '.repeat(1_000_000)}x`)).toHaveLength(1_000_001);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('a street has at most three lines, and no part of it is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', '', ' '), { maxLength: 7 }), (lines) => {
      const folded = streetLines(lines.join('\n'));
      expect(folded.length).toBeLessThanOrEqual(3);
      expect(folded.join('').replace(/[\s,]/g, '')).toBe(lines.join('').replace(/\s/g, ''));
      expect(streetLines(folded.join('\n'))).toEqual(folded);
    }),
  );
});

test('what a side can hold of a value it can hold again', () => {
  for (const entity of entities)
    for (const rule of fieldsOf(entity))
      for (const held of [rule.inDynamics, rule.inExchange])
        for (const each of [null, 'completed', 'canceled', 'busy', 'a\nb\nc\nd', ['1', '2', '3', '4'], []] satisfies Value[]) {
          const once = held?.(each) ?? null;
          expect(sameValue(held?.(once) ?? null, once)).toBe(true);
        }
});

test('each field of an entity has one rule', () => {
  for (const entity of entities) {
    const names = fieldsOf(entity).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  }
});

test('the start of a time is known for hours and for whole days, and never invented', () => {
  expect(startOf('2026-10-05T09:00:00Z/2026-10-05T10:00:00Z')).toBe(Date.UTC(2026, 9, 5, 9));
  expect(startOf('2026-10-05/2026-10-06')).toBe(Date.UTC(2026, 9, 5));
  for (const none of [null, undefined, '', 'soon', []]) expect(startOf(none)).toBeNaN();
});
