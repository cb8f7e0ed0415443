import { createHash, randomBytes } from 'node:crypto';
import { memoryTables } from '../../../local/simulation/memory-tables';
import { createSealer, type RingKey } from '../../../shared/platform/seal';
import { type KeyedCall, type Replies, tableReplies } from '../../../shared/storage/replies';
import type { Tables } from '../../../shared/storage/tables';

const minute = 60_000;
const call: KeyedCall = { integration: 'contoso', by: 'anna', key: 'the-key', asks: 'a' };
const done = { id: 'task-1', version: '7' };

let now: number;
let ring: RingKey[];
let tables: Tables;
let replies: Replies;
beforeEach(() => {
  now = Date.UTC(2026, 5, 15);
  ring = [aKey('first')];
  tables = memoryTables(() => now);
  const sealer = async () => createSealer({ current: ring[0] ?? aKey('none'), find: (id) => ring.find((key) => key.id === id) });
  replies = tableReplies(tables, sealer, { now: () => now });
});

function aKey(id: string): RingKey {
  return { id, secret: randomBytes(32) };
}

describe('an idempotency key', () => {
  test('lets one call run at a time, and tells the others what it did', async () => {
    expect(await replies.take(call)).toEqual({ kind: 'first' });
    expect(await replies.take(call)).toEqual({ kind: 'underWay' });
    await replies.finish(call, done);
    expect(await replies.take(call)).toEqual({ kind: 'done', done });
  });

  test('is good for one call only, and for each person her own', async () => {
    await replies.take(call);
    expect(await replies.take({ ...call, asks: 'b' })).toEqual({ kind: 'another' });
    expect(await replies.take({ ...call, by: 'ben', asks: 'b' })).toEqual({ kind: 'first' });
  });

  test('is free again where nothing was done, and some minutes after whoever had it crashed', async () => {
    await replies.take(call);
    await replies.release(call);
    expect(await replies.take(call)).toEqual({ kind: 'first' });
    now += 5 * minute;
    expect(await replies.take(call)).toEqual({ kind: 'first' });
    expect(await replies.take(call)).toEqual({ kind: 'underWay' });
  });

  test('is stored without a word or a plain digest of what the call asks for, which could be guessed', async () => {
    await replies.take({ ...call, asks: 'approve' });
    const rows: unknown[] = [];
    for await (const row of (await tables.table('replies')).listEntities()) rows.push(row);
    const stored = JSON.stringify(rows);
    expect(stored).toContain('first.');
    expect(stored).not.toContain('approve');
    for (const encoding of ['hex', 'base64', 'base64url'] as const)
      expect(stored).not.toContain(createHash('sha256').update('approve').digest(encoding));
  });

  test('is still good for its call, and for no other, once there is a newer secret', async () => {
    await replies.take(call);
    ring = [aKey('second'), ...ring];
    expect(await replies.take(call)).toEqual({ kind: 'underWay' });
    expect(await replies.take({ ...call, asks: 'b' })).toEqual({ kind: 'another' });
  });

  test('is forgotten after a day', async () => {
    await replies.take(call);
    await replies.finish(call, done);
    now += 23 * 60 * minute;
    expect(await replies.prune()).toBe(0);
    expect(await replies.take(call)).toEqual({ kind: 'done', done });
    now += 2 * 60 * minute;
    expect(await replies.take({ ...call, asks: 'b' })).toEqual({ kind: 'first' });
    now += 25 * 60 * minute;
    expect(await replies.prune()).toBe(1);
  });
});
