import { errorCodes, type TandemError } from '../platform/errors';
import { type LoadFailure, type LoadKind, type LoadRun, type LoadState, loadedTables, type TableState, unknownTable } from './load-state';
import { firstPlace, type StepDone } from './load-table';
import { type RecordTableName, recordTableNames } from './tables';

/** How long nobody else goes on with a load whose step was saved, ms: longer than a step takes. */
export const leaseMs = 5 * 60_000;
/** How often a step is tried. */
const mostFailures = 6;
const firstPauseMs = 15_000;
const longestPauseMs = 10 * 60_000;
/** What befalls a whole environment, and no table alone. */
const outOfReach: ReadonlySet<string> = new Set([
  errorCodes.unavailable,
  errorCodes.timeout,
  errorCodes.throttled,
  errorCodes.unauthorized,
  errorCodes.signInNeeded,
]);

/** A load that begins; without a run where there is nothing that an incremental load could go on from. */
export function begun(state: LoadState, kind: LoadKind, id: string, now: number): LoadState {
  const tables = kind === 'full' ? recordTableNames : loadedTables(state);
  const run = runFrom(state, { id, kind, startedAt: now, step: 0 }, tables, now);
  return { ...state, run, began: run === null ? state.began : { ...state.began, [kind]: now } };
}

/** What a load is once a step of it was taken: further in its table, in the next table, or at its end. */
export function afterStep(state: LoadState, run: LoadRun, done: StepDone, now: number): LoadState {
  const { current } = run;
  const { place, rows, pages, ...more } = done;
  const went = { ...current, ...more, rows: current.rows + rows, pages: current.pages + pages };
  const step = run.step + 1;
  if (place !== null)
    return { ...state, run: { ...run, step, failures: 0, failure: null, until: now + leaseMs, current: { ...went, place } } };
  const [name, ...rest] = run.tables;
  if (name === undefined) return { ...state, run: null };
  const known = state.tables[name] ?? unknownTable;
  const isFull = went.kind === 'full';
  const table: TableState = {
    loadedAt: isFull ? went.startedAt : known.loadedAt,
    columns: went.columns,
    deltaLink: went.deltaLink,
    since: went.startedAt,
    comparedAt: isFull || current.place.at === 'compare' ? went.startedAt : known.comparedAt,
    last: { kind: went.kind, startedAt: went.startedAt, endedAt: now, rows: went.rows, pages: went.pages, failure: null },
  };
  const next = { ...state, tables: { ...state.tables, [name]: table } };
  return { ...next, run: runFrom(next, { ...run, step }, rest, now) };
}

/**
 * What a load is after a failure. A passing one is tried again, after a pause that grows. One that does not pass ends the load for its table; where the whole
 * environment is out of reach it ends for all tables that are left. What the cache had stays.
 */
export function afterFailure(state: LoadState, run: LoadRun, error: TandemError, now: number): LoadState {
  const failure = { code: error.code, fix: error.fix, detail: error.detail ?? null };
  const failures = run.failures + 1;
  if (error.retry !== 'never' && failures < mostFailures) {
    const pause = Math.max(error.retryAfterMs ?? 0, Math.min(firstPauseMs * 2 ** run.failures, longestPauseMs));
    return { ...state, run: { ...run, failures, failure, until: now + pause + leaseMs } };
  }
  const [name, ...rest] = run.tables;
  const isItsOwn = !outOfReach.has(error.code);
  const lost = isItsOwn && name !== undefined ? [name] : run.tables;
  const tables = { ...state.tables };
  for (const table of lost) tables[table] = failed(state.tables[table] ?? unknownTable, run, failure, now);
  const next = { ...state, tables };
  return { ...next, run: runFrom(next, { ...run, step: run.step + 1 }, isItsOwn ? rest : [], now) };
}

function failed(known: TableState, { kind, current }: LoadRun, failure: LoadFailure, now: number): TableState {
  return { ...known, last: { kind, startedAt: current.startedAt, endedAt: now, rows: current.rows, pages: current.pages, failure } };
}

/** A run at the beginning of the first of these tables; null where there are none. */
function runFrom(
  state: LoadState,
  { id, kind, startedAt, step }: Pick<LoadRun, 'id' | 'kind' | 'startedAt' | 'step'>,
  tables: readonly RecordTableName[],
  now: number,
): LoadRun | null {
  const [name] = tables;
  if (name === undefined) return null;
  const known = state.tables[name] ?? unknownTable;
  const { columns, deltaLink } = known;
  const place = firstPlace(kind, known);
  const current = { kind, startedAt: now, place, columns, deltaLink, rows: 0, pages: 0, expected: null };
  return { id, kind, startedAt, tables, current, step, failures: 0, failure: null, until: now + leaseMs };
}

/** How far the load is that is under way. Times in UTC ms. */
export interface LoadProgress {
  readonly kind: LoadKind;
  readonly table: RecordTableName;
  readonly left: number;
  readonly startedAt: number;
  readonly rows: number;
  readonly pages: number;
  readonly expected: number | null;
  /** When its table is done, if it goes on as it went; null where nobody knows. */
  readonly doneAt: number | null;
  readonly failure: LoadFailure | null;
}

/** How far the load is that is under way, as of the last step that was saved; null where there is none. */
export function loadProgress({ run }: LoadState): LoadProgress | null {
  const table = run?.tables[0];
  if (run === null || table === undefined) return null;
  const { startedAt, rows, pages, expected } = run.current;
  const savedAt = run.until - leaseMs;
  const doneAt =
    expected === null || rows === 0 ? null : Math.round(savedAt + ((savedAt - startedAt) * Math.max(0, expected - rows)) / rows);
  return { kind: run.kind, table, left: run.tables.length - 1, startedAt, rows, pages, expected, doneAt, failure: run.failure };
}
