import type { IntegrationSettings } from '../../../shared/model/integration-settings';
import { outsider, PostOffice } from './post-office';
import { anna, ben, type Json, World } from './world';

let world: World;
let post: PostOffice;

const off: IntegrationSettings['mail'] = { track: 'off', internal: false, tokenPrefix: 'CRM:' };
const replies = { mail: { ...off, track: 'replies' as const } };
const contacts = { mail: { ...off, track: 'contacts' as const } };

beforeAll(async () => {
  world = await World.start({ settings: contacts });
  await world.enable(anna);
  await world.enable(ben);
  post = new PostOffice(world, anna);
});

afterEach(() => world.configure(contacts));
afterAll(() => world.close());

async function both(): Promise<void> {
  await world.cycle(anna);
  await world.cycle(ben);
}

/** A contact in Dynamics with this address. */
async function contact(address: string): Promise<string> {
  return String((await world.crm(anna, 'POST', 'contacts', { lastname: 'Winter', emailaddress1: address })).contactid);
}

function labels(): string[] {
  return Object.values(world.counters.snapshot().endpoints).flatMap((service) => Object.keys(service));
}

test('where mail is off, no request about mail is made, by cycles or by the probe', async () => {
  await world.configure({ mail: off });
  await both();
  post.deliver();
  world.counters.reset();
  await both();
  await world.poll();
  expect(labels().filter((label) => /mail|message|emails/i.test(label))).toEqual([]);
});

test('mail of before it was first tracked is left alone, but for what a folder rule names', async () => {
  const early = await World.start({ settings: { mail: off } });
  const office = new PostOffice(early, anna);
  await early.enable(anna);
  const question = await office.sent('Early');
  const folder = await office.newFolder('Project');
  const [before, filed] = [office.reply(question.messageId), office.deliver({ folder })];
  early.advance(60_000);
  await early.configure(replies);
  await early.cycle(anna);
  expect(await office.rows(before.messageId)).toEqual([]);
  await (await early.partition(anna)).putFolderRules([{ folderId: folder, regarding: null }]);
  await early.cycle(anna);
  expect(await office.rows(filed.messageId)).toHaveLength(1);
  expect(await office.rows(before.messageId)).toEqual([]);
  await early.close();
});

test('mail from a contact is tracked with everybody in it, as the rows that their addresses belong to', async () => {
  const id = await contact('lea@fabrikam.example');
  const address = (one: string): Json => ({ address: one });
  const { messageId } = post.deliver({
    from: { name: 'Lea Winter', address: 'Lea@Fabrikam.example' },
    toRecipients: [anna.email, 'stranger@nowhere.example'].map(address),
    ccRecipients: [address(ben.email)],
    importance: 'high',
  });
  await world.cycle(anna);
  const row = await post.row(messageId);
  expect(row).toMatchObject({ prioritycode: 2, torecipients: `${anna.email};stranger@nowhere.example`, _regardingobjectid_value: null });
  const parties = (row.email_activity_parties as Json[]).map((party) => [
    party.participationtypemask,
    party._partyid_value ?? party.addressused,
  ]);
  expect(parties).toEqual(
    expect.arrayContaining([
      [1, id],
      [2, anna.systemUserId],
      [2, 'stranger@nowhere.example'],
      [3, ben.systemUserId],
    ]),
  );
  await world.expectQuiet();
});

test('a mail to two people is one row, which belongs to whoever was served first', async () => {
  const question = await post.sent('To both');
  const { messageId } = post.reply(question.messageId, { to: [anna.email, ben.email] });
  await world.cycle(ben);
  await world.cycle(anna);
  expect(await post.row(messageId)).toMatchObject({ _ownerid_value: ben.systemUserId, statuscode: 4 });
});

test('a reply to a reply that came with it is about the same', async () => {
  const question = await post.sent('A thread');
  const first = post.reply(question.messageId);
  const second = post.reply(first.messageId);
  await world.cycle(anna);
  const { activityid } = await post.row(first.messageId);
  expect(await post.row(second.messageId)).toMatchObject({
    _correlatedactivityid_value: activityid,
    _regardingobjectid_value: question.account,
  });
});

