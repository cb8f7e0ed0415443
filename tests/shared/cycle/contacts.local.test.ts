import { IntegrationSettings } from '../../../shared/model/integration-settings';
import { aMoment, bindOwner, Desk, extended } from './desk';
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

const inStep = (columns: Json): Promise<string> => annas.inStep('contacts', columns);

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
    await world.configure({ conflict: { ...IntegrationSettings.parse({}).conflict, contact: policy } });
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
