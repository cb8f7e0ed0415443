import { invalidArgument, refusal } from './errors';
import type { State, Table, Value } from './schema';
import type { Row } from './shelf';

/** Columns of a state; both or neither. */
export interface StateColumns {
  readonly statecode: number;
  readonly statuscode: number;
}

const stateOf = (table: Table, statecode: Value | undefined) => table.states.find((state) => state.value === statecode);
const ofStatus = (table: Table, statuscode: Value | undefined) =>
  table.states.find((state) => state.statuses.some(([value]) => value === statuscode));

/** The state and status after a write that may name either; a status alone implies its state, a state alone its default status. */
export function nextState(table: Table, row: Row | undefined, values: ReadonlyMap<string, Value>): StateColumns | undefined {
  if (table.states.length === 0) return undefined;
  const now = { statecode: Number(row?.values.statecode ?? -1), statuscode: Number(row?.values.statuscode ?? -1) };
  const start = row === undefined ? initial(table) : now;
  const statuscode = values.get('statuscode') ?? undefined;
  const statecode = values.get('statecode') ?? undefined;
  if (statuscode === undefined && (statecode === undefined || statecode === start.statecode)) return start;
  const state = stateOf(table, statecode) ?? ofStatus(table, statuscode);
  if (state === undefined) throw invalidArgument(`There is no such state or status of '${table.logicalName}'.`);
  if (statuscode !== undefined && !state.statuses.some(([value]) => value === statuscode)) throw mismatch(table, statuscode, state);
  const next = { statecode: state.value, statuscode: Number(statuscode ?? state.statuses[0]?.[0]) };
  if (row === undefined) refuseClosedStart(table, next, state);
  else refuseSpecialMessage(table, now, state);
  return next;
}

/** Whether an activity in this state takes no edits. */
export function isClosed(table: Table, statecode: Value | undefined): boolean {
  return table.isActivity && (statecode === 1 || statecode === 2);
}

/** A closed activity is read-only: only its state changes, or it is opened again, then with other columns too. */
export function refuseEditOfClosed(table: Table, row: Row, next: StateColumns | undefined, columns: Iterable<string>): void {
  if (!isClosed(table, row.values.statecode) || !isClosed(table, next?.statecode)) return;
  for (const name of columns)
    if (name !== 'statecode' && name !== 'statuscode' && table.editableWhenClosed?.includes(name) !== true)
      throw invalidArgument(
        `The ${table.logicalName} with Id ${row.id} is ${stateOf(table, row.values.statecode)?.label}; '${name}' cannot be changed.`,
      );
}

function initial(table: Table): StateColumns {
  const state = table.initialStatus === undefined ? table.states[0] : ofStatus(table, table.initialStatus);
  return { statecode: state?.value ?? 0, statuscode: table.initialStatus ?? state?.statuses[0]?.[0] ?? 0 };
}

/** Activities, leads, opportunities and cases begin open; a later update closes them. */
function refuseClosedStart(table: Table, next: StateColumns, state: State): void {
  const begins = stateOf(table, initial(table).statecode);
  const mayBegin = table.isActivity ? !isClosed(table, next.statecode) : state.value === 0 || table.states.length === 2;
  if (!mayBegin && begins !== undefined) throw mismatch(table, next.statuscode, begins);
}

function refuseSpecialMessage(table: Table, now: StateColumns, state: State): void {
  if (state.onlyBy === undefined || state.value === now.statecode) return;
  throw refusal(
    400,
    '0x80040203',
    `This message can not be used to set the state of ${table.logicalName} to ${state.label}. In order to set state of ${table.logicalName} to ${state.label}, use the ${state.onlyBy} message instead.`,
  );
}

function mismatch(table: Table, statuscode: Value, state: State) {
  const type = `${table.logicalName[0]?.toUpperCase()}${table.logicalName.slice(1)}State`;
  return refusal(400, '0x80048408', `${String(statuscode)} is not a valid status code for state code ${type}.${state.label}.`);
}
