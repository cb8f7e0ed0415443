import { type UndoAnswer, type UndoWish, undo } from '../../../shared/mailboxes/undo';
import { aMoment, Desk } from '../cycle/desk';
import { anna, World } from '../cycle/world';

let world: World;
let desk: Desk;

beforeAll(async () => {
  world = await World.start();
  desk = new Desk(world, anna);
  await world.enable(anna);
});

afterAll(() => world.close());

const entityOf = { tasks: 'task', contacts: 'contact', appointments: 'appointment' } as const;

function asked(wish: UndoWish, isPreview = false): Promise<UndoAnswer> {
  return undo(world.services, { integration: world.integration.id, id: anna.systemUserId }, wish, isPreview);
}

/** Takes back what was done last to a pair, and lets the world settle. */
async function takeBack(table: keyof typeof entityOf, recordId: string): Promise<UndoAnswer> {
  world.advance(aMoment);
  const answer = await asked({ of: 'pair', entity: entityOf[table], recordId });
  await world.settle();
  return answer;
}

test('a value that Tandem replaced in Dynamics comes back there; Outlook keeps what was written in it, and nothing is written after that', async () => {
  const id = await desk.inStep('contacts', { firstname: 'Ada', lastname: 'Byron', jobtitle: 'Countess', department: null });
  world.advance(aMoment);
  await desk.edit('contacts', id, { jobTitle: 'Programmer', department: 'Engines' });
  await world.settle();
  expect(await desk.record('contacts', id)).toMatchObject({ jobtitle: 'Programmer', department: 'Engines' });

  const { undoing, refused } = await takeBack('contacts', id);

  expect(refused).toEqual([]);
  expect(undoing).toMatchObject([{ actions: ['updateRecord'], reason: 'undone' }]);
  expect(await desk.record('contacts', id)).toMatchObject({ jobtitle: 'Countess', department: null });
  expect(await desk.itemOf('contacts', id)).toMatchObject({ jobTitle: 'Programmer', department: 'Engines' });
  await world.expectQuiet();
  await desk.change('contacts', id, { jobtitle: 'Mathematician' });
  await world.settle();
  expect(await desk.itemOf('contacts', id)).toMatchObject({ jobTitle: 'Mathematician', department: 'Engines' });
});

test('what an undo did can be taken back like anything else', async () => {
  const id = await desk.inStep('tasks', { subject: 'First' });
  await desk.change('tasks', id, { subject: 'Second' });
  await world.settle();
  await takeBack('tasks', id);
  expect(await desk.itemOf('tasks', id)).toMatchObject({ title: 'First' });
  await takeBack('tasks', id);
  expect(await desk.itemOf('tasks', id)).toMatchObject({ title: 'Second' });
});

test('an item that Tandem made goes, and does not come back', async () => {
  const id = await desk.inStep('tasks', { subject: 'Made for her' });
  await takeBack('tasks', id);
  expect(await desk.item('tasks', id)).toBeNull();
  await desk.change('tasks', id, { subject: 'Made for her again' });
  await world.expectQuiet();
  expect(await desk.item('tasks', id)).toBeNull();
});

test('an item that went with its record is made again, on its own, with everything but the people it would invite', async () => {
  const id = await desk.inStep('appointments', {
    subject: 'Board',
    location: 'Room 1',
    scheduledstart: '2027-03-01T09:00:00Z',
    scheduledend: '2027-03-01T10:00:00Z',
  });
  await desk.drop('appointments', id);
  await world.settle();
  expect(await desk.item('appointments', id)).toBeNull();

  await takeBack('appointments', id);

  expect(await desk.item('appointments', id)).toMatchObject({ subject: 'Board', location: { displayName: 'Room 1' } });
  await world.expectQuiet();
});

test('what somebody has edited since is left alone, and the answer says so', async () => {
  const id = await desk.inStep('tasks', { subject: 'Before' });
  await desk.change('tasks', id, { subject: 'After' });
  await world.settle();
  await desk.edit('tasks', id, { title: 'Mine' });

  const { undoing, refused } = await takeBack('tasks', id);

  expect(undoing).toEqual([]);
  expect(refused).toMatchObject([{ recordId: id, obstacle: 'edited-since', sentence: expect.stringContaining('edited') }]);
  expect(await desk.itemOf('tasks', id)).toMatchObject({ title: 'Mine' });
});

test('an edit that comes between the wish and the cycle wins', async () => {
  const id = await desk.inStep('tasks', { subject: 'Before' });
  await desk.change('tasks', id, { subject: 'After' });
  await world.settle();
  const { undoing } = await asked({ of: 'pair', entity: 'task', recordId: id });
  expect(undoing).toHaveLength(1);
  await desk.edit('tasks', id, { title: 'Mine' });
  await world.settle();
  expect(await desk.record('tasks', id)).toMatchObject({ subject: 'Mine' });
});

