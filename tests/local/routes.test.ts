import { constraintFor } from '../../local/functions-host/route-constraints';
import { comparePrecedence, type HttpRoute, httpRoute, RouteTable, routeRefusal } from '../../local/functions-host/routes';

const route = (functionName: string, template: string, methods: readonly string[] = ['GET'], prefix = ''): HttpRoute =>
  httpRoute(functionName, methods, template, prefix);

const params = (template: string, path: string): Readonly<Record<string, string>> | undefined =>
  new RouteTable([route('only', template)]).match('GET', path)?.params;

describe('a route template', () => {
  test('matches literals in any case, with or without a slash at the end', () => {
    expect(params('Feed/Cards', '/feed/cards')).toEqual({});
    expect(params('feed/cards', '/FEED/cards/')).toEqual({});
    expect(params('feed/cards', '/feed')).toBeUndefined();
    expect(params('feed/cards', '/feed/cards/1')).toBeUndefined();
  });

  test('binds parameters, decoded, but keeps an encoded slash', () => {
    expect(params('people/{id}', '/people/anna%40contoso.com')).toEqual({ id: 'anna@contoso.com' });
    expect(params('people/{id}', '/people/a%2Fb')).toEqual({ id: 'a%2Fb' });
    expect(params('people/{id}', '/people/50%')).toEqual({ id: '50%' });
    expect(params('people/{id}', '/people/')).toBeUndefined();
  });

  test('leaves out an optional parameter and takes a default value', () => {
    expect(params('people/{id?}', '/people')).toEqual({});
    expect(params('people/{id?}', '/people/1')).toEqual({ id: '1' });
    expect(params('people/{id=me}', '/people')).toEqual({ id: 'me' });
    expect(params('{ignored:maxlength(0)?}', '/')).toEqual({});
    expect(params('{ignored:maxlength(0)?}', '/x')).toBeUndefined();
  });

  test('takes the rest of the path with a catch-all', () => {
    expect(params('files/{*path}', '/files/a/b/c')).toEqual({ path: 'a/b/c' });
    expect(params('files/{*path}', '/files')).toEqual({});
    expect(params('{*path}', '/')).toEqual({});
  });

  test('may mix literals and parameters in one segment', () => {
    expect(params('files/{name}.{extension}', '/files/a.b.txt')).toEqual({ name: 'a.b', extension: 'txt' });
    expect(params('v{major:int}', '/v2')).toEqual({ major: '2' });
    expect(params('v{major:int}', '/vx')).toBeUndefined();
  });

  test('takes a regular expression with alternatives, parentheses and doubled braces', () => {
    const area = '{area:regex(^admin$|^manage$)}/api/gwsc/auth/serverContext';
    expect(params(area, '/admin/api/gwsc/auth/serverContext')).toEqual({ area: 'admin' });
    expect(params(area, '/manage/api/gwsc/auth/serverContext')).toEqual({ area: 'manage' });
    expect(params(area, '/other/api/gwsc/auth/serverContext')).toBeUndefined();
    expect(params('{code:regex(^(?:a|b)\\d{{2,3}}$)}', '/b123')).toEqual({ code: 'b123' });
    expect(params('{code:regex(^(?:a|b)\\d{{2,3}}$)}', '/c123')).toBeUndefined();
    expect(params('{code:regex(^[ab]/?$):length(1)=a}', '/b')).toEqual({ code: 'b' });
  });

  test.each([
    ['{id', 'incomplete parameter'],
    ['a}', 'incomplete parameter'],
    ['a//b', 'cannot appear consecutively'],
    ['{code:regex(\\d{2})}', "must be escaped with '{{' and '}}'"],
    ['{*path}/more', 'last segment'],
    ['{id}/{ID}', 'more than one time'],
    ['{a}{b}', 'two consecutive parameters'],
    ['a?b', "cannot contain the '?' character"],
    ['{id:colour}', 'could not be resolved'],
    ['{id:length(x)}', 'wrong argument'],
    ['{*path?}', 'cannot be marked optional'],
  ])('%s is refused, as in Azure', (template, reason) => {
    expect(() => route('only', template)).toThrow(reason);
  });
});

