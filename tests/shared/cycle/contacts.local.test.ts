import { bindOwner, Desk, extended } from './desk';
import { anna, ben, type Json, World } from './world';

let world: World;
let annas: Desk;
let bens: Desk;

beforeAll(async () => {
  world = await World.start();
  await world.enable(anna);
  await world.enable(ben);
  annas = new Desk(world, anna);
  bens = new Desk(world, ben);
});

afterAll(() => world.close());

/** Longer than the two seconds within which two edits are a tie. */
const aMoment = 5_000;

async function inStep(columns: Json): Promise<string> {
  const id = await annas.make('contacts', columns);
  await world.settle();
  return id;
}

const email = (address: string, name = address): Json => ({ address, name });

describe('fields (server-side synchronization 3.3)', () => {
  const columns: Json = {
    salutation: 'Dr.',
    firstname: 'Mia',
    middlename: 'Q.',
    lastname: 'Fields',
    suffix: 'Jr.',
    nickname: 'Mimi',
    yomifirstname: 'ミア',
    yomilastname: 'フィールズ',
    jobtitle: 'Buyer',
    department: 'Purchasing',
    managername: 'Max Chief',
    assistantname: 'Ada Help',
    assistantphone: '+49 30 11',
    spousesname: 'Sam',
    childrensnames: 'Tim, Tom',
    governmentid: 'G-77',
    telephone1: '+49 30 1',
    business2: '+49 30 2',
    telephone2: '+49 30 3',
    home2: '+49 30 4',
    mobilephone: '+49 170 5',
    fax: '+49 30 6',
    telephone3: '+49 30 7',
    pager: '8',
    callback: '+49 30 9',
    company: '+49 30 10',
    emailaddress1: 'mia@fabrikam.example',
    emailaddress2: 'mia.fields@fabrikam.example',
    emailaddress3: 'mimi@home.example',
    websiteurl: 'https://fabrikam.example',
    ftpsiteurl: 'ftp://fabrikam.example',
    birthdate: '1980-05-17',
    anniversary: '2010-09-30',
    description: 'Likes tea.\nNo phone calls.',
    address1_line1: 'Main Street 1',
    address1_line2: 'Backyard',
    address1_city: 'Berlin',
    address1_stateorprovince: 'BE',
    address1_postalcode: '10115',
    address1_country: 'Germany',
  };

  test('every field of a contact reaches Exchange, those without a Graph property too', async () => {
    const account = await world.crm(anna, 'POST', 'accounts', { name: 'Fabrikam' });
    const id = await inStep({ ...columns, 'parentcustomerid_account@odata.bind': `/accounts(${String(account.accountid)})` });
    const item = await annas.itemOf('contacts', id);
    expect(item).toMatchObject({
      title: 'Dr.',
      givenName: 'Mia',
      middleName: 'Q.',
      surname: 'Fields',
      generation: 'Jr.',
      displayName: 'Mia Q. Fields Jr.',
      nickName: 'Mimi',
      yomiGivenName: 'ミア',
      yomiSurname: 'フィールズ',
      jobTitle: 'Buyer',
      companyName: 'Fabrikam',
      department: 'Purchasing',
      manager: 'Max Chief',
      assistantName: 'Ada Help',
      spouseName: 'Sam',
      children: ['Tim', 'Tom'],
      businessPhones: ['+49 30 1', '+49 30 2'],
      homePhones: ['+49 30 3', '+49 30 4'],
      mobilePhone: '+49 170 5',
      emailAddresses: [email('mia@fabrikam.example'), email('mia.fields@fabrikam.example'), email('mimi@home.example')],
      businessHomePage: 'https://fabrikam.example',
      personalNotes: 'Likes tea.\nNo phone calls.',
      businessAddress: {
        street: 'Main Street 1\nBackyard',
        city: 'Berlin',
        state: 'BE',
        postalCode: '10115',
        countryOrRegion: 'Germany',
      },
    });
    expect(String(item.birthday)).toMatch(/^1980-05-17/);
    const tags = ['0x3A2E', '0x3A24', '0x3A1F', '0x3A21', '0x3A02', '0x3A57', '0x3A4C', '0x3A07'];
    expect(tags.map((tag) => extended(item, `String ${tag}`))).toEqual([
      columns.assistantphone,
      columns.fax,
      columns.telephone3,
      columns.pager,
      columns.callback,
      columns.company,
      columns.ftpsiteurl,
      columns.governmentid,
    ]);
    expect(extended(item, 'SystemTime 0x3A41')).toMatch(/^2010-09-30/);
    await world.expectQuiet();
  });

  test('every field of a contact reaches Dynamics, those without a Graph property too', async () => {
    const id = await inStep({ lastname: 'Blank' });
    await annas.edit('contacts', id, {
      title: 'Ms.',
      givenName: 'Nora',
      middleName: 'R.',
      surname: 'Filled',
      generation: 'II',
      nickName: 'No',
      yomiGivenName: 'ノラ',
      yomiSurname: 'フィ',
      jobTitle: 'Seller',
      department: 'Sales',
      manager: 'Moe',
      assistantName: 'Al',
      spouseName: 'Sue',
      children: ['Una', 'Uwe'],
      businessPhones: ['+1 1', '+1 2'],
      homePhones: ['+1 3'],
      mobilePhone: '+1 4',
      emailAddresses: [email('nora@litware.example', 'Nora Filled'), email('n@home.example')],
      businessHomePage: 'https://litware.example',
      personalNotes: 'One\nTwo',
      birthday: '1991-02-03T00:00:00Z',
      businessAddress: { street: 'High Street 2', city: 'London', state: 'LDN', postalCode: 'N1', countryOrRegion: 'UK' },
      singleValueExtendedProperties: [
        { id: 'String 0x3A2E', value: '+1 5' },
        { id: 'String 0x3A24', value: '+1 6' },
        { id: 'String 0x3A1F', value: '+1 7' },
        { id: 'String 0x3A21', value: '88' },
        { id: 'String 0x3A02', value: '+1 9' },
        { id: 'String 0x3A57', value: '+1 10' },
        { id: 'String 0x3A4C', value: 'ftp://litware.example' },
        { id: 'String 0x3A07', value: 'G-1' },
        { id: 'SystemTime 0x3A41', value: '2015-06-07T00:00:00Z' },
      ],
    });
    await world.settle();
    expect(await annas.record('contacts', id)).toMatchObject({
      salutation: 'Ms.',
      firstname: 'Nora',
      middlename: 'R.',
      lastname: 'Filled',
      suffix: 'II',
      nickname: 'No',
      yomifirstname: 'ノラ',
      yomilastname: 'フィ',
      jobtitle: 'Seller',
      department: 'Sales',
      managername: 'Moe',
      assistantname: 'Al',
      spousesname: 'Sue',
      childrensnames: 'Una, Uwe',
      telephone1: '+1 1',
      business2: '+1 2',
      telephone2: '+1 3',
      home2: null,
      mobilephone: '+1 4',
      emailaddress1: 'nora@litware.example',
      emailaddress2: 'n@home.example',
      emailaddress3: null,
      websiteurl: 'https://litware.example',
      description: 'One\nTwo',
      birthdate: '1991-02-03',
      address1_line1: 'High Street 2',
      address1_city: 'London',
      address1_stateorprovince: 'LDN',
      address1_postalcode: 'N1',
      address1_country: 'UK',
      assistantphone: '+1 5',
      fax: '+1 6',
      telephone3: '+1 7',
      pager: '88',
      callback: '+1 9',
      company: '+1 10',
      ftpsiteurl: 'ftp://litware.example',
      governmentid: 'G-1',
      anniversary: '2015-06-07',
    });
    await world.expectQuiet();
  });

  test('a field that lives in an extended property changes and empties in Exchange alone', async () => {
    const id = await inStep({ lastname: 'Tagged', fax: '1', pager: '2', anniversary: '2001-01-01' });
    const tag = (id: string, value: string): Json => ({ singleValueExtendedProperties: [{ id, value }] });
    await annas.edit('contacts', id, tag('String 0x3A24', '11'));
    await annas.edit('contacts', id, tag('String 0x3A21', ''));
    await annas.edit('contacts', id, tag('SystemTime 0x3A41', '4501-01-01T00:00:00Z'));
    await world.settle();
    expect(await annas.record('contacts', id)).toMatchObject({ fax: '11', pager: null, anniversary: null });
    await annas.change('contacts', id, { fax: null, anniversary: '2002-02-02' });
    await world.settle();
    const item = await annas.itemOf('contacts', id);
    expect(extended(item, 'String 0x3A24') ?? '').toBe('');
    expect(extended(item, 'SystemTime 0x3A41')).toMatch(/^2002-02-02/);
    await world.expectQuiet();
  });

  test('fields that are emptied in Dynamics are emptied in Exchange', async () => {
    const id = await inStep({ ...columns, lastname: 'Emptied' });
    const names = Object.keys(columns).filter((name) => name !== 'lastname');
    await annas.change('contacts', id, Object.fromEntries(names.map((name) => [name, null])));
    await world.settle();
    const item = await annas.itemOf('contacts', id);
    expect(item).toMatchObject({
      surname: 'Emptied',
      businessPhones: [],
      homePhones: [],
      emailAddresses: [],
      children: [],
      birthday: null,
    });
    expect([item.givenName, item.jobTitle, item.mobilePhone, item.personalNotes].map((text) => text ?? '')).toEqual(['', '', '', '']);
    await world.expectQuiet();
  });

  test('the name of the company is shown in Exchange and never written over the customer in Dynamics', async () => {
    const account = await world.crm(anna, 'POST', 'accounts', { name: 'Litware' });
    const id = await inStep({ lastname: 'Employed', 'parentcustomerid_account@odata.bind': `/accounts(${String(account.accountid)})` });
    await annas.edit('contacts', id, { companyName: 'Somewhere else' });
    await world.settle();
    expect(await annas.record('contacts', id)).toMatchObject({ _parentcustomerid_value: account.accountid });
    await world.expectQuiet();
  });
});

