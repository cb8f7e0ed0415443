import { anna, ben, type Json, World } from '../shared/cycle/world';

/** The statements about e-mail by which a faithful rebuild of server-side synchronization is told, each by its number (section 9.4 of the specification). */
let world: World;
let count = 0;

beforeAll(async () => {
  world = await World.start({ settings: { mail: { track: 'replies', internal: false, tokenPrefix: 'CRM:' } } });
  await world.enable(anna);
  await world.enable(ben);
});

afterAll(() => world.close());

const outsider = { name: 'Nora Olsen', address: 'nora@northwind.example' };

function newId(): string {
  count += 1;
  return `<mail-${count}@northwind.example>`;
}

/** An e-mail that Dynamics holds as sent, about a new account. */
async function sent(subject: string): Promise<{ readonly id: string; readonly messageId: string; readonly account: string }> {
  const { accountid: account } = await world.crm(anna, 'POST', 'accounts', { name: `About ${subject}` });
  const messageId = newId();
  const row = await world.crm(anna, 'POST', 'emails', {
    subject,
    messageid: messageId,
    'regardingobjectid_account_email@odata.bind': `/accounts(${String(account)})`,
    email_activity_parties: [
      { participationtypemask: 1, 'partyid_systemuser@odata.bind': `/systemusers(${anna.systemUserId})` },
      { participationtypemask: 2, addressused: outsider.address },
    ],
  });
  await world.crm(anna, 'PATCH', `emails(${String(row.activityid)})`, { statecode: 1, statuscode: 3 });
  return { id: String(row.activityid), messageId, account: String(account) };
}

/** Lets a reply of an outsider arrive, and returns its message id and its id in each mailbox. */
function reply(to: string, more: Json, recipients = [anna.email]): { readonly messageId: string; readonly ids: readonly string[] } {
  const messageId = newId();
  const headers = [{ name: 'In-Reply-To', value: to }];
  const mail = { to: recipients, from: outsider, internetMessageId: messageId, headers, ...more };
  const { ids } = world.control('graph', 'deliver', mail) as { ids: string[] };
  return { messageId, ids };
}

async function rowsOf(messageId: string): Promise<Json[]> {
  const { value } = await world.crm(anna, 'GET', `emails?$filter=messageid eq '${messageId}'&$expand=email_activity_parties`);
  return value as Json[];
}

async function rowOf(messageId: string): Promise<Json> {
  const rows = await rowsOf(messageId);
  expect(rows).toHaveLength(1);
  return rows[0] ?? {};
}

async function newFolder(name: string, below = 'inbox'): Promise<string> {
  return String((await world.outlook(anna, 'POST', `mailFolders/${below}/childFolders`, { displayName: name })).id);
}

async function move(id: string, destinationId: string): Promise<void> {
  await world.outlook(anna, 'POST', `messages/${id}/move`, { destinationId });
}

test('9.4-15: a reply whose subject was changed is matched by In-Reply-To (3), and is about what the mail it answers is about', async () => {
  const question = await sent('Offer');
  const { messageId } = reply(question.messageId, {
    subject: 'Something else entirely',
    body: { contentType: 'html', content: '<p>Yes!</p>' },
  });
  await world.cycle(anna);
  const row = await rowOf(messageId);
  expect(row).toMatchObject({
    subject: 'Something else entirely',
    directioncode: false,
    statecode: 1,
    statuscode: 4,
    sender: outsider.address,
    _correlatedactivityid_value: question.id,
    _parentactivityid_value: question.id,
    _regardingobjectid_value: question.account,
    _ownerid_value: anna.systemUserId,
  });
  expect(row.description).toContain('Yes!');
  const kept = await (await world.partition(anna)).trackedMail([String(row.activityid)]);
  expect(kept.get(String(row.activityid))?.method).toBe(3);
});

test('9.4-16: a mail that was moved to another folder before the cycle, and back after it, is caught all the same', async () => {
  const question = await sent('Filed too soon');
  const { messageId, ids } = reply(question.messageId, { subject: 'Re: Filed too soon' });
  await move(String(ids[0]), await newFolder('Later'));
  await world.cycle(anna);
  await move(String(ids[0]), 'inbox');
  await world.cycle(anna);
  expect(await rowOf(messageId)).toMatchObject({ _regardingobjectid_value: question.account });
});

describe('folder rules', () => {
  /** Accounts by their place, and a folder with a rule about each. */
  const filed: { readonly folder: string; readonly account: string }[] = [];

  beforeAll(async () => {
    for (let place = 1; place <= 26; place += 1) {
      const name = `Project ${place}`;
      const { accountid } = await world.crm(anna, 'POST', 'accounts', { name });
      filed.push({ folder: await newFolder(name), account: String(accountid) });
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
    const below = await newFolder('Details', folder);
    const direct = reply('<nothing@northwind.example>', { subject: 'Filed', folder });
    const nested = reply('<nothing@northwind.example>', { subject: 'Filed below', folder: below });
    await world.cycle(anna);
    expect(await rowOf(direct.messageId)).toMatchObject({ _regardingobjectid_value: account, _correlatedactivityid_value: null });
    expect(await rowOf(nested.messageId)).toMatchObject({ _regardingobjectid_value: account });
  });

  test('9.4-18: what somebody sets a mail regarding in Dynamics stays, whatever the rule of its folder says', async () => {
    const { messageId, ids } = reply('<nothing@northwind.example>', { subject: 'About whom?', folder: nth(1).folder });
    await world.cycle(anna);
    const { activityid } = await rowOf(messageId);
    expect(await rowOf(messageId)).toMatchObject({ _regardingobjectid_value: nth(1).account });
    const chosen = { 'regardingobjectid_account_email@odata.bind': `/accounts(${nth(9).account})` };
    await world.crm(anna, 'PATCH', `emails(${String(activityid)})`, chosen);

    await world.outlook(anna, 'PATCH', `messages/${String(ids[0])}`, { isRead: true });
    await world.cycle(anna);
    expect(await rowOf(messageId)).toMatchObject({ _regardingobjectid_value: nth(9).account });
    await move(String(ids[0]), nth(2).folder);
    await world.cycle(anna);
    expect(await rowOf(messageId)).toMatchObject({ _regardingobjectid_value: nth(9).account });
  });

  test('a mail that is moved from one of them to another is about what the other is about', async () => {
    const { messageId, ids } = reply('<nothing@northwind.example>', { subject: 'Wrong drawer', folder: nth(3).folder });
    await world.cycle(anna);
    await move(String(ids[0]), nth(4).folder);
    await world.cycle(anna);
    expect(await rowOf(messageId)).toMatchObject({ _regardingobjectid_value: nth(4).account });
    await move(String(ids[0]), 'archive');
    await world.cycle(anna);
    expect(await rowOf(messageId)).toMatchObject({ _regardingobjectid_value: nth(4).account });
  });
});
