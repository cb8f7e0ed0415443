import { findIana } from 'windows-iana';
import type { Access, Caller, Verb } from './access';
import { refusal } from './errors';
import type { Reference, Table, Value } from './schema';
import type { Row } from './shelf';
import type { Store } from './store';
import { tableNamed, tables } from './tables';

export const businessUnit: Reference = { table: 'businessunit', id: 'b0550000-0000-4000-8000-000000000001' };
export const organizationId = '0c9a0000-0000-4000-8000-000000000001';

/** What the organization looks like to one caller at one moment. */
export class View {
  private readonly hidden = new Map<Table, readonly string[]>();

  constructor(
    readonly store: Store,
    readonly access: Access,
    readonly caller: Caller,
    /** ms since 1970. */
    readonly now: number,
    /** The Web API's address as this request used it, with a slash at its end. */
    readonly base: string,
  ) {}

  /** An activity party is read with its activity. */
  mayRead(table: Table, row: Row): boolean {
    if (table === tables.activityParty && this.target(row.values.activityid as Reference) === undefined) return false;
    return this.access.may(this.caller, table, 'read', row);
  }

  /** The row as the caller sees it: secured columns read as null. */
  seen(table: Table, row: Row): Row {
    const hidden = this.hidden.get(table) ?? this.access.hiddenColumns(this.caller, table);
    this.hidden.set(table, hidden);
    if (hidden.length === 0) return row;
    const values: Record<string, Value> = { ...row.values };
    for (const column of hidden) values[column] = null;
    return { ...row, values };
  }

  /** The row that a lookup points to, if the caller may read it. */
  target(reference: Reference): Row | undefined {
    const table = tableNamed(reference.table);
    const row = table === undefined ? undefined : this.store.row(table, reference.id);
    return table !== undefined && row !== undefined && this.mayRead(table, row) ? this.seen(table, row) : undefined;
  }

  /** The name of the row that a lookup points to; lookups show it also to those who may not read the row. */
  nameOf(reference: Reference): string | undefined {
    if (reference.table === businessUnit.table) return 'contoso';
    const table = tableNamed(reference.table);
    const name = table === undefined ? undefined : this.store.row(table, reference.id)?.values[table.nameColumn];
    return typeof name === 'string' ? name : undefined;
  }

  /** The caller's IANA time zone, from the user's settings. */
  timeZone(): string {
    return this.zoneWithCode(this.timeZoneCode());
  }

  /** The `timezonecode` of the caller's settings. */
  timeZoneCode(): Value {
    return this.store.row(tables.userSettings, this.caller.userId)?.values.timezonecode ?? null;
  }

  /** The IANA zone of a `timezonecode`. */
  zoneWithCode(code: Value): string {
    for (const row of this.store.shelf(tables.timeZoneDefinition).rows.values())
      if (row.values.timezonecode === code) return findIana(String(row.values.standardname))[0] ?? 'Etc/UTC';
    return 'Etc/UTC';
  }

  /** Refuses a caller without any right of this kind on the table. */
  demand(table: Table, verb: Verb): void {
    if (this.access.depth(this.caller, table, verb) === 'none') throw missingPrivilege(this.caller.userId, verb, table);
  }

  /** Refuses a caller who has no right of this kind on this row. */
  demandRow(table: Table, row: Row, verb: Verb): void {
    this.demand(table, verb);
    if (this.access.may(this.caller, table, verb, row)) return;
    const owner = row.values.ownerid as Reference | undefined;
    const right = { read: 'ReadAccess', write: 'WriteAccess', delete: 'DeleteAccess', create: 'CreateAccess' }[verb];
    throw refusal(
      403,
      '0x80040220',
      `SecLib::AccessCheckEx failed. Returned hr = -2147187962, ObjectID: ${row.id}, OwnerId: ${owner?.id}, OwnerIdType: ${owner?.table === 'team' ? 9 : 8} and CallingUser: ${this.caller.userId}. ObjectTypeCode: ${table.objectTypeCode}, objectBusinessUnitId: ${businessUnit.id}, AccessRights: ${right}`,
    );
  }
}

export function missingPrivilege(userId: string, verb: Verb, table: Table) {
  const privilege = `prv${verb[0]?.toUpperCase()}${verb.slice(1)}${table.logicalName}`;
  return refusal(
    403,
    '0x80040220',
    `Principal user (Id=${userId}, type=8) is missing ${privilege} privilege for entity '${table.logicalName}'.`,
  );
}
