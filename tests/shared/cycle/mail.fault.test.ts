import { runCycle } from '../../../shared/cycle/cycle';
import { Mortal, type Point, pointsOf } from './mortal';
import { PostOffice } from './post-office';
import { workerOn, workFor } from './worker';
import { anna, World } from './world';

let world: World;
let post: PostOffice;

beforeEach(async () => {
  world = await World.start({ settings: { mail: { track: 'replies', internal: false, tokenPrefix: 'CRM:' } } });
  await world.enable(anna);
  await world.cycle(anna);
  post = new PostOffice(world, anna);
});

afterEach(() => world.close());

/** A cycle over two replies in a process that dies at a point; then others follow. Returns what the first one did. */
async function cycleThatDies(point: Point | null): Promise<Mortal> {
  const question = await post.sent('Survives');
  const mails = [post.reply(question.messageId), post.reply(question.messageId)];
  const mortal = new Mortal(point);
  try {
    await runCycle(workFor(world, anna.systemUserId), workerOn(world, mortal.around));
  } catch (error) {
    if (!mortal.dead) throw error;
  }
  world.advance(2 * world.services.settings.requestTimeoutMs + 1);
  await world.cycle(anna);
  for (const { messageId } of mails)
    expect(await post.row(messageId)).toMatchObject({ statecode: 1, statuscode: 4, _regardingobjectid_value: question.account });
  world.counters.reset();
  await world.cycle(anna);
  expect(world.writes()).toBe(0);
  return mortal;
}

test('wherever a process dies that takes mail over, each mail becomes one received row (promises 1, 4, 5 and 6)', async () => {
  const points = pointsOf((await cycleThatDies(null)).effects);
  expect(points.filter(({ what }) => what === 'PATCH dynamics').length).toBeGreaterThanOrEqual(4);
  for (const point of points) await cycleThatDies(point);
}, 120_000);

test('an answer of Dynamics that is lost after the write took effect makes no second row', async () => {
  const question = await post.sent('Twice?');
  const { messageId } = post.reply(question.messageId);
  world.faults.add({ service: 'dynamics', method: 'PATCH', path: '/emails\\(', kind: 'cutAfter', times: 1 });
  await world.cycle(anna);
  world.advance(60_000);
  await world.cycle(anna);
  expect(await post.row(messageId)).toMatchObject({ statuscode: 4 });
});

test('a folder that does not answer keeps nothing else from being read, and is read soon', async () => {
  const question = await post.sent('Slow folder');
  const folder = await post.newFolder('Slow');
  const [there, slow] = [post.reply(question.messageId), post.reply(question.messageId, { folder })];
  await world.cycle(anna);
  expect(await post.rows(slow.messageId)).toHaveLength(1);
  const [next, late] = [post.reply(question.messageId), post.reply(question.messageId, { folder })];
  world.faults.add({
    service: 'graph',
    path: `mailFolders/${encodeURIComponent(folder)}/messages/delta`,
    kind: 'error',
    status: 404,
    times: 1,
  });
  await world.cycle(anna);
  expect(await post.rows(next.messageId)).toHaveLength(1);
  expect(await post.rows(late.messageId)).toEqual([]);
  await world.cycle(anna);
  expect(await post.rows(late.messageId)).toHaveLength(1);
  expect(await post.rows(there.messageId)).toHaveLength(1);
});

test('a mailbox whose mail may not be read syncs everything else, says what is missing, and goes on once it may', async () => {
  const warn = jest.spyOn(world.services.log, 'warn');
  world.faults.add({ service: 'graph', path: '/messages', kind: 'error', status: 403, forMs: 60_000 });
  const question = await post.sent('Not allowed');
  const { messageId } = post.reply(question.messageId);
  await world.crm(anna, 'POST', 'tasks', { subject: 'All the same' });
  await world.settle(30_000);
  const { value } = await world.outlook(anna, 'GET', `todo/lists/${String((await world.mailbox(anna)).taskLists[0])}/tasks`);
  expect(value).toEqual(expect.arrayContaining([expect.objectContaining({ title: 'All the same' })]));
  expect((await world.mailbox(anna)).health).toMatchObject({ code: 'forbidden' });
  expect(warn).toHaveBeenCalledWith('mail-failed', expect.objectContaining({ code: 'forbidden' }));
  warn.mockRestore();
  world.advance(4_000_000);
  await world.settle();
  expect(await post.rows(messageId)).toHaveLength(1);
  expect((await world.mailbox(anna)).health).toBeNull();
});

