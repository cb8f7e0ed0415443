import { largestAttachment } from '../../../shared/model/attachments';
import { Desk } from './desk';
import { anna, beginning, type Json, World } from './world';

const day = 86_400_000;
const date = new Date(beginning + 3 * day).toISOString().slice(0, 10);
const hours: Json = { scheduledstart: `${date}T09:00:00Z`, scheduledend: `${date}T10:00:00Z` };
const base64 = (text: string): string => Buffer.from(text).toString('base64');

let world: World;
let annas: Desk;

beforeAll(async () => {
  world = await World.start();
  await world.enable(anna);
  annas = new Desk(world, anna);
});
beforeEach(() => world.configure({ appointmentAttachments: true }));
afterEach(() => world.configure({}));
afterAll(() => world.close());

async function inDynamics(id: string): Promise<Json[]> {
  const columns = 'activitymimeattachmentid,filename,filesize,mimetype,body';
  const { value } = await world.crm(
    anna,
    'GET',
    `activitymimeattachments?$select=${columns}&$filter=_objectid_value eq ${id}&$orderby=filename`,
  );
  return value as Json[];
}

async function attach(id: string, filename: string, body: string): Promise<void> {
  const row = { filename, mimetype: 'text/plain', body, objecttypecode: 'appointment' };
  await world.crm(anna, 'POST', 'activitymimeattachments', { ...row, 'objectid_activitypointer@odata.bind': `/appointments(${id})` });
}

async function pathOf(id: string): Promise<string> {
  return `events/${encodeURIComponent(String((await annas.itemOf('appointments', id)).id))}/attachments`;
}

async function inOutlook(id: string): Promise<Json[]> {
  const { value } = await world.outlook(anna, 'GET', await pathOf(id));
  return (value as Json[]).sort((one, other) => String(one.name).localeCompare(String(other.name)));
}

async function drop(id: string, name: string, contentBytes: string, more: Json = {}): Promise<void> {
  const file = { '@odata.type': '#microsoft.graph.fileAttachment', name, contentType: 'text/plain', contentBytes, ...more };
  await world.outlook(anna, 'POST', await pathOf(id), file);
}

/** An event with a file that she makes in Outlook and tracks; its record's id. */
async function tracked(subject: string): Promise<string> {
  const start = { dateTime: `${date}T12:00:00`, timeZone: 'UTC' };
  const end = { dateTime: `${date}T13:00:00`, timeZone: 'UTC' };
  const { id: itemId } = await world.outlook(anna, 'POST', 'events', { subject, start, end });
  const path = `events/${encodeURIComponent(String(itemId))}`;
  const file = { '@odata.type': '#microsoft.graph.fileAttachment', name: 'agenda.txt', contentBytes: base64('Agenda') };
  await world.outlook(anna, 'POST', `${path}/attachments`, file);
  await world.outlook(anna, 'PATCH', path, { categories: ['Tracked to Dynamics 365'] });
  await world.settle();
  const { value } = await world.crm(anna, 'GET', `appointments?$select=activityid&$filter=subject eq '${subject}'`);
  return String((value as Json[])[0]?.activityid);
}

const names = (files: readonly Json[], column: string): unknown[] => files.map((file) => file[column]);

/** How often a service was asked about attachments since the counters were reset. */
function asked(): string[] {
  const { endpoints } = world.counters.snapshot();
  return Object.values(endpoints).flatMap((service) => Object.keys(service).filter((label) => /attachment/i.test(label)));
}

