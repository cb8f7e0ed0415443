import { serviceDesk } from '../../../local/dynamics/seed/people';
import type { Dynamics, FeedCursor, FeedRow } from '../../../shared/dynamics/dynamics';
import type { SeenRecord } from '../../../shared/model/seen';
import type { Entity, Values } from '../../../shared/model/values';
import { anna, asAnna, ben, type Organization, service, startOrganization } from './organization';

const berlin = 'Europe/Berlin';
const nowhere = '99999999-0000-4000-8000-000000000000';

let organization: Organization;
let dynamics: Dynamics;

beforeEach(async () => {
  organization = await startOrganization();
  dynamics = organization.client({ feedPageSize: 2 });
});

afterEach(() => organization.close());

async function read(entity: Entity, id: string): Promise<SeenRecord> {
  const [record] = await dynamics.readRecords(entity, [id], asAnna, berlin);
  if (record === undefined) throw new Error(`The ${entity} ${id} was not found.`);
  return record;
}

async function write(entity: Entity, id: string, changes: Values): Promise<SeenRecord> {
  const { version, values } = await read(entity, id);
  const outcome = await dynamics.updateRecord({ entity, id, version, changes, current: values }, asAnna, berlin);
  if (!outcome.ok) throw outcome.error;
  expect(outcome.value).toEqual(await read(entity, id));
  return outcome.value;
}

/** Reads a feed to the end of its round. */
async function round(entity: Entity, from: FeedCursor | null): Promise<{ rows: FeedRow[]; full: boolean[]; next: FeedCursor }> {
  const rows: FeedRow[] = [];
  const full: boolean[] = [];
  for (let cursor = from; ; ) {
    const page = await dynamics.readFeed(entity, cursor);
    rows.push(...page.rows);
    full.push(page.full);
    cursor = page.next;
    if (cursor.at === 'end') return { rows, full, next: cursor };
  }
}

const party = (mask: number, table: string, set: string, id: string) => ({
  participationtypemask: mask,
  [`partyid_${table}@odata.bind`]: `/${set}(${id})`,
});
const organizedBy = (user: { systemUserId: string }) => party(7, 'systemuser', 'systemusers', user.systemUserId);
const meeting = { subject: 'Review', scheduledstart: '2026-10-05T07:00:00Z', scheduledend: '2026-10-05T08:00:00Z' };

