import { person, tandemApplication } from '../../local/company/people';
import { type Answer, type Dynamics, idOf, startWithTokens } from './dynamics-client';

let dynamics: Dynamics;
const anna = person('anna');
const ben = person('ben');
const representation = { prefer: 'return=representation' };
const forAnna = { callerobjectid: anna.objectId };

beforeEach(async () => {
  dynamics = await startWithTokens({ seed: 'empty-company' });
});
afterEach(() => dynamics.close());

const outcome = (answer: Answer) => [answer.status, answer.code];

describe('signing in', () => {
  test('a request without a token, or with a bad one, is told where to get one', async () => {
    for (const as of ['nobody', { token: 'forged' }] as const) {
      const answer = await dynamics.send('GET', 'WhoAmI', { as });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe(
        `Bearer authorization_uri=http://identity.example/tenant/oauth2/authorize, resource_id=${dynamics.standIn.url}/`,
      );
    }
  });

  test('a token for another audience is not good enough; the address may end in a slash', async () => {
    const claims = { oid: anna.objectId, scp: 'user_impersonation' };
    const other = { token: await dynamics.token(claims, 'https://graph.microsoft.com') };
    expect((await dynamics.send('GET', 'WhoAmI', { as: other })).status).toBe(401);
    const slash = { token: await dynamics.token(claims, `${dynamics.standIn.url}/`) };
    expect((await dynamics.send('GET', 'WhoAmI', { as: slash })).json.UserId).toBe(anna.systemUserId);
  });

  test('an app-only token is the application user, by appid or azp', async () => {
    for (const claims of [{ appid: tandemApplication.clientId, idtyp: 'app' }, { azp: tandemApplication.clientId }]) {
      const as = { token: await dynamics.token({ oid: tandemApplication.objectId, ...claims }) };
      expect((await dynamics.send('GET', 'WhoAmI', { as })).json.UserId).toBe(tandemApplication.systemUserId);
    }
  });

  test('who is not a user of the organization is turned away, and so is a disabled user', async () => {
    const stranger = { token: await dynamics.token({ oid: '99999999-0000-4000-8000-000000000001', scp: 'user_impersonation' }) };
    expect(outcome(await dynamics.send('GET', 'WhoAmI', { as: stranger }))).toEqual([403, '0x80072560']);
    await dynamics.send('PATCH', `systemusers(${ben.systemUserId})`, { headers: { 'if-match': '*' }, body: { isdisabled: true } });
    expect(outcome(await dynamics.send('GET', 'WhoAmI', { as: ben }))).toEqual([403, '0x80040225']);
  });
});

describe('acting on behalf of somebody', () => {
  test('writes are signed by the person, with the application as the one who sent them', async () => {
    const created = await dynamics.send('POST', 'tasks', { headers: { ...forAnna, ...representation }, body: { subject: 'Call' } });
    expect(created.json).toMatchObject({
      _createdby_value: anna.systemUserId,
      _modifiedby_value: anna.systemUserId,
      _createdonbehalfby_value: tandemApplication.systemUserId,
      _modifiedonbehalfby_value: tandemApplication.systemUserId,
      _ownerid_value: anna.systemUserId,
    });
    const path = `tasks(${String(created.json.activityid)})`;
    const changed = await dynamics.send('PATCH', path, { as: anna, headers: representation, body: { subject: 'Mine' } });
    expect(changed.json).toMatchObject({ _modifiedonbehalfby_value: null, _createdonbehalfby_value: tandemApplication.systemUserId });
  });

  test('the person may be named by her systemuserid too', async () => {
    const { json } = await dynamics.get('WhoAmI', { mscrmcallerid: anna.systemUserId });
    expect(json.UserId).toBe(anna.systemUserId);
  });

  test('a person may not act on behalf of another, unless an administrator allows it', async () => {
    expect(outcome(await dynamics.send('GET', 'WhoAmI', { as: ben, headers: forAnna }))).toEqual([403, '0x80040220']);
    dynamics.standIn.controls.setActOnBehalf?.({ systemUserId: ben.systemUserId, allowed: true });
    expect((await dynamics.send('GET', 'WhoAmI', { as: ben, headers: forAnna })).status).toBe(200);
  });

  test('an unknown person is not a member', async () => {
    expect((await dynamics.get('WhoAmI', { callerobjectid: '99999999-0000-4000-8000-000000000001' })).code).toBe('0x80072560');
  });
});

