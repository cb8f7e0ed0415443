import type { ProbeTarget } from '../../../shared/exchange/exchange';
import { fakeGraph, type PartReply, refusal, type SentPart } from './fake-graph';

const marked: PartReply = { status: 200, body: { value: [{ id: 'a', lastModifiedDateTime: '2026-10-05T08:00:00Z' }], '@odata.count': 3 } };
const target = (userId: string, lists = 1): ProbeTarget => ({
  userId,
  feeds: ['calendar', 'contacts', ...Array.from({ length: lists }, (_, index) => `tasks:l${index}` as const)],
});
const people = (count: number, lists = 1) => Array.from({ length: count }, (_, index) => target(`u${index}`, lists));
const userOf = ({ url }: SentPart) => url.split('/')[2];

test('mailboxes share batches, and parts of one mailbox are four or more apart', async () => {
  const { exchange, sent } = fakeGraph(() => marked);
  const probed = await exchange.probe(people(20));
  expect(probed.size).toBe(20);
  expect(probed.get('u7')).toEqual(
    ['calendar', 'contacts', 'tasks:l0'].map((feed) => ({ feed, mark: { newest: '2026-10-05T08:00:00Z', count: 3 } })),
  );
  expect(sent).toHaveLength(4);
  const parallel = sent.filter((batch) => batch.every(({ dependsOn }) => dependsOn === undefined));
  expect(parallel.length).toBeGreaterThanOrEqual(3);
  for (const batch of parallel) {
    for (const [index, part] of batch.entries()) {
      expect(batch.slice(index + 1, index + 4).map(userOf)).not.toContain(userOf(part));
    }
  }
});

test('where too few mailboxes share a batch it is a chain', async () => {
  const { exchange, sent } = fakeGraph(() => marked);
  expect((await exchange.probe([target('a', 8), target('b')])).get('a')).toHaveLength(10);
  expect((await exchange.probe([target('c', 30)])).get('c')).toHaveLength(32);
  for (const batch of sent) expect(batch.slice(1).every(({ dependsOn }) => dependsOn?.length === 1)).toBe(true);
});

test('a folder whose part fails is left out, and so is a mailbox of which nothing was seen', async () => {
  const { exchange } = fakeGraph((part) => {
    if (userOf(part) === 'u1') return refusal(404, 'MailboxNotEnabledForRESTAPI');
    return userOf(part) === 'u2' && part.url.includes('/todo/') ? refusal(429, 'ApplicationThrottled') : marked;
  });
  const probed = await exchange.probe(people(5));
  expect([...probed.keys()].sort()).toEqual(['u0', 'u2', 'u3', 'u4']);
  expect(probed.get('u2')?.map(({ feed }) => feed)).toEqual(['calendar', 'contacts']);
});

test('a probe that reached nobody for a passing reason says so', async () => {
  const { exchange } = fakeGraph(() => refusal(503, 'ServiceUnavailable'));
  await expect(exchange.probe(people(5))).rejects.toMatchObject({ code: 'unavailable' });
  await expect(exchange.probe([])).resolves.toEqual(new Map());
});

test('an answer without a count is no mark, for it would hide deletions', async () => {
  const { exchange } = fakeGraph(() => ({ status: 200, body: { value: [] } }));
  expect(await exchange.probe(people(4))).toEqual(new Map());
});