describe('the feed', () => {
  test('lists everything first, page by page, and then only what changed or was deleted', async () => {
    const ids = [];
    for (const subject of ['a', 'b', 'c']) ids.push(await organization.create('tasks', { subject }));
    const first = await round('task', null);
    expect(first.rows.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(first.rows[0]).toMatchObject({ kind: 'changed', owner: anna.systemUserId, version: expect.stringMatching(/^\d+$/) });
    expect(first.full).toEqual([true, true]);

    const quiet = await round('task', first.next);
    expect(quiet).toMatchObject({ rows: [], full: [false] });

    await organization.patch(`tasks(${ids[1]})`, { 'ownerid@odata.bind': `/systemusers(${ben.systemUserId})` });
    await organization.remove(`tasks(${ids[2]})`);
    const { rows, full } = await round('task', quiet.next);
    expect(rows).toEqual([
      { kind: 'changed', id: ids[1], owner: ben.systemUserId, version: expect.any(String) },
      { kind: 'deleted', id: ids[2] },
    ]);
    expect(full).toEqual([false]);
  });

  test('gives the version with which a record is then read', async () => {
    const id = await organization.create('contacts', { lastname: 'Vogel' });
    const { rows } = await round('contact', null);
    expect(rows).toContainEqual({ kind: 'changed', id, owner: anna.systemUserId, version: (await read('contact', id)).version });
  });

  test.each([400, 410])('says when its token has expired, be it with %d', async (status) => {
    const { next } = await round('task', null);
    organization.standIn.controls.expireChangeTracking?.({ status });
    await expect(dynamics.readFeed('task', next)).rejects.toMatchObject({ code: 'cursor-expired', retry: 'now' });
    expect((await round('task', null)).full).toEqual([true]);
  });
});

describe('records', () => {
  test('a task is read with the name of what it is about, and written field by field', async () => {
    const account = await organization.create('accounts', { name: 'Fabrikam' });
    const id = await organization.create('tasks', {
      subject: 'Call ',
      description: 'one\r\ntwo',
      scheduledend: '2026-10-05T15:00:00Z',
      prioritycode: 2,
      'regardingobjectid_account_task@odata.bind': `/accounts(${account})`,
    });
    expect(await read('task', id)).toMatchObject({
      id,
      owner: anna.systemUserId,
      values: { subject: 'Call', notes: 'one\ntwo', dueDate: '2026-10-05', dueTime: '17:00', importance: 'high', regarding: 'Fabrikam' },
    });
    const moved = await write('task', id, { dueDate: '2026-12-05', subject: 'Call again', status: 'waiting' });
    expect(moved.values).toMatchObject({ subject: 'Call again', dueDate: '2026-12-05', dueTime: '17:00', status: 'waiting' });
    expect((await organization.get(`tasks(${id})?$select=scheduledend`)).scheduledend).toBe('2026-12-05T16:00:00Z');
  });

  test('a task is completed and opened again', async () => {
    const id = await organization.create('tasks', { subject: 'x', percentcomplete: 40 });
    const completed = await write('task', id, { status: 'completed', completedDate: '2025-06-10' });
    expect(completed).toMatchObject({ standing: 'closed', values: { completedDate: '2025-06-10', percentComplete: '100' } });
    const opened = await write('task', id, { status: 'inProgress' });
    expect(opened).toMatchObject({ standing: 'open', values: { status: 'inProgress', completedDate: null, percentComplete: '0' } });
  });

  test('a contact keeps its slots and shows its company', async () => {
    const account = await organization.create('accounts', { name: 'Fabrikam' });
    const id = await organization.create('contacts', {
      lastname: 'Vogel',
      emailaddress2: 'mara@x.example',
      birthdate: '1980-02-29',
      'parentcustomerid_account@odata.bind': `/accounts(${account})`,
    });
    const written = await write('contact', id, {
      emails: ['mara@x.example', 'vogel@x.example'],
      addressStreet: 'Tower 2\nMain Street 1',
      governmentId: 'G-1',
      anniversary: '2005-07-08',
    });
    expect(written.values).toMatchObject({
      emails: ['mara@x.example', 'vogel@x.example'],
      slots: ['emailaddress2', 'emailaddress3'],
      company: 'Fabrikam',
      birthday: '1980-02-29',
      anniversary: '2005-07-08',
      addressStreet: 'Tower 2\nMain Street 1',
    });
  });

  test('a deactivated contact is inactive', async () => {
    const id = await organization.create('contacts', { lastname: 'Vogel' });
    await organization.patch(`contacts(${id})`, { statecode: 1, statuscode: 2 });
    expect((await read('contact', id)).standing).toBe('inactive');
  });

  test('whole days are local midnights of the user', async () => {
    const id = await organization.create('appointments', { ...meeting, appointment_activity_parties: [organizedBy(anna)] });
    const written = await write('appointment', id, { time: '2026-10-25/2026-10-26', status: 'oof', body: 'All day' });
    expect(written.values).toMatchObject({ time: '2026-10-25/2026-10-26', status: 'oof', body: 'All day' });
    expect(await organization.get(`appointments(${id})?$select=scheduledstart,scheduledend,isalldayevent`)).toMatchObject({
      scheduledstart: '2026-10-24T22:00:00Z',
      scheduledend: '2026-10-25T23:00:00Z',
      isalldayevent: true,
    });
  });

  test('attendees are written by whom they stand for, and nobody else is lost', async () => {
    const mara = await organization.create('contacts', { lastname: 'Vogel', emailaddress1: 'Mara@x.example' });
    const fabrikam = await organization.create('accounts', { name: 'Fabrikam', emailaddress1: 'office@fabrikam.example' });
    const id = await organization.create('appointments', {
      ...meeting,
      appointment_activity_parties: [
        organizedBy(anna),
        party(5, 'contact', 'contacts', mara),
        { participationtypemask: 6, addressused: 'guest@z.example' },
      ],
    });
    expect(await read('appointment', id)).toMatchObject({
      organizer: anna.systemUserId,
      values: { requiredAttendees: ['mara@x.example'], optionalAttendees: ['guest@z.example'] },
    });

    const written = await write('appointment', id, {
      requiredAttendees: [ben.email, 'mara@x.example', 'nobody@z.example', 'office@fabrikam.example'],
    });
    expect(written).toMatchObject({
      organizer: anna.systemUserId,
      values: {
        requiredAttendees: [ben.email, 'mara@x.example', 'nobody@z.example', 'office@fabrikam.example'].sort(),
        optionalAttendees: ['guest@z.example'],
      },
    });
    const { appointment_activity_parties: parties } = await organization.get(
      `appointments(${id})?$select=subject&$expand=appointment_activity_parties($select=participationtypemask,_partyid_value)`,
    );
    const required = (parties as { participationtypemask: number; _partyid_value: string | null }[]).filter(
      (each) => each.participationtypemask === 5,
    );
    expect(required.map((each) => each._partyid_value).sort()).toEqual([ben.systemUserId, fabrikam, mara, null].sort());
  });

  test('many are read in one request, and one that is not there is absent', async () => {
    const ids = [];
    for (let index = 0; index < 5; index += 1) ids.push(await organization.create('tasks', { subject: String(index) }));
    organization.counters.reset();
    const records = await dynamics.readRecords('task', [...ids, nowhere], asAnna, berlin);
    expect(records.map(({ id }) => id).sort()).toEqual([...ids].sort());
    const { endpoints } = organization.counters.snapshot();
    expect(Object.values(endpoints.dynamics ?? {}).reduce((sum, { requests }) => sum + requests, 0)).toBe(1);
  });

  test('who may not see a record does not find it, and the service can tell that from a deletion', async () => {
    const id = await organization.create('tasks', { subject: 'Anna alone' });
    organization.standIn.controls.setPrivilege?.({ systemUserId: ben.systemUserId, table: 'task', depth: 'user' });
    expect(await dynamics.readRecords('task', [id], { objectId: ben.objectId }, berlin)).toEqual([]);
    expect(await dynamics.existence('task', id, berlin)).toMatchObject({
      kind: 'exists',
      record: { id, values: { subject: 'Anna alone' } },
    });
    expect(await dynamics.existence('task', nowhere, berlin)).toEqual({ kind: 'deleted' });
    organization.standIn.controls.setPrivilege?.({ systemUserId: service.systemUserId, table: 'task', depth: 'none' });
    expect(await dynamics.existence('task', id, berlin)).toEqual({ kind: 'unreadable' });
  });
});

describe('writes', () => {
  test('a version that has passed is stale, and nothing is written', async () => {
    const id = await organization.create('tasks', { subject: 'one' });
    const { version, values } = await read('task', id);
    await organization.patch(`tasks(${id})`, { subject: 'two' });
    const change = { entity: 'task', id, version, changes: { subject: 'three' }, current: values } as const;
    expect(await dynamics.updateRecord(change, asAnna, berlin)).toMatchObject({ ok: false, error: { code: 'stale', retry: 'now' } });
    expect(await dynamics.deleteRecord('task', id, version, asAnna)).toMatchObject({ ok: false, error: { code: 'stale' } });
    expect((await read('task', id)).values.subject).toBe('two');
  });

  test('a row that is gone is gone for a write and done for a deletion', async () => {
    const change = { entity: 'task', id: nowhere, version: '1', changes: { subject: 'x' }, current: {} } as const;
    expect(await dynamics.updateRecord(change, asAnna, berlin)).toMatchObject({ ok: false, error: { code: 'gone' } });
    expect(await dynamics.deleteRecord('task', nowhere, '1', asAnna)).toEqual({ ok: true, value: undefined });
    const id = await organization.create('tasks', { subject: 'x' });
    expect(await dynamics.deleteRecord('task', id, (await read('task', id)).version, asAnna)).toEqual({ ok: true, value: undefined });
    expect(await dynamics.existence('task', id, berlin)).toEqual({ kind: 'deleted' });
  });

  test('text that is too long is refused with the name of the column and without the text', async () => {
    const id = await organization.create('tasks', { subject: 'one' });
    const { version, values } = await read('task', id);
    const subject = 'Confidential '.repeat(20);
    const outcome = await dynamics.updateRecord({ entity: 'task', id, version, changes: { subject }, current: values }, asAnna, berlin);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'refused', retry: 'never', detail: expect.stringContaining('subject') } });
    expect(JSON.stringify(outcome)).not.toContain('Confidential');
  });

  test('who has no right to write is told so', async () => {
    const id = await organization.create('tasks', { subject: 'one' });
    const { version, values } = await read('task', id);
    organization.standIn.controls.setPrivilege?.({ systemUserId: anna.systemUserId, table: 'task', verb: 'write', depth: 'none' });
    const change = { entity: 'task', id, version, changes: { subject: 'two' }, current: values } as const;
    const outcome = await dynamics.updateRecord(change, asAnna, berlin);
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: 'forbidden', retry: 'never', detail: expect.stringMatching(/prvWriteTask/i) },
    });
    expect(JSON.stringify(outcome)).not.toContain(anna.systemUserId);
  });
});

