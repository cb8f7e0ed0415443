import fc from 'fast-check';
import { afterKey, decodeKey, encodeKey, joinKey, splitKey } from '../../../shared/storage/key';

/** Every JavaScript string, halves of surrogate pairs and control characters included. */
const anyText = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.constantFrom('/', '\\', '#', '?', '|', '~', '%', "'", '0', 'a', '\u0000', '\u009f')).map((parts) => parts.join('')),
);
const parts = fc.array(anyText, { minLength: 1, maxLength: 4 }).map(([first = '', ...rest]): [string, ...string[]] => [first, ...rest]);

describe('keys', () => {
  test('any text becomes a key that Table Storage takes, and comes back', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const key = encodeKey(text);
        expect(key).toMatch(/^[A-Za-z0-9\-_.:@=~]*$/);
        expect(decodeKey(key)).toBe(text);
      }),
    );
  });

  test('no two texts share a key, and no two lists of texts do', () => {
    fc.assert(fc.property(anyText, anyText, (one, other) => (encodeKey(one) === encodeKey(other)) === (one === other)));
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        expect(splitKey(joinKey(...one))).toEqual(one);
        expect(joinKey(...one) === joinKey(...other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  test('the keys that start with a prefix lie between it and what comes after', () => {
    fc.assert(
      fc.property(anyText, parts, (prefix, rest) => {
        const start = encodeKey(prefix);
        const key = joinKey(prefix, ...rest);
        expect(key >= `${start}|` && key < afterKey(start)).toBe(true);
      }),
    );
  });

  test('ids keep their order', () => {
    fc.assert(fc.property(fc.uuid(), fc.uuid(), (one, other) => encodeKey(one) < encodeKey(other) === one < other));
  });
});
