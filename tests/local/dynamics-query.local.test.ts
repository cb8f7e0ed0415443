import { person } from '../../local/company/people';
import { type Dynamics, type Json, startWithTokens } from './dynamics-client';

let dynamics: Dynamics;
const anna = person('anna');
const everything = { prefer: 'odata.include-annotations="*"' };
const formatted = 'OData.Community.Display.V1.FormattedValue';

beforeAll(async () => {
  dynamics = await startWithTokens({ now: () => Date.parse('2026-03-11T09:30:00Z') });
});
afterAll(() => dynamics.close());

async function all(path: string, headers: Readonly<Record<string, string>>): Promise<{ pages: number; rows: Json[] }> {
  const rows: Json[] = [];
  let pages = 0;
  for (let next: unknown = path; typeof next === 'string'; pages += 1) {
    const page = await dynamics.get(next, headers);
    expect(page.status).toBe(200);
    rows.push(...page.rows);
    next = page.json['@odata.nextLink'];
  }
  return { pages, rows };
}

describe('the demo company', () => {
  test.each([
    ['systemusers', 13],
    ['teams', 1],
    ['accounts', 8],
    ['contacts', 24],
    ['leads', 6],
    ['opportunities', 5],
    ['incidents', 5],
    ['appointments', 24],
    ['timezonedefinitions', 15],
  ])('has its %s', async (set, count) => {
    expect((await dynamics.get(`${set}/$count`)).text).toBe(String(count));
  });

  test('gives each person open tasks, a completed one and two appointments that she organizes', async () => {
    const open = `tasks/$count?$filter=_ownerid_value eq ${anna.systemUserId} and statecode eq 0`;
    expect(Number((await dynamics.get(open)).text)).toBeGreaterThanOrEqual(2);
    expect((await dynamics.get(open.replace('eq 0', 'eq 1'))).text).toBe('1');
    const organized = `appointment_activity_parties/any(p:p/participationtypemask eq 7 and p/_partyid_value eq ${anna.systemUserId})`;
    expect((await dynamics.get(`appointments?$filter=${organized}`)).rows).toHaveLength(2);
  });

  test('lets an all-day appointment begin at midnight of its owner', async () => {
    const { rows } = await dynamics.get(`appointments?$filter=isalldayevent eq true and _ownerid_value eq ${anna.systemUserId}`);
    expect(rows[0]?.scheduledstart).toBe('2026-03-14T23:00:00Z');
  });

  test('knows everybody by Entra id and time zone', async () => {
    const { rows } = await dynamics.get(
      `systemusers?$filter=azureactivedirectoryobjectid eq ${anna.objectId}&$select=internalemailaddress`,
    );
    expect(rows[0]).toMatchObject({ systemuserid: anna.systemUserId, internalemailaddress: anna.email });
    expect((await dynamics.get(`usersettingscollection(${anna.systemUserId})`)).json.timezonecode).toBe(anna.timeZoneCode);
    const zones = await dynamics.get(`timezonedefinitions?$filter=timezonecode eq ${anna.timeZoneCode}&$select=standardname`);
    expect(zones.rows[0]?.standardname).toBe(anna.timeZone);
  });
});

describe('columns', () => {
  test('$select returns these columns, the key and the etag; without it all columns come', async () => {
    const { rows } = await dynamics.get('contacts?$select=fullname,_parentcustomerid_value&$top=1');
    expect(Object.keys(rows[0] ?? {}).sort()).toEqual(['@odata.etag', '_parentcustomerid_value', 'contactid', 'fullname']);
    const whole = (await dynamics.get('contacts?$top=1')).rows[0];
    expect(whole).toMatchObject({ address3_line3: null, yomilastname: null, statecode: 0, anniversary: null });
  });

  test('an unknown column in $select, $filter or $orderby answers 400', async () => {
    for (const option of ['$select=nothing', '$filter=nothing eq 1', '$orderby=nothing']) {
      const answer = await dynamics.get(`tasks?${option}`);
      expect([answer.status, answer.code]).toEqual([400, '0x80060888']);
      expect(answer.text).toContain("Could not find a property named 'nothing' on type 'Microsoft.Dynamics.CRM.task'.");
    }
  });

  test('annotations come on request only, and the reply says so', async () => {
    const plain = await dynamics.get('contacts?$top=1');
    expect(Object.keys(plain.rows[0] ?? {}).filter((name) => name.includes('@'))).toEqual(['@odata.etag']);
    const annotated = await dynamics.get('contacts?$top=1', everything);
    expect(annotated.headers.get('preference-applied')).toBe('odata.include-annotations="*"');
    expect(annotated.rows[0]).toMatchObject({
      [`statecode@${formatted}`]: 'Active',
      [`_parentcustomerid_value@${formatted}`]: 'Alder Brewing',
      '_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'account',
      '_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'parentcustomerid_account',
    });
    const one = await dynamics.get('contacts?$top=1', { prefer: 'odata.include-annotations="Microsoft.Dynamics.CRM.lookuplogicalname"' });
    expect(Object.keys(one.rows[0] ?? {}).some((name) => name.includes(formatted))).toBe(false);
  });
});

