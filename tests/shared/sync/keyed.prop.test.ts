import fc from 'fast-check';
import { type Deviation, deviationKey, deviationsOf, type OccurrenceField, occurrencesOf } from '../../../shared/model/occurrences';
import { mergeOccurrences } from '../../../shared/sync/keyed';
import { runs } from './runs';

const usual = runs(500);

const old = '2026-09-01T09:00:00Z';
const from = Date.parse('2026-09-17T00:00:00Z');
const dates = [old, '2026-10-05T09:00:00Z', '2026-10-12', '2026-10-19T09:00:00Z'];

const deviation: fc.Arbitrary<Deviation> = fc.record({
  originalStart: fc.constantFrom(...dates),
  field: fc.constantFrom<OccurrenceField>('subject', 'location', 'time', 'deleted'),
  value: fc.constantFrom('', 'one', 'two|three', 'four'),
});
const list = fc
  .array(deviation, { maxLength: 6 })
  .map((all) => occurrencesOf(all.map((each) => (each.field === 'deleted' ? { ...each, value: 'true' } : each))));
const lists = fc.oneof(
  fc.record({ base: list, now: list }),
  list.map((same) => ({ base: same, now: same })),
);
const winner = fc.constantFrom('left' as const, 'right' as const);

const recent = (elements: readonly string[]) => deviationsOf(elements).filter(({ originalStart }) => Date.parse(originalStart) >= from);
const of = (elements: readonly string[], date: string) => deviationsOf(elements).filter(({ originalStart }) => originalStart === date);
const isDeleted = (elements: readonly string[], date: string) => of(elements, date).some(({ field }) => field === 'deleted');
const living = (elements: readonly string[]) => elements.filter((element) => !element.endsWith('|deleted|true'));

