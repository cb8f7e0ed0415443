import { HostProblem } from './problem';
import { type Constraint, constraintFor } from './route-constraints';

export interface Parameter {
  readonly kind: 'parameter';
  readonly name: string;
  readonly constraints: readonly Constraint[];
  readonly isOptional: boolean;
  readonly isCatchAll: boolean;
  readonly defaultValue: string | undefined;
}

export type Part = { readonly kind: 'literal'; readonly text: string } | Parameter;

/** What stands between two slashes: one part, or several as in `{file}.{ext}`. */
export type Segment = readonly Part[];

/**
 * Parses a route template into segments. Braces inside a constraint are doubled (`{{`, `}}`), as in ASP.NET Core; a constraint's
 * parentheses end before `:`, `=` or the end of the parameter. Source: "Routing in ASP.NET Core", route templates; aspnetcore
 * `RoutePatternParser` and `RouteParameterParser`.
 * @throws HostProblem `route-invalid`
 */
export function parseTemplate(template: string): Segment[] {
  const text = template.replace(/^\/+|\/+$/g, '');
  const segments: Part[][] = [[]];
  let at = 0;
  while (at < text.length) {
    const parts = segments[segments.length - 1] ?? [];
    if (text[at] === '/') {
      if (parts.length === 0) refuse(template, "The route template separator character '/' cannot appear consecutively.");
      segments.push([]);
      at += 1;
    } else if (text[at] === '{' && text[at + 1] !== '{') {
      const end = endOfParameter(template, text, at + 1);
      parts.push(parseParameter(template, unescapeBraces(text.slice(at + 1, end))));
      at = end + 1;
    } else {
      const end = endOfLiteral(template, text, at);
      parts.push({ kind: 'literal', text: unescapeBraces(text.slice(at, end)) });
      at = end;
    }
  }
  const parsed = text === '' ? [] : segments;
  checkShape(template, parsed);
  return parsed;
}

function endOfLiteral(template: string, text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '/') {
    const isEscape = (text[at] === '{' || text[at] === '}') && text[at + 1] === text[at];
    if (text[at] === '}' && !isEscape) refuse(template, 'There is an incomplete parameter in the route template.');
    if (text[at] === '?') refuse(template, "Literal sections cannot contain the '?' character.");
    if (text[at] === '{' && !isEscape) break;
    at += isEscape ? 2 : 1;
  }
  return at;
}

function endOfParameter(template: string, text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const isDoubled = text[at + 1] === text[at];
    if (text[at] === '{' && !isDoubled) refuse(template, "In a route parameter, '{' and '}' must be escaped with '{{' and '}}'.");
    if (text[at] === '}' && !isDoubled) return at;
    if (text[at] === '{' || text[at] === '}') at += 1;
  }
  return refuse(template, 'There is an incomplete parameter in the route template.');
}

function parseParameter(template: string, text: string): Parameter {
  const [, stars = '', name = '', rest = ''] = /^(\*{0,2})([^:=?(]*)(.*)$/s.exec(text) ?? [];
  if (!/^[^/{}*?]+$/.test(name)) refuse(template, `The route parameter name '${name}' is invalid.`);
  const isOptional = rest.endsWith('?');
  const { constraints, defaultValue } = parseConstraints(template, isOptional ? rest.slice(0, -1) : rest);
  if (stars !== '' && isOptional) refuse(template, 'A catch-all parameter cannot be marked optional.');
  if (isOptional && defaultValue !== undefined) refuse(template, 'An optional parameter cannot have default value.');
  return { kind: 'parameter', name, constraints, isOptional, isCatchAll: stars !== '', defaultValue };
}

function parseConstraints(template: string, text: string): { constraints: Constraint[]; defaultValue: string | undefined } {
  const constraints: Constraint[] = [];
  let rest = text;
  while (rest.startsWith(':')) {
    const match = /^:(\w+(?:\(.*?\)(?=:|=|$))?)/s.exec(rest);
    if (match?.[1] === undefined) return refuse(template, `The constraint '${rest}' cannot be read.`);
    constraints.push(constraintFor(match[1]));
    rest = rest.slice(match[0].length);
  }
  if (rest !== '' && !rest.startsWith('=')) refuse(template, `The constraint '${rest}' cannot be read.`);
  return { constraints, defaultValue: rest === '' ? undefined : rest.slice(1) };
}

function checkShape(template: string, segments: readonly Segment[]): void {
  const names = new Set<string>();
  segments.forEach((segment, index) => {
    const parameters = segment.filter((part) => part.kind === 'parameter');
    if (segment.some((part, at) => part.kind === 'parameter' && segment[at + 1]?.kind === 'parameter')) {
      refuse(template, 'A path segment cannot contain two consecutive parameters.');
    }
    for (const parameter of parameters) {
      const name = parameter.name.toLowerCase();
      if (names.has(name))
        refuse(template, `The route parameter name '${parameter.name}' appears more than one time in the route template.`);
      names.add(name);
      if (parameter.isCatchAll && segment.length > 1) refuse(template, 'A path segment with several sections cannot contain a catch-all.');
      if (parameter.isCatchAll && index < segments.length - 1) {
        refuse(template, 'A catch-all parameter can only appear as the last segment of the route template.');
      }
    }
  });
}

function unescapeBraces(text: string): string {
  return text.replaceAll('{{', '{').replaceAll('}}', '}');
}

function refuse(template: string, reason: string): never {
  throw new HostProblem('route-invalid', `The route template '${template}' is invalid. ${reason}`);
}