describe('expanding', () => {
  test('appointment parties come with their own columns and filter', async () => {
    const expand =
      'appointment_activity_parties($select=participationtypemask,addressused,_partyid_value;$filter=participationtypemask eq 5)';
    const { rows } = await dynamics.get(`appointments?$select=subject&$expand=${expand}&$filter=subject eq 'Review with Ben'`);
    const parties = rows[0]?.appointment_activity_parties as Json[];
    expect(parties).toHaveLength(2);
    expect(parties[0]).toMatchObject({
      participationtypemask: 5,
      _partyid_value: person('ben').systemUserId,
      addressused: person('ben').email,
    });
  });

  test('a lookup comes as the row it points to, or null where it points elsewhere', async () => {
    const path =
      'contacts?$select=fullname&$expand=parentcustomerid_account($select=name),parentcustomerid_contact($select=fullname)&$top=1';
    const row = (await dynamics.get(path)).rows[0];
    expect(row?.parentcustomerid_account).toMatchObject({ name: 'Alder Brewing' });
    expect(row?.parentcustomerid_contact).toBeNull();
  });

  test('a navigation property in a filter reads the other row', async () => {
    const { rows } = await dynamics.get("contacts?$filter=parentcustomerid_account/name eq 'Granite Bank'&$select=lastname");
    expect(rows.map((row) => row.lastname)).toEqual(['Keller', 'Graf', 'Baumann']);
  });
});

describe('lists', () => {
  test('$orderby sorts, nulls first, and $top cuts without a next link', async () => {
    const { json, rows } = await dynamics.get('contacts?$select=birthdate,lastname&$orderby=birthdate asc,lastname desc&$top=20');
    expect(rows[0]).toMatchObject({ birthdate: null, lastname: 'Young' });
    expect(rows.at(-1)?.birthdate).not.toBeNull();
    expect(json['@odata.nextLink']).toBeUndefined();
  });

  test.each([
    ['in the order of keys', 'contacts?$select=fullname'],
    ['sorted', 'contacts?$select=fullname&$orderby=birthdate desc'],
    ['filtered', "contacts?$select=fullname&$filter=contains(fullname,'a')"],
  ])('pages %s bring every row once', async (_title, path) => {
    const expected = (await dynamics.get(path)).rows;
    const { pages, rows } = await all(path, { prefer: 'odata.maxpagesize=5' });
    expect(rows).toEqual(expected);
    expect(pages).toBe(Math.ceil(expected.length / 5));
  });

  test('the next link holds a cookie of page number and paging cookie', async () => {
    const { json, headers } = await dynamics.get('contacts?$select=fullname', { prefer: 'odata.maxpagesize=5' });
    const token = new URL(String(json['@odata.nextLink'])).searchParams.get('$skiptoken');
    expect(token).toMatch(/^<cookie pagenumber="2" pagingcookie="%3ccookie%20page%3d[^"]+" istracking="False" \/>$/);
    expect(headers.get('preference-applied')).toBe('odata.maxpagesize=5');
  });

  test('$count tells how many there are in all', async () => {
    const { json, rows } = await dynamics.get('contacts?$count=true&$top=3');
    expect([json['@odata.count'], rows.length]).toEqual([24, 3]);
    expect((await dynamics.get("contacts/$count?$filter=startswith(lastname,'H')")).text).toBe('2');
  });

  test('many rows are read by id in one request', async () => {
    const ids = (await dynamics.get('tasks?$select=activityid&$top=30')).rows.map((row) => String(row.activityid));
    const filter = `Microsoft.Dynamics.CRM.In(PropertyName='activityid',PropertyValues=${JSON.stringify(ids)})`;
    expect((await dynamics.get(`tasks?$select=activityid&$filter=${encodeURIComponent(filter)}`)).rows).toHaveLength(30);
    const either = ids.slice(0, 3).map((id) => `activityid eq ${id}`);
    expect((await dynamics.get(`tasks?$filter=${either.join(' or ')}`)).rows).toHaveLength(3);
  });

  test.each([
    ['$skip=5', 400, '$skip'],
    ['$top=0', 400, '$top'],
    ['$filter=subject eq', 400, 'expected'],
    ['$filter=length(subject) eq 3', 501, "'length'"],
    ['$expand=Task_Annotations', 501, "'Task_Annotations'"],
    ['$orderby=_ownerid_value', 501, '_ownerid_value'],
    ['$skiptoken=nonsense', 400, '$skiptoken'],
    ['fetchXml=<fetch/>', 501, "'fetchXml'"],
  ])('%s answers %i', async (option, status, named) => {
    const answer = await dynamics.get(`tasks?${option}`);
    expect(answer.status).toBe(status);
    expect(String((answer.json.error as Json).message)).toContain(named);
  });
});
