import { attachmentsChanged, attachmentsGo, attachmentWrite } from './attachments';
import { badPayload, invalidArgument, refusal } from './errors';
import type { Happening } from './happenings';
import { forgetParty, idFrom, writeParties } from './parties';
import type { Changes } from './payload';
import type { Reference, Table, Value } from './schema';
import { seriesDeletion, seriesWrite } from './series';
import type { Row } from './shelf';
import { isClosed, nextState, refuseEditOfClosed } from './states';
import { allTables } from './tables';
import { timestamp } from './values';
import { businessUnit, type View } from './view';

type Values = Record<string, Value>;

/** Creates a row as the caller; `id` wins over one in the body. */
export function createRecord(
  view: View,
  table: Table,
  changes: Changes,
  id = changes.id ?? idFrom(`${table.logicalName}|${view.store.nextVersion()}`),
): Row {
  refuseUnwritable(table, 'create');
  view.demand(table, 'create');
  if (view.store.row(table, id) !== undefined) throw alreadyExists();
  if (table.logicalName === 'incident' && (changes.values.get('customerid') ?? null) === null)
    throw invalidArgument('You should specify a parent contact or account.');
  const values: Values = {};
  for (const column of table.columns.values()) if (column.initial !== undefined) values[column.name] = column.initial;
  if (table.ownership === 'user') values.ownerid = { table: 'systemuser', id: view.caller.userId };
  assign(values, changes.values);
  if ((values.ownerid ?? null) === null && table.ownership === 'user') throw badPayload("'ownerid' cannot be null.");
  Object.assign(values, nextState(table, undefined, changes.values));
  const at = timestamp(view.now);
  Object.assign(values, { createdon: at, modifiedon: at }, signature(view, 'created'), signature(view, 'modified'));
  const version = view.store.nextVersion();
  if (table.logicalName === 'incident')
    values.ticketnumber = `CAS-${String(version % 100_000).padStart(5, '0')}-${id.slice(0, 6).toUpperCase()}`;
  attachmentWrite(table, values);
  const follow = seriesWrite(view, table, undefined, values, changes);
  const row = { id, version, values: derived(table, values) };
  view.demandRow(table, row, 'create');
  view.store.put(table, row);
  writeParties(view, table, row, changes.parties);
  follow(row);
  attachmentsChanged(view, table, row);
  tell(view, table, row.id, 'Create');
  return row;
}

/** Updates a row as the caller. Every update is a new version, also one that changes nothing. */
export function updateRecord(view: View, table: Table, row: Row, changes: Changes): Row {
  refuseUnwritable(table, 'update');
  view.demandRow(table, row, 'read');
  view.demandRow(table, row, 'write');
  if (changes.id !== undefined && changes.id !== row.id) throw badPayload(`'${table.key}' does not match the key in the address.`);
  const next = nextState(table, row, changes.values);
  refuseEditOfClosed(table, row, next, [...changes.values.keys(), ...(changes.parties === undefined ? [] : ['parties'])]);
  const values: Values = { ...row.values };
  assign(values, changes.values);
  if (table.ownership === 'user' && (values.ownerid ?? null) === null) throw badPayload("'ownerid' cannot be null.");
  Object.assign(values, next);
  const closesNow = isClosed(table, next?.statecode) && !isClosed(table, row.values.statecode);
  if (closesNow) values.actualend ??= timestamp(view.now);
  const follow = seriesWrite(view, table, row, values, changes);
  const replaced = replaceRecord(view, table, row, values, changes.parties);
  follow(replaced);
  tell(view, table, row.id, 'Update');
  if (changes.values.has('ownerid')) tell(view, table, row.id, 'Assign');
  if (changes.values.has('statecode') || changes.values.has('statuscode')) tell(view, table, row.id, 'SetState');
  return replaced;
}

function tell(view: View, table: Table, id: string, message: Happening['message']): void {
  view.store.happened({ message, table, id, userId: view.caller.userId });
}

