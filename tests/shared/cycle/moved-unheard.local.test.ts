import { bindOwner, Desk } from './desk';
import { anna, ben, World } from './world';

let world: World;
let annas: Desk;
let bens: Desk;

beforeAll(async () => {
  world = await World.start();
  annas = new Desk(world, anna);
  bens = new Desk(world, ben);
  await world.enable(anna);
});

afterAll(() => world.close());

test('a record that goes to somebody whose mailbox is loaded before any feed tells of it moves to her, and leaves no copy behind', async () => {
  const id = await annas.inStep('contacts', { lastname: 'Unheard' });
  expect(await annas.item('contacts', id)).not.toBeNull();
  await annas.change('contacts', id, bindOwner(ben));
  await world.enable(ben);
  await world.settle();
  expect(await bens.item('contacts', id)).not.toBeNull();
  expect(await annas.item('contacts', id)).toBeNull();
  await world.expectQuiet();
});

test('a record that was made of a tracked item and goes to somebody before any feed tells of it leaves no copy behind', async () => {
  await world.outlook(anna, 'POST', 'contacts', { surname: 'Tracked', categories: ['Tracked to Dynamics 365'] });
  await world.cycle(anna);
  const { value } = await world.crm(anna, 'GET', "contacts?$filter=lastname eq 'Tracked'");
  const id = String((value as readonly { readonly contactid: string }[])[0]?.contactid);
  expect(await annas.item('contacts', id)).not.toBeNull();
  await annas.change('contacts', id, bindOwner(ben));
  await world.settle();
  expect(await bens.item('contacts', id)).not.toBeNull();
  expect(await annas.item('contacts', id)).toBeNull();
  await world.expectQuiet();
});