describe('rights', () => {
  const limit = (rule: object) => dynamics.standIn.controls.setPrivilege?.({ systemUserId: anna.systemUserId, table: 'contact', ...rule });
  const contactOf = async (as: typeof anna) => idOf(await dynamics.send('POST', 'contacts', { as, body: { lastname: 'Vogel' } }));

  test('a row that the user may not read is absent from lists, 403 by id, and 404 once deleted', async () => {
    const [own, other] = [await contactOf(anna), await contactOf(ben)];
    limit({ verb: 'read', depth: 'user' });
    const { rows } = await dynamics.get('contacts?$select=contactid', forAnna);
    expect(rows.map((row) => row.contactid)).toEqual([own]);
    expect(outcome(await dynamics.get(`contacts(${other})`, forAnna))).toEqual([403, '0x80040220']);
    expect((await dynamics.get(`contacts(${other})`)).status).toBe(200);
    await dynamics.send('DELETE', `contacts(${other})`);
    expect((await dynamics.get(`contacts(${other})`, forAnna)).status).toBe(404);
  });

  test('a row of a team belongs to its members', async () => {
    const greta = person('greta');
    const team = String((await dynamics.get('teams')).rows[0]?.teamid);
    const body = { lastname: 'Vogel', 'ownerid@odata.bind': `/teams(${team})` };
    const id = idOf(await dynamics.send('POST', 'contacts', { body }));
    for (const { systemUserId } of [anna, greta])
      dynamics.standIn.controls.setPrivilege?.({ systemUserId, table: 'contact', verb: 'read', depth: 'user' });
    expect((await dynamics.send('GET', `contacts(${id})`, { as: greta })).status).toBe(200);
    expect((await dynamics.send('GET', `contacts(${id})`, { as: anna })).status).toBe(403);
  });

  test.each([
    ['write', 'PATCH'],
    ['delete', 'DELETE'],
  ] as const)('who may %s her own rows only is refused elsewhere', async (verb, method) => {
    const [own, other] = [await contactOf(anna), await contactOf(ben)];
    limit({ verb, depth: 'user' });
    const body = method === 'PATCH' ? { lastname: 'Vogt' } : undefined;
    expect(outcome(await dynamics.send(method, `contacts(${other})`, { as: anna, body }))).toEqual([403, '0x80040220']);
    expect((await dynamics.send(method, `contacts(${own})`, { as: anna, body })).status).toBe(204);
  });

  test('without the right to a table nothing of it is possible', async () => {
    limit({ depth: 'none' });
    expect(outcome(await dynamics.send('POST', 'contacts', { as: anna, body: { lastname: 'Vogel' } }))).toEqual([403, '0x80040220']);
    const listed = await dynamics.send('GET', 'contacts', { as: anna });
    expect(listed.text).toContain('missing prvReadcontact privilege');
  });

  test('on behalf of somebody, only what both may is possible', async () => {
    const id = await contactOf(anna);
    dynamics.standIn.controls.setPrivilege?.({
      systemUserId: tandemApplication.systemUserId,
      table: 'contact',
      verb: 'write',
      depth: 'user',
    });
    expect((await dynamics.send('PATCH', `contacts(${id})`, { headers: forAnna, body: { lastname: 'Vogt' } })).status).toBe(403);
    expect((await dynamics.send('PATCH', `contacts(${id})`, { as: anna, body: { lastname: 'Vogt' } })).status).toBe(204);
  });

  test('parties of an appointment that is not readable are not listed', async () => {
    await dynamics.send('POST', 'appointments', { as: ben, body: { subject: 'Secret' } });
    dynamics.standIn.controls.setPrivilege?.({ systemUserId: anna.systemUserId, table: 'appointment', verb: 'read', depth: 'user' });
    expect((await dynamics.send('GET', 'activityparties', { as: anna })).rows).toEqual([]);
  });
});

