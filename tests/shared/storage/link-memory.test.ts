import { randomBytes } from 'node:crypto';
import { memoryTables } from '../../../local/simulation/memory-tables';
import { createSealer } from '../../../shared/platform/seal';
import type { LinkChange } from '../../../shared/storage/link-changes';
import { linkPartition } from '../../../shared/storage/links';
import type { Table } from '../../../shared/storage/table';
import type { Link } from '../../../shared/sync/link';

const secret = { id: 'key1', secret: randomBytes(32) };
const sealer = createSealer({ current: secret, find: () => secret });
const key = (number: number) => ({ entity: 'task' as const, recordId: `r${number}` });
const linkOf = (number: number, itemVersion = '1'): Link => ({
  ...key(number),
  itemId: `i${number}`,
  feed: 'tasks:list',
  state: 'linked',
  reason: 'new-record',
  incarnation: 1,
  recordVersion: '1',
  itemVersion,
  bases: { dynamics: { subject: 'One' }, exchange: { subject: 'One' } },
  withheld: false,
  at: 1_000,
});
const put = (link: Link): LinkChange[] => [{ put: 'link', link, formerItemId: null }];

let table: Table;
let lookups: number;
const open = () => linkPartition(table, 'p', sealer);

beforeEach(async () => {
  const whole = await memoryTables(Date.now).table('links');
  lookups = 0;
  table = new Proxy(whole, {
    get(target, name) {
      if (name === 'getEntity') lookups += 1;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
});

test('where nothing was ever committed no link is asked for', async () => {
  const partition = open();
  await partition.state();
  expect(await partition.links([key(1), key(2)])).toEqual(new Map());
  expect(await partition.pairsOf(['i1'])).toEqual(new Map());
  expect(lookups).toBe(0);
});

test('what was committed is known as the table has it, without asking', async () => {
  const partition = open();
  const { fence } = await partition.state();
  await partition.commit(fence, [put(linkOf(1)), put(linkOf(2))], { drainedAt: 0 });
  const known = await partition.links([key(1), key(2), key(3)]);
  expect(await partition.pairsOf(['i2'])).toEqual(new Map([['i2', key(2)]]));
  expect(lookups).toBe(0);
  expect(known).toEqual(await open().links([key(1), key(2), key(3)]));
  expect([...known.values()]).toEqual([linkOf(1), linkOf(2)]);
});

test('what was dropped is known to be gone', async () => {
  const partition = open();
  const { fence } = await partition.state();
  const then = await partition.commit(fence, [put(linkOf(1))], { drainedAt: 0 });
  await partition.commit(then, [[{ drop: 'link', link: linkOf(1) }]], { drainedAt: 0 });
  expect(await partition.links([key(1)])).toEqual(new Map());
  expect(lookups).toBe(0);
});

test('of a partition that somebody has committed to, everything else is asked for', async () => {
  const first = open();
  await first.commit((await first.state()).fence, [put(linkOf(1))], { drainedAt: 0 });
  const partition = open();
  await partition.state();
  expect([...(await partition.links([key(1), key(2)])).values()]).toEqual([linkOf(1)]);
  expect(lookups).toBe(2);
});

test('only the last rows are kept, and of the others the table is asked', async () => {
  const partition = open();
  let { fence } = await partition.state();
  const numbers = Array.from({ length: 300 }, (_, number) => number);
  for (const number of numbers) fence = await partition.commit(fence, [put(linkOf(number))], { drainedAt: 0 });
  expect([...(await partition.links(numbers.map(key))).values()]).toEqual(numbers.map((number) => linkOf(number)));
  expect(lookups).toBe(100);
});

test('after a commit that failed nothing counts as known', async () => {
  const one = open();
  const other = open();
  const [mine, theirs] = [await one.state(), await other.state()];
  await other.commit(theirs.fence, [put(linkOf(1, '2'))], { drainedAt: 0 });
  await expect(one.commit(mine.fence, [put(linkOf(1))], { drainedAt: 0 })).rejects.toMatchObject({ code: 'mailbox-lost' });
  expect([...(await one.links([key(1)])).values()]).toEqual([linkOf(1, '2')]);
});

test.each(['first', 'last'] as const)(
  'an item that one link gives up and another takes in the same commit is the other’s, if it comes %s',
  async (place) => {
    const partition = open();
    const { fence } = await partition.state();
    const next = await partition.commit(fence, [put(linkOf(1)), put(linkOf(2))], { drainedAt: 0 });
    const given: LinkChange[] = [{ drop: 'link', link: linkOf(1) }];
    const taken: LinkChange[] = [{ put: 'link', link: { ...linkOf(2), itemId: 'i1' }, formerItemId: 'i2' }];
    await partition.commit(next, place === 'first' ? [taken, given] : [given, taken], { drainedAt: 0 });
    expect(await open().pairsOf(['i1', 'i2'])).toEqual(new Map([['i1', key(2)]]));
    expect(await open().links([key(1), key(2)])).toEqual(new Map([['task|r2', { ...linkOf(2), itemId: 'i1' }]]));
  },
);

test('what a worker took away before is not taken away once more, which would fail the whole transaction', async () => {
  const partition = open();
  const { fence } = await partition.state();
  const first = await partition.commit(fence, [put(linkOf(1))], { drainedAt: 0 });
  const moved = { ...linkOf(1), itemId: 'i2' };
  const again: LinkChange[] = [{ put: 'link', link: moved, formerItemId: 'i1' }];
  const second = await partition.commit(first, [again], { drainedAt: 0 });
  await partition.commit(second, [again], { drainedAt: 0 });
  expect(await open().pairsOf(['i1', 'i2'])).toEqual(new Map([['i2', key(1)]]));
});

test('what two changes of one commit take away is taken away once', async () => {
  const partition = open();
  const { fence } = await partition.state();
  const next = await partition.commit(fence, [put(linkOf(1))], { drainedAt: 0 });
  const drop: LinkChange[] = [{ drop: 'link', link: linkOf(1) }];
  await partition.commit(next, [drop, drop], { drainedAt: 0 });
  expect(await open().links([key(1)])).toEqual(new Map());
});
