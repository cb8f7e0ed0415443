import { remember } from '../serving/remember';
import type { WireReply, WireRequest } from '../serving/wire';
import { actions } from './actions';
import { countChanges, listChanges, readsChanges } from './changes';
import { readDefinitions } from './definitions';
import { deleteEntity, getEntity, getParties, patchEntity, postEntity } from './entity';
import { badQuery, errorReply, missing, refusal, unsupported } from './errors';
import { countRows, listRows } from './list';
import { idFrom } from './parties';
import { userPrivileges } from './privileges';
import { qualifying, qualifyLead } from './qualify';
import type { Table } from './schema';
import { tableOfSet, tables } from './tables';
import type { Tracking } from './tracking';
import { isGuid } from './values';
import { businessUnit, organizationId, type View } from './view';

const root = /^\/api\/data\/v9\.[0-2]\//;

/** The part of the path behind `/api/data/v9.2/`, without a slash at its end; undefined outside the Web API. */
export function apiPath(url: URL): string | undefined {
  return pathBelow(url.pathname);
}

const pathBelow = remember((pathname): string | undefined => {
  const path = root.test(pathname) ? pathname.replace(root, '') : undefined;
  return path === undefined || /%(?![0-9a-f]{2})/i.test(path) ? undefined : decodeURIComponent(path).replace(/\/$/, '');
});

/** The Web API's address as the request used it. */
export function apiBase(url: URL): string {
  return `${url.origin}${root.exec(url.pathname)?.[0] ?? '/api/data/v9.2/'}`;
}

/** The label a request is counted under: `GET tasks`, `GET tasks?delta`, `PATCH contacts(id)`, `POST $batch`. */
export function endpointOf(request: WireRequest): string {
  const path = (apiPath(request.url) ?? request.url.pathname).replace(/\([^)]+\)/g, '(id)');
  return `${request.method} ${path}${request.method === 'GET' && readsChanges(request) ? '?delta' : ''}`;
}

/** Answers one request that is not a batch. */
export function route(view: View, request: WireRequest, tracking: Tracking): WireReply {
  const path = apiPath(request.url);
  if (path === undefined) return errorReply(404, '', `No HTTP resource was found that matches the request URI '${request.url.href}'.`);
  if (path === 'WhoAmI' || path === 'WhoAmI()') return whoAmI(view, request);
  if (path === 'RetrieveVersion' || path === 'RetrieveVersion()') return retrieveVersion(view, request);
  if (path.startsWith('EntityDefinitions')) return only('GET', request, () => readDefinitions(view, path, request, tracking));
  const action = actions[path];
  if (action !== undefined) return only('POST', request, () => action(view, request));

  const [, set = '', key, rest] = /^(\w+)(?:\(([^)]*)\))?(?:\/(.+))?$/.exec(path) ?? [];
  const table = tableOfSet(set);
  if (table === undefined) throw unsupported(path === '' ? 'the service document' : `'${path}'`);
  if (!tracking.isThere(table)) throw refusal(404, '0x80060888', `Resource not found for the segment '${set}'.`);
  if (key === undefined) return collection(view, table, rest, request, tracking);
  if (!isGuid(key)) throw key.includes('=') ? unsupported(`the alternate key '${key}'`) : badQuery('Bad Request - Error in query syntax.');
  return single(view, table, key.toLowerCase(), rest, request);
}

function collection(view: View, table: Table, rest: string | undefined, request: WireRequest, tracking: Tracking): WireReply {
  const isDelta = readsChanges(request);
  if (rest === '$count')
    return only('GET', request, () => (isDelta ? countChanges(view, table, request, tracking) : countRows(view, table, request)));
  if (rest !== undefined) throw unsupported(`'${table.set}/${rest}'`);
  switch (request.method) {
    case 'GET':
      return isDelta ? listChanges(view, table, request, tracking) : listRows(view, table, request);
    case 'POST':
      return postEntity(view, table, request);
    default:
      throw refusal(405, '0x0', `The requested resource does not support http method '${request.method}'.`);
  }
}

function single(view: View, table: Table, id: string, rest: string | undefined, request: WireRequest): WireReply {
  if (rest !== undefined && rest === table.parties) return only('GET', request, () => getParties(view, table, id, request));
  if (table === tables.systemUser && attributePrivileges.test(rest ?? '')) return only('GET', request, () => privilegesOf(view, id));
  if (table === tables.systemUser && rolePrivileges.test(rest ?? '')) return only('GET', request, () => userPrivileges(view, id));
  if (table === tables.lead && qualifying.test(rest ?? '')) return only('POST', request, () => qualifyLead(view, id, request));
  if (rest !== undefined) throw unsupported(`'${table.set}(id)/${rest}'`);
  switch (request.method) {
    case 'GET':
      return getEntity(view, table, id, request);
    case 'PATCH':
      return patchEntity(view, table, id, request);
    case 'DELETE':
      return deleteEntity(view, table, id, request);
    default:
      throw refusal(405, '0x0', `The requested resource does not support http method '${request.method}'.`);
  }
}

const rolePrivileges = /^Microsoft\.Dynamics\.CRM\.RetrieveUserPrivileges(?:\(\))?$/;
const attributePrivileges = /^Microsoft\.Dynamics\.CRM\.RetrievePrincipalAttributePrivileges(?:\(\))?$/;

/** The secured columns that a user was granted something of; 4 is granted, 0 is not (RetrievePrincipalAttributePrivileges, AttributePrivilege). */
function privilegesOf(view: View, userId: string): WireReply {
  if (view.store.row(tables.systemUser, userId) === undefined) throw missing(tables.systemUser, userId);
  const AttributePrivileges = view.access.columnGrants(userId).map(({ table, column, read, update }) => ({
    AttributeId: idFrom(`${table}.${column}`),
    CanRead: read ? 4 : 0,
    CanCreate: update ? 4 : 0,
    CanUpdate: update ? 4 : 0,
  }));
  const type = 'Microsoft.Dynamics.CRM.RetrievePrincipalAttributePrivilegesResponse';
  return { status: 200, body: { '@odata.context': `${view.base}$metadata#${type}`, AttributePrivileges } };
}

function whoAmI(view: View, request: WireRequest): WireReply {
  const body = {
    '@odata.context': `${view.base}$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
    BusinessUnitId: businessUnit.id,
    UserId: view.caller.userId,
    OrganizationId: organizationId,
  };
  return only('GET', request, () => ({ status: 200, body }));
}

function retrieveVersion(view: View, request: WireRequest): WireReply {
  const body = { '@odata.context': `${view.base}$metadata#Microsoft.Dynamics.CRM.RetrieveVersionResponse`, Version: '9.2.25063.00148' };
  return only('GET', request, () => ({ status: 200, body }));
}

function only(method: string, request: WireRequest, answer: () => WireReply): WireReply {
  if (request.method === method) return answer();
  return errorReply(404, '', `No HTTP resource was found that matches the request URI '${request.url.href}'.`);
}
