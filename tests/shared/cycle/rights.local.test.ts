import type { IntegrationSettings } from '../../../shared/model/integration-settings';
import { aMoment, Desk, extended } from './desk';
import { anna, ben, World } from './world';

let world: World;
let annas: Desk;
let bens: Desk;

beforeAll(async () => {
  world = await World.start();
  await world.enable(anna);
  annas = new Desk(world, anna);
  bens = new Desk(world, ben);
});

afterAll(() => world.close());

afterEach(() => world.configure({}));

const secure = (column: string, secured: boolean, may: { read?: boolean; write?: boolean } = {}): unknown =>
  world.control('dynamics', 'setColumnSecurity', {
    table: 'contact',
    column,
    secured,
    readers: [ben.systemUserId, ...(may.read === true ? [anna.systemUserId] : [])],
    writers: [ben.systemUserId, ...(may.write === true ? [anna.systemUserId] : [])],
  });

const configure = (settings: Partial<IntegrationSettings>): Promise<void> => world.configure(settings);

async function parked() {
  return (await (await world.partition(anna)).state()).parked;
}

describe('secured columns', () => {
  test('an edit of a column that its person may not write is dropped, and the rest of her edits go', async () => {
    const id = await annas.inStep('contacts', { lastname: 'Half', jobtitle: 'Base' });
    secure('jobtitle', true, { read: true });
    await annas.edit('contacts', id, { jobTitle: 'Not mine to say', department: 'Mine to say' });
    await world.settle();
    expect(await annas.record('contacts', id)).toMatchObject({ jobtitle: 'Base', department: 'Mine to say' });
    expect(await parked()).toEqual([]);
    world.advance(aMoment);
    await bens.change('contacts', id, { jobtitle: 'From Ben' });
    await world.settle();
    expect(await annas.itemOf('contacts', id)).toMatchObject({ jobTitle: 'From Ben' });
    expect(
      (await world.journal(anna)).filter(({ recordId, field }) => recordId === id && field === 'jobTitle').map(({ value }) => value),
    ).toContain('"Not mine to say"');
    secure('jobtitle', false);
    await world.expectQuiet();
  });

  test('with both rights a secured column goes both ways, and emptied it is emptied on the other side', async () => {
    secure('governmentid', true, { read: true, write: true });
    world.advance(3_700_000);
    const id = await annas.inStep('contacts', { lastname: 'Trusted', jobtitle: 'Base' });
    await bens.change('contacts', id, { governmentid: 'G-1' });
    await world.settle();
    const shown = async (): Promise<string | null> => extended(await annas.itemOf('contacts', id), 'String 0x3A07');
    expect(await shown()).toBe('G-1');
    await bens.change('contacts', id, { governmentid: null });
    await world.settle();
    expect((await shown()) ?? '').toBe('');
    secure('governmentid', false);
    await world.expectQuiet();
  });

  test('a column that is hidden while its contact is edited on both sides keeps what each side holds', async () => {
    const id = await annas.inStep('contacts', { lastname: 'Hidden', pager: 'P-1' });
    secure('pager', true);
    await bens.change('contacts', id, { pager: 'P-2' });
    await annas.edit('contacts', id, { department: 'Sales' });
    await world.settle();
    expect(extended(await annas.itemOf('contacts', id), 'String 0x3A21')).toBe('P-1');
    expect(await bens.record('contacts', id)).toMatchObject({ pager: 'P-2', department: 'Sales' });
    await world.expectQuiet();
    secure('pager', false);
    world.advance(3_700_000);
    await bens.change('contacts', id, { jobtitle: 'Seen again' });
    await world.settle();
    expect(extended(await annas.itemOf('contacts', id), 'String 0x3A21')).toBe('P-2');
  });

  test('rights are asked once an hour, and only where there is something to read', async () => {
    await world.settle();
    world.advance(3_700_000);
    world.counters.reset();
    await world.cycle(anna);
    const asked = (): number => world.counters.snapshot().endpoints.dynamics?.['GET EntityDefinitions']?.operations ?? 0;
    expect(asked()).toBe(0);
    await annas.inStep('contacts', { lastname: 'One' });
    await annas.inStep('contacts', { lastname: 'Two' });
    expect(asked()).toBe(1);
  });
});