describe('files of appointments', () => {
  test('travel with a new appointment into Exchange, and nothing is written twice (promise 4)', async () => {
    const id = await annas.make('appointments', { subject: 'Made with a file', ...hours });
    await attach(id, 'plan.txt', base64('The plan'));
    await world.settle();
    expect(await inOutlook(id)).toMatchObject([{ name: 'plan.txt', contentType: 'text/plain', contentBytes: base64('The plan') }]);
    await world.expectQuiet();
    expect(await inDynamics(id)).toHaveLength(1);
  });

  test('are added on the other side wherever they are added, and removed there too, with a word in the journal', async () => {
    const id = await annas.inStep('appointments', { subject: 'Both ways', ...hours });
    await attach(id, 'offer.txt', base64('The offer'));
    await world.settle();
    expect(await inOutlook(id)).toMatchObject([{ name: 'offer.txt', contentBytes: base64('The offer') }]);
    await drop(id, 'minutes|1.txt', base64('The minutes'));
    await world.settle();
    expect(await inDynamics(id)).toMatchObject([
      { filename: 'minutes|1.txt', body: base64('The minutes'), filesize: 11, mimetype: 'text/plain' },
      { filename: 'offer.txt' },
    ]);
    await world.expectQuiet();

    const [, offer] = await inDynamics(id);
    await world.crm(anna, 'DELETE', `activitymimeattachments(${String(offer?.activitymimeattachmentid)})`);
    await world.settle();
    expect(names(await inOutlook(id), 'name')).toEqual(['minutes|1.txt']);
    expect(JSON.stringify(await world.journal(anna))).toContain('offer.txt|9|');

    const [minutes] = await inOutlook(id);
    await world.outlook(anna, 'DELETE', `${await pathOf(id)}/${encodeURIComponent(String(minutes?.id))}`);
    await world.settle();
    expect(await inDynamics(id)).toEqual([]);
    await world.expectQuiet();
  });

  test('of both sides are on both in the end where each was given another one', async () => {
    const id = await annas.inStep('appointments', { subject: 'Each its own', ...hours });
    await attach(id, 'a.txt', base64('From Dynamics'));
    await drop(id, 'b.txt', base64('From Outlook'));
    await world.settle();
    expect(names(await inDynamics(id), 'filename')).toEqual(['a.txt', 'b.txt']);
    expect(names(await inOutlook(id), 'name')).toEqual(['a.txt', 'b.txt']);
    await world.expectQuiet();
  });

  test('that both sides replaced are kept in both versions', async () => {
    const id = await annas.inStep('appointments', { subject: 'Two versions', ...hours });
    await attach(id, 'draft.txt', base64('First draft'));
    await world.settle();
    const [ofRecord] = await inDynamics(id);
    const [ofItem] = await inOutlook(id);
    await world.crm(anna, 'DELETE', `activitymimeattachments(${String(ofRecord?.activitymimeattachmentid)})`);
    await attach(id, 'draft.txt', base64('From Dynamics'));
    await world.outlook(anna, 'DELETE', `${await pathOf(id)}/${encodeURIComponent(String(ofItem?.id))}`);
    await drop(id, 'draft.txt', base64('From Outlook'));
    await world.settle();
    const both = [base64('From Dynamics'), base64('From Outlook')].sort();
    expect(names(await inDynamics(id), 'body').sort()).toEqual(both);
    expect(names(await inOutlook(id), 'contentBytes').sort()).toEqual(both);
    await world.expectQuiet();
  });

  test('of a new appointment that a fault kept from being copied are lost on neither side, and follow', async () => {
    const id = await annas.make('appointments', { subject: 'Cut short', ...hours });
    await attach(id, 'late.txt', base64('Late'));
    world.faults.add({ service: 'graph', method: 'POST', path: '/attachments', kind: 'error', times: 2 });
    await world.settle();
    world.faults.clear();
    await world.settle(3 * 3_600_000);
    expect(names(await inDynamics(id), 'filename')).toEqual(['late.txt']);
    expect(names(await inOutlook(id), 'name')).toEqual(['late.txt']);
    await world.expectQuiet();
  });

  test('of a tracked event that a fault kept from being copied are lost on neither side, and follow', async () => {
    world.faults.add({ service: 'dynamics', method: 'PATCH', path: '/activitymimeattachments', kind: 'error', times: 1 });
    const id = await tracked('Tracked and cut short');
    world.faults.clear();
    await world.settle(3 * 3_600_000);
    expect(names(await inDynamics(id), 'filename')).toEqual(['agenda.txt']);
    expect(names(await inOutlook(id), 'name')).toEqual(['agenda.txt']);
    await world.expectQuiet();
  });

  test('that are too large stay where they are, as does what is shown within the text', async () => {
    const id = await annas.inStep('appointments', { subject: 'Too large', ...hours });
    const large = Buffer.alloc(largestAttachment + 1).toString('base64');
    await attach(id, 'film.bin', large);
    await drop(id, 'scan.bin', large);
    await drop(id, 'logo.png', base64('logo'), { isInline: true });
    await world.settle();
    expect(names(await inDynamics(id), 'filename')).toEqual(['film.bin']);
    expect(names(await inOutlook(id), 'name')).toEqual(['logo.png', 'scan.bin']);
    await world.expectQuiet();
  });

  test('travel with what is tracked from Exchange', async () => {
    const id = await tracked('Tracked with a file');
    expect(await inDynamics(id)).toMatchObject([{ filename: 'agenda.txt', body: base64('Agenda') }]);
    await world.expectQuiet();
  });

  test('of a meeting with guests wait for an admin like all that Exchange announces (promise 2)', async () => {
    const id = await annas.inStep('appointments', { subject: 'With guests', ...hours });
    await annas.edit('appointments', id, { attendees: [{ emailAddress: { address: 'guest@fabrikam.example' } }] });
    await world.settle();
    await attach(id, 'secret.txt', base64('For us'));
    await world.settle();
    expect(await inOutlook(id)).toEqual([]);
    const { holds } = await (await world.partition(anna)).state();
    expect(holds).toMatchObject([{ recordId: id, reason: 'would-mail', fields: ['attachments'] }]);
  });

  test('are asked for by nobody while the setting is off, and start where each side stands once it is on', async () => {
    await world.configure({});
    const id = await annas.inStep('appointments', { subject: 'Off', ...hours });
    await attach(id, 'mine.txt', base64('Mine'));
    await drop(id, 'hers.txt', base64('Hers'));
    world.counters.reset();
    await world.settle();
    expect(asked()).toEqual([]);
    expect(names(await inDynamics(id), 'filename')).toEqual(['mine.txt']);
    expect(names(await inOutlook(id), 'name')).toEqual(['hers.txt']);

    await world.configure({ appointmentAttachments: true });
    await annas.change('appointments', id, { location: 'Room 1' });
    await world.settle();
    await attach(id, 'new.txt', base64('New'));
    await world.settle();
    expect(asked().length).toBeGreaterThan(0);
    expect(names(await inDynamics(id), 'filename')).toEqual(['mine.txt', 'new.txt']);
    expect(names(await inOutlook(id), 'name')).toEqual(['hers.txt', 'new.txt']);
  });
});
