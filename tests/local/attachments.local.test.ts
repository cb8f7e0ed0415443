import { person } from '../../local/company/people';
import { type Dynamics, type Json, startWithTokens } from './dynamics-client';
import { anna, type GraphWorld, meeting, segment, startWorld } from './graph-support';

const annaInDynamics = person('anna');
const contentBytes = Buffer.from('Hello').toString('base64');

describe('activitymimeattachments', () => {
  let dynamics: Dynamics;
  beforeAll(async () => {
    dynamics = await startWithTokens({ seed: 'empty-company', now: () => Date.parse('2026-03-11T09:30:00Z') });
  });
  afterAll(() => dynamics.close());

  const post = async (set: string, body: object): Promise<{ status: number; json: Json }> =>
    dynamics.send('POST', set, { as: annaInDynamics, headers: { prefer: 'return=representation' }, body });

  test('belong to an appointment, know their size, give it a new version, and go with it', async () => {
    const { json: appointment } = await post('appointments', {
      subject: 'Files',
      scheduledstart: '2026-03-12T09:00:00Z',
      scheduledend: '2026-03-12T10:00:00Z',
    });
    const id = String(appointment.activityid);
    const file = { filename: 'a.txt', mimetype: 'text/plain', body: contentBytes, objecttypecode: 'appointment' };
    const made = await post('activitymimeattachments', { ...file, 'objectid_activitypointer@odata.bind': `/appointments(${id})` });
    expect(made).toMatchObject({ status: 201, json: { filename: 'a.txt', filesize: 5, _objectid_value: id } });
    const after = await dynamics.get(`appointments(${id})`);
    expect(after.json['@odata.etag']).not.toBe(appointment['@odata.etag']);
    expect((await dynamics.send('DELETE', `appointments(${id})`, { as: annaInDynamics })).status).toBe(204);
    expect((await dynamics.get(`activitymimeattachments(${String(made.json.activitymimeattachmentid)})`)).status).toBe(404);
  });

  test('of anything else are refused loudly', async () => {
    const { status } = await post('activitymimeattachments', { filename: 'a.txt', body: contentBytes, objecttypecode: 'email' });
    expect(status).toBe(501);
  });
});

describe('attachments of an event', () => {
  let world: GraphWorld;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  test('are added, listed, shown and removed, and the event says whether it has any', async () => {
    const event = await world.call('POST', `${anna}/events`, meeting({}));
    const path = `${anna}/events/${segment(event.body.id)}`;
    const file = { '@odata.type': '#microsoft.graph.fileAttachment', name: 'a.txt', contentType: 'text/plain', contentBytes };
    const made = await world.call('POST', `${path}/attachments`, file);
    expect(made).toMatchObject({ status: 201, body: { name: 'a.txt', isInline: false } });
    expect(made.body.size).toBeGreaterThan(5);
    expect((await world.call('GET', path)).body.hasAttachments).toBe(true);
    const { body } = await world.call('GET', `${path}/attachments?$select=id,name`);
    expect(body.value).toMatchObject([{ '@odata.type': '#microsoft.graph.fileAttachment', name: 'a.txt' }]);
    expect(body.value[0]).not.toHaveProperty('contentBytes');
    const one = `${path}/attachments/${segment(made.body.id)}`;
    expect((await world.call('GET', one)).body).toMatchObject({ contentBytes });
    expect((await world.call('DELETE', one)).status).toBe(204);
    expect((await world.call('GET', one)).status).toBe(404);
    expect((await world.call('GET', path)).body.hasAttachments).toBe(false);
  });

  test('that are items, links or too large for one request are refused loudly', async () => {
    const event = await world.call('POST', `${anna}/events`, meeting({}));
    const path = `${anna}/events/${segment(event.body.id)}/attachments`;
    expect((await world.call('POST', path, { '@odata.type': '#microsoft.graph.referenceAttachment', name: 'x' })).status).toBe(501);
    expect((await world.call('POST', `${path}/createUploadSession`, {})).status).toBe(501);
  });
});
