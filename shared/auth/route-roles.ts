import { errorCodes, TandemError } from '../platform/errors';
import type { Caller } from './bearer';

export type Role = 'Tandem.Admin' | 'Tandem.User';

export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** As the Functions host takes it; the first segment is `area` for all that answers under `/admin`. */
  readonly path: string;
  /** The role that a caller needs; `anyone` needs no token. */
  readonly role: Role | 'anyone';
}

/**
 * The Functions host refuses a route that starts with `admin`, but takes one whose first segment is a parameter that matches only it. `/manage` is the
 * second name, for networks that keep `/admin` to themselves.
 */
const area = '{area:regex(^admin$|^manage$)}/api';

/** Every route of the app with the role it needs. What is registered and what is checked are both made from this table. */
export const routes = {
  health: { method: 'GET', path: 'health', role: 'anyone' },
  openapi: { method: 'GET', path: 'app/api/openapi.json', role: 'anyone' },
  problems: { method: 'GET', path: 'app/api/problems', role: 'anyone' },
  /** Graph proves itself by the secret of each subscription. */
  pushFromGraph: { method: 'POST', path: 'app/api/push/graph', role: 'anyone' },
  /** Dynamics proves itself by the key of the integration's webhook. */
  pushFromDynamics: { method: 'POST', path: 'app/api/push/dynamics/{integration}', role: 'anyone' },
  lifecycleFromGraph: { method: 'POST', path: 'app/api/push/graph/lifecycle', role: 'anyone' },
  listIntegrations: { method: 'GET', path: `${area}/integrations`, role: 'Tandem.Admin' },
  createIntegration: { method: 'POST', path: `${area}/integrations`, role: 'Tandem.Admin' },
  getIntegration: { method: 'GET', path: `${area}/integrations/{id}`, role: 'Tandem.Admin' },
  putIntegration: { method: 'PUT', path: `${area}/integrations/{id}`, role: 'Tandem.Admin' },
  deleteIntegration: { method: 'DELETE', path: `${area}/integrations/{id}`, role: 'Tandem.Admin' },
  testIntegration: { method: 'POST', path: `${area}/integrations/{id}/test`, role: 'Tandem.Admin' },
  startLoad: { method: 'POST', path: `${area}/integrations/{id}/loads`, role: 'Tandem.Admin' },
  getLoads: { method: 'GET', path: `${area}/integrations/{id}/loads`, role: 'Tandem.Admin' },
  listTemplates: { method: 'GET', path: `${area}/templates`, role: 'Tandem.Admin' },
  getWebhooks: { method: 'GET', path: `${area}/integrations/{id}/webhooks`, role: 'Tandem.Admin' },
  registerWebhooks: { method: 'POST', path: `${area}/integrations/{id}/webhooks`, role: 'Tandem.Admin' },
  removeWebhooks: { method: 'DELETE', path: `${area}/integrations/{id}/webhooks`, role: 'Tandem.Admin' },
  listMailboxes: { method: 'GET', path: `${area}/mailboxes`, role: 'Tandem.Admin' },
  enableMailbox: { method: 'POST', path: `${area}/mailboxes`, role: 'Tandem.Admin' },
  listProfiles: { method: 'GET', path: `${area}/profiles`, role: 'Tandem.Admin' },
  getProfile: { method: 'GET', path: `${area}/profiles/{integration}/{id}`, role: 'Tandem.Admin' },
  putProfile: { method: 'PUT', path: `${area}/profiles/{integration}/{id}`, role: 'Tandem.Admin' },
  deleteProfile: { method: 'DELETE', path: `${area}/profiles/{integration}/{id}`, role: 'Tandem.Admin' },
  applyProfile: { method: 'POST', path: `${area}/profiles/{integration}/{id}/apply`, role: 'Tandem.Admin' },
  listAlerts: { method: 'GET', path: `${area}/alerts`, role: 'Tandem.Admin' },
  importMailboxes: { method: 'POST', path: `${area}/mailboxes/import`, role: 'Tandem.Admin' },
  approveMailboxes: { method: 'POST', path: `${area}/mailboxes/{integration}/approve`, role: 'Tandem.Admin' },
  rejectMailboxes: { method: 'POST', path: `${area}/mailboxes/{integration}/reject`, role: 'Tandem.Admin' },
  pauseMailboxes: { method: 'POST', path: `${area}/mailboxes/{integration}/pause`, role: 'Tandem.Admin' },
  resumeMailboxes: { method: 'POST', path: `${area}/mailboxes/{integration}/resume`, role: 'Tandem.Admin' },
  getMailbox: { method: 'GET', path: `${area}/mailboxes/{integration}/{id}`, role: 'Tandem.Admin' },
  disableMailbox: { method: 'DELETE', path: `${area}/mailboxes/{integration}/{id}`, role: 'Tandem.Admin' },
  readJournal: { method: 'GET', path: `${area}/mailboxes/{integration}/{id}/journal`, role: 'Tandem.Admin' },
  listWaiting: { method: 'GET', path: `${area}/mailboxes/{integration}/{id}/waiting`, role: 'Tandem.Admin' },
  explainRecord: { method: 'GET', path: `${area}/integrations/{id}/explain`, role: 'Tandem.Admin' },
  explainItem: { method: 'GET', path: `${area}/mailboxes/{integration}/{id}/explain`, role: 'Tandem.Admin' },
  listHolds: { method: 'GET', path: `${area}/mailboxes/{integration}/{id}/holds`, role: 'Tandem.Admin' },
  approveHolds: { method: 'POST', path: `${area}/mailboxes/{integration}/{id}/holds/approve`, role: 'Tandem.Admin' },
  approveHold: { method: 'POST', path: `${area}/mailboxes/{integration}/{id}/holds/{entity}/{recordId}/approve`, role: 'Tandem.Admin' },
  discardHold: { method: 'POST', path: `${area}/mailboxes/{integration}/{id}/holds/{entity}/{recordId}/discard`, role: 'Tandem.Admin' },
  dryRun: { method: 'POST', path: `${area}/mailboxes/{integration}/{id}/dry-run`, role: 'Tandem.Admin' },
  undo: { method: 'POST', path: `${area}/mailboxes/{integration}/{id}/undo`, role: 'Tandem.Admin' },
  getFilters: { method: 'GET', path: `${area}/mailboxes/{integration}/{id}/filters`, role: 'Tandem.Admin' },
  putFilters: { method: 'PUT', path: `${area}/mailboxes/{integration}/{id}/filters`, role: 'Tandem.Admin' },
  getFolders: { method: 'GET', path: `${area}/mailboxes/{integration}/{id}/folders`, role: 'Tandem.Admin' },
  putFolders: { method: 'PUT', path: `${area}/mailboxes/{integration}/{id}/folders`, role: 'Tandem.Admin' },
  testMailboxes: { method: 'POST', path: `${area}/mailboxes/{integration}/test`, role: 'Tandem.Admin' },
  testMailbox: { method: 'POST', path: `${area}/mailboxes/{integration}/{id}/test`, role: 'Tandem.Admin' },
  getTest: { method: 'GET', path: `${area}/mailboxes/{integration}/{id}/test`, role: 'Tandem.Admin' },
  resyncMailbox: { method: 'POST', path: `${area}/mailboxes/{integration}/{id}/resync`, role: 'Tandem.Admin' },
  listRequests: { method: 'GET', path: `${area}/integrations/{id}/requests`, role: 'Tandem.Admin' },
  listDeadLetters: { method: 'GET', path: `${area}/dead-letters`, role: 'Tandem.Admin' },
  redriveDeadLetters: { method: 'POST', path: `${area}/dead-letters/{queue}/redrive`, role: 'Tandem.Admin' },
  getHealth: { method: 'GET', path: `${area}/health`, role: 'Tandem.Admin' },
  listAudit: { method: 'GET', path: `${area}/audit`, role: 'Tandem.Admin' },
  syncNow: { method: 'POST', path: `${area}/mailboxes/{integration}/{id}/sync-now`, role: 'Tandem.Admin' },
  startServiceSignIn: { method: 'GET', path: `${area}/gwsc/auth/start`, role: 'Tandem.Admin' },
  finishServiceSignIn: { method: 'GET', path: `${area}/gwsc/auth/serverContext`, role: 'anyone' },
  getServiceSignIn: { method: 'GET', path: `${area}/gwsc/auth`, role: 'Tandem.Admin' },
  endServiceSignIn: { method: 'DELETE', path: `${area}/gwsc/auth`, role: 'Tandem.Admin' },
  startActionSignIn: { method: 'GET', path: 'app/api/auth/serviceAction/start', role: 'Tandem.User' },
  finishActionSignIn: { method: 'GET', path: 'app/api/auth/serviceAction/callback', role: 'anyone' },
  listGrants: { method: 'GET', path: `${area}/integrations/{id}/microapps/{app}/grants`, role: 'Tandem.Admin' },
  putGrant: { method: 'PUT', path: `${area}/integrations/{id}/microapps/{app}/grants/{who}`, role: 'Tandem.Admin' },
  deleteGrant: { method: 'DELETE', path: `${area}/integrations/{id}/microapps/{app}/grants/{who}`, role: 'Tandem.Admin' },
  listMicroapps: { method: 'GET', path: 'app/api/microapps', role: 'Tandem.User' },
  listNotifications: { method: 'GET', path: 'app/api/notifications', role: 'Tandem.User' },
  markNotification: { method: 'PATCH', path: 'app/api/notifications/{id}', role: 'Tandem.User' },
  getActionSignIn: { method: 'GET', path: 'app/api/auth/serviceAction', role: 'Tandem.User' },
  endActionSignIn: { method: 'DELETE', path: 'app/api/auth/serviceAction', role: 'Tandem.User' },
  getPage: { method: 'GET', path: 'app/api/microapps/{app}/pages/{page}', role: 'Tandem.User' },
  lookUpRows: { method: 'GET', path: 'app/api/microapps/{app}/lookups/{table}', role: 'Tandem.User' },
  runAction: { method: 'POST', path: 'app/api/microapps/{app}/actions/{action}', role: 'Tandem.User' },
} as const satisfies Readonly<Record<string, Route>>;

export type RouteName = keyof typeof routes;

/** Passes a caller who has the route's role. Throws TandemError `forbidden` for one who has not. */
export function allow(caller: Caller, role: Role): void {
  if (caller.roles.includes(role)) return;
  throw new TandemError(errorCodes.forbidden, {
    retry: 'never',
    fix: `Ask an administrator of the tenant for the role ${role}.`,
    detail: `needs the role ${role}`,
  });
}
