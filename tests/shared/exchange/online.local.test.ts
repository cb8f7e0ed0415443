import { partsOfHtml } from '../../../shared/model/joining-block';
import type { SeenItem } from '../../../shared/model/seen';
import { annaPath, type ExchangeWorld, startExchangeWorld, update, written } from './exchange-world';

let world: ExchangeWorld;
beforeEach(async () => {
  world = await startExchangeWorld();
});
afterEach(() => world.close());

async function onlineMeeting(body: object): Promise<SeenItem> {
  const created = await world.call('POST', `${annaPath}/events`, {
    subject: 'Online',
    body,
    start: { dateTime: '2026-10-05T09:00:00', timeZone: 'UTC' },
    end: { dateTime: '2026-10-05T10:00:00', timeZone: 'UTC' },
    isOnlineMeeting: true,
  });
  const [online] = await world.anna.readItems([{ kind: 'event', feed: 'calendar', id: String(created.body.id) }]);
  if (online === undefined) throw new Error('the event is gone');
  return online;
}

async function htmlOf({ id }: SeenItem): Promise<string> {
  const { body } = await world.call('GET', `${annaPath}/events/${encodeURIComponent(id)}`);
  return String((body.body as { content?: unknown }).content);
}

test.each([
  ['text', { contentType: 'text', content: 'Agenda:\nOne' }],
  ['HTML', { contentType: 'html', content: '<p>Agenda:<br>One</p>' }],
])('an online meeting made with %s shows what people wrote, and a new text keeps the way to join', async (_, body) => {
  const online = await onlineMeeting(body);
  expect(online.values).toMatchObject({ body: 'Agenda:\nOne', online: true, bodyApart: true });
  const block = partsOfHtml(await htmlOf(online))?.block ?? '';
  const after = await written(world.anna, update(online, { body: 'Agenda:\nTwo <now>', subject: 'Later' }));
  expect(after.values).toMatchObject({ body: 'Agenda:\nTwo <now>', subject: 'Later', online: true, bodyApart: true });
  expect(block).toContain('meetup-join');
  expect(await htmlOf(after)).toContain(block);
  const emptied = await written(world.anna, update(after, { body: null }));
  expect(emptied.values).toMatchObject({ body: null, online: true });
  expect(await htmlOf(emptied)).toContain(block);
});

test('an online meeting whose block cannot be told keeps its body: an update that leaves nothing to write answers with the item as it is', async () => {
  const online = await onlineMeeting({ contentType: 'html', content: '<p>or here: https://teams.microsoft.com/l/meetup-join/other</p>' });
  expect(online.values).toMatchObject({ online: true, bodyApart: false });
  expect(await written(world.anna, update(online, { body: 'Would drop the way to join' }))).toEqual(online);
});
