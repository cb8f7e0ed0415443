import { type Part, parseTemplate, type Segment } from './route-template';

export interface HttpRoute {
  readonly functionName: string;
  /** Upper case; empty means every method. */
  readonly methods: readonly string[];
  /** As declared, with no prefix. */
  readonly template: string;
  /** Prefix and template as they answer, such as `api/items/{id}`. */
  readonly fullTemplate: string;
  readonly segments: readonly Segment[];
}

export interface RouteMatch {
  readonly route: HttpRoute;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * The route of an HTTP function; without a template, the function's name is one.
 * @throws HostProblem `route-invalid`
 */
export function httpRoute(functionName: string, methods: readonly string[], template: string | undefined, prefix: string): HttpRoute {
  const own = template === undefined || template.trim() === '' ? functionName : template;
  const fullTemplate = [prefix, own]
    .map((text) => text.replace(/^\/+|\/+$/g, ''))
    .filter((text) => text !== '')
    .join('/');
  const upper = methods.map((method) => method.toUpperCase());
  return { functionName, methods: upper, template: own, fullTemplate, segments: parseTemplate(fullTemplate) };
}

/**
 * Why the host takes no function with this route, in the host's words; undefined where it does. The prefix does not count: `admin...` and
 * `runtime...` are refused under every prefix, a parameter that only matches "admin" is not. Source: azure-functions-host,
 * `ScriptHost.ValidateHttpFunction` and `HttpRoutesConflict`.
 */
export function routeRefusal(route: HttpRoute, earlier: readonly HttpRoute[]): string | undefined {
  const own = comparable(route);
  if (own.startsWith('admin') || own.startsWith('runtime')) return 'The specified route conflicts with one or more built in routes.';
  const rival = earlier.find((other) => comparable(other) === own && methodsMeet(other, route));
  return rival && `The route specified conflicts with the route defined by function '${rival.functionName}'.`;
}

/**
 * Finds the function for a request. The Functions host goes through functions **in the order of their names** and takes the first that
 * matches; it knows no precedence of templates (azure-functions-host issues 3153 and 9876).
 */
export class RouteTable {
  readonly routes: readonly HttpRoute[];

  constructor(routes: readonly HttpRoute[]) {
    this.routes = [...routes].sort((a, b) => compareOrdinal(a.functionName.toUpperCase(), b.functionName.toUpperCase()));
  }

  match(method: string, pathname: string): RouteMatch | undefined {
    const path = pathSegments(pathname);
    for (const route of this.routes) {
      if (route.methods.length > 0 && !route.methods.includes(method.toUpperCase())) continue;
      const params = matchSegments(route.segments, path);
      if (params !== undefined) return { route, params };
    }
    return undefined;
  }

