import type { Dynamics } from '../../../shared/dynamics/dynamics';
import { errorCodes, TandemError } from '../../../shared/platform/errors';
import { type ActionCall, type ActionOutcome, act } from '../../../shared/workspace/act';
import { offerOf } from '../../../shared/workspace/actions/offer';
import type { Desk } from '../../../shared/workspace/desk';
import { lookUp } from '../../../shared/workspace/look-up';
import type { ActionName } from '../../../shared/workspace/microapp';
import { microapp, pageOf } from '../../../shared/workspace/microapps';
import { pageFor } from '../../../shared/workspace/page-for';
import type { PageView } from '../../../shared/workspace/page-view';
import type { WorkspaceRecord } from '../../../shared/workspace/record';
import type { RecordTableName } from '../../../shared/workspace/tables';
import { anna, asAnna, ben, type Organization, startOrganization } from '../dynamics/organization';
import { actor } from './actions/some-actions';

const newId = '22222222-0000-4000-8000-000000000002';
const now = Date.parse('2026-06-15T12:00:00Z');

let organization: Organization;
let dynamics: Dynamics;
let cache: WorkspaceRecord[];

beforeEach(async () => {
  organization = await startOrganization();
  dynamics = organization.client();
  cache = [];
});

afterEach(() => organization.close());

function desk(more: Partial<Desk> = {}): Desk {
  return {
    integration: 'contoso',
    caller: asAnna,
    dynamics: dynamics.workspace,
    isLoaded: async () => true,
    owners: [anna.systemUserId],
    reader: actor,
    now,
    records: {
      get: async (_, table, id) => cache.find((record) => record.table === table && record.id === id) ?? null,
      async *owned(_, owner, table) {
        yield cache.filter((record) => record.table === table && record.owner?.id === owner);
      },
    },
    ...more,
  };
}

async function seen(table: RecordTableName, id: string): Promise<WorkspaceRecord> {
  return dynamics.workspace.record(table, id, asAnna);
}

function doing(app: string, action: ActionName, call: Partial<ActionCall>, at: Desk = desk()): Promise<ActionOutcome> {
  const its = microapp(app);
  const offer = its === undefined ? undefined : offerOf(its, action);
  if (offer === undefined) throw new Error(`${app} does not offer ${action}`);
  return act(at, offer, { record: null, given: {}, newId, ...call });
}

function view(app: string, page: string, id: string | null = null, at: Desk = desk()): Promise<PageView> {
  const its = microapp(app);
  const found = its === undefined ? undefined : pageOf(its, page);
  if (its === undefined || found === undefined) throw new Error(`${app} has no page ${page}`);
  return pageFor(at, its, found, { id, search: '', sort: null, cursor: null }, '/sign-in');
}

