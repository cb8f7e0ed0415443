import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { TandemError } from '../../../shared/platform/errors';
import { createSealer, type KeyRing, type RingKey } from '../../../shared/platform/seal';

function ring(...ids: readonly [string, ...string[]]): KeyRing {
  const keys = ids.map((id): RingKey => ({ id, secret: randomBytes(32) }));
  return ringOf(keys);
}

function ringOf(keys: readonly RingKey[]): KeyRing {
  const [current] = keys;
  if (current === undefined) throw new Error('A ring has a key.');
  return { current, find: (id) => keys.find((key) => key.id === id) };
}

const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string({ minLength: 200, maxLength: 5_000 }));
/** Halves of surrogate pairs too: a person can paste anything. */
const anyText = fc.oneof(
  texts,
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);

describe('sealing', () => {
  const sealer = createSealer(ring('key1'));

  test('what is sealed opens to the same text', () => {
    fc.assert(fc.property(anyText, (text) => sealer.open(sealer.seal(text)) === text));
  });

  test('sealing twice gives two texts, and neither shows the first', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (text) => {
        expect(sealer.seal(text)).not.toBe(sealer.seal(text));
        expect(sealer.seal(text)).not.toContain(text);
      }),
    );
  });

  test('a sealed text that was changed anywhere does not open', () => {
    fc.assert(
      fc.property(texts, fc.nat(), fc.integer({ min: 1, max: 255 }), (text, where, change) => {
        const [id, ...parts] = sealer.seal(text).split('.');
        const bytes = parts.map((part) => Buffer.from(part, 'base64url'));
        const flat = where % bytes.reduce((sum, part) => sum + part.length, 0);
        let at = flat;
        for (const part of bytes) {
          if (at < part.length) {
            part[at] = (part[at] ?? 0) ^ change;
            break;
          }
          at -= part.length;
        }
        expect(() => sealer.open([id, ...bytes.map((part) => part.toString('base64url'))].join('.'))).toThrow(TandemError);
      }),
    );
  });

  test.each(['', 'key1', 'key1..', 'key1...', 'key1.AAAA.AAAA.AAAA', 'nonsense.a.b.c'])('%j is no sealed text', (text) => {
    expect(() => sealer.open(text)).toThrow(TandemError);
  });

  test('a tag that was cut short is not taken for a whole one', () => {
    const [id, nonce, cipher, tag = ''] = sealer.seal('text').split('.');
    const short = Buffer.from(tag, 'base64url').subarray(0, 4).toString('base64url');
    expect(() => sealer.open([id, nonce, cipher, short].join('.'))).toThrow(TandemError);
  });

  test("a text under one key's name does not open as another's, even where both have the same secret", () => {
    const secret = randomBytes(32);
    const twins = createSealer(
      ringOf([
        { id: 'one', secret },
        { id: 'two', secret },
      ]),
    );
    expect(() => twins.open(twins.seal('text').replace('one.', 'two.'))).toThrow(TandemError);
  });

  test('after a new key, what the old one sealed opens and what it digested matches', () => {
    const old: RingKey = { id: 'old', secret: randomBytes(32) };
    const before = createSealer(ringOf([old]));
    const after = createSealer(ringOf([{ id: 'new', secret: randomBytes(32) }, old]));
    expect(after.open(before.seal('text'))).toBe('text');
    expect(after.matches('text', before.digest('text'))).toBe(true);
    expect(after.digest('text')).not.toBe(before.digest('text'));
    expect(() => before.open(after.seal('text'))).toThrow(/unavailable/);
  });

  test('digests are equal exactly for equal texts', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        expect(sealer.digest(one) === sealer.digest(other)).toBe(one === other);
        expect(sealer.matches(one, sealer.digest(other))).toBe(one === other);
      }),
    );
  });

  test('a long text that repeats itself takes less room than it had', () => {
    expect(sealer.seal('abcdefgh'.repeat(1_000)).length).toBeLessThan(1_000);
  });
});
