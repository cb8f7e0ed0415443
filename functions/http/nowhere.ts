import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { type Route, routes } from '../../shared/auth/route-roles';
import { errorCodes, TandemError } from '../../shared/platform/errors';
import { refuse } from './answer';

/**
 * Answers what no route does, below the two places where the API is, so that this is problem details too. The host takes functions in the order of their names,
 * so this name has to be the last one; what is outside of those places the host answers by itself, with an empty body.
 */
export const nowhereName = 'zNowhere';
export const nowherePath = '{area:regex(^admin$|^manage$|^app$)}/api/{*path}';
const methods = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE'] as const;

/** 405 with the methods that the address knows, 404 where it knows none. */
export async function nowhere(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const allowed = methodsOf(new URL(request.url).pathname);
  if (allowed.length === 0) {
    const fix = 'See app/api/openapi.json for all there is.';
    return refuse(new TandemError(errorCodes.notFound, { retry: 'never', fix, detail: 'no such address' }), nowhereName, context);
  }
  const fix = `Use ${allowed.join(' or ')}.`;
  return refuse(new TandemError(errorCodes.wrongMethod, { retry: 'never', fix }), nowhereName, context, { allow: allowed.join(', ') });
}

/** The methods of the routes that have this path. */
function methodsOf(path: string): string[] {
  const known: readonly Route[] = Object.values(routes);
  return [...new Set(known.filter((route) => patternOf(route.path).test(path)).map(({ method }) => method))].sort();
}

function patternOf(path: string): RegExp {
  const parts = path.split('/').map((part) => (part.startsWith('{area:') ? '(?:admin|manage)' : part.replace(/\{\w+\}/g, '[^/]+')));
  return new RegExp(`^/${parts.join('/')}/?$`, 'i');
}

app.http(nowhereName, { methods: [...methods], route: nowherePath, authLevel: 'anonymous', handler: nowhere });
