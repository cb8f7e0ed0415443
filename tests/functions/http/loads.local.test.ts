import '../../../functions/index';
import { recordTableNames } from '../../../shared/workspace/tables';
import { AdminWorld, type Answered, type Asked } from './admin-world';

/** Without a host the library would warn at every registration. */
jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

const params = { id: 'contoso' };

let world: AdminWorld;
let lena: string;
beforeAll(async () => {
  world = await AdminWorld.start();
  lena = await world.token('lena@contoso.example');
  await ask('putIntegration', { params, body: { name: 'Contoso', baseUrl: 'https://contoso.crm4.dynamics.com' } });
});
afterAll(() => world.close());

function ask(name: Parameters<AdminWorld['call']>[0], asked: Asked): Promise<Answered> {
  return world.call(name, lena, asked);
}

test('a load is started once, goes to the queue, and says how far it is', async () => {
  expect((await ask('startLoad', { params, body: { kind: 'incremental' } })).body).toMatchObject({
    status: 409,
    code: 'conflict',
    fix: expect.stringContaining('full load'),
  });
  const polls = world.bus.counts('polls').active;
  const started = await ask('startLoad', { params, body: { kind: 'full' } });
  expect(started).toMatchObject({ status: 202, body: { running: { kind: 'full', table: 'account', left: 7, rows: 0, doneAt: null } } });
  expect(world.bus.counts('polls').active).toBe(polls + 1);
  expect((await ask('startLoad', { params, body: { kind: 'full' } })).status).toBe(409);
  const { body } = await ask('getLoads', { params });
  expect(body).toEqual({ ...started.body, tables: recordTableNames.map((table) => ({ table, loadedAt: null, last: null })) });
});

test('what is no kind of load is refused with the field and the rule', async () => {
  expect((await ask('startLoad', { params, body: { kind: 'some' } })).body).toMatchObject({
    status: 400,
    errors: [{ field: 'body.kind' }],
  });
});

test('an integration that is not there has no loads', async () => {
  const nowhere = { params: { id: 'nowhere' } };
  expect((await ask('getLoads', nowhere)).status).toBe(404);
  expect((await ask('startLoad', { ...nowhere, body: { kind: 'full' } })).status).toBe(404);
});
