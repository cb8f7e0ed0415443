import { recordAttachments } from './attachments';
import { columnRights } from './column-rights';
import { type ConnectionOptions, connect } from './connection';
import { createRecord } from './create';
import type { Dynamics } from './dynamics';
import { emailsOf } from './emails';
import { environmentOf } from './environment';
import { readFeed } from './feed';
import { check, listHome, passing } from './home';
import { listHomeNames } from './names';
import { readUser } from './people';
import { existence, organizers, readRecords } from './read';
import { recordReads } from './record-reads';
import { resourcesOf } from './resources';
import { usersOf } from './users';
import { webhooksOf } from './webhooks';
import { workspaceCalls } from './workspace';
import { deleteRecord, updateRecord } from './write';

export interface DynamicsOptions extends ConnectionOptions {
  /** Rows on a page of a change-tracking feed, at most 5,000; 500 where absent. */
  readonly feedPageSize?: number;
}

/** A client for one Dynamics environment. It keeps nothing between calls. */
export function createDynamics(options: DynamicsOptions): Dynamics {
  const connection = connect(options);
  return {
    readFeed: (entity, cursor) => readFeed(connection, entity, cursor, options.feedPageSize ?? 500),
    readRecords: (entity, ids, caller, zone) => readRecords(connection, entity, ids, caller, zone),
    existence: (entity, id, zone) => existence(connection, entity, id, zone),
    organizers: (entity, ids) => organizers(connection, entity, ids),
    resources: (ids) => resourcesOf(connection, ids),
    listHome: (home, nextLink, caller) => listHome(connection, home, nextLink, caller),
    passing: (entity, ids, filters, caller) => passing(connection, entity, ids, filters, caller),
    check: (entity, filters) => check(connection, entity, filters),
    createRecord: (create, caller, zone) => createRecord(connection, options.clock, create, caller, zone),
    listHomeNames: (entity, systemUserId, nextLink, caller, zone) =>
      listHomeNames(connection, entity, systemUserId, nextLink, caller, zone),
    updateRecord: (write, caller, zone) => updateRecord(connection, options.clock, write, caller, zone),
    deleteRecord: (entity, id, version, caller) => deleteRecord(connection, entity, id, version, caller),
    columnRights: (systemUserId) => columnRights(connection, systemUserId),
    attachments: recordAttachments(connection),
    emails: emailsOf(connection),
    environment: environmentOf(connection),
    records: recordReads(connection),
    users: usersOf(connection),
    user: (systemUserId) => readUser(connection, systemUserId),
    webhooks: webhooksOf(connection),
    workspace: workspaceCalls(connection),
  };
}