describe('an action', () => {
  test('makes a record once, however often the same call comes', async () => {
    const given = { subject: 'Write', regardingType: 'nothing' };
    const first = await doing('create-task', 'createTask', { given });
    const again = await doing('create-task', 'createTask', { given });
    expect(first).toMatchObject({ kind: 'done', id: newId, record: { values: { subject: 'Write' } } });
    expect(again).toEqual(first);
  });

  test('writes only what was changed, and returns the record as it then is', async () => {
    const account = await organization.create('accounts', { name: 'Contoso', telephone1: '1' });
    const contact = await organization.create('contacts', { lastname: 'Byron' });
    const task = await organization.create('tasks', {
      subject: 'Write',
      'regardingobjectid_account_task@odata.bind': `/accounts(${account})`,
    });
    const record = await seen('task', task);
    const given = { subject: 'Write', regardingType: 'contact', regardingContact: contact };
    const outcome = await doing('tasks', 'updateTask', { record, given });
    expect(outcome).toMatchObject({ kind: 'done', record: { values: { regardingobjectid: { table: 'contact', id: contact } } } });
    const cleared = await doing('tasks', 'updateTask', { record: await seen('task', task), given: { regardingType: 'nothing' } });
    expect(cleared).toMatchObject({ kind: 'done', record: { values: { regardingobjectid: null } } });
  });

  test('writes nothing where somebody changed the record meanwhile, and tells both values', async () => {
    const id = await organization.create('accounts', { name: 'Contoso', telephone1: '1' });
    const record = await seen('account', id);
    cache = [record];
    await organization.patch(`accounts(${id})`, { telephone1: '2' });
    const outcome = await doing('accounts', 'updateAccount', { record, given: { telephone1: '3' } });
    expect(outcome).toMatchObject({
      kind: 'changedMeanwhile',
      differences: [{ field: 'telephone1', label: 'Phone', seen: '1', now: '2' }],
    });
    expect(await organization.get(`accounts(${id})`)).toMatchObject({ telephone1: '2' });
  });

  test('notices a change that comes between its look and its write', async () => {
    const id = await organization.create('accounts', { name: 'Contoso', telephone1: '1' });
    const record = await seen('account', id);
    const late = {
      ...dynamics.workspace,
      run: async (...call: Parameters<typeof dynamics.workspace.run>) => {
        await organization.patch(`accounts(${id})`, { telephone1: '2' });
        return dynamics.workspace.run(...call);
      },
    };
    const outcome = await doing('accounts', 'updateAccount', { record, given: { telephone1: '3' } }, desk({ dynamics: late }));
    expect(outcome).toMatchObject({ kind: 'changedMeanwhile', record: { values: { telephone1: '2' } } });
  });

  test('ends an activity, and is refused on one that has ended', async () => {
    const id = await organization.create('phonecalls', { subject: 'Call back', directioncode: false });
    const record = await seen('phonecall', id);
    expect(await doing('phone-calls', 'markComplete', { record })).toMatchObject({ kind: 'done', record: { state: 1 } });
    const error = await doing('phone-calls', 'cancel', { record: await seen('phonecall', id) }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: errorCodes.conflict, detail: 'This record is closed and can no longer be changed.' });
    const task = await organization.create('tasks', { subject: 'Write' });
    expect(await doing('tasks', 'cancel', { record: await seen('task', task) })).toMatchObject({ kind: 'done', record: { state: 2 } });
  });

  test('that asks for nothing is done whatever was edited meanwhile, also at the last moment', async () => {
    const id = await organization.create('tasks', { subject: 'Write' });
    const record = await seen('task', id);
    await organization.patch(`tasks(${id})`, { subject: 'Write it' });
    let edits = 0;
    const late = {
      ...dynamics.workspace,
      run: async (...call: Parameters<typeof dynamics.workspace.run>) => {
        edits += 1;
        if (edits === 1) await organization.patch(`tasks(${id})`, { description: 'Long' });
        return dynamics.workspace.run(...call);
      },
    };
    const outcome = await doing('tasks', 'markComplete', { record }, desk({ dynamics: late }));
    expect(outcome).toMatchObject({ kind: 'done', record: { state: 1, values: { subject: 'Write it', description: 'Long' } } });
    expect(edits).toBe(2);
  });

  test('that asks for nothing is refused on a record that somebody else has closed meanwhile, and gives up on one that never rests', async () => {
    const id = await organization.create('tasks', { subject: 'Write' });
    const record = await seen('task', id);
    const restless = {
      ...dynamics.workspace,
      run: async (...call: Parameters<typeof dynamics.workspace.run>) => {
        await organization.patch(`tasks(${id})`, { subject: 'Write it' });
        return dynamics.workspace.run(...call);
      },
    };
    expect(await doing('tasks', 'cancel', { record }, desk({ dynamics: restless }))).toMatchObject({ kind: 'changedMeanwhile' });
    await doing('tasks', 'markComplete', { record });
    await expect(doing('tasks', 'cancel', { record })).rejects.toMatchObject({ code: errorCodes.conflict });
  });

  test('gives a record to somebody else', async () => {
    const id = await organization.create('tasks', { subject: 'Write' });
    const outcome = await doing('tasks', 'assign', { record: await seen('task', id), given: { owner: ben.systemUserId } });
    expect(outcome).toMatchObject({ kind: 'done', record: { owner: { id: ben.systemUserId } } });
  });

  test('adds a note once', async () => {
    const id = await organization.create('tasks', { subject: 'Write' });
    const record = await seen('task', id);
    await doing('tasks', 'addNote', { record, given: { notetext: 'Remember' } });
    await doing('tasks', 'addNote', { record: await seen('task', id), given: { notetext: 'Remember' } });
    expect(await organization.get('annotations?$select=notetext,_objectid_value')).toMatchObject({
      value: [{ notetext: 'Remember', _objectid_value: id }],
    });
  });

  test('qualifies a lead, or disqualifies it with a reason', async () => {
    const good = await organization.create('leads', { subject: 'Boats', lastname: 'Doe', companyname: 'Fabrikam' });
    const bad = await organization.create('leads', { subject: 'Spam', lastname: 'Roe' });
    expect(await doing('leads', 'qualifyLead', { record: await seen('lead', good) })).toMatchObject({ record: { state: 1 } });
    expect(await organization.get('accounts?$select=name')).toMatchObject({ value: [{ name: 'Fabrikam' }] });
    const outcome = await doing('leads', 'disqualifyLead', { record: await seen('lead', bad), given: { reason: '5' } });
    expect(outcome).toMatchObject({ record: { state: 2, values: { statuscode: 5 } } });
  });

  test('resolves a case', async () => {
    const contact = await organization.create('contacts', { lastname: 'Byron' });
    const id = await organization.create('incidents', { title: 'Broken', 'customerid_contact@odata.bind': `/contacts(${contact})` });
    const given = { status: '5', subject: 'Mended', timespent: 15 };
    expect(await doing('cases', 'resolveCase', { record: await seen('incident', id), given })).toMatchObject({ record: { state: 1 } });
  });

  test('on a record that is not there or not hers is refused as not there', async () => {
    const error = await doing('tasks', 'cancel', { record: { id: newId, version: '1' } }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: errorCodes.notFound });
  });

  test('that Dynamics refuses names the field where Dynamics names its column', async () => {
    const refusing = {
      ...dynamics.workspace,
      run: async () => {
        throw new TandemError(errorCodes.refused, {
          retry: 'never',
          fix: 'Correct it.',
          detail: '0x80044331 The length of subject is too much',
        });
      },
    };
    const error = await doing('create-task', 'createTask', { given: { subject: 'x' } }, desk({ dynamics: refusing })).catch(
      (it: unknown) => it,
    );
    expect(error).toMatchObject({
      code: errorCodes.badRequest,
      fields: [{ field: 'body.values.subject', rule: 'is refused by Dynamics' }],
    });
  });
});

