import { type Explanation, explain, type Question } from '../../../shared/mailboxes/explain';
import { bindOwner, Desk, pathOf } from '../cycle/desk';
import { anna, ben, World } from '../cycle/world';
import { asked } from './asked';

let world: World;
let desk: Desk;

beforeAll(async () => {
  world = await World.start();
  desk = new Desk(world, anna);
  await world.enable(anna);
});

afterAll(() => world.close());

const ask = (question: Question): Promise<Explanation> => asked(world, question);

const record = (recordId: string): Question => ({ by: 'record', entity: 'task', recordId });
const item = (itemId: string): Question => ({ by: 'item', mailbox: anna.systemUserId, itemId });

test('a linked record names its item, what was done last and why, and that nothing is left to do; so does its item', async () => {
  const id = await desk.inStep('tasks', { subject: 'Call Ada' });
  await desk.edit('tasks', id, { title: 'Call Ada again' });
  await world.settle();
  const { id: itemId } = await desk.itemOf('tasks', id);

  const answer = await ask(record(id));
  expect(answer).toMatchObject({
    state: 'linked',
    itemId,
    mailbox: anna.systemUserId,
    reason: 'item-edited',
    sentence: 'The item was edited in Exchange.',
    waiting: [],
    next: { actions: ['nothing'] },
    differences: [],
  });
  expect(answer.history).toContainEqual(expect.objectContaining({ action: 'created', side: 'exchange', reason: 'new-record' }));
  expect(answer.history).toContainEqual(expect.objectContaining({ field: 'subject', side: 'dynamics', reason: 'item-edited' }));
  expect(JSON.stringify(answer)).not.toContain('Ada');
  expect(await ask(item(String(itemId)))).toEqual(answer);
});

test('an edit that no cycle has seen yet shows as what the next one will do', async () => {
  const id = await desk.inStep('tasks', { subject: 'Order paper' });
  await desk.change('tasks', id, { subject: 'Order ink' });

  const { next, differences } = await ask(record(id));
  expect(next).toMatchObject({ actions: ['updateItem'], reason: 'record-edited', fields: [{ field: 'subject', side: 'exchange' }] });
  expect(differences).toEqual(['subject']);
});

test('a pair that was let go says why, and a pair whose write failed says what is in the way', async () => {
  const gone = await desk.inStep('contacts', { firstname: 'Ada', lastname: 'Byron' });
  await desk.discard('contacts', gone);
  await world.settle();
  expect(await ask({ by: 'record', entity: 'contact', recordId: gone })).toMatchObject({
    state: 'released',
    reason: 'deleted-in-exchange',
    next: { actions: ['nothing'] },
  });

  const stuck = await desk.inStep('tasks', { subject: 'Short' });
  await desk.edit('tasks', stuck, { title: 'x'.repeat(250) });
  await world.settle();
  const { waiting } = await ask(record(stuck));
  expect(waiting).toMatchObject([{ kind: 'parked', code: 'refused', why: 'failed' }]);
});

test('a record that has nobody here says so: unknown, without organizer, a team’s, or of a person who takes no part', async () => {
  const nowhere = '00000000-0000-4000-8000-00000000dead';
  expect(await ask(record(nowhere))).toMatchObject({ state: 'unlinked', reason: 'no-such-record', mailbox: null });

  const bens = await new Desk(world, ben).make('tasks', { subject: 'Mine' });
  expect(await ask(record(bens))).toMatchObject({ state: 'unlinked', reason: 'owner-takes-no-part' });

  const lost = await world.crm(anna, 'POST', 'appointments', {
    subject: 'Whose?',
    scheduledstart: '2027-01-11T09:00:00Z',
    scheduledend: '2027-01-11T10:00:00Z',
    ...bindOwner(anna),
  });
  const answer = await ask({ by: 'record', entity: 'appointment', recordId: String(lost.activityid) });
  expect(answer).toMatchObject({ state: 'unlinked', reason: 'no-organizer' });
  expect(answer.sentence).toContain('without an organizer');
});

test('an item that a person made says that nobody tracks it; one that is not there says that', async () => {
  const made = await desk.outlook('POST', 'contacts', { givenName: 'Charles' });
  expect(await ask(item(String(made.id)))).toMatchObject({ state: 'unlinked', reason: 'not-tracked', recordId: null });
  await desk.outlook('DELETE', pathOf('contacts', made));
  expect(await ask(item('AAMkNotThere'))).toMatchObject({ state: 'unlinked', reason: 'no-such-item' });
});

test('an integration or a mailbox that is not there is named', async () => {
  await expect(explain(world.services, 'nobody', record('x'))).rejects.toMatchObject({ code: 'not-found' });
  const question: Question = { by: 'item', mailbox: ben.systemUserId, itemId: 'x' };
  await expect(explain(world.services, world.integration.id, question)).rejects.toMatchObject({ code: 'not-found' });
});

test('an item that is tracked and not linked yet says what the next cycle will make of it, or why nothing', async () => {
  const categories = ['Tracked to Dynamics 365'];
  const made = await world.outlook(anna, 'POST', 'contacts', { givenName: 'Tessa', surname: 'Tracked', categories });
  const answer = await ask(item(String(made.id)));
  expect(answer).toMatchObject({
    state: 'unlinked',
    entity: 'contact',
    reason: 'tracked',
    next: { actions: ['createRecord', 'updateItem'] },
  });
  expect(JSON.stringify(answer)).not.toContain('Tessa');
  await world.settle();
  expect(await ask(item(String(made.id)))).toMatchObject({ state: 'linked', recordId: answer.recordId });

  const zone = 'Pacific/Auckland';
  const time = { start: { dateTime: '2027-03-01T18:00:00', timeZone: zone }, end: { dateTime: '2027-03-01T19:00:00', timeZone: zone } };
  const pattern = { type: 'weekly', interval: 1, daysOfWeek: ['monday'], firstDayOfWeek: 'monday' };
  const range = { type: 'noEnd', startDate: '2027-03-01', recurrenceTimeZone: zone };
  const far = await world.outlook(anna, 'POST', 'events', { subject: 'Far', ...time, recurrence: { pattern, range }, categories });
  expect(await ask(item(String(far.id)))).toMatchObject({ entity: 'series', reason: 'cannot-be-made', next: null });
});