  /**
   * Routes that lose requests to a less specific one, only because of the functions' names. Nobody wants that, and it shows in Azure only
   * where the host does as Azure does: so it is told at start.
   */
  shadowed(): { readonly hidden: HttpRoute; readonly by: HttpRoute }[] {
    return this.routes.flatMap((hidden, index) =>
      this.routes
        .slice(0, index)
        .filter((by) => comparePrecedence(hidden, by) < 0 && methodsMeet(hidden, by) && mayOverlap(hidden.segments, by.segments))
        .map((by) => ({ hidden, by })),
    );
  }
}

/**
 * Negative where `a` is the more specific template: segment by segment, a literal before a constrained parameter or a mixed segment before a
 * parameter before a catch-all. Source: "Routing in ASP.NET Core", route template precedence.
 */
export function comparePrecedence(a: HttpRoute, b: HttpRoute): number {
  for (let index = 0; index < Math.max(a.segments.length, b.segments.length); index += 1) {
    const difference = rank(a.segments[index]) - rank(b.segments[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function rank(segment: Segment | undefined): number {
  const part = segment?.[0];
  if (segment === undefined || part === undefined) return 0;
  if (segment.length > 1) return 2;
  if (part.kind === 'literal') return 1;
  return (part.isCatchAll ? 5 : 3) - (part.constraints.length > 0 ? 1 : 0);
}

/** The path's segments, decoded except for `%2F`, as ASP.NET Core hands them to routing; a slash at the end does not count. */
function pathSegments(pathname: string): string[] {
  const text = pathname.replace(/^\//, '').replace(/\/$/, '');
  return text === '' ? [] : text.split('/').map(decodeSegment);
}

function decodeSegment(segment: string): string {
  try {
    return segment
      .split(/(%2f)/i)
      .map((piece) => (/^%2f$/i.test(piece) ? piece : decodeURIComponent(piece)))
      .join('');
  } catch {
    return segment;
  }
}

function matchSegments(template: readonly Segment[], path: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  const hasCatchAll = template.some((segment) => segment.some((part) => part.kind === 'parameter' && part.isCatchAll));
  if (path.length > template.length && !hasCatchAll) return undefined;
  for (const [index, segment] of template.entries()) {
    const isMatch = matchSegment(segment, path.slice(index), params);
    if (!isMatch) return undefined;
  }
  return params;
}

function matchSegment(segment: Segment, rest: readonly string[], params: Record<string, string>): boolean {
  const [part] = segment;
  const text = rest[0];
  if (part === undefined) return false;
  if (segment.length > 1) return text !== undefined && matchMixed(segment, text, params);
  if (part.kind === 'literal') return text !== undefined && equalIgnoringCase(part.text, text);
  const value = part.isCatchAll && rest.length > 0 ? rest.join('/') : text;
  return bind(part, value === '' ? undefined : value, params);
}

function bind(part: Extract<Part, { kind: 'parameter' }>, given: string | undefined, params: Record<string, string>): boolean {
  const value = given ?? part.defaultValue;
  if (value === undefined) return part.isOptional || (part.isCatchAll && part.constraints.length === 0);
  if (!part.constraints.every((accepts) => accepts(value))) return false;
  params[part.name] = value;
  return true;
}

function matchMixed(segment: Segment, text: string, params: Record<string, string>): boolean {
  const pattern = segment.map((part) => (part.kind === 'literal' ? escapePattern(part.text) : '(.+)')).join('');
  const match = new RegExp(`^${pattern}$`, 'is').exec(text);
  if (match === null) return false;
  const parameters = segment.filter((part) => part.kind === 'parameter');
  return parameters.every((part, index) => bind(part, match[index + 1], params));
}

function mayOverlap(a: readonly Segment[], b: readonly Segment[]): boolean {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [left, right] = [a[index], b[index]];
    if (isCatchAll(left) || isCatchAll(right)) return true;
    if (left === undefined || right === undefined) return isSkippable(left ?? right);
    if (!segmentsMeet(left, right)) return false;
  }
  return true;
}

function segmentsMeet(a: Segment, b: Segment): boolean {
  const [left, right] = [literalText(a), literalText(b)];
  if (left !== undefined) return matchSegment(b, [left], {});
  return right === undefined || matchSegment(a, [right], {});
}

function literalText(segment: Segment): string | undefined {
  const [part] = segment;
  return segment.length === 1 && part?.kind === 'literal' ? part.text : undefined;
}

function isCatchAll(segment: Segment | undefined): boolean {
  return segment?.some((part) => part.kind === 'parameter' && part.isCatchAll) ?? false;
}

function isSkippable(segment: Segment | undefined): boolean {
  return segment?.every((part) => part.kind === 'parameter' && (part.isOptional || part.defaultValue !== undefined)) ?? true;
}

function methodsMeet(a: HttpRoute, b: HttpRoute): boolean {
  return a.methods.length === 0 || b.methods.length === 0 || a.methods.some((method) => b.methods.includes(method));
}

function comparable(route: HttpRoute): string {
  return route.template.replace(/^\/+|\/+$/g, '').toLowerCase();
}

function equalIgnoringCase(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function compareOrdinal(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
