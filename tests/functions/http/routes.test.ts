import { HttpRequest, InvocationContext } from '@azure/functions';
import { httpRoute, RouteTable, routeRefusal } from '../../../local/functions-host/routes';
import { type RouteName, routes } from '../../../shared/auth/route-roles';

interface Registered {
  readonly name: string;
  readonly bindings: Readonly<
    Record<string, { readonly type: string; readonly methods?: string[]; readonly route?: string; readonly authLevel?: string }>
  >;
}

/** What the library would hand to a host. */
jest.mock(
  '@azure/functions-core',
  () => {
    const registered: Registered[] = [];
    return {
      registered,
      setProgrammingModel() {},
      registerHook() {},
      registerFunction: (metadata: Registered) => void registered.push(metadata),
    };
  },
  { virtual: true },
);

import { nowhere, nowhereName, nowherePath } from '../../../functions/http/nowhere';
import '../../../functions/index';

const names = Object.keys(routes) as RouteName[];

describe('what no route answers', () => {
  async function ask(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
  ): Promise<{ status: number | undefined; headers: Headers; body: unknown }> {
    const request = new HttpRequest({ method, url: `https://tandem.example${path}` });
    const context = new InvocationContext({ functionName: nowhereName, invocationId: 'i1', logHandler: () => undefined });
    const { status, headers, body } = await nowhere(request, context);
    return { status, headers: new Headers(headers as Record<string, string>), body: JSON.parse(String(body)) };
  }

  test('is not found, as a problem', async () => {
    const { status, headers, body } = await ask('GET', '/app/api/nothing');
    expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    expect(body).toMatchObject({ type: '/app/api/problems#not-found', code: 'not-found', instance: 'urn:tandem:occurrence:i1' });
  });

  test('names the methods that the address knows', async () => {
    for (const area of ['admin', 'manage']) {
      const { status, headers, body } = await ask('PATCH', `/${area}/api/mailboxes/contoso/x`);
      expect([status, headers.get('allow')]).toEqual([405, 'DELETE, GET']);
      expect(body).toMatchObject({ code: 'wrong-method' });
    }
    expect((await ask('POST', '/app/api/openapi.json')).headers.get('allow')).toBe('GET');
  });

  test('is asked last of all', () => {
    const table = new RouteTable([
      httpRoute(nowhereName, [], nowherePath, ''),
      ...names.map((name) => httpRoute(name, [routes[name].method], routes[name].path, '')),
    ]);
    expect(table.routes.at(-1)?.functionName).toBe(nowhereName);
    expect(table.match('GET', '/admin/api/integrations')?.route.functionName).toBe('listIntegrations');
    expect(table.match('GET', '/manage/api/nothing/at/all')?.route.functionName).toBe(nowhereName);
  });
});

describe('routes', () => {
  test('what is registered is the table, no more and no less', () => {
    const handedOver = jest.requireMock<{ registered: Registered[] }>('@azure/functions-core').registered;
    const registered = handedOver.flatMap(({ name, bindings }) =>
      Object.values(bindings)
        .filter(({ type }) => type === 'httpTrigger')
        .map(({ methods, route, authLevel }) => [name, methods, route, authLevel]),
    );
    const table = names.map((name) => [name, [routes[name].method], routes[name].path, 'anonymous']);
    const further = [nowhereName, ['GET', 'PUT', 'POST', 'PATCH', 'DELETE'], nowherePath, 'anonymous'];
    expect(registered.sort()).toEqual([...table, further].sort());
  });

  test('the Functions host takes every one of them, and none stands in the way of another', () => {
    const own = [
      ...names.map((name) => httpRoute(name, [routes[name].method], routes[name].path, '')),
      httpRoute(nowhereName, [], nowherePath, ''),
    ];
    expect(new RouteTable(own).shadowed()).toEqual([]);
    for (const [index, route] of own.entries()) expect(routeRefusal(route, own.slice(0, index))).toBeUndefined();
  });

  test.each(names.filter((name) => routes[name].path.startsWith('{area')))('%s answers under /admin and under /manage alone', (name) => {
    const table = new RouteTable(names.map((each) => httpRoute(each, [routes[each].method], routes[each].path, '')));
    const path = routes[name].path.replace(/^\{area[^}]*\}/, '').replace(/\{\w+\}/g, 'x');
    for (const area of ['admin', 'manage']) expect(table.match(routes[name].method, `/${area}${path}`)?.route.functionName).toBe(name);
    for (const area of ['administrator', 'app', '']) expect(table.match(routes[name].method, `/${area}${path}`)).toBeUndefined();
  });
});