test('a user without rights on e-mail has no mail tracked until she has them, and her health says so', async () => {
  const mayCreate = (depth: string): unknown =>
    world.control('dynamics', 'setPrivilege', { systemUserId: anna.systemUserId, table: 'email', verb: 'create', depth });
  const question = await post.sent('No right');
  mayCreate('none');
  const { messageId } = post.reply(question.messageId);
  await world.cycle(anna);
  expect((await world.mailbox(anna)).health).toMatchObject({ code: 'forbidden' });
  mayCreate('organization');
  await world.cycle(anna);
  expect(await post.rows(messageId)).toHaveLength(1);
  expect((await world.mailbox(anna)).health).toBeNull();
});

test('when Exchange asks to be left alone over mail, the mailbox rests, and the mail follows', async () => {
  const question = await post.sent('Too much');
  const { messageId } = post.reply(question.messageId);
  world.faults.add({ service: 'graph', path: 'messages/delta', kind: 'throttle', retryAfterSeconds: 90, times: 1 });
  await world.cycle(anna);
  expect((await world.mailbox(anna)).health).toMatchObject({ code: 'throttled' });
  expect(await post.rows(messageId)).toEqual([]);
  await world.settle();
  expect(await post.rows(messageId)).toHaveLength(1);
});

test('a mail that Dynamics does not take keeps no other back, is named in the log, and is offered again', async () => {
  const warn = jest.spyOn(world.services.log, 'warn');
  const question = await post.sent('Refused');
  const [refused, taken] = [post.reply(question.messageId), post.reply(question.messageId)];
  world.faults.add({ service: 'dynamics', method: 'PATCH', path: '/emails\\(', kind: 'error', status: 400, times: 1 });
  await world.cycle(anna);
  expect(await post.rows(refused.messageId)).toEqual([]);
  expect(await post.rows(taken.messageId)).toHaveLength(1);
  expect(warn).toHaveBeenCalledWith('mail-refused', expect.objectContaining({ code: 'refused' }));
  warn.mockRestore();
  await world.cycle(anna);
  expect(await post.rows(refused.messageId)).toEqual([]);
  world.advance(900_000);
  await world.cycle(anna);
  expect(await post.row(refused.messageId)).toMatchObject({ statuscode: 4 });
  expect((await (await world.partition(anna)).mail()).late).toEqual([]);
});

test('a rule about a row that is gone keeps back the mail of its folder alone, until the rule is put right', async () => {
  const [folder, other] = [await post.newFolder('Orphaned'), await post.newFolder('Fine')];
  const gone = { entity: 'account', id: '00000000-0000-4000-8000-00000000dead' };
  const rules = (regarding: typeof gone | null) => [
    { folderId: folder, regarding },
    { folderId: other, regarding: null },
  ];
  const partition = await world.partition(anna);
  await partition.putFolderRules(rules(gone));
  const [kept, taken] = [post.deliver({ folder }), post.deliver({ folder: other })];
  await world.cycle(anna);
  expect(await post.rows(kept.messageId)).toEqual([]);
  expect(await post.rows(taken.messageId)).toHaveLength(1);
  await partition.putFolderRules(rules(null));
  world.advance(900_000);
  await world.cycle(anna);
  expect(await post.rows(kept.messageId)).toHaveLength(1);
});

test('a late mail that was deleted meanwhile is forgotten', async () => {
  const question = await post.sent('Never mind');
  const { ids } = post.reply(question.messageId);
  world.faults.add({ service: 'dynamics', method: 'PATCH', path: '/emails\\(', kind: 'error', status: 400, times: 1 });
  await world.cycle(anna);
  await post.discard(ids[0]);
  world.advance(900_000);
  await world.cycle(anna);
  expect((await (await world.partition(anna)).mail()).late).toEqual([]);
});
