import { PostOffice } from '../shared/cycle/post-office';
import { anna, World } from '../shared/cycle/world';

/** The statements about e-mail by which a faithful rebuild of server-side synchronization is told, each by its number (section 9.4 of the specification). */
let world: World;
let post: PostOffice;

const unknown = '<nothing@northwind.example>';

beforeAll(async () => {
  world = await World.start({ settings: { mail: { track: 'replies', internal: false, tokenPrefix: 'CRM:' } } });
  await world.enable(anna);
  post = new PostOffice(world, anna);
});

afterAll(() => world.close());

test('9.4-15: a reply whose subject was changed is matched by In-Reply-To (3), and is about what the mail it answers is about', async () => {
  const question = await post.sent('Offer');
  const { messageId } = post.reply(question.messageId, {
    subject: 'Something else',
    body: { contentType: 'html', content: '<p>Yes!</p>' },
  });
  await world.cycle(anna);
  const row = await post.row(messageId);
  expect(row).toMatchObject({
    subject: 'Something else',
    directioncode: false,
    statecode: 1,
    statuscode: 4,
    sender: 'nora@northwind.example',
    _correlatedactivityid_value: question.id,
    _regardingobjectid_value: question.account,
    _ownerid_value: anna.systemUserId,
  });
  expect(row.description).toContain('<p>Yes!</p>');
  // Dynamics takes the method from its own tracking alone, so it is kept beside the row.
  const kept = await (await world.partition(anna)).trackedMail([String(row.activityid)]);
  expect(kept.get(String(row.activityid))?.method).toBe(3);
});

describe('9.4-16: a mail that was moved out of the Inbox before the cycle', () => {
  test('is caught where it lies, and once only when it is moved back', async () => {
    const question = await post.sent('Filed too soon');
    const { messageId, ids } = post.reply(question.messageId);
    await post.move(ids[0], await post.newFolder('Later'));
    await world.cycle(anna);
    expect(await post.row(messageId)).toMatchObject({ _regardingobjectid_value: question.account });
    await post.move(ids[0], 'inbox');
    await world.cycle(anna);
    expect(await post.rows(messageId)).toHaveLength(1);
  });

  test('and back before it is caught as well, although others came in between', async () => {
    const question = await post.sent('There and back');
    const { messageId, ids } = post.reply(question.messageId);
    await post.move(ids[0], await post.newFolder('Aside'));
    post.deliver({ subject: 'Newer' });
    await world.cycle(anna);
    await post.move(ids[0], 'inbox');
    await world.cycle(anna);
    expect(await post.rows(messageId)).toHaveLength(1);
  });
});

describe('folder rules', () => {
  const filed: { readonly folder: string; readonly account: string }[] = [];

  beforeAll(async () => {
    for (let place = 1; place <= 26; place += 1) {
      const name = `Project ${place}`;
      const { accountid } = await world.crm(anna, 'POST', 'accounts', { name });
      filed.push({ folder: await post.newFolder(name), account: String(accountid) });
    }
    const rules = filed.map(({ folder, account }) => ({ folderId: folder, regarding: { entity: 'account', id: account } }));
    await (await world.partition(anna)).putFolderRules(rules);
  });

  function nth(place: number): { readonly folder: string; readonly account: string } {
    const found = filed[place - 1];
    if (found === undefined) throw new Error(`There is no folder ${place}.`);
    return found;
  }

  test('9.4-17: a 26th folder rule counts like the others, and below its folder too', async () => {
    const { folder, account } = nth(26);
    const direct = post.reply(unknown, { folder });
    const nested = post.reply(unknown, { folder: await post.newFolder('Details', folder) });
    await world.cycle(anna);
    expect(await post.row(direct.messageId)).toMatchObject({ _regardingobjectid_value: account, _correlatedactivityid_value: null });
    expect(await post.row(nested.messageId)).toMatchObject({ _regardingobjectid_value: account });
  });

  test('9.4-18: what somebody sets a mail regarding in Dynamics stays, whatever the rule of its folder says', async () => {
    const { messageId, ids } = post.deliver({ folder: nth(1).folder });
    await world.cycle(anna);
    const { activityid, _regardingobjectid_value: account } = await post.row(messageId);
    expect(account).toBe(nth(1).account);
    const chosen = { 'regardingobjectid_account_email@odata.bind': `/accounts(${nth(9).account})` };
    await world.crm(anna, 'PATCH', `emails(${String(activityid)})`, chosen);

    await post.open(ids[0]);
    await world.cycle(anna);
    expect(await post.row(messageId)).toMatchObject({ _regardingobjectid_value: nth(9).account });
    await post.move(ids[0], nth(2).folder);
    await world.cycle(anna);
    expect(await post.row(messageId)).toMatchObject({ _regardingobjectid_value: nth(9).account });
  });
});
