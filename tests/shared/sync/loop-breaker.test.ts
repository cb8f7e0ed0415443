import type { Decision } from '../../../shared/sync/decision';
import type { Link } from '../../../shared/sync/link';
import { loopingFields, type Rewrite, rewritesAfter } from '../../../shared/sync/loop-breaker';
import type { PairPlan } from '../../../shared/sync/pair-plan';
import { planPair } from '../../../shared/sync/plan';
import { context, item, link, now, pair, record } from './pairs';

const hour = 3_600_000;
const none = { kind: 'none' } as const;
const toItem = (changes: Record<string, string>) => ({ toRecord: none, toItem: { kind: 'update', changes, derived: {} } as const });
const toRecord = (changes: Record<string, string>) => ({ toRecord: { kind: 'update', changes } as const, toItem: none });

/** What a link remembers of the same edit, written so many times, an hour apart, the last time just now. */
function written(times: number, changes = { subject: 'Again' }): readonly Rewrite[] {
  let rewrites: readonly Rewrite[] = [];
  for (let at = now - (times - 1) * hour; at <= now; at += hour) rewrites = rewritesAfter(rewrites, toItem(changes), at);
  return rewrites;
}

function planned(of: Link, decision?: Decision): PairPlan {
  const seen = record('task', { subject: 'Again' }, { version: '101' });
  return planPair(pair('task', of, { kind: 'changed', record: seen }, { kind: 'same', item: item('task') }), {
    ...context,
    ...(decision === undefined ? {} : { decision }),
  });
}

describe('what Tandem remembers of its writes', () => {
  test('is the last value of each field of each side, and when it was written in a row', () => {
    const first = rewritesAfter([], toItem({ subject: 'A', notes: 'x' }), 1);
    const second = rewritesAfter(rewritesAfter(first, toRecord({ subject: 'A' }), 2), toItem({ subject: 'A' }), 3);
    expect(second.map(({ side, field, at }) => [side, field, at])).toEqual([
      ['exchange', 'notes', [1]],
      ['dynamics', 'subject', [2]],
      ['exchange', 'subject', [1, 3]],
    ]);
  });

  test('begins anew with another value, and never grows', () => {
    expect(rewritesAfter(written(2), toItem({ subject: 'Else' }), now + 1)).toMatchObject([{ at: [now + 1] }]);
    expect(written(9)).toMatchObject([{ at: [now - hour, now] }]);
  });

  test('holds a digest of short and fixed length instead of a value', () => {
    const [short, long] = ['x', 'x'.repeat(1_000)].map((subject) => rewritesAfter([], toItem({ subject }), now)[0]?.value ?? '');
    expect([short?.length, long?.length]).toEqual([16, 16]);
    expect(short).not.toBe(long);
  });
});

describe('a third equal write within a day', () => {
  test('is a loop, named by its fields, each once', () => {
    const rewrites = [...written(2), ...written(2, { subject: 'Again' }).map((each) => ({ ...each, side: 'dynamics' as const }))];
    const both = { toRecord: { kind: 'update', changes: { subject: 'Again' } }, toItem: toItem({ subject: 'Again' }).toItem } as const;
    expect(loopingFields(rewrites, both, now)).toEqual(['subject']);
  });

  test('is none on the other side, in another field, with another value, or a day later', () => {
    expect(loopingFields(written(2), toRecord({ subject: 'Again' }), now)).toEqual([]);
    expect(loopingFields(written(2), toItem({ notes: 'Again' }), now)).toEqual([]);
    expect(loopingFields(written(2), toItem({ subject: 'Else' }), now)).toEqual([]);
    expect(loopingFields(written(2), toItem({ subject: 'Again' }), now + 24 * hour)).toEqual([]);
    expect(loopingFields(written(1), toItem({ subject: 'Again' }), now)).toEqual([]);
  });

  test('freezes the pair: nothing is written, and the link keeps all that it knows', () => {
    expect(planned(link('task', { rewrites: written(2) }))).toMatchObject({
      toRecord: none,
      toItem: none,
      ending: { kind: 'stopped', state: 'frozen', hold: { reason: 'frozen', action: 'rewrite', fields: ['subject'], whom: [] } },
      reason: 'frozen',
    });
    expect(planned(link('task')).toItem).toMatchObject({ kind: 'update' });
    expect(planned(link('task', { rewrites: written(1) })).toItem).toMatchObject({ kind: 'update' });
  });
});

describe('a frozen pair', () => {
  const frozen = link('task', { state: 'frozen', reason: 'frozen', rewrites: written(2) });
  const decided = (verdict: Decision['verdict'], facts: Partial<Decision> = {}): Decision => ({
    verdict,
    reason: 'frozen',
    action: 'rewrite',
    fields: ['subject'],
    whom: [],
    ...facts,
  });

  test('stays as it is until an admin decides', () => {
    for (const decision of [undefined, decided('approve', { reason: 'brake' }), decided('discard', { action: 'update' })])
      expect(planned(frozen, decision)).toMatchObject({ toRecord: none, toItem: none, ending: { kind: 'untouched' }, reason: 'frozen' });
  });

  test('goes on from where it stopped where an admin approves, and counts anew', () => {
    expect(planned(frozen, decided('approve'))).toMatchObject({
      toItem: { kind: 'update', changes: { subject: 'Again' } },
      ending: { kind: 'linked', hold: null },
    });
  });

  test('is linked again where an admin approves although nothing is left to write', () => {
    const found = { kind: 'same', item: item('task') } as const;
    const plan = planPair(pair('task', frozen, { kind: 'same', record: record('task') }, found), {
      ...context,
      decision: decided('approve'),
    });
    expect(plan).toMatchObject({ toRecord: none, toItem: none, ending: { kind: 'linked' } });
  });

  test('is let go where an admin discards, both sides as they are', () => {
    expect(planned(frozen, decided('discard'))).toMatchObject({
      toRecord: none,
      toItem: none,
      ending: { kind: 'released', reason: 'frozen' },
      reason: 'frozen',
    });
  });
});
