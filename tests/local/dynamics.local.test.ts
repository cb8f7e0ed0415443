import { person } from '../../local/company/people';
import { type Dynamics, idOf, startWithTokens } from './dynamics-client';

let dynamics: Dynamics;
const representation = { prefer: 'return=representation' };
const unknownId = '11111111-2222-4333-8444-555555555555';

beforeAll(async () => {
  dynamics = await startWithTokens({ seed: 'empty-company' });
});
afterAll(() => dynamics.close());

async function newTask(body: object = { subject: 'Call' }): Promise<{ id: string; etag: string }> {
  const { json } = await dynamics.send('POST', 'tasks', { headers: representation, body });
  return { id: String(json.activityid), etag: String(json['@odata.etag']) };
}

describe('creating', () => {
  test('a POST answers 204 with the address of the new row and no body', async () => {
    const answer = await dynamics.send('POST', 'contacts', { body: { firstname: 'Mara', lastname: 'Vogel' } });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers.get('odata-entityid')).toBe(`${dynamics.base}contacts(${idOf(answer)})`);
    expect(answer.headers.get('odata-version')).toBe('4.0');
    expect((await dynamics.get(`contacts(${idOf(answer)})?$select=fullname`)).json.fullname).toBe('Mara Vogel');
  });

  test('a POST that asks for the representation answers 201 with the selected columns, the key and the etag', async () => {
    const answer = await dynamics.send('POST', 'tasks?$select=subject', { headers: representation, body: { subject: 'Call' } });
    expect(answer.status).toBe(201);
    expect(Object.keys(answer.json).sort()).toEqual(['@odata.context', '@odata.etag', 'activityid', 'subject']);
    expect(answer.headers.get('etag')).toBe(answer.json['@odata.etag']);
    expect(answer.headers.get('preference-applied')).toBe('return=representation');
    expect(answer.headers.get('odata-entityid')).toBeNull();
  });

  test('the client may choose the primary key, but only once', async () => {
    const id = 'aaaaaaaa-0000-4000-8000-000000000001';
    expect(idOf(await dynamics.send('POST', 'tasks', { body: { activityid: id, subject: 'Mine' } }))).toBe(id);
    const again = await dynamics.send('POST', 'tasks', { body: { activityid: id, subject: 'Mine' } });
    expect([again.status, again.code]).toEqual([412, '0x80040237']);
  });

  test('a new row is owned and signed by the caller, in whole seconds of UTC', async () => {
    const anna = person('anna');
    const { json } = await dynamics.send('POST', 'tasks', { as: anna, headers: representation, body: { subject: 'Call' } });
    expect(json).toMatchObject({ _ownerid_value: anna.systemUserId, _createdby_value: anna.systemUserId, _createdonbehalfby_value: null });
    expect(json.createdon).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
  });
});