test('a reply without headers is matched by the tracking token in its subject (4)', async () => {
  const question = await post.sent('Numbered', { trackingtoken: 'CRM:0001042' });
  const { messageId } = post.deliver({ subject: 'AW: Numbered CRM:0001042' });
  await world.cycle(anna);
  expect(await post.row(messageId)).toMatchObject({
    _correlatedactivityid_value: question.id,
    _parentactivityid_value: null,
    _regardingobjectid_value: question.account,
    trackingtoken: 'CRM:0001042',
  });
});

test('what nobody chose is left alone: strangers, colleagues, drafts’ and junk’s folders, what is private, one’s own mail', async () => {
  const question = await post.sent('Left alone');
  const left = [
    post.deliver(),
    post.reply(question.messageId, { from: { address: ben.email } }),
    post.reply(question.messageId, { from: { address: anna.email } }),
    post.reply(question.messageId, { folder: 'junkemail' }),
    post.reply(question.messageId, { folder: 'deleteditems' }),
    post.reply(question.messageId, { folder: 'sentitems' }),
    post.deliver({
      headers: [
        { name: 'In-Reply-To', value: question.messageId },
        { name: 'Sensitivity', value: 'Private' },
      ],
    }),
  ];
  await world.cycle(anna);
  for (const { messageId } of left) expect(await post.rows(messageId)).toEqual([]);
});

test('a colleague’s reply is tracked where mail between users is', async () => {
  await world.configure({ mail: { ...replies.mail, internal: true } });
  const question = await post.sent('Among us');
  const { messageId } = post.reply(question.messageId, { from: { address: ben.email } });
  await world.cycle(anna);
  expect(await post.rows(messageId)).toHaveLength(1);
});

describe('deleting', () => {
  test('a mail in Outlook leaves its row', async () => {
    const question = await post.sent('Thrown away');
    const { messageId, ids } = post.reply(question.messageId);
    await world.cycle(anna);
    await post.discard(ids[0]);
    await world.cycle(anna);
    expect(await post.rows(messageId)).toHaveLength(1);
  });

  test('a row leaves its mail, and the row does not come back when the mail is read or moved', async () => {
    const question = await post.sent('Not for us');
    const { messageId, ids } = post.reply(question.messageId);
    await world.cycle(anna);
    await world.crm(anna, 'DELETE', `emails(${String((await post.row(messageId)).activityid)})`);
    await post.open(ids[0]);
    await world.cycle(anna);
    await post.move(ids[0], await post.newFolder('Elsewhere'));
    await world.cycle(anna);
    expect(await post.rows(messageId)).toEqual([]);
    expect(await world.outlook(anna, 'GET', `messages/${String(ids[0])}`)).toMatchObject({ internetMessageId: messageId });
  });
});

test('what another sync has tracked already is not made a second time', async () => {
  const question = await post.sent('Known');
  const { messageId } = post.reply(question.messageId);
  await world.crm(anna, 'POST', 'emails', { subject: 'Known', messageid: messageId, directioncode: false });
  await world.cycle(anna);
  expect(await post.rows(messageId)).toHaveLength(1);
});

test('nothing is ever written to Exchange', async () => {
  const question = await post.sent('Read only');
  post.reply(question.messageId);
  world.counters.reset();
  await world.cycle(anna);
  const { graph = {} } = world.counters.snapshot().endpoints;
  expect(Object.keys(graph).filter((label) => !label.startsWith('GET ') && label !== 'POST $batch')).toEqual([]);
});

test('new mail alone wakes its mailbox', async () => {
  const question = await post.sent('Ring');
  await world.settle();
  world.advance(60_000);
  const { messageId } = post.reply(question.messageId, { from: outsider });
  await world.settle();
  expect(await post.rows(messageId)).toHaveLength(1);
  await world.expectQuiet();
});

test('mail that could not be read by its delta any more is read anew', async () => {
  world.control('graph', 'expireDeltas', { user: anna.email });
  const question = await post.sent('After all');
  const { messageId } = post.reply(question.messageId);
  await world.cycle(anna);
  expect(await post.rows(messageId)).toHaveLength(1);
});