describe('secured columns', () => {
  test('read as null without a sign, cannot be written, and are found by nobody else', async () => {
    const id = idOf(await dynamics.send('POST', 'contacts', { body: { lastname: 'Vogel', governmentid: 'X-1' } }));
    const readers = [tandemApplication.systemUserId];
    dynamics.standIn.controls.setColumnSecurity?.({ table: 'contact', column: 'governmentid', secured: true, readers, writers: readers });
    expect((await dynamics.send('GET', `contacts(${id})?$select=governmentid`, { as: anna })).json.governmentid).toBeNull();
    expect((await dynamics.get(`contacts(${id})?$select=governmentid`)).json.governmentid).toBe('X-1');
    const filter = "contacts/$count?$filter=governmentid eq 'X-1'";
    expect((await dynamics.send('GET', filter, { as: anna })).text).toBe('0');
    const write = await dynamics.send('PATCH', `contacts(${id})`, { as: anna, body: { governmentid: 'Y' } });
    expect(outcome(write)).toEqual([403, '0x8004f507']);
    const { json } = await dynamics.get("EntityDefinitions(LogicalName='contact')?$expand=Attributes($select=LogicalName,IsSecured)");
    expect(json.Attributes).toContainEqual(expect.objectContaining({ LogicalName: 'governmentid', IsSecured: true }));
  });
});

describe('controls', () => {
  test.each([
    ['setPrivilege', { systemUserId: 'a', table: 'nothing', depth: 'user' }, "a table's logical name is expected"],
    ['setPrivilege', { systemUserId: 'a', depth: 'all' }, 'depth'],
    ['expireChangeTracking', { tables: 'task' }, 'tables'],
    ['setColumnSecurity', { table: 'task', column: 'nothing', secured: true }, 'no column nothing'],
  ])('%s says what is wrong with its body', (name, body, message) => {
    expect(() => dynamics.standIn.controls[name]?.(body)).toThrow(message);
  });
});

describe('what decides whether a person can be served', () => {
  const privilegesOf = async (id: string): Promise<string[]> => {
    const answer = await dynamics.send('GET', `systemusers(${id})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()`, { as: 'application' });
    return (answer.json.RolePrivileges as { PrivilegeName: string }[]).map(({ PrivilegeName }) => PrivilegeName);
  };

  test('the privileges of a user are told by name; what she lacks for one kind of activity she lacks for all', async () => {
    expect(await privilegesOf(anna.systemUserId)).toEqual(expect.arrayContaining(['prvReadContact', 'prvWriteActivity', 'prvReadUser']));
    dynamics.standIn.controls.setPrivilege?.({ systemUserId: anna.systemUserId, table: 'fax', verb: 'read', depth: 'none' });
    expect(await privilegesOf(anna.systemUserId)).not.toContain('prvReadActivity');
    expect(await privilegesOf(ben.systemUserId)).toContain('prvReadActivity');
    expect((await privilegesOf(anna.systemUserId)).filter((name) => /Task|Appointment|Letter|Recurring/.test(name))).toEqual([]);
  });

  test('a license is given and taken outside of Dynamics', async () => {
    const isLicensed = async () =>
      (await dynamics.send('GET', `systemusers(${anna.systemUserId})?$select=islicensed`, { as: 'application' })).json.islicensed;
    expect(await isLicensed()).toBe(true);
    dynamics.standIn.controls.setLicense?.({ systemUserId: anna.systemUserId, licensed: false });
    expect(await isLicensed()).toBe(false);
  });
});
