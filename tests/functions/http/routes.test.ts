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
    return { registered, setProgrammingModel() {}, registerFunction: (metadata: Registered) => void registered.push(metadata) };
  },
  { virtual: true },
);

import '../../../functions/index';

const names = Object.keys(routes) as RouteName[];

describe('routes', () => {
  test('what is registered is the table, no more and no less', () => {
    const handedOver = jest.requireMock<{ registered: Registered[] }>('@azure/functions-core').registered;
    const registered = handedOver.flatMap(({ name, bindings }) =>
      Object.values(bindings)
        .filter(({ type }) => type === 'httpTrigger')
        .map(({ methods, route, authLevel }) => [name, methods, route, authLevel]),
    );
    const table = names.map((name) => [name, [routes[name].method], routes[name].path, 'anonymous']);
    expect(registered.sort()).toEqual(table.sort());
  });

  test('the Functions host takes every one of them', () => {
    const own = names.map((name) => httpRoute(name, [routes[name].method], routes[name].path, ''));
    for (const [index, route] of own.entries()) expect(routeRefusal(route, own.slice(0, index))).toBeUndefined();
  });

  test.each(names.filter((name) => routes[name].path.startsWith('{area')))('%s answers under /admin and under /manage alone', (name) => {
    const table = new RouteTable(names.map((each) => httpRoute(each, [routes[each].method], routes[each].path, '')));
    const path = routes[name].path.replace(/^\{area[^}]*\}/, '').replace(/\{\w+\}/g, 'x');
    for (const area of ['admin', 'manage']) expect(table.match(routes[name].method, `/${area}${path}`)?.route.functionName).toBe(name);
    for (const area of ['administrator', 'app', '']) expect(table.match(routes[name].method, `/${area}${path}`)).toBeUndefined();
  });
});