test('a record that Tandem deleted is made again under its id with what it held, and then syncs like any other', async () => {
  const id = await desk.inStep('tasks', { subject: 'Gone', description: 'With notes', scheduledend: '2027-03-01T09:00:00Z' });
  await desk.discard('tasks', id);
  await world.settle();
  expect(await desk.hasRecord('tasks', id)).toBe(false);

  const { undoing } = await takeBack('tasks', id);

  expect(undoing).toMatchObject([{ recordId: id, actions: ['createRecord'] }]);
  expect(await desk.record('tasks', id)).toMatchObject({
    subject: 'Gone',
    description: 'With notes',
    scheduledend: '2027-03-01T09:00:00Z',
  });
  expect(await desk.itemOf('tasks', id)).toMatchObject({ title: 'Gone' });
  await world.expectQuiet();
});

test('a meeting of which Exchange would tell people is not touched', async () => {
  await world.configure({ attendeeMail: 'invite' });
  const id = await desk.inStep('appointments', {
    subject: 'Review',
    scheduledstart: '2027-03-02T09:00:00Z',
    scheduledend: '2027-03-02T10:00:00Z',
    parties: [{ participationtypemask: 5, addressused: 'guest@fabrikam.example' }],
  });
  await desk.change('appointments', id, { subject: 'Review of the year' });
  await world.settle();
  const { refused } = await asked({ of: 'pair', entity: 'appointment', recordId: id });
  expect(refused).toMatchObject([{ obstacle: 'would-mail' }]);
  await world.configure({});
});

test('all that one cycle did to a mailbox is taken back, but for pairs that were worked on since', async () => {
  const ids: string[] = [];
  for (const subject of ['One', 'Two', 'Three']) ids.push(await desk.inStep('tasks', { subject }));
  world.advance(aMoment);
  for (const id of ids) await desk.change('tasks', id, { subject: 'Overwritten' });
  await world.settle();
  const [entry] = (await world.journal(anna)).filter(({ action, field }) => action === 'replaced' && field === 'subject');
  const cycle = entry?.cycle ?? 0;
  world.advance(aMoment);
  await desk.change('tasks', ids[2] ?? '', { subject: 'Newer' });
  await world.settle();

  const rows = await world.rows();
  const shown = await asked({ of: 'cycle', cycle }, true);
  expect(await world.rows()).toEqual(rows);
  expect(shown.undoing.map(({ recordId }) => recordId).sort()).toEqual(ids.slice(0, 2).sort());
  expect(shown.refused).toMatchObject([{ recordId: ids[2], obstacle: 'newer-work' }]);

  expect(await asked({ of: 'cycle', cycle })).toEqual(shown);
  await world.settle();
  const titles: unknown[] = [];
  for (const id of ids) titles.push((await desk.itemOf('tasks', id)).title);
  expect(titles).toEqual(['One', 'Two', 'Newer']);
});

test('a pair of which the journal knows nothing is refused', async () => {
  const { refused } = await asked({ of: 'pair', entity: 'task', recordId: '00000000-0000-4000-8000-00000000dead' });
  expect(refused).toMatchObject([{ obstacle: 'nothing-done' }]);
});

test('more than a slice holds is taken back in one go', async () => {
  const small = await World.start({ cycle: { sliceActions: 3 } });
  const hers = new Desk(small, anna);
  await small.enable(anna);
  const ids: string[] = [];
  for (let index = 0; index < 8; index += 1) ids.push(await hers.make('tasks', { subject: `Task ${index}` }));
  await small.settle();
  const cycles = new Set((await small.journal(anna)).map(({ cycle }) => cycle));
  expect(cycles.size).toBe(1);
  const ref = { integration: small.integration.id, id: anna.systemUserId };
  const [cycle = 0] = cycles;
  expect((await undo(small.services, ref, { of: 'cycle', cycle }, false)).undoing).toHaveLength(8);
  await small.cycle(anna, 'undo');
  for (const id of ids) expect(await hers.item('tasks', id)).toBeNull();
  await small.close();
});

test('entries of before cycles were noted are not taken for one cycle, and a journal too long to be sure of is refused', async () => {
  const id = await desk.inStep('tasks', { subject: 'Old' });
  const ref = { integration: world.integration.id, id: anna.systemUserId };
  const pair = { of: 'pair', entity: 'task', recordId: id } as const;
  const { items } = await world.services.journal.read(ref, { limit: 200, cursor: null });
  const endless = (next: string | null, cycle: number | null) => ({
    ...world.services,
    journal: {
      ...world.services.journal,
      read: async () => ({ items: items.map((entry) => ({ ...entry, cycle: cycle ?? entry.cycle })), next }),
    },
  });
  expect((await undo(endless(null, 0), ref, pair, true)).refused).toMatchObject([{ obstacle: 'nothing-done' }]);
  expect((await undo(endless('more', null), ref, pair, true)).refused).toMatchObject([{ obstacle: 'long-journal' }]);
  expect((await undo(endless(null, null), ref, pair, true)).undoing).toMatchObject([{ recordId: id }]);
});
