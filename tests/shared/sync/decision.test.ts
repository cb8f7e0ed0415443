import { approves, type Decision, discards, type Hold } from '../../../shared/sync/decision';

const hold: Hold = { reason: 'would-mail', action: 'update', fields: ['subject', 'time'], whom: ['a', 'b'] };
const approved: Decision = { ...hold, verdict: 'approve' };
const discarded: Decision = { ...hold, verdict: 'discard' };

describe('what an admin approved', () => {
  test('covers the same, and whatever of it is still wanted', () => {
    expect(approves(approved, hold)).toBe(true);
    expect(approves(approved, { ...hold, fields: ['time'], whom: ['b'] })).toBe(true);
    expect(approves(approved, { ...hold, fields: [], whom: [] })).toBe(true);
  });

  test.each<[string, Partial<Hold>]>([
    ['nobody more who is written to', { whom: ['a', 'b', 'c'] }],
    ['no other person', { whom: ['c'] }],
    ['no further field', { fields: ['subject', 'time', 'location'] }],
    ['no other action', { action: 'deleteItem' }],
    ['nothing that waits for another reason', { reason: 'brake' }],
  ])('covers %s', (_title, wanted) => {
    expect(approves(approved, { ...hold, ...wanted })).toBe(false);
  });

  test('covers a deletion whatever the item holds', () => {
    const deletion: Decision = { ...approved, action: 'deleteItem', fields: [] };
    expect(approves(deletion, { ...hold, action: 'deleteItem' })).toBe(true);
    expect(approves(deletion, { ...hold, action: 'deleteItem', whom: ['c'] })).toBe(false);
  });

  test('is nothing where nobody decided or it was discarded', () => {
    expect(approves(undefined, hold)).toBe(false);
    expect(approves(discarded, hold)).toBe(false);
  });
});

describe('what an admin discarded', () => {
  test('is not done, whomever it would have concerned', () => {
    expect(discards(discarded, { ...hold, action: 'update' })).toBe(true);
  });

  test('says nothing about another action or another reason', () => {
    expect(discards(discarded, { reason: 'would-mail', action: 'deleteItem' })).toBe(false);
    expect(discards(discarded, { reason: 'brake', action: 'update' })).toBe(false);
  });

  test('is nothing where nobody decided or it was approved', () => {
    expect(discards(undefined, hold)).toBe(false);
    expect(discards(approved, hold)).toBe(false);
  });
});