describe('contact addresses', () => {
  test('with all addresses, the second is the one at home and the third the other', async () => {
    await configure({ contactAddresses: 'all' });
    const id = await annas.inStep('contacts', {
      lastname: 'Three',
      address1_city: 'One',
      address2_city: 'Two',
      address3_line1: 'Street 3',
    });
    expect(await annas.itemOf('contacts', id)).toMatchObject({
      businessAddress: { city: 'One' },
      homeAddress: { city: 'Two' },
      otherAddress: { street: 'Street 3' },
    });
    await annas.edit('contacts', id, { homeAddress: { city: 'Two', postalCode: '8010' } });
    await world.settle();
    expect(await annas.record('contacts', id)).toMatchObject({ address2_postalcode: '8010', address2_city: 'Two' });
    await world.expectQuiet();
  });

  test('switching to all addresses overwrites nothing: what each side holds stays, and gaps are filled in Exchange alone', async () => {
    const id = await annas.inStep('contacts', { lastname: 'Switch', address2_city: 'Dynamics', address3_city: 'Gap' });
    await annas.edit('contacts', id, { homeAddress: { city: 'Outlook', state: 'Styria' } });
    await world.settle();
    world.advance(aMoment);
    await configure({ contactAddresses: 'all' });
    await world.cycle(anna, 'sweep');
    await world.settle();
    expect(await annas.record('contacts', id)).toMatchObject({
      address2_city: 'Dynamics',
      address2_stateorprovince: null,
      address3_city: 'Gap',
    });
    expect(await annas.itemOf('contacts', id)).toMatchObject({
      homeAddress: { city: 'Outlook', state: 'Styria' },
      otherAddress: { city: 'Gap' },
    });
    await world.expectQuiet();
    await annas.change('contacts', id, { address2_city: 'Dynamics, moved' });
    await world.settle();
    expect(await annas.itemOf('contacts', id)).toMatchObject({ homeAddress: { city: 'Dynamics, moved', state: 'Styria' } });
    await world.expectQuiet();
  });
});

describe('added columns', () => {
  const named = 'String {00020329-0000-0000-c000-000000000046} Name ';
  const withProperties = async (id: string, names: readonly string[]): Promise<readonly (string | null)[]> => {
    const { id: itemId } = await annas.itemOf('contacts', id);
    const filter = names.map((name) => `id eq '${named}${name}'`).join(' or ');
    const expand = encodeURIComponent(`singleValueExtendedProperties($filter=${filter})`);
    const item = await annas.outlook('GET', `contacts/${String(itemId)}?$expand=${expand}`);
    return names.map((name) => extended(item, named + name));
  };

  test('an added column goes to its property, in its kind, and back where it may', async () => {
    await configure({
      customFields: {
        contact: [
          { column: 'employeeid', property: 'Employee', kind: 'text', prefix: 'E-', direction: 'both' },
          { column: 'accountrolecode', property: 'Role', kind: 'choice', direction: 'toExchange' },
        ],
      },
    });
    const id = await annas.inStep('contacts', { lastname: 'Added', employeeid: '17', accountrolecode: 2 });
    expect(await withProperties(id, ['Employee', 'Role'])).toEqual(['E-17', 'Employee']);
    world.advance(aMoment);
    await annas.edit('contacts', id, { singleValueExtendedProperties: [{ id: `${named}Employee`, value: 'E-18' }] });
    await world.settle();
    expect(await annas.record('contacts', id)).toMatchObject({ employeeid: '18' });
    await annas.change('contacts', id, { employeeid: null });
    await world.settle();
    expect((await withProperties(id, ['Employee']))[0] ?? '').toBe('');
    await world.expectQuiet();
  });

  test('a column that is added later fills what is linked already, and overwrites nothing', async () => {
    const id = await annas.inStep('contacts', { lastname: 'Late', employeeid: '4' });
    await configure({ customFields: { contact: [{ column: 'employeeid', property: 'Employee', kind: 'text', direction: 'both' }] } });
    await world.cycle(anna, 'sweep');
    await world.settle();
    expect(await withProperties(id, ['Employee'])).toEqual(['4']);
    await world.expectQuiet();
  });

  test('an appointment takes added columns too', async () => {
    await configure({
      customFields: { appointment: [{ column: 'isalldayevent', property: 'Whole day', kind: 'yesNo', direction: 'toExchange' }] },
    });
    const date = new Date(world.clock.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    const id = await annas.inStep('appointments', {
      subject: 'Flagged',
      scheduledstart: `${date}T09:00:00Z`,
      scheduledend: `${date}T10:00:00Z`,
    });
    const { id: itemId } = await annas.itemOf('appointments', id);
    const expand = encodeURIComponent(`singleValueExtendedProperties($filter=id eq '${named}Whole day')`);
    expect(extended(await annas.outlook('GET', `events/${String(itemId)}?$expand=${expand}`), `${named}Whole day`)).toBe('false');
    await annas.edit('appointments', id, { subject: 'Flagged, edited' });
    await world.settle();
    expect(await annas.record('appointments', id)).toMatchObject({ subject: 'Flagged, edited' });
    await world.expectQuiet();
  });
});

test('notes that both sides wrote are both kept where the settings ask for it, once and for all', async () => {
  await configure({ notesConflict: 'keepBoth' });
  const id = await annas.inStep('contacts', { lastname: 'Notes', description: 'Base' });
  await annas.edit('contacts', id, { personalNotes: 'From the road' });
  world.advance(aMoment);
  await annas.change('contacts', id, { description: 'From the office' });
  await world.settle();
  const { description } = await annas.record('contacts', id);
  expect(description).toMatch(/^From the office\n\n--- Outlook, \d{4}-\d\d-\d\d ---\nFrom the road$/);
  expect(await annas.itemOf('contacts', id)).toMatchObject({ personalNotes: description });
  await world.expectQuiet();
});
