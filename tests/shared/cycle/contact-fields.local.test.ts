import { Desk, extended } from './desk';
import { anna, type Json, World } from './world';

let world: World;
let annas: Desk;

beforeAll(async () => {
  world = await World.start();
  await world.enable(anna);
  annas = new Desk(world, anna);
});

afterAll(() => world.close());

const inStep = (columns: Json): Promise<string> => annas.inStep('contacts', columns);

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
