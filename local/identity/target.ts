import { tandemApplication } from '../company/people';
import type { Parameters } from './parameters';
import type { Version } from './routes';
import { missing, StsError } from './sts-error';

/** What a token is asked for: one resource, the permissions named there, and the OpenID scopes beside them. */
export interface Target {
  readonly resource: string;
  /** Permission names of the resource, without its address: `.default`, `user_impersonation`, `Calendars.ReadWrite`. */
  readonly permissions: readonly string[];
  readonly openid: readonly string[];
}

const openidScopes = new Set(['openid', 'profile', 'email', 'offline_access']);

/** Graph, for scopes that name no resource. */
const graph = 'https://graph.microsoft.com';

/** Reads the target of an authorization, password or refresh request; undefined where the request names none. */
export function targetOf(parameters: Parameters, version: Version): Target | undefined {
  const resource = parameters.get('resource');
  if (version === 1) {
    if (resource === undefined) return undefined;
    return { resource: known(resource), permissions: ['user_impersonation'], openid: ['openid', 'profile', 'offline_access'] };
  }
  const scope = parameters.get('scope');
  if (scope === undefined) return undefined;
  const target = targetOfScope(scope);
  agree(resource, target);
  return target;
}

/** Reads the target of a client-credentials request: the resource, or in v2 exactly one `<resource>/.default`. */
export function applicationTargetOf(parameters: Parameters, version: Version): Target {
  if (version === 1) {
    const resource = known(parameters.need('resource'));
    return { resource, permissions: ['.default'], openid: [] };
  }
  const target = targetOfScope(parameters.need('scope'));
  if (target.permissions.join() !== '.default' || target.openid.length > 0) {
    throw new StsError('invalid_scope', 1002012, 'A client credentials request needs the one scope <resource>/.default.');
  }
  agree(parameters.get('resource'), target);
  return target;
}

/** The target, or the AADSTS error of a request that should have named one. */
export function needTarget(target: Target | undefined, version: Version): Target {
  if (target === undefined) throw missing(version === 1 ? 'resource' : 'scope');
  return target;
}

function targetOfScope(scope: string): Target {
  const words = scope.split(' ').filter((word) => word !== '');
  const openid = words.filter((word) => openidScopes.has(word));
  const wanted = words.filter((word) => !openidScopes.has(word)).map(permissionOf);
  const resources = new Set(wanted.map(({ resource }) => resource));
  if (resources.size > 1) throw new StsError('invalid_scope', 28000, 'The scopes belong to more than one resource.');
  const permissions = wanted.map(({ permission }) => permission);
  if (permissions.includes('.default') && permissions.length > 1) {
    throw new StsError('invalid_scope', 70011, 'The scope .default cannot be combined with other scopes of the resource.');
  }
  const [resource = graph] = resources;
  return { resource: known(resource), permissions, openid };
}

function permissionOf(word: string): { resource: string; permission: string } {
  if (!word.includes('/')) return { resource: graph, permission: word };
  const [, resource, permission] = /^([a-z]+:\/\/[^/]+(?:\/.*)?)\/([^/]+)$/i.exec(word) ?? [];
  if (resource === undefined || permission === undefined) {
    throw new StsError('invalid_scope', 70011, `The scope '${word}' is not a permission of a resource.`);
  }
  return { resource, permission };
}

function known(resource: string): string {
  if (resource !== tandemApplication.audience && !(/^https?:\/\//i.test(resource) && URL.canParse(resource))) {
    throw new StsError('invalid_resource', 500011, `The resource principal named ${resource} was not found in the tenant Contoso.`);
  }
  return resource;
}

/** v2 takes a `resource` beside the scopes only where both say the same. */
function agree(resource: string | undefined, target: Target): void {
  if (resource !== undefined && withoutSlash(resource) !== withoutSlash(target.resource)) {
    throw new StsError('invalid_target', 9010010, 'The resource parameter is not the resource of the requested scopes.');
  }
}

function withoutSlash(resource: string): string {
  return resource.replace(/\/$/, '');
}
