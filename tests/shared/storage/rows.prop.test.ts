import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { z } from 'zod';
import { fromProperties, toProperties } from '../../../shared/storage/document';
import { entryKey, entryKeyOf, entryRows, transactionsOf } from '../../../shared/storage/journal-rows';
import { joinPieces, pieceLength, pieces } from '../../../shared/storage/pieces';
import type { Row } from '../../../shared/storage/rows';
import { anEntry } from './entries';

/** True for a text without half a surrogate pair. */
function isWhole(text: string): boolean {
  return Buffer.from(text, 'utf8').toString('utf8') === text;
}

describe('pieces', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.integer({ min: 0, max: 3 * pieceLength }).map((length) => '🎈a'.repeat(length / 2).slice(0, length)),
  );

  test('a text of any length comes back from properties of at most 60 KB, with no character cut in two', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const cut = pieces('p', text);
        expect(joinPieces('p', cut)).toBe(text);
        for (const piece of Object.values(cut)) {
          expect(piece.length * 2).toBeLessThanOrEqual(60_000);
          expect(isWhole(piece) || !isWhole(text)).toBe(true);
        }
      }),
    );
  });
});

describe('documents', () => {
  const shape = { version: 2, schema: z.object({ name: z.string() }) };

  test('a value comes back', () => {
    expect(fromProperties(shape, toProperties(shape, { name: 'Zoë 🎈' }))).toEqual({ name: 'Zoë 🎈' });
  });

  test('a row of a newer release is left alone', () => {
    expect(() => fromProperties(shape, { ...toProperties(shape, { name: 'x' }), v: 3 })).toThrow(/unavailable/);
  });

  test.each([[{ v: 2, data0: '{"name":5}' }], [{ v: 2, data0: '{' }], [{ v: 2 }]])(
    '%j does not fit, and its content is not repeated',
    (row) => {
      expect(() => fromProperties(shape, row)).toThrow(/^unexpected-reply: a stored row does not fit/);
    },
  );
});

describe('journal rows', () => {
  test('a later version comes first, and the same loss has the same key', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (one, other) => {
        const [first, second] = [entryKey(anEntry({ at: one })), entryKey(anEntry({ at: other }))];
        expect(first < second).toBe(one > other);
        expect(first === second).toBe(one === other);
      }),
    );
  });

  test.each([
    { field: 'subject' },
    { version: '7' },
    { recordId: 'r2' },
    { itemId: 'i2' },
    { entity: 'task' as const },
    { side: 'exchange' as const },
  ])('losses that differ in %j have keys of their own', (change) => {
    expect(entryKey(anEntry(change))).not.toBe(entryKey(anEntry({})));
  });

  test('what does not fit into one row goes into rows before it in time and after it in order', () => {
    const sealed = randomBytes(800_000).toString('base64url');
    const rows = entryRows('p', anEntry({}), sealed, 'now');
    expect(rows.length).toBeGreaterThan(1);
    const ordered = [...rows].sort((left, right) => (left.rowKey < right.rowKey ? -1 : 1));
    expect(ordered[0]).toBe(rows.at(-1));
    expect(ordered.map((row) => joinPieces('p', row)).join('')).toBe(sealed);
    expect(new Set(rows.map(({ rowKey }) => entryKeyOf(rowKey))).size).toBe(1);
    for (const row of rows) expect(JSON.stringify(row).length * 2).toBeLessThan(1_048_576);
  });

  test('transactions hold at most 100 rows and 4 MiB, and no row twice', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(150), fc.nat(800_000)), { maxLength: 250 }), (sizes) => {
        const rows = sizes.map(([key, size]): Row => ({ partitionKey: 'p', rowKey: String(key), text: 'x'.repeat(size) }));
        const groups = transactionsOf(rows);
        expect(groups.flat().map(({ rowKey }) => rowKey)).toEqual([...new Set(rows.map(({ rowKey }) => rowKey))]);
        for (const group of groups) {
          expect(group.length).toBeLessThanOrEqual(100);
          expect(JSON.stringify(group).length).toBeLessThan(4_000_000);
        }
      }),
      { numRuns: 20 },
    );
  });
});