describe('people and their homes', () => {
  test('a person has her address, her Entra id and her time zone', async () => {
    expect(await dynamics.user(anna.systemUserId)).toEqual({
      systemUserId: anna.systemUserId,
      objectId: anna.objectId,
      email: anna.email,
      name: 'Anna Berger',
      zone: berlin,
    });
    await expect(dynamics.user(nowhere)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a team has its members who are enabled, with their Entra ids; one that does not exist has none', async () => {
    const members = await dynamics.users.membersOf(serviceDesk.id);
    expect(members.length).toBeGreaterThan(1);
    for (const member of members) expect(await dynamics.user(member.systemUserId)).toMatchObject(member);
    expect(await dynamics.users.membersOf(nowhere)).toEqual([]);
  });

  test('a home holds what its person owns or organizes and is open', async () => {
    const open = await organization.create('tasks', { subject: 'open' });
    const done = await organization.create('tasks', { subject: 'done' });
    await organization.patch(`tasks(${done})`, { statecode: 1, statuscode: 5 });
    const contact = await organization.create('contacts', { lastname: 'Vogel' });
    const hers = await organization.create('appointments', { ...meeting, appointment_activity_parties: [organizedBy(anna)] });
    const his = await organization.create('appointments', { ...meeting, appointment_activity_parties: [organizedBy(ben)] });
    const home = async (entity: Entity, user: { systemUserId: string }) =>
      (await dynamics.listHome({ entity, systemUserId: user.systemUserId, filters: [] }, null, asAnna)).records.map(({ id }) => id);
    expect(await home('task', anna)).toEqual([open]);
    expect(await home('contact', anna)).toEqual([contact]);
    expect(await home('contact', ben)).toEqual([]);
    expect(await home('appointment', anna)).toEqual([hers]);
    expect(await home('appointment', ben)).toEqual([his]);
    const { records } = await dynamics.listHome({ entity: 'task', systemUserId: anna.systemUserId, filters: [] }, null, asAnna);
    expect(records).toEqual([{ id: open, version: (await read('task', open)).version }]);
  });

  test('organizers are known by appointment; one that does not exist is absent', async () => {
    const hers = await organization.create('appointments', { ...meeting, appointment_activity_parties: [organizedBy(anna)] });
    const nobodys = await organization.create('appointments', meeting);
    expect(await dynamics.organizers('appointment', [hers, nobodys, nowhere])).toEqual(
      new Map([
        [hers, anna.systemUserId],
        [nobodys, null],
      ]),
    );
  });
});
