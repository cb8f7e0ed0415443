import '../../../functions/index';
import { z } from 'zod';
import { person, tandemApplication } from '../../../local/company/people';
import { type DynamicsStandIn, startDynamics } from '../../../local/dynamics';
import { type ServiceBusStandIn, startServiceBus } from '../../../local/service-bus';
import type { RouteName } from '../../../shared/auth/route-roles';
import type { Parts } from '../../../shared/services';
import type { Integration } from '../../../shared/storage/integrations';
import { Browser, publicUrl, SignInWorld } from './sign-in-world';

/** Without a host the library would warn at every registration. */
jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

const [anna, ben] = [person('anna'), person('ben')];

let world: SignInWorld;
let bus: ServiceBusStandIn;
let environment: DynamicsStandIn;
let parts: Parts;
let contoso: Integration;
let keys = 0;

beforeAll(async () => {
  world = await SignInWorld.start();
  bus = await startServiceBus({ queues: { assignments: {}, wakeups: { sessions: true } } });
  const { identity, faults, counters } = world;
  environment = await startDynamics({ surroundings: { faults, counters }, identity, seed: 'empty-company' });
  parts = world.process({ ServiceBus: bus.connectionString });
  // Whatever is done in somebody's name is done with her own sign-in, or Dynamics refuses it.
  environment.controls.setActOnBehalf?.({ systemUserId: tandemApplication.systemUserId, allowed: false });
});

beforeEach(async () => {
  contoso = await world.integration(parts, { service: { by: 'application' } });
  contoso = { ...contoso, baseUrl: environment.url };
  await parts.integrations.put(contoso);
  for (const app of ['tasks', 'create-task'])
    for (const { objectId } of [anna, ben]) await parts.grants.put(contoso.id, app, { who: objectId, at: 0 });
});

afterAll(async () => {
  await parts.messenger.close();
  await environment.service.close();
  await bus.close();
  await world.close();
});

const Reply = z.looseObject({
  id: z.string().default(''),
  version: z.string().default(''),
  code: z.string().default(''),
  fix: z.string().default(''),
});

async function ask(
  key: string,
  name: RouteName,
  asked: { params?: Record<string, string>; query?: Record<string, string>; body?: object },
) {
  keys += 1;
  const search = `?${new URLSearchParams({ integration: contoso.id, ...asked.query })}`;
  const headers = name === 'runAction' ? { 'idempotency-key': `key-number-${keys}` } : {};
  const reply = await world.call(parts, name, { ...asked, search, headers, bearer: await world.bearer(key) });
  return { status: reply.status, body: Reply.parse(reply.text === '' ? {} : JSON.parse(reply.text)) };
}

const run = (key: string, app: string, action: string, body: object) => ask(key, 'runAction', { params: { app, action }, body });
const newTask = (key: string) => run(key, 'create-task', 'createTask', { values: { subject: 'Write' } });
const signIn = (key: string) => new Browser(world, parts).all('action', key, contoso.id);

/** Who made and who last changed a task, as Dynamics told the cache. */
async function touched(id: string): Promise<(string | null | undefined)[]> {
  const task = await parts.records.get(contoso.id, 'task', id);
  return [task?.createdBy, task?.modifiedBy];
}

test('who is not signed in herself is told where that begins, and nothing is done', async () => {
  const refused = await newTask('anna');
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'sign-in-needed', fix: expect.stringContaining('/app/api/auth/serviceAction/start') },
  });
  const { id } = (await signInAndMake('ben')).body;
  const page = await ask('anna', 'getPage', { params: { app: 'tasks', page: 'task-edit' }, query: { id } });
  const url = `${publicUrl}/app/api/auth/serviceAction/start?integration=${contoso.id}`;
  expect(page).toMatchObject({ status: 200, body: { kind: 'signIn', url } });
});

async function signInAndMake(key: string) {
  await signIn(key);
  return newTask(key);
}

test('an action is done by the person herself, with her own sign-in', async () => {
  const { status, body } = await signInAndMake('anna');
  expect(status).toBe(200);
  expect(await touched(body.id)).toEqual([anna.systemUserId, anna.systemUserId]);
  const record = { id: body.id, version: body.version };
  const renamed = await run('anna', 'tasks', 'updateTask', { record, values: { subject: 'Read' } });
  expect(renamed.status).toBe(200);
  expect((await parts.records.get(contoso.id, 'task', body.id))?.values.subject).toBe('Read');
});

test('the sign-in of one person is of no use to another, whose own decides what she may do', async () => {
  const { body: made } = await signInAndMake('anna');
  const record = { id: made.id, version: made.version };
  expect(await run('ben', 'tasks', 'markComplete', { record })).toMatchObject({ status: 409, body: { code: 'sign-in-needed' } });
  await signIn('ben');
  for (const verb of ['read', 'write'])
    environment.controls.setPrivilege?.({ systemUserId: ben.systemUserId, table: 'task', verb, depth: 'user' });
  expect((await run('ben', 'tasks', 'markComplete', { record })).status).toBe(404);
  for (const verb of ['read', 'write'])
    environment.controls.setPrivilege?.({ systemUserId: ben.systemUserId, table: 'task', verb, depth: 'organization' });
  expect((await run('ben', 'tasks', 'markComplete', { record })).status).toBe(200);
  expect(await touched(made.id)).toEqual([anna.systemUserId, ben.systemUserId]);
});

test('who has signed out again is asked to sign in, and the key that was refused may be used then', async () => {
  await signInAndMake('anna');
  expect((await ask('anna', 'endActionSignIn', {})).status).toBe(204);
  expect(await newTask('anna')).toMatchObject({ status: 409, body: { code: 'sign-in-needed' } });
  await signIn('anna');
  expect((await newTask('anna')).status).toBe(200);
});
