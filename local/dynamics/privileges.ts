import type { WireReply } from '../serving/wire';
import type { Depth, Verb } from './access';
import { missing } from './errors';
import { idFrom } from './parties';
import type { Table } from './schema';
import { allTables, tables } from './tables';
import { businessUnit, type View } from './view';

/** Verbs of privileges with the right of the stand-in by which a user has them: whoever may change a row may hang others on it. */
const verbsOf: Readonly<Record<string, Verb>> = {
  Create: 'create',
  Read: 'read',
  Write: 'write',
  Delete: 'delete',
  Append: 'write',
  AppendTo: 'write',
  Assign: 'write',
  Share: 'write',
};

/** Tables whose privileges have another name than their own ("Security roles and privileges", Dataverse documentation). */
const otherNames: ReadonlyMap<Table, string> = new Map([
  [tables.systemUser, 'User'],
  [tables.userSettings, 'UserSettings'],
]);

/** The privileges that a user has, as `RetrieveUserPrivileges` tells them. All kinds of activities share theirs: who lacks one of any kind lacks it. */
export function userPrivileges(view: View, userId: string): WireReply {
  if (view.store.row(tables.systemUser, userId) === undefined) throw missing(tables.systemUser, userId);
  const ofTables = [...securedTables()].flatMap(([name, group]) =>
    Object.entries(verbsOf).flatMap(([verb, right]) => {
      const depth = least(group.map((table) => view.access.depthOf(userId, table, right)));
      return depth === 'none' ? [] : [privilege(`prv${verb}${name}`, depth)];
    }),
  );
  const delegation = view.access.mayActOnBehalf(userId) ? [privilege('prvActOnBehalfOfAnotherUser', 'organization')] : [];
  const RolePrivileges = [...ofTables, ...delegation];
  const type = 'Microsoft.Dynamics.CRM.RetrieveUserPrivilegesResponse';
  return { status: 200, body: { '@odata.context': `${view.base}$metadata#${type}`, RolePrivileges } };
}

function privilege(PrivilegeName: string, depth: Depth): Record<string, string> {
  return {
    Depth: depth === 'user' ? 'Basic' : 'Global',
    PrivilegeId: idFrom(PrivilegeName),
    BusinessUnitId: businessUnit.id,
    PrivilegeName,
    RecordFilterId: '00000000-0000-0000-0000-000000000000',
    RecordFilterUniqueName: '',
  };
}

function securedTables(): ReadonlyMap<string, readonly Table[]> {
  const groups = new Map<string, Table[]>();
  for (const table of allTables) {
    const name = table.isActivity
      ? 'Activity'
      : (otherNames.get(table) ?? table.logicalName.charAt(0).toUpperCase() + table.logicalName.slice(1));
    groups.set(name, [...(groups.get(name) ?? []), table]);
  }
  return groups;
}

function least(depths: readonly Depth[]): Depth {
  if (depths.includes('none')) return 'none';
  return depths.includes('user') ? 'user' : 'organization';
}
