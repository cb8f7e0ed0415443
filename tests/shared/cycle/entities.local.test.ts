import { takeEffect } from '../../../shared/integrations/take-effect';
import { IntegrationSettings } from '../../../shared/model/integration-settings';
import { pollDynamics } from '../../../shared/polling/timers';
import { Desk } from './desk';
import { anna, beginning, type Json, World } from './world';

let world: World;
let annas: Desk;

beforeEach(async () => {
  world = await World.start({ settings: { attendeeMail: 'invite' } });
  await world.enable(anna);
  annas = new Desk(world, anna);
});

afterEach(() => world.close());

const day = 86_400_000;
const at = (days: number, time = '09:00:00'): string => `${new Date(beginning + days * day).toISOString().slice(0, 10)}T${time}Z`;
const from = (days: number): Json => ({ scheduledstart: at(days), scheduledend: at(days, '10:00:00') });
const guest: Json = { addressused: 'guest@fabrikam.example', participationtypemask: 5 };

/** Saves which kinds sync, as the admin API does. */
async function choose(changed: Partial<IntegrationSettings['entities']>): Promise<void> {
  const before = world.integration;
  const settings = { ...world.integration.settings, entities: { ...world.integration.settings.entities, ...changed } };
  world.integration = { ...world.integration, settings: IntegrationSettings.parse(settings) };
  await world.services.integrations.put(world.integration);
  await takeEffect(world.services, before, world.integration);
}

test('what is switched off is not asked for, and nothing of it is touched or let go', async () => {
  const [task, call] = [await annas.inStep('tasks', { subject: 'On' }), await annas.inStep('phonecalls', { subject: 'Off' })];
  await choose({ phonecall: false });
  await pollDynamics(world.services);
  const asked = world.wakes.polls.splice(0).map((poll) => (poll.kind === 'dynamicsFeed' ? poll.entity : ''));
  expect(asked).toContain('task');
  expect(asked).not.toContain('phonecall');
  await annas.change('tasks', task, { subject: 'On, edited' });
  await annas.change('phonecalls', call, { subject: 'Off, edited' });
  await annas.edit('phonecalls', call, { body: { contentType: 'text', content: 'From To Do' } });
  await annas.make('phonecalls', { subject: 'Made meanwhile' });
  await world.settle();
  await world.cycle(anna, 'sweep');
  expect(await annas.itemOf('tasks', task)).toMatchObject({ title: 'On, edited' });
  expect(await annas.itemOf('phonecalls', call)).toMatchObject({ title: 'Off' });
  expect(await annas.record('phonecalls', call)).toMatchObject({ description: null });
  expect((await annas.items('tasks')).map(({ title }) => title)).not.toContain('Made meanwhile');
  const links = await (await world.partition(anna)).links([{ entity: 'phonecall', recordId: call }]);
  expect([...links.values()]).toMatchObject([{ state: 'linked' }]);
});

test('switched on again, it catches up on both sides', async () => {
  const call = await annas.inStep('phonecalls', { subject: 'Off' });
  await choose({ phonecall: false });
  await annas.change('phonecalls', call, { subject: 'Off, edited' });
  await annas.edit('phonecalls', call, { body: { contentType: 'text', content: 'From To Do' } });
  await annas.make('phonecalls', { subject: 'Made meanwhile' });
  await world.settle();
  await choose({ phonecall: true });
  await world.settle(15 * 60_000);
  expect(await annas.itemOf('phonecalls', call)).toMatchObject({ title: 'Off, edited' });
  expect(await annas.record('phonecalls', call)).toMatchObject({ description: 'From To Do' });
  expect((await annas.items('tasks')).map(({ title }) => title)).toContain('Made meanwhile');
  await world.expectQuiet();
});

test('nobody is invited to a meeting that was made while appointments were off (promise 2)', async () => {
  await choose({ appointment: false });
  const id = await annas.make('appointments', { subject: 'While off', ...from(5), parties: [guest] });
  await world.settle();
  await choose({ appointment: true });
  await world.settle();
  expect(await annas.itemOf('appointments', id)).toMatchObject({ subject: 'While off', attendees: [] });
  expect(world.control('graph', 'mail')).toMatchObject({ count: 0 });
});

test('a table that the environment does not have keeps nothing else from syncing', async () => {
  world.control('dynamics', 'setTable', { table: 'serviceappointment', there: false });
  const task = await annas.make('tasks', { subject: 'All the same' });
  await world.cycle(anna, 'sweep');
  expect(await annas.itemOf('tasks', task)).toMatchObject({ title: 'All the same' });
  expect((await world.mailbox(anna)).health).toMatchObject({
    code: 'settings',
    fix: expect.stringContaining('Switch this kind of record off'),
  });
  await choose({ serviceappointment: false });
  await world.cycle(anna, 'sweep');
  expect((await world.mailbox(anna)).health).toBeNull();
});
