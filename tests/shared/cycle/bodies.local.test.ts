import { partsOfHtml } from '../../../shared/model/joining-block';
import { Desk } from './desk';
import { anna, beginning, type Json, World } from './world';

const day = 86_400_000;
const guest = 'guest@fabrikam.example';
const at = (days: number, time = '09:00:00'): string => `${new Date(beginning + days * day).toISOString().slice(0, 10)}T${time}`;
const hours: Json = { scheduledstart: `${at(3)}Z`, scheduledend: `${at(3, '10:00:00')}Z` };

let world: World;
let annas: Desk;

beforeAll(async () => {
  world = await World.start();
  await world.enable(anna);
  annas = new Desk(world, anna);
});
afterEach(() => world.configure({}));
afterAll(() => world.close());

/** The HTML that Exchange keeps of a record's item, which is known by its subject: a meeting that has guests carries no marker. */
async function bodyOf(id: string): Promise<string> {
  const { subject } = await annas.record('appointments', id);
  const itemId = (await annas.items('appointments')).find((item) => item.subject === subject)?.id;
  const path = `events/${encodeURIComponent(String(itemId))}`;
  const { body } = await world.outlook(anna, 'GET', path, undefined, { prefer: 'IdType="ImmutableId", outlook.body-content-type="html"' });
  return String((body as Json).content);
}

/** A meeting that she makes in Outlook with a way to join, tracked into Dynamics; its record's id. */
async function joinable(subject: string, body: Json, attendees: Json[] = []): Promise<string> {
  await annas.outlook('POST', 'events', {
    subject,
    body,
    attendees,
    start: { dateTime: at(4), timeZone: 'UTC' },
    end: { dateTime: at(4, '10:00:00'), timeZone: 'UTC' },
    isOnlineMeeting: true,
    onlineMeetingProvider: 'teamsForBusiness',
    categories: ['Tracked to Dynamics 365'],
  });
  await world.settle();
  const { value } = await world.crm(anna, 'GET', `appointments?$select=activityid&$filter=subject eq '${subject}'`);
  return String((value as Json[])[0]?.activityid);
}

describe('an online meeting', () => {
  test('tells Dynamics only what people wrote, and keeps the block for joining whatever is written there', async () => {
    const id = await joinable('Join us', { contentType: 'html', content: '<p>Bring the <b>offer</b></p>' });
    expect(await annas.record('appointments', id)).toMatchObject({ description: 'Bring the offer' });
    const block = partsOfHtml(await bodyOf(id))?.block ?? '';
    expect(block).toContain('meetup-join');

    await annas.change('appointments', id, { description: 'Bring the offer\nand the plan' });
    await world.settle();
    expect(await bodyOf(id)).toContain(block);
    expect(await bodyOf(id)).toContain('Bring the offer<br>');
    expect(await annas.itemOf('appointments', id)).toMatchObject({ isOnlineMeeting: true });
    expect(await annas.record('appointments', id)).toMatchObject({ description: 'Bring the offer\nand the plan' });

    await annas.change('appointments', id, { description: null });
    await world.settle();
    expect(await bodyOf(id)).toContain(block);
    expect(await annas.itemOf('appointments', id)).toMatchObject({ isOnlineMeeting: true });
  });

  test('with guests waits for an admin with its new text like any other (promise 2)', async () => {
    const id = await joinable('Join with guests', { contentType: 'text', content: 'Agenda' }, [{ emailAddress: { address: guest } }]);
    const before = await bodyOf(id);
    await annas.change('appointments', id, { description: 'Another agenda' });
    await world.settle();
    expect(await bodyOf(id)).toBe(before);
    const { holds } = await (await world.partition(anna)).state();
    expect(holds).toMatchObject([{ recordId: id, reason: 'would-mail', fields: ['body'] }]);
  });
});

describe('plain text', () => {
  test('that says what the HTML in Exchange says is no change, and flattens nothing', async () => {
    const id = await annas.inStep('appointments', { subject: 'Formatted', description: 'Bring the offer', ...hours });
    await annas.edit('appointments', id, { body: { contentType: 'html', content: '<p>Bring <i>the</i> offer</p>' } });
    await world.settle();
    const before = await bodyOf(id);
    await annas.change('appointments', id, { description: 'Bring the offer', location: 'Room 2' });
    await world.settle();
    expect(await annas.itemOf('appointments', id)).toMatchObject({ location: { displayName: 'Room 2' } });
    expect(await bodyOf(id)).toBe(before);
    expect(before).toContain('<i>the</i>');
  });
});

describe('rich text', () => {
  const rich = '<div class="ck-content" data-wrapper="true"><p>Bring <strong>the offer</strong></p><ul><li>One</li></ul></div>';

  test('keeps what people formatted, both ways, and the rewriting of Exchange is no edit (promise 4)', async () => {
    await world.configure({ richText: true });
    const id = await annas.inStep('appointments', { subject: 'Rich', description: rich, ...hours });
    expect(await bodyOf(id)).toContain('<strong>the offer</strong>');
    expect(await annas.record('appointments', id)).toMatchObject({ description: rich });

    await annas.edit('appointments', id, {
      body: {
        contentType: 'html',
        content: '<DIV style="COLOR : red"><p class="MsoNormal">See <a href="https://adatum.example/x">this</a></p></DIV>',
      },
    });
    await world.settle();
    expect(await annas.record('appointments', id)).toMatchObject({ description: '<p>See <a href="https://adatum.example/x">this</a></p>' });
    expect(await bodyOf(id)).toContain('class="MsoNormal"');

    const { modifiedon } = await annas.record('appointments', id);
    const { lastModifiedDateTime } = await annas.itemOf('appointments', id);
    await world.cycle(anna, 'sweep');
    await world.settle();
    expect(await annas.record('appointments', id)).toMatchObject({ modifiedon });
    expect(await annas.itemOf('appointments', id)).toMatchObject({ lastModifiedDateTime });
  });

  test('leaves plain text plain, and joins no block to what people wrote', async () => {
    await world.configure({ richText: true });
    const id = await annas.inStep('appointments', { subject: 'Plain', description: 'a < b\nc', ...hours });
    await annas.edit('appointments', id, { body: { contentType: 'text', content: 'a < b\nd' } });
    await world.settle();
    expect(await annas.record('appointments', id)).toMatchObject({ description: 'a < b\nd' });

    const online = await joinable('Rich and online', { contentType: 'html', content: '<p>Bring <b>it</b></p>' });
    expect(await annas.record('appointments', online)).toMatchObject({ description: '<p>Bring <strong>it</strong></p>' });
    const block = partsOfHtml(await bodyOf(online))?.block ?? '';
    await annas.change('appointments', online, { description: '<p>Leave <em>it</em></p>' });
    await world.settle();
    expect(await bodyOf(online)).toContain('Leave <em>it</em>');
    expect(block).toContain('meetup-join');
    expect(await bodyOf(online)).toContain(block);
  });

  test('that is switched on later rewrites nothing that says the same', async () => {
    const id = await annas.inStep('appointments', { subject: 'Before', description: 'Bring the offer', ...hours });
    await annas.edit('appointments', id, { body: { contentType: 'html', content: '<p>Bring <b>the</b> offer</p>' } });
    await world.settle();
    await world.configure({ richText: true });
    await annas.edit('appointments', id, { location: { displayName: 'Room 3' } });
    await world.settle();
    expect(await annas.record('appointments', id)).toMatchObject({ description: 'Bring the offer', location: 'Room 3' });
    expect(await bodyOf(id)).toContain('<b>the</b>');
  });
});