describe('a page', () => {
  test('lists what is hers and open, her teams included', async () => {
    const task = (id: string, owner: string, state: number): WorkspaceRecord => ({
      table: 'task',
      id,
      version: '1',
      owner: { table: 'systemuser', id: owner, name: null },
      state,
      createdAt: 0,
      modifiedAt: 0,
      createdBy: null,
      modifiedBy: null,
      values: { subject: id, scheduledend: null, regardingobjectid: null },
    });
    cache = [task('a', anna.systemUserId, 0), task('b', 'team', 0), task('c', ben.systemUserId, 0), task('d', anna.systemUserId, 1)];
    const page = await view('tasks', 'my-open-tasks', null, desk({ owners: [anna.systemUserId, 'team'] }));
    expect(page.kind === 'list' && page.list.rows.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('shows an account with the contacts that she may see, whoever owns them', async () => {
    const account = await organization.create('accounts', { name: 'Contoso' });
    await organization.create('contacts', {
      lastname: 'Byron',
      'parentcustomerid_account@odata.bind': `/accounts(${account})`,
      'ownerid@odata.bind': `/systemusers(${ben.systemUserId})`,
    });
    const page = await view('accounts', 'account-detail', account);
    expect(page).toMatchObject({ kind: 'detail', heading: 'Contoso', children: { list: { rows: [{ cells: ['Byron', ''] }] } } });
  });

  test('that shows a secured column reads it live: the cache never has it', async () => {
    const id = await organization.create('contacts', { lastname: 'Byron', mobilephone: '7' });
    const live = await seen('contact', id);
    const { mobilephone: _, ...open } = live.values;
    cache = [{ ...live, values: { ...open, jobtitle: 'from the cache' } }];
    const page = await view('contacts', 'contact-detail', id);
    const text = page.kind === 'detail' ? page.fields.map((field) => field.text) : [];
    expect(text).toContain('7');
    expect(text).not.toContain('from the cache');
  });

  test('about a record that is not hers to see is not there; the form of a closed record is refused', async () => {
    await expect(view('tasks', 'task-detail', newId)).rejects.toMatchObject({ code: errorCodes.notFound });
    const id = await organization.create('tasks', { subject: 'Write' });
    await organization.patch(`tasks(${id})`, { statecode: 1, statuscode: 5 });
    await expect(view('tasks', 'task-edit', id)).rejects.toMatchObject({ code: errorCodes.conflict });
  });

  test('offers her sign-in where only she herself may read', async () => {
    const nobody = async () => {
      throw new TandemError(errorCodes.signInNeeded, { retry: 'later', fix: 'Sign in.' });
    };
    const page = await view('tasks', 'task-detail', newId, desk({ dynamics: { ...dynamics.workspace, record: nobody } }));
    expect(page).toMatchObject({ kind: 'signIn', button: 'Sign in', url: '/sign-in' });
  });
});

describe('a look-up', () => {
  test('finds what begins with the text before what contains it, and nothing that is closed', async () => {
    for (const name of ['Zoo of Contoso', "Contoso's", 'Contoso', 'Fabrikam']) await organization.create('accounts', { name });
    const gone = await organization.create('accounts', { name: 'Contoso of old' });
    await organization.patch(`accounts(${gone})`, { statecode: 1, statuscode: 2 });
    const found = await lookUp(desk(), { table: 'account', beside: 'address1_city' }, ' contoso');
    expect(found.map(({ name }) => name)).toEqual(['Contoso', "Contoso's", 'Zoo of Contoso']);
    expect(await lookUp(desk(), { table: 'account', beside: null }, "contoso's")).toHaveLength(1);
  });

  test('finds users with their addresses, and shows twenty at most', async () => {
    const found = await lookUp(desk(), { table: 'systemuser', beside: 'internalemailaddress' }, anna.firstName);
    expect(found).toContainEqual({ id: anna.systemUserId, name: `${anna.firstName} ${anna.lastName}`, beside: anna.email });
    for (let at = 0; at < 25; at += 1) await organization.create('accounts', { name: `Shop ${at}` });
    expect(await lookUp(desk(), { table: 'account', beside: null }, '')).toHaveLength(20);
  });
});