describe('both sides edit', () => {
  test('different fields of both sides both survive', async () => {
    const id = await inStep({ lastname: 'Merged', jobtitle: 'One', telephone1: '1', mobilephone: '2' });
    await annas.change('contacts', id, { jobtitle: 'Dynamics' });
    await annas.edit('contacts', id, { mobilePhone: '22', singleValueExtendedProperties: [{ id: 'String 0x3A24', value: '33' }] });
    await world.settle();
    expect(await annas.record('contacts', id)).toMatchObject({ jobtitle: 'Dynamics', mobilephone: '22', fax: '33', telephone1: '1' });
    expect(await annas.itemOf('contacts', id)).toMatchObject({ jobTitle: 'Dynamics', mobilePhone: '22' });
    await world.expectQuiet();
  });

  test('phone numbers merge one by one', async () => {
    const id = await inStep({ lastname: 'Phones', telephone1: '1' });
    await annas.change('contacts', id, { business2: '2' });
    await annas.edit('contacts', id, { businessPhones: ['1-1'] });
    await world.settle();
    expect(await annas.record('contacts', id)).toMatchObject({ telephone1: '1-1', business2: '2' });
    expect(await annas.itemOf('contacts', id)).toMatchObject({ businessPhones: ['1-1', '2'] });
    await world.expectQuiet();
  });

  async function conflict(first: 'dynamics' | 'exchange', pauseMs: number): Promise<{ id: string; kept: unknown }> {
    const id = await inStep({ lastname: `Conflict ${first} ${pauseMs}`, jobtitle: 'Base' });
    world.advance(aMoment);
    const edits = {
      dynamics: () => annas.change('contacts', id, { jobtitle: 'Dynamics' }),
      exchange: () => annas.edit('contacts', id, { jobTitle: 'Exchange' }),
    };
    await edits[first]();
    world.advance(pauseMs);
    await edits[first === 'dynamics' ? 'exchange' : 'dynamics']();
    await world.settle();
    const { jobtitle } = await annas.record('contacts', id);
    expect(await annas.itemOf('contacts', id)).toMatchObject({ jobTitle: jobtitle });
    await world.expectQuiet();
    return { id, kept: jobtitle };
  }

  async function loserOf(id: string): Promise<unknown> {
    const entries = await world.journal(anna);
    return entries
      .filter((entry) => entry.recordId === id && entry.winner !== null)
      .map(({ field, side, winner, value }) => ({ field, side, winner, value }));
  }

  test('of two edits of one field the newest wins, and the journal keeps the loser (promise 1)', async () => {
    const exchange = await conflict('dynamics', aMoment);
    expect(exchange.kept).toBe('Exchange');
    expect(await loserOf(exchange.id)).toEqual([{ field: 'jobTitle', side: 'dynamics', winner: 'exchange', value: '"Dynamics"' }]);
    const dynamics = await conflict('exchange', aMoment);
    expect(dynamics.kept).toBe('Dynamics');
    expect(await loserOf(dynamics.id)).toEqual([{ field: 'jobTitle', side: 'exchange', winner: 'dynamics', value: '"Exchange"' }]);
  });

  test('a tie goes to Dynamics', async () => {
    expect((await conflict('dynamics', 500)).kept).toBe('Dynamics');
  });

  test.each(['dynamics', 'exchange'] as const)('with the policy "%s" that side wins, whoever was last', async (policy) => {
    await world.configure({ conflict: { task: 'newest', appointment: 'newest', contact: policy } });
    const { id, kept } = await conflict(policy, aMoment);
    expect(String(kept).toLowerCase()).toBe(policy);
    expect(await loserOf(id)).toHaveLength(1);
    await world.configure({});
  });

  test('a field that may only travel to Exchange keeps what Dynamics says when Dynamics changes it', async () => {
    const id = await inStep({ lastname: 'One way', jobtitle: 'Base' });
    await world.configure({ directions: { contact: { jobTitle: 'toExchange' } } });
    await annas.edit('contacts', id, { jobTitle: 'Exchange' });
    await world.settle();
    expect(await annas.record('contacts', id)).toMatchObject({ jobtitle: 'Base' });
    await annas.change('contacts', id, { jobtitle: 'Dynamics' });
    await world.settle();
    expect(await annas.itemOf('contacts', id)).toMatchObject({ jobTitle: 'Dynamics' });
    await world.configure({});
    await world.expectQuiet();
  });
});

