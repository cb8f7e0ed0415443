import fc from 'fast-check';
import { normalText } from '../../../shared/model/values';
import { bothNotes } from '../../../shared/sync/notes';
import { runs } from './runs';

const usual = runs(500);

const at = Date.parse('2026-10-05T23:30:00Z');
const notes = fc
  .array(fc.constantFrom('Call Anna', 'Bring the offer', '', '--- Outlook, 2026-10-05 ---', 'é'), { minLength: 1, maxLength: 5 })
  .map((lines) => lines.join('\n'));
const sides = fc.constantFrom('dynamics' as const, 'exchange' as const);

test('both texts are kept, one below the other, with a line that says whose the other is and of which day', () => {
  expect(bothNotes('From the office', 'From the road', 'exchange', at)).toBe(
    'From the office\n\n--- Outlook, 2026-10-05 ---\nFrom the road',
  );
  expect(bothNotes('From the road', 'From the office', 'dynamics', at)).toBe(
    'From the road\n\n--- Dynamics 365, 2026-10-05 ---\nFrom the office',
  );
});

test('no line of either text is lost', () => {
  fc.assert(
    fc.property(notes, notes, sides, (winner, loser, side) => {
      const both = bothNotes(winner, loser, side, at) ?? '';
      for (const text of [winner, loser]) expect(`\n${both}\n`).toContain(`\n${normalText(text) ?? ''}`);
    }),
    usual,
  );
});

test('putting together again, with either text and from either side, repeats nothing', () => {
  fc.assert(
    fc.property(notes, notes, sides, (winner, loser, side) => {
      const both = bothNotes(winner, loser, side, at) ?? '';
      for (const text of [winner, loser, both]) {
        expect(bothNotes(both, text, side, at + 86_400_000)).toBe(both);
        expect(bothNotes(text, both, side, at + 86_400_000)).toBe(both);
      }
    }),
    usual,
  );
});

test('texts that the columns could not hold together are not put together', () => {
  expect(bothNotes('a'.repeat(1_500), 'b'.repeat(1_500), 'exchange', at)).toBeNull();
});