describe('updating', () => {
  test('a PATCH without If-Match creates a row that is not there', async () => {
    const id = 'aaaaaaaa-0000-4000-8000-000000000002';
    const answer = await dynamics.send('PATCH', `tasks(${id})`, { body: { subject: 'New' } });
    expect([answer.status, idOf(answer)]).toEqual([204, id]);
    const shown = await dynamics.send('PATCH', 'tasks(aaaaaaaa-0000-4000-8000-000000000003)', {
      headers: representation,
      body: { subject: 'New' },
    });
    expect(shown.status).toBe(201);
  });

  test('a PATCH with If-Match: * updates what is there and answers 404 for what is not', async () => {
    const { id } = await newTask();
    const headers = { 'if-match': '*' };
    expect((await dynamics.send('PATCH', `tasks(${id})`, { headers, body: { subject: 'Changed' } })).status).toBe(204);
    const missing = await dynamics.send('PATCH', `tasks(${unknownId})`, { headers, body: { subject: 'Changed' } });
    expect([missing.status, missing.code]).toEqual([404, '0x80040217']);
    expect(missing.json.error).toMatchObject({ message: `task With Id = ${unknownId} Does Not Exist` });
  });

  test('a PATCH with the etag of an older version answers 412 and changes nothing', async () => {
    const { id, etag } = await newTask();
    const first = await dynamics.send('PATCH', `tasks(${id})`, {
      headers: { 'if-match': etag, ...representation },
      body: { subject: 'One' },
    });
    expect(first.status).toBe(200);
    const second = await dynamics.send('PATCH', `tasks(${id})`, { headers: { 'if-match': etag }, body: { subject: 'Two' } });
    expect([second.status, second.code]).toEqual([412, '0x80060882']);
    expect((await dynamics.get(`tasks(${id})`)).json.subject).toBe('One');
  });

  test('a PATCH with If-None-Match: * creates only', async () => {
    const id = 'aaaaaaaa-0000-4000-8000-000000000004';
    const headers = { 'if-none-match': '*' };
    expect((await dynamics.send('PATCH', `tasks(${id})`, { headers, body: { subject: 'Once' } })).status).toBe(204);
    expect((await dynamics.send('PATCH', `tasks(${id})`, { headers, body: { subject: 'Twice' } })).status).toBe(412);
    expect((await dynamics.get(`tasks(${id})`)).json.subject).toBe('Once');
  });

  test('a PATCH with unchanged values is a new version all the same, and versions grow over all tables', async () => {
    const { id, etag } = await newTask();
    const contact = await dynamics.send('POST', 'contacts', { headers: representation, body: { lastname: 'Vogel' } });
    const { json } = await dynamics.send('PATCH', `tasks(${id})`, { headers: representation, body: { subject: 'Call' } });
    const version = (text: unknown) => Number(/\d+/.exec(String(text))?.[0]);
    expect(version(json['@odata.etag'])).toBeGreaterThan(version(contact.json['@odata.etag']));
    expect(version(contact.json['@odata.etag'])).toBeGreaterThan(version(etag));
    expect(json.versionnumber).toBe(version(json['@odata.etag']));
  });

  test('an empty text is stored as null', async () => {
    const { id } = await newTask({ subject: 'Call', description: 'soon' });
    await dynamics.send('PATCH', `tasks(${id})`, { body: { description: '' } });
    expect((await dynamics.get(`tasks(${id})?$select=description`)).json.description).toBeNull();
  });
});

describe('reading and deleting', () => {
  test('a GET whose etag still holds answers 304, but not with annotations', async () => {
    const { id, etag } = await newTask();
    const same = await dynamics.get(`tasks(${id})`, { 'if-none-match': etag });
    expect([same.status, same.text]).toEqual([304, '']);
    const annotated = await dynamics.get(`tasks(${id})`, { 'if-none-match': etag, prefer: 'odata.include-annotations="*"' });
    expect(annotated.status).toBe(200);
    expect((await dynamics.get(`tasks(${id})`, { 'if-none-match': 'null' })).headers.get('etag')).toBe(etag);
  });

  test('a DELETE answers 204, 412 for an older version and 404 afterwards', async () => {
    const { id } = await newTask();
    expect((await dynamics.send('DELETE', `tasks(${id})`, { headers: { 'if-match': 'W/"1"' } })).status).toBe(412);
    expect((await dynamics.send('DELETE', `tasks(${id})`)).status).toBe(204);
    expect((await dynamics.send('DELETE', `tasks(${id})`)).code).toBe('0x80040217');
    expect((await dynamics.get(`tasks(${id})`)).status).toBe(404);
  });

  test('a lookup to a deleted row becomes empty under a new version, without an edit', async () => {
    const account = idOf(await dynamics.send('POST', 'accounts', { body: { name: 'Alder' } }));
    const body = { lastname: 'Vogel', 'parentcustomerid_account@odata.bind': `/accounts(${account})` };
    const contact = await dynamics.send('POST', 'contacts', { headers: representation, body });
    await dynamics.send('DELETE', `accounts(${account})`);
    const { json } = await dynamics.get(`contacts(${String(contact.json.contactid)})`);
    expect(json._parentcustomerid_value).toBeNull();
    expect(json['@odata.etag']).not.toBe(contact.json['@odata.etag']);
  });
});