describe('home', () => {
  test('a contact given to somebody else changes mailboxes and takes an unsent edit along', async () => {
    const id = await inStep({ lastname: 'Handed over', jobtitle: 'Base' });
    await annas.edit('contacts', id, { mobilePhone: '+49 170 1', singleValueExtendedProperties: [{ id: 'String 0x3A24', value: '99' }] });
    await annas.change('contacts', id, bindOwner(ben));
    await world.settle();
    expect(await annas.item('contacts', id)).toBeNull();
    expect(await annas.record('contacts', id)).toMatchObject({ mobilephone: '+49 170 1', fax: '99' });
    const item = await bens.itemOf('contacts', id);
    expect(item).toMatchObject({ surname: 'Handed over', mobilePhone: '+49 170 1' });
    expect(extended(item, 'String 0x3A24')).toBe('99');
    await world.expectQuiet();
  });

  test('a contact that comes back to its first home gets a new item there', async () => {
    const id = await inStep({ lastname: 'Back and forth' });
    await annas.change('contacts', id, bindOwner(ben));
    await world.settle();
    await annas.change('contacts', id, bindOwner(anna));
    await world.settle();
    expect(await bens.item('contacts', id)).toBeNull();
    await annas.edit('contacts', id, { jobTitle: 'Still linked' });
    await world.settle();
    expect(await annas.record('contacts', id)).toMatchObject({ jobtitle: 'Still linked' });
    await world.expectQuiet();
  });

  test('a contact given to somebody who does not take part leaves the mailbox', async () => {
    const id = await inStep({ lastname: 'Given away' });
    await annas.change('contacts', id, { 'ownerid@odata.bind': '/systemusers(5a5e0e00-0000-4000-8000-000000000003)' });
    await world.settle();
    expect(await annas.item('contacts', id)).toBeNull();
    expect(await annas.hasRecord('contacts', id)).toBe(true);
    await world.expectQuiet();
  });

  test('a deactivated contact is let go and stays in Exchange; active again, it is linked to the same item', async () => {
    const id = await inStep({ lastname: 'Sleeper', jobtitle: 'Base' });
    const before = await annas.itemOf('contacts', id);
    await annas.change('contacts', id, { statecode: 1, statuscode: 2 });
    await world.settle();
    await annas.edit('contacts', id, { jobTitle: 'Nobody listens' });
    await world.settle();
    expect(await annas.record('contacts', id)).toMatchObject({ jobtitle: 'Base' });
    await annas.change('contacts', id, { statecode: 0, statuscode: 1 });
    await world.settle();
    expect(await annas.itemOf('contacts', id)).toMatchObject({ id: before.id });
    await annas.edit('contacts', id, { department: 'Awake' });
    await world.settle();
    expect(await annas.record('contacts', id)).toMatchObject({ department: 'Awake' });
    await world.expectQuiet();
  });
});

