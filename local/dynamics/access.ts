import type { Reference, Table } from './schema';
import type { Row } from './shelf';
import type { Store } from './store';
import { tables } from './tables';

export const depths = ['none', 'user', 'organization'] as const;
export const verbs = ['read', 'write', 'delete', 'create'] as const;
export type Depth = (typeof depths)[number];
export type Verb = (typeof verbs)[number];

/** Who a request runs as. */
export interface Caller {
  /** The user whose rights and name count. */
  readonly userId: string;
  /** The user who sent the request, where it acts on behalf of `userId`. */
  readonly behalfOf?: string;
}

export interface SecuredColumn {
  readonly table: string;
  readonly column: string;
  /** Users who may read it; for others it is null. */
  readonly readers: readonly string[];
  /** Users who may write it. */
  readonly writers: readonly string[];
}

export interface AccessData {
  readonly depths: readonly (readonly [string, Depth])[];
  readonly secured: readonly SecuredColumn[];
  readonly delegates: readonly string[];
}

/** Who may do what: a depth per user, table and verb, secured columns, and who may act on behalf of others. */
export class Access {
  private readonly exceptions = new Map<string, Depth>();
  private readonly secured = new Map<string, SecuredColumn>();
  private readonly delegates = new Set<string>();

  constructor(private readonly store: Store) {}

  /** A caller on behalf of somebody has the rights that both have. */
  depth(caller: Caller, table: Table, verb: Verb): Depth {
    const own = this.depthOf(caller.userId, table, verb);
    if (caller.behalfOf === undefined) return own;
    const other = this.depthOf(caller.behalfOf, table, verb);
    return depths.indexOf(other) < depths.indexOf(own) ? other : own;
  }

  setDepth(userId: string, table: Table, verb: Verb, depth: Depth): void {
    this.exceptions.set(keyOf(userId, table, verb), depth);
  }

  may(caller: Caller, table: Table, verb: Verb, row: Row): boolean {
    const users = caller.behalfOf === undefined ? [caller.userId] : [caller.userId, caller.behalfOf];
    return users.every((userId) => {
      const depth = this.depthOf(userId, table, verb);
      return depth === 'organization' || (depth === 'user' && this.isOwn(userId, row));
    });
  }

  mayActOnBehalf(userId: string): boolean {
    return this.delegates.has(userId);
  }

  setActOnBehalf(userId: string, allowed: boolean): void {
    if (allowed) this.delegates.add(userId);
    else this.delegates.delete(userId);
  }

  secure(rule: SecuredColumn): void {
    this.secured.set(`${rule.table}.${rule.column}`, rule);
  }

  release(table: string, column: string): void {
    this.secured.delete(`${table}.${column}`);
  }

  isSecured(table: Table, column: string): boolean {
    return this.secured.has(`${table.logicalName}.${column}`);
  }

  /** Columns of the table that read as null for the caller. */
  hiddenColumns(caller: Caller, table: Table): string[] {
    return [...this.secured.values()]
      .filter((rule) => rule.table === table.logicalName && !rule.readers.includes(caller.userId))
      .map((rule) => rule.column);
  }

  /** What a user was granted of the secured columns, of all tables. */
  columnGrants(userId: string): { readonly table: string; readonly column: string; readonly read: boolean; readonly update: boolean }[] {
    return [...this.secured.values()]
      .map(({ table, column, readers, writers }) => ({ table, column, read: readers.includes(userId), update: writers.includes(userId) }))
      .filter(({ read, update }) => read || update);
  }

  mayWriteColumn(caller: Caller, table: Table, column: string): boolean {
    return this.secured.get(`${table.logicalName}.${column}`)?.writers.includes(caller.userId) ?? true;
  }

  snapshot(): AccessData {
    return { depths: [...this.exceptions], secured: [...this.secured.values()], delegates: [...this.delegates] };
  }

  load(saved: AccessData): void {
    for (const [key, depth] of saved.depths) this.exceptions.set(key, depth);
    for (const rule of saved.secured) this.secure(rule);
    for (const userId of saved.delegates) this.delegates.add(userId);
  }

  /** How far a right of a user goes. */
  depthOf(userId: string, table: Table, verb: Verb): Depth {
    return this.exceptions.get(keyOf(userId, table, verb)) ?? 'organization';
  }

  /** Owned by the user or by a team of the user; rows without an owner belong to the user they describe. */
  private isOwn(userId: string, row: Row): boolean {
    const owner = row.values.ownerid as Reference | null | undefined;
    if (owner === undefined || owner === null) return row.id === userId || row.values.systemuserid === userId;
    return owner.table === 'team' ? this.isMember(userId, owner.id) : owner.id === userId;
  }

  private isMember(userId: string, teamId: string): boolean {
    for (const row of this.store.shelf(tables.teamMembership).rows.values())
      if (row.values.teamid === teamId && row.values.systemuserid === userId) return true;
    return false;
  }
}

const keyOf = (userId: string, table: Table, verb: Verb) => `${userId}|${table.logicalName}|${verb}`;