describe('the dates of a series that differ from it', () => {
  test('read back as they were written, in one order, and say nothing more of a deleted date', () => {
    fc.assert(
      fc.property(list, (elements) => {
        expect(occurrencesOf(deviationsOf(elements).reverse())).toEqual(elements);
        for (const date of dates) if (isDeleted(elements, date)) expect(of(elements, date)).toHaveLength(1);
      }),
      usual,
    );
  });

  test('stay as they are where neither side changed', () => {
    fc.assert(
      fc.property(list, list, winner, (left, right, wins) => {
        const merged = mergeOccurrences({ base: left, now: left }, { base: right, now: right }, wins, from);
        expect(merged).toEqual({ left, right, lost: [] });
      }),
      usual,
    );
  });

  test('follow the one side that changed, as far as they are recent', () => {
    fc.assert(
      fc.property(list, list, winner, (base, now, wins) => {
        const { left, right, lost } = mergeOccurrences({ base, now }, { base, now: base }, wins, from);
        expect(left).toEqual(now);
        expect(recent(right)).toEqual(recent(now));
        expect(of(right, old)).toEqual(of(base, old));
        expect(lost).toEqual([]);
      }),
      usual,
    );
  });

  test('say the same on both sides after a merge, but for a date that one side deleted and the other edited (promise 1)', () => {
    fc.assert(
      fc.property(list, list, list, winner, (base, leftNow, rightNow, wins) => {
        const { left, right } = mergeOccurrences({ base, now: leftNow }, { base, now: rightNow }, wins, from);
        for (const date of dates.filter((each) => each !== old)) {
          if (isDeleted(left, date) !== isDeleted(right, date)) {
            expect(of(left, date)).toEqual(of(leftNow, date));
            expect(of(right, date)).toEqual(of(rightNow, date));
          } else expect(of(left, date)).toEqual(of(right, date));
        }
      }),
      usual,
    );
  });

  test('never take an edit along with a deletion that had not seen it (promise 1)', () => {
    fc.assert(
      fc.property(list, list, list, winner, (base, leftNow, rightNow, wins) => {
        const { right } = mergeOccurrences({ base, now: leftNow }, { base, now: rightNow }, wins, from);
        for (const date of dates) {
          const edited = JSON.stringify(of(base, date)) !== JSON.stringify(of(rightNow, date));
          if (edited && !isDeleted(rightNow, date)) expect(isDeleted(right, date)).toBe(false);
        }
      }),
      usual,
    );
  });

  test('that one side deleted and the other edited have that edit on both sides as soon as they are there again (promise 1)', () => {
    fc.assert(
      fc.property(list.map(living), list.map(living), winner, fc.boolean(), (base, edited, wins, isLeft) => {
        const gone = occurrencesOf(dates.map((originalStart) => ({ originalStart, field: 'deleted', value: 'true' })));
        const kept = mergeOccurrences({ base, now: gone }, { base, now: edited }, wins, from);
        const agreed = dates.filter((date) => isDeleted(kept.right, date));
        const [back, other] = [
          { base: kept.left, now: [] },
          { base: kept.right, now: kept.right },
        ];
        const again = isLeft ? mergeOccurrences(back, other, wins, from) : mergeOccurrences(other, back, wins, from);
        for (const date of dates.filter((each) => each !== old && !agreed.includes(each)))
          for (const side of [again.left, again.right]) expect(of(side, date)).toEqual(of(edited, date));
        expect(again.lost).toEqual([]);
      }),
      usual,
    );
  });

  test('leave nothing to merge once merged (promise 4)', () => {
    fc.assert(
      fc.property(lists, lists, winner, (leftSide, rightSide, wins) => {
        const { left, right } = mergeOccurrences(leftSide, rightSide, wins, from);
        expect(mergeOccurrences({ base: left, now: left }, { base: right, now: right }, wins, from)).toEqual({ left, right, lost: [] });
      }),
      usual,
    );
  });

  test('give nothing to a date that a side has closed, and leave nothing to merge then either (promise 4)', () => {
    const ended = fc.record({
      originalStart: fc.constantFrom(...dates),
      field: fc.constant<OccurrenceField>('status'),
      value: fc.constantFrom('free', 'completed', 'canceled'),
    });
    const closable = fc
      .tuple(list, fc.array(ended, { maxLength: 4 }))
      .map(([some, ends]) => occurrencesOf([...deviationsOf(some), ...ends]));
    fc.assert(
      fc.property(fc.record({ base: closable, now: closable }), lists, winner, (leftSide, rightSide, wins) => {
        const { left, right } = mergeOccurrences(leftSide, rightSide, wins, from);
        const closed = dates.filter((date) => of(leftSide.now, date).some(({ value }) => value === 'completed' || value === 'canceled'));
        for (const date of closed.filter((each) => !isDeleted(left, each))) expect(of(left, date)).toEqual(of(leftSide.now, date));
        expect(mergeOccurrences({ base: left, now: left }, { base: right, now: right }, wins, from)).toEqual({ left, right, lost: [] });
      }),
      usual,
    );
  });

  test('name every value that lost, and only those that both sides changed', () => {
    fc.assert(
      fc.property(lists, lists, winner, (left, right, wins) => {
        const merged = mergeOccurrences(left, right, wins, from);
        for (const { loser, value } of merged.lost) {
          expect(loser).not.toBe(wins);
          expect((loser === 'left' ? left : right).now).toContain(value);
          const [loses, gains] = loser === 'left' ? [left, right] : [right, left];
          const untold = deviationsOf([value]).some(({ originalStart }) => isDeleted(gains.base, originalStart));
          if (!untold) expect(loses.base).not.toContain(value);
        }
        const loser = wins === 'left' ? 'right' : 'left';
        const before = loser === 'left' ? left : right;
        const given = deviationsOf(before.now).filter((each) => {
          const element = `${deviationKey(each)}|${each.value}`;
          return !merged[loser].includes(element) && !before.base.includes(element);
        });
        const lost = merged.lost.map(({ value }) => value);
        expect(given.map((each) => `${deviationKey(each)}|${each.value}`).filter((element) => !lost.includes(element))).toEqual([]);
      }),
      usual,
    );
  });

  test('that both sides changed alike lose nothing, and what nobody can read stays where nothing changed', () => {
    const [alike, strange] = [[`${dates[1]}|subject|one`], ['nobody reads this', `${dates[1]}|subject|one`]];
    expect(mergeOccurrences({ base: [], now: alike }, { base: [], now: alike }, 'left', from).lost).toEqual([]);
    const merged = mergeOccurrences({ base: strange, now: strange }, { base: [], now: [] }, 'left', from);
    expect(merged.left).toBe(strange);
  });

  test('give nothing from a side that may not tell, and name what it had to give up (promise 1)', () => {
    fc.assert(
      fc.property(lists, lists, winner, (left, right, wins) => {
        const tells = { left: true, right: false };
        const merged = mergeOccurrences(left, right, wins, from, tells);
        expect(merged.left).toEqual(left.now);
        const lost = merged.lost.map(({ value }) => value);
        for (const each of deviationsOf(right.now)) {
          const element = `${deviationKey(each)}|${each.value}`;
          if (!merged.right.includes(element) && !right.base.includes(element)) expect(lost).toContain(element);
        }
      }),
      usual,
    );
  });
});
