import { remember } from '../serving/remember';
import type { WireReply, WireRequest } from '../serving/wire';
import type { Call } from './call';

/** What answers one method on one path. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Segments below the version, `{}` where any value stands; every path but the batch's begins with `users/{}`. */
  readonly path: string;
  handle(call: Call): WireReply;
}

export interface Found {
  readonly route: Route;
  /** The user as the path names it. */
  readonly user: string;
  readonly parameters: readonly string[];
}

/** A request's path, taken apart: segments decoded, aliases replaced. */
export interface ParsedPath {
  readonly isMe: boolean;
  readonly segments: readonly string[];
}

/** Finds the route of a request. */
export class Router {
  private readonly byShape = new Map<string, { route: Route; template: readonly string[] }[]>();
  /** What was found for a path last, which is asked for again and again. */
  private readonly found = new WeakMap<ParsedPath, { readonly method: string; readonly found: Found | undefined }>();

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const template = route.path.split('/');
      const shape = `${route.method} ${template.length}`;
      this.byShape.set(shape, [...(this.byShape.get(shape) ?? []), { route, template }]);
    }
  }

  find(method: string, path: ParsedPath): Found | undefined {
    const known = this.found.get(path);
    if (known?.method === method) return known.found;
    const found = this.search(method, path);
    this.found.set(path, { method, found });
    return found;
  }

  private search(method: string, { segments }: ParsedPath): Found | undefined {
    const candidates = this.byShape.get(`${method} ${segments.length}`) ?? [];
    for (const { route, template } of candidates) {
      if (segments.at(-1) === 'delta' && template.at(-1) !== 'delta') continue;
      if (!template.every((part, index) => part === '{}' || part.toLowerCase() === segments[index]?.toLowerCase())) continue;
      const [user = '', ...parameters] = segments.filter((_, index) => template[index] === '{}');
      return { route, user, parameters };
    }
    return undefined;
  }

  /** The label under which a request is counted, such as `GET users/{}/events/{}` or `GET calendarView/delta`. */
  labelOf(request: WireRequest): string {
    const path = parsePath(request.url);
    const route = path === undefined ? undefined : this.find(request.method, path)?.route;
    if (route === undefined) return request.url.pathname.endsWith('/$batch') ? `${request.method} $batch` : `${request.method} unsupported`;
    const parts = route.path.split('/');
    return `${route.method} ${parts.at(-1) === 'delta' ? parts.slice(-2).join('/') : route.path}`;
  }
}

/** Takes a path below `/v1.0` apart; undefined where it is none. `/me` becomes a user, the default calendar's long paths the short ones. */
export function parsePath(url: URL): ParsedPath | undefined {
  return parsed(url.pathname);
}

const parsed = remember((pathname): ParsedPath | undefined => {
  const [root, version, ...rest] = pathname.split('/');
  if (root !== '' || version?.toLowerCase() !== 'v1.0') return undefined;
  const decoded = rest.map(decodeSegment).filter((segment, index) => segment !== '' || index < rest.length - 1);
  const isMe = decoded[0]?.toLowerCase() === 'me';
  const segments = isMe ? ['users', 'me', ...decoded.slice(1)] : decoded;
  if (segments[2]?.toLowerCase() === 'calendar' && /^(events|calendarview)$/i.test(segments[3] ?? '')) segments.splice(2, 1);
  const last = segments.at(-1) ?? '';
  if (/^(microsoft\.graph\.)?delta(\(\))?$/i.test(last)) segments[segments.length - 1] = 'delta';
  return { isMe, segments };
});

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
