import fc from 'fast-check';
import { loopingFields, type Rewrite, rewritesAfter } from '../../../shared/sync/loop-breaker';
import type { PairPlan } from '../../../shared/sync/pair-plan';
import { runs } from './runs';

const usual = runs(500);

type Writes = Pick<PairPlan, 'toRecord' | 'toItem'>;

const dayMs = 86_400_000;

function toItem(changes: Record<string, string>): Writes {
  return { toRecord: { kind: 'none' }, toItem: { kind: 'update', changes, derived: {} } };
}

function toRecord(changes: Record<string, string>): Writes {
  return { toRecord: { kind: 'update', changes }, toItem: { kind: 'none' } };
}

/** Plays writes one after the other until one of them would close a loop; how many were made. */
function played(script: readonly { readonly after: number; readonly writes: Writes }[]): number {
  let rewrites: readonly Rewrite[] = [];
  let now = 0;
  for (const [index, { after, writes }] of script.entries()) {
    now += after;
    if (loopingFields(rewrites, writes, now).length > 0) return index;
    rewrites = rewritesAfter(rewrites, writes, now);
  }
  return script.length;
}

const field = fc.constantFrom('subject', 'notes', 'location');
const pause = fc.nat(3_600_000);

test('people who edit with new values, on whichever side, are never stopped', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ after: pause, field, isRecord: fc.boolean() }), { maxLength: 80 }), (edits) => {
      const script = edits.map(({ after, field: name, isRecord }, index) => {
        const changes = { [name]: `edit ${index}` };
        return { after, writes: isRecord ? toRecord(changes) : toItem(changes) };
      });
      expect(played(script)).toBe(script.length);
    }),
    usual,
  );
});

test('one person who switches between two values on her own side is never stopped: each write follows another', () => {
  fc.assert(
    fc.property(fc.array(pause, { maxLength: 80 }), (pauses) => {
      const script = pauses.map((after, index) => ({ after, writes: toItem({ importance: index % 2 === 0 ? 'high' : 'low' }) }));
      expect(played(script)).toBe(script.length);
    }),
    usual,
  );
});

test('two that put back their own value each time are stopped before the third equal write, whatever else is edited in between', () => {
  const others = fc.array(fc.constantFrom('notes', 'location'), { maxLength: 3 });
  fc.assert(
    fc.property(fc.array(others, { minLength: 3, maxLength: 10 }), (rounds) => {
      const made: Writes[] = [];
      for (const [round, edits] of rounds.entries()) {
        made.push(
          toItem({ subject: 'A' }),
          ...edits.map((name, index) => toItem({ [name]: `edit ${round} ${index}` })),
          toRecord({ subject: 'B' }),
        );
      }
      const count = played(made.map((writes) => ({ after: 60_000, writes })));
      const equal = made.slice(0, count).filter(({ toItem: item }) => item.kind === 'update' && item.changes.subject === 'A');
      expect(equal).toHaveLength(2);
    }),
    usual,
  );
});

test('what is older than a day is forgotten, and no plain value is kept', () => {
  const before = rewritesAfter([], toItem({ subject: 'very secret' }), 0);
  expect(JSON.stringify(before)).not.toContain('secret');
  expect(rewritesAfter(before, toItem({ notes: 'x' }), dayMs)).toMatchObject([{ field: 'notes' }]);
});