describe('a constraint', () => {
  test.each([
    ['int', ['0', '-7', '2147483647'], ['2147483648', '1.5', 'x', '']],
    ['long', ['9223372036854775807'], ['9223372036854775808', 'x']],
    ['bool', ['true', 'FALSE'], ['1']],
    ['guid', ['6f9619ff-8b86-d011-b42d-00cf4fc964ff', '6F9619FF8B86D011B42D00CF4FC964FF'], ['6f9619ff-8b86-d011-b42d', 'x']],
    ['alpha', ['abcXYZ'], ['a1', 'ä']],
    ['decimal', ['1', '-1.5', '.5'], ['x', '1,5']],
    ['datetime', ['2026-11-22', '2026-11-22T10:00:00Z'], ['soon']],
    ['length(3)', ['abc'], ['ab', 'abcd']],
    ['length(2,3)', ['ab', 'abc'], ['a', 'abcd']],
    ['minlength(2)', ['ab'], ['a']],
    ['maxlength(2)', ['', 'ab'], ['abc']],
    ['min(18)', ['18'], ['17', 'x']],
    ['max(18)', ['18', '-3'], ['19']],
    ['range(1,9)', ['1', '9'], ['0', '10']],
    ['regex(b+)', ['abba', 'ABBA'], ['aa']],
  ])('%s accepts what it should and nothing else', (text, good, bad) => {
    const accepts = constraintFor(text);
    expect(good.filter((value) => !accepts(value))).toEqual([]);
    expect(bad.filter((value) => accepts(value))).toEqual([]);
  });
});

describe('the host refuses', () => {
  test.each(['admin', 'admin/api/feed', 'Administration', '/admin/', 'runtime/webhooks', 'runtimes'])(
    'the route %s under every prefix',
    (template) => {
      const message = 'The specified route conflicts with one or more built in routes.';
      expect(routeRefusal(route('mine', template), [])).toBe(message);
      expect(routeRefusal(route('mine', template, ['GET'], 'api'), [])).toBe(message);
    },
  );

  test('a function whose name begins with admin and that has no route', () => {
    expect(routeRefusal(httpRoute('adminFeed', ['GET'], undefined, 'api'), [])).toContain('built in routes');
  });

  test('the same route for the same method twice', () => {
    const first = route('first', 'feed/{id}');
    expect(routeRefusal(route('second', '/Feed/{id}/'), [first])).toBe(
      "The route specified conflicts with the route defined by function 'first'.",
    );
    expect(routeRefusal(route('second', 'feed/{id}', ['POST']), [first])).toBeUndefined();
  });

  test('no route whose first segment is a parameter that matches admin', () => {
    expect(routeRefusal(route('mine', '{area:regex(^admin$|^manage$)}/api/feed'), [])).toBeUndefined();
  });
});

describe('a request goes', () => {
  test('to the function with the right method', () => {
    const table = new RouteTable([route('read', 'feed', ['GET']), route('write', 'feed', ['post', 'PUT']), route('all', 'any', [])]);
    expect(table.match('GET', '/feed')?.route.functionName).toBe('read');
    expect(table.match('PUT', '/feed')?.route.functionName).toBe('write');
    expect(table.match('DELETE', '/feed')).toBeUndefined();
    expect(table.match('DELETE', '/any')?.route.functionName).toBe('all');
  });

  test('to where the prefix leads', () => {
    const table = new RouteTable([route('read', 'feed', ['GET'], 'api')]);
    expect(table.match('GET', '/api/feed')).toBeDefined();
    expect(table.match('GET', '/feed')).toBeUndefined();
  });

  test("to the first function by name, as in Azure's host, which knows no precedence of templates", () => {
    const table = new RouteTable([route('newest', 'items/newest'), route('AnItem', 'items/{id}')]);
    expect(table.match('GET', '/items/newest')?.route.functionName).toBe('AnItem');
  });
});

describe('the host tells at start', () => {
  test('which routes lose their requests to a less specific one', () => {
    const table = new RouteTable([
      route('a1', 'items/{id}'),
      route('b1', 'items/newest'),
      route('c1', 'items/{id:int}'),
      route('d1', 'items/{id}', ['POST']),
      route('e1', 'other/newest'),
    ]);
    const pairs = table.shadowed().map(({ hidden, by }) => `${by.functionName} hides ${hidden.functionName}`);
    expect(pairs).toEqual(['a1 hides b1', 'a1 hides c1']);
  });

  test('that a catch-all hides everything after it in the order of names', () => {
    const table = new RouteTable([route('site', '{*path}'), route('web', 'app/api/feed'), route('about', 'about')]);
    expect(table.shadowed().map(({ hidden }) => hidden.functionName)).toEqual(['web']);
  });

  test('nothing where a constraint keeps two routes apart', () => {
    const table = new RouteTable([route('a1', '{area:regex(^admin$|^manage$)}/api/feed'), route('b1', 'app/api/feed')]);
    expect(table.shadowed()).toEqual([]);
  });
});

test('a template is more specific the earlier it says more: literal, constrained parameter, parameter, catch-all', () => {
  const templates = [
    '{*path}',
    'items/{id}',
    'items/{*rest}',
    '{kind}/newest',
    'items/newest',
    'items/{id:int}',
    '{kind:alpha}/newest',
    'items',
  ];
  const sorted = templates.map((template) => route(template, template)).sort(comparePrecedence);
  expect(sorted.map(({ template }) => template)).toEqual([
    'items',
    'items/newest',
    'items/{id:int}',
    'items/{id}',
    'items/{*rest}',
    '{kind:alpha}/newest',
    '{kind}/newest',
    '{*path}',
  ]);
});