describe('bodies that do not fit', () => {
  test.each([
    ['a text that is too long', { subject: 'x'.repeat(201) }, 400, '0x80044331'],
    ['a property that does not exist', { subjekt: 'x' }, 400, '0x80048d19'],
    ['a navigation property that does not exist', { 'regardingobjectid_account@odata.bind': '/accounts(1)' }, 400, '0x80048d19'],
    ['a value of another type', { percentcomplete: 'half' }, 400, '0x80048d19'],
    ['a number out of range', { percentcomplete: 101 }, 400, '0x80044330'],
    ['a choice that does not exist', { prioritycode: 9 }, 400, '0x8004431a'],
    ['a time without a zone', { scheduledend: '2026-05-01T10:00:00' }, 400, '0x80048d19'],
    ['a bind to a row that does not exist', { 'regardingobjectid_account_task@odata.bind': `/accounts(${unknownId})` }, 404, '0x80040217'],
    [
      'a bind to another table',
      { 'regardingobjectid_account_task@odata.bind': `/systemusers(${person('anna').systemUserId})` },
      400,
      '0x80048d19',
    ],
    ['a lookup written as a value', { _ownerid_value: unknownId }, 400, '0x80048d19'],
  ])('%s is refused', async (_title, body, status, code) => {
    const answer = await dynamics.send('POST', 'tasks', { body });
    expect([answer.status, answer.code]).toEqual([status, code]);
  });

  test('the message about a long text names column, table and limit', async () => {
    const { json } = await dynamics.send('POST', 'tasks', { body: { subject: 'x'.repeat(201) } });
    const message =
      "A validation error occurred.  The length of the 'subject' attribute of the 'task' entity exceeded the maximum allowed length of '200'.";
    expect(json.error).toMatchObject({ message });
  });

  test('a date-only column takes a date and gives it back unchanged', async () => {
    const { json } = await dynamics.send('POST', 'contacts', {
      headers: representation,
      body: { lastname: 'Vogel', birthdate: '1980-02-29' },
    });
    expect(json.birthdate).toBe('1980-02-29');
    expect((await dynamics.send('POST', 'contacts', { body: { birthdate: '1980-02-29T00:00:00Z' } })).code).toBe('0x80048d19');
  });

  test('users are neither created nor deleted here', async () => {
    expect((await dynamics.send('POST', 'systemusers', { body: { firstname: 'A' } })).status).toBe(405);
    expect((await dynamics.send('DELETE', `systemusers(${person('anna').systemUserId})`)).status).toBe(405);
  });
});

describe('what is not supported', () => {
  test.each([
    ['GET', 'quotes', "'quotes'"],
    ['GET', '$metadata', "'$metadata'"],
    ['GET', `tasks(${unknownId})/subject`, "'tasks(id)/subject'"],
    ['GET', "contacts(emailaddress1='a@b.example')", "'emailaddress1='a@b.example''"],
    ['GET', 'tasks?$apply=aggregate($count as n)', "'$apply'"],
    ['GET', `systemusers(${unknownId})/Microsoft.Dynamics.CRM.RetrieveAllChildUsersSystemUser()`, 'RetrieveAllChildUsersSystemUser'],
  ])('%s %s answers 501 and names it', async (method, path, name) => {
    const answer = await dynamics.send(method, path);
    expect(answer.status).toBe(501);
    expect(String((answer.json.error as { message: string }).message)).toContain(name);
  });
});

describe('the organization', () => {
  test('WhoAmI tells the user, the business unit and the organization', async () => {
    const { json } = await dynamics.send('GET', 'WhoAmI', { as: person('anna') });
    expect(json).toMatchObject({
      UserId: person('anna').systemUserId,
      BusinessUnitId: expect.any(String),
      OrganizationId: expect.any(String),
    });
    expect((await dynamics.send('POST', 'WhoAmI')).status).toBe(404);
  });

  test('a table definition tells keys, change tracking and its columns', async () => {
    const select =
      '$select=LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,ChangeTrackingEnabled,IsOptimisticConcurrencyEnabled';
    const path = `EntityDefinitions(LogicalName='contact')?${select}&$expand=Attributes($select=LogicalName,AttributeType,IsSecured)`;
    const { json } = await dynamics.get(path);
    expect(json).toMatchObject({
      LogicalName: 'contact',
      EntitySetName: 'contacts',
      PrimaryIdAttribute: 'contactid',
      PrimaryNameAttribute: 'fullname',
    });
    expect(json).toMatchObject({ ChangeTrackingEnabled: true, IsOptimisticConcurrencyEnabled: true });
    expect(json.Attributes).toContainEqual(
      expect.objectContaining({ LogicalName: 'birthdate', AttributeType: 'DateTime', IsSecured: false }),
    );
    expect((await dynamics.get("EntityDefinitions(LogicalName='nothing')")).status).toBe(404);
  });

  test('definitions can be filtered by what they say', async () => {
    dynamics.standIn.controls.setChangeTracking?.({ table: 'lead', enabled: false });
    const { rows } = await dynamics.get('EntityDefinitions?$select=LogicalName&$filter=ChangeTrackingEnabled eq true');
    const names = rows.map((row) => row.LogicalName);
    expect(names).toContain('task');
    expect(names).not.toContain('lead');
  });
});
