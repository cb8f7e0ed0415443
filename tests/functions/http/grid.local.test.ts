import { randomUUID } from 'node:crypto';
import { tandemApplication } from '../../../local/company/people';
import { type Role, type RouteName, routes } from '../../../shared/auth/route-roles';
import { AdminWorld } from './admin-world';

const otherTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** Everybody who may come: the roles that her token gives her, and how she is refused where the route asks for another one. */
const callers = {
  anonymous: { roles: [], refusal: 401 },
  user: { roles: ['Tandem.User'], refusal: 403 },
  anotherUser: { roles: ['Tandem.User'], refusal: 403 },
  admin: { roles: ['Tandem.Admin', 'Tandem.User'], refusal: 403 },
  adminOfAnotherTenant: { roles: [], refusal: 401 },
  adminWhoseTokenNamesAnotherTenant: { roles: [], refusal: 403 },
  adminForAnotherAudience: { roles: [], refusal: 401 },
  adminWithAnIdTokensAudience: { roles: [], refusal: 401 },
  adminOfYesterday: { roles: [], refusal: 401 },
  adminOfTomorrow: { roles: [], refusal: 401 },
  applicationWithoutRole: { roles: [], refusal: 403 },
  applicationWithTheAdminRole: { roles: ['Tandem.Admin'], refusal: 403 },
  applicationWithARoleOfAnotherName: { roles: [], refusal: 403 },
} as const satisfies Readonly<Record<string, { readonly roles: readonly Role[]; readonly refusal: 401 | 403 }>>;

type CallerName = keyof typeof callers;

const names = Object.keys(routes) as RouteName[];

let world: AdminWorld;
let tokens: Readonly<Record<CallerName, string | null>>;

beforeAll(async () => {
  world = await AdminWorld.start();
  const [admin, application] = [await world.token('lena@contoso.example'), await world.tokenOfApplication()];
  const now = Math.floor(Date.now() / 1_000);
  tokens = {
    anonymous: null,
    user: await world.token('anna@contoso.example'),
    anotherUser: await world.token('ben@contoso.example'),
    admin,
    adminOfAnotherTenant: await world.changed(admin, { tid: otherTenant, iss: `https://login.microsoftonline.com/${otherTenant}/v2.0` }),
    adminWhoseTokenNamesAnotherTenant: await world.changed(admin, { tid: otherTenant }),
    adminForAnotherAudience: await world.token('lena@contoso.example', 'https://graph.microsoft.com/User.Read'),
    adminWithAnIdTokensAudience: await world.changed(admin, { aud: tandemApplication.clientId, azp: undefined, nonce: randomUUID() }),
    adminOfYesterday: await world.changed(admin, { iat: now - 90_000, nbf: now - 90_000, exp: now - 86_400 }),
    adminOfTomorrow: await world.changed(admin, { nbf: now + 86_400, exp: now + 90_000 }),
    applicationWithoutRole: application,
    applicationWithTheAdminRole: await world.changed(application, { roles: ['Tandem.Admin'] }),
    applicationWithARoleOfAnotherName: await world.changed(application, {
      roles: ['tandem.admin', 'Tandem.Administrator', 'Tandem.Admin '],
    }),
  };
});
afterAll(() => world.close());

/** The status of a call of this route, 200 where it was let in. */
async function knock(name: RouteName, token: string | null, asked = {}): Promise<number> {
  return (await world.callInstead(name, async () => ({ status: 200 }), token, asked)).status;
}

describe.each(Object.keys(callers) as CallerName[])('%s', (caller) => {
  test.each(names)('%s answers as the table of routes says', async (name) => {
    const { role } = routes[name];
    const roles: readonly Role[] = callers[caller].roles;
    const isAllowed = role === 'anyone' || roles.includes(role);
    expect(await knock(name, tokens[caller])).toBe(isAllowed ? 200 : callers[caller].refusal);
  });
});

const guarded = names.filter((name) => routes[name].role !== 'anyone');

test.each(guarded)('%s: no key of the host opens it, wherever it stands', async (name) => {
  expect(await knock(name, null, { headers: { 'x-functions-key': 'master' } })).toBe(401);
  expect(await knock(name, null, { query: { code: 'master' } })).toBe(401);
});

test.each(guarded)('%s: a token in the address or in a cookie is no token', async (name) => {
  const { admin } = tokens;
  expect(await knock(name, null, { query: { access_token: admin } })).toBe(401);
  expect(await knock(name, null, { headers: { cookie: `authorization=Bearer ${admin}; access_token=${admin}` } })).toBe(401);
});

/** Whoever lets another route in without a token has to say so here. */
test('only these routes are for everybody', () => {
  expect(names.filter((name) => routes[name].role === 'anyone')).toEqual([
    'health',
    'openapi',
    'problems',
    'pushFromGraph',
    'pushFromDynamics',
    'lifecycleFromGraph',
    'finishServiceSignIn',
    'finishActionSignIn',
  ]);
});
