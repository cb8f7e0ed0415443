import { anna, type GraphWorld, meeting, segment, startWorld } from './graph-support';

let world: GraphWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

describe('the body of an event', () => {
  test('of an online meeting gets the block by which people join below it, and the event is no online meeting without it', async () => {
    const made = await world.call(
      'POST',
      `${anna}/events`,
      meeting({ isOnlineMeeting: true, body: { contentType: 'html', content: '<p>Agenda</p>' } }),
    );
    const { content } = made.body.body;
    const block = content.slice(content.indexOf('<div class="me-email-text"'), content.lastIndexOf('</body>'));
    expect(content.indexOf('<p>Agenda</p>')).toBeLessThan(content.indexOf(block));
    expect(block).toContain('https://teams.microsoft.com/l/meetup-join/');
    expect(made.body.onlineMeeting).toMatchObject({ joinUrl: expect.stringContaining('meetup-join') });
    const kept = await world.call('PATCH', `${anna}/events/${segment(made.body.id)}`, {
      body: { contentType: 'html', content: `<b>New</b>${block}` },
    });
    expect(kept.body).toMatchObject({ isOnlineMeeting: true, body: { content: expect.stringContaining(block.trimEnd()) } });
    const lost = await world.call('PATCH', `${anna}/events/${segment(made.body.id)}`, { body: { contentType: 'text', content: 'New' } });
    expect(lost.body).toMatchObject({ isOnlineMeeting: false, onlineMeeting: null });
  });

  test('is written in a way of its own', async () => {
    const { body } = await world.call(
      'POST',
      `${anna}/events`,
      meeting({ body: { contentType: 'html', content: '<P style="color : red;margin:0">x</P>' } }),
    );
    expect(body.body.content).toContain('<p style="color:red; margin:0">x</p>');
  });
});