describe('deletion (promise 3)', () => {
  test('a contact deleted in Dynamics stays in Exchange, on its own', async () => {
    const id = await inStep({ lastname: 'Kept in Exchange' });
    await annas.drop('contacts', id);
    await world.settle();
    expect(await annas.itemOf('contacts', id)).toMatchObject({ surname: 'Kept in Exchange' });
    await annas.edit('contacts', id, { jobTitle: 'Free' });
    await world.expectQuiet();
  });

  test('with the setting "delete" a contact deleted in Dynamics goes from Exchange, and the journal keeps all of it', async () => {
    await world.configure({ contactDeletedInDynamics: 'delete' });
    const id = await inStep({ lastname: 'Gone everywhere', fax: '4711' });
    await annas.drop('contacts', id);
    await world.settle();
    expect(await annas.item('contacts', id)).toBeNull();
    const kept = (await world.journal(anna)).find(({ recordId, action }) => recordId === id && action === 'deleted');
    expect(kept?.value).toContain('4711');
    await world.configure({});
    await world.expectQuiet();
  });

  test('a contact deleted in Exchange stays in Dynamics and does not come back, though its id goes on answering', async () => {
    const id = await inStep({ lastname: 'Unwanted' });
    const item = await annas.itemOf('contacts', id);
    await annas.discard('contacts', id);
    await world.settle();
    expect(await annas.outlook('GET', `contacts/${String(item.id)}`)).toMatchObject({ surname: 'Unwanted' });
    await annas.change('contacts', id, { jobtitle: 'Edited later' });
    await world.settle();
    expect(await annas.item('contacts', id)).toBeNull();
    expect(await annas.record('contacts', id)).toMatchObject({ lastname: 'Unwanted' });
    await world.expectQuiet();
  });

  test('a contact moved to Deleted Items is deleted; one moved to another folder is not', async () => {
    const [binned, filed] = [await inStep({ lastname: 'Binned' }), await inStep({ lastname: 'Filed' })];
    const folder = await annas.outlook('POST', 'contactFolders', { displayName: 'Friends' });
    const move = async (id: string, toFolderId: unknown): Promise<unknown> =>
      world.control('graph', 'moveContact', { user: anna.objectId, contactId: (await annas.itemOf('contacts', id)).id, toFolderId });
    await move(binned, 'deleteditems');
    await move(filed, folder.id);
    await world.settle();
    await annas.change('contacts', binned, { jobtitle: 'From Dynamics' });
    await annas.change('contacts', filed, { jobtitle: 'From Dynamics' });
    await world.settle();
    expect(await annas.item('contacts', binned)).toBeNull();
    expect(await annas.itemOf('contacts', filed)).toMatchObject({ jobTitle: 'From Dynamics' });
    await world.expectQuiet();
  });
});

test('a contact born in Exchange stays there', async () => {
  await annas.outlook('POST', 'contacts', { surname: 'Private' });
  await world.expectQuiet();
  expect((await world.crm(anna, 'GET', "contacts?$filter=lastname eq 'Private'")).value).toEqual([]);
});