/** Puts new values in a row's place, under a new version and the caller's name. */
export function replaceRecord(view: View, table: Table, row: Row, values: Values, parties?: Changes['parties']): Row {
  Object.assign(values, { modifiedon: timestamp(view.now) }, signature(view, 'modified'));
  const replaced = { id: row.id, version: view.store.nextVersion(), values: derived(table, values) };
  view.store.put(table, replaced);
  writeParties(view, table, replaced, parties);
  return replaced;
}

/** Deletes a row as the caller, with its activity parties; lookups to it become empty. */
export function deleteRecord(view: View, table: Table, row: Row): void {
  refuseUnwritable(table, 'delete');
  view.demandRow(table, row, 'read');
  view.demandRow(table, row, 'delete');
  seriesDeletion(view, table, row);
  attachmentsGo(view, table, row);
  view.store.remove(table, row.id);
  tell(view, table, row.id, 'Delete');
  attachmentsChanged(view, table, row);
  if (!table.isActivity) forgetParty(view, row.id);
  for (const other of allTables) {
    const lookups = [...other.columns.values()].filter((column) => column.targets?.[table.logicalName] !== undefined);
    if (lookups.length === 0 || other.writable.length === 0) continue;
    const names = lookups.map((column) => column.name);
    for (const referrer of [...view.store.shelf(other).rows.values()]) clearReferences(view, other, referrer, names, row.id);
  }
}

/** The database empties the lookup: a new version, but nobody's edit, so `modifiedon` stays. */
function clearReferences(view: View, table: Table, row: Row, lookups: readonly string[], id: string): void {
  const stale = lookups.filter((name) => (row.values[name] as Reference | null | undefined)?.id === id);
  if (stale.length === 0) return;
  const values = { ...row.values, ...Object.fromEntries(stale.map((name) => [name, null])) };
  const replaced = { id: row.id, version: view.store.nextVersion(), values };
  view.store.put(table, replaced);
  writeParties(view, table, replaced, undefined);
}

export function alreadyExists() {
  return refusal(412, '0x80040237', 'A record with matching key values already exists.');
}

function assign(values: Values, changes: ReadonlyMap<string, Value>): void {
  for (const [name, value] of changes) if (name !== 'statecode' && name !== 'statuscode') values[name] = value;
}

/** Who did it, and who sent it on that user's behalf. */
function signature(view: View, verb: 'created' | 'modified'): Values {
  const user = (id: string | undefined): Value => (id === undefined ? null : { table: 'systemuser', id });
  return { [`${verb}by`]: user(view.caller.userId), [`${verb}onbehalfby`]: user(view.caller.behalfOf) };
}

/** Columns that follow from others. */
function derived(table: Table, values: Values): Values {
  const owner = values.ownerid as Reference | undefined;
  if (table.ownership === 'user' && owner !== undefined) {
    values.owninguser = owner.table === 'systemuser' ? owner : null;
    values.owningteam = owner.table === 'team' ? owner : null;
    values.owningbusinessunit = businessUnit;
  }
  if (table.columns.has('fullname')) values.fullname = [values.firstname, values.lastname].filter(Boolean).join(' ') || null;
  if (table.columns.has('budgetamount_base')) values.budgetamount_base = values.budgetamount ?? null;
  if (table.isActivity && values.scheduledstart && values.scheduledend)
    values.scheduleddurationminutes = Math.max(
      0,
      (Date.parse(String(values.scheduledend)) - Date.parse(String(values.scheduledstart))) / 60_000,
    );
  return values;
}

function refuseUnwritable(table: Table, verb: 'create' | 'update' | 'delete'): void {
  if (table.writable.includes(verb)) return;
  const message = `${verb[0]?.toUpperCase()}${verb.slice(1)}`;
  throw refusal(
    405,
    '0x80040800',
    `The '${message}' method does not support entities of type '${table.logicalName}'. MessageProcessorCache returned MessageProcessor.Empty.`,
  );
}
