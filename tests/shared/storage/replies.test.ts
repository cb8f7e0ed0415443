import { memoryTables } from '../../../local/simulation/memory-tables';
import { type KeyedCall, type Replies, tableReplies } from '../../../shared/storage/replies';

const minute = 60_000;
const call: KeyedCall = { integration: 'contoso', by: 'anna', key: 'the-key', digest: 'a' };
const done = { id: 'task-1', version: '7' };

let now: number;
let replies: Replies;
beforeEach(() => {
  now = Date.UTC(2026, 5, 15);
  replies = tableReplies(
    memoryTables(() => now),
    { now: () => now },
  );
});

describe('an idempotency key', () => {
  test('lets one call run at a time, and tells the others what it did', async () => {
    expect(await replies.take(call)).toEqual({ kind: 'first' });
    expect(await replies.take(call)).toEqual({ kind: 'underWay' });
    await replies.finish(call, done);
    expect(await replies.take(call)).toEqual({ kind: 'done', done });
  });

  test('is good for one call only, and for each person her own', async () => {
    await replies.take(call);
    expect(await replies.take({ ...call, digest: 'b' })).toEqual({ kind: 'another' });
    expect(await replies.take({ ...call, by: 'ben', digest: 'b' })).toEqual({ kind: 'first' });
  });

  test('is free again where nothing was done, and some minutes after whoever had it crashed', async () => {
    await replies.take(call);
    await replies.release(call);
    expect(await replies.take(call)).toEqual({ kind: 'first' });
    now += 5 * minute;
    expect(await replies.take(call)).toEqual({ kind: 'first' });
    expect(await replies.take(call)).toEqual({ kind: 'underWay' });
  });

  test('is forgotten after a day', async () => {
    await replies.take(call);
    await replies.finish(call, done);
    now += 23 * 60 * minute;
    expect(await replies.prune()).toBe(0);
    expect(await replies.take(call)).toEqual({ kind: 'done', done });
    now += 2 * 60 * minute;
    expect(await replies.take({ ...call, digest: 'b' })).toEqual({ kind: 'first' });
    now += 25 * 60 * minute;
    expect(await replies.prune()).toBe(1);
  });
});
