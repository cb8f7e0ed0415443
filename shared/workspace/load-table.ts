import type { TableFacts } from '../dynamics/record-columns';
import type { RecordReads } from '../dynamics/record-reads';
import { atOnce } from '../platform/at-once';
import type { Clock } from '../platform/clock';
import { errorCodes, TandemError } from '../platform/errors';
import { inGroups } from '../platform/groups';
import type { Log } from '../platform/telemetry';
import type { Integration } from '../storage/integrations';
import type { RecordLoads } from '../storage/record-loads';
import type { Records } from '../storage/records';
import type { LoadKind, LoadPlace, LoadRun, TableState } from './load-state';
import type { WorkspaceRecord } from './record';
import type { OnRecordChange } from './record-change';
import { leaveRecord, saveRecord } from './save-record';
import { isOpen, type RecordTableName, recordTableNames, recordTables } from './tables';
import { labelsOf } from './words';

export interface TableLoadParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly reads: RecordReads;
  readonly records: Pick<Records, 'getMany' | 'scan' | 'save' | 'remove'>;
  readonly recordLoads: Pick<RecordLoads, 'addWords'>;
  readonly onChange: OnRecordChange;
}

/** What one step of a table's load came to. */
export interface StepDone {
  /** Where to go on; null at the table's end. */
  readonly place: LoadPlace | null;
  readonly rows: number;
  readonly pages: number;
  readonly kind?: LoadKind;
  readonly columns?: LoadRun['current']['columns'];
  readonly deltaLink?: string | null;
  readonly expected?: number;
}

/** A table of an integration, and what is known of it. */
export interface TableParts {
  readonly parts: TableLoadParts;
  readonly integration: Integration;
  readonly name: RecordTableName;
  readonly known: TableState;
}

interface Step extends TableParts {
  readonly current: LoadRun['current'];
}

/** What is done with rows that were read: the kind of load, and the columns that it reads. */
interface RowsStep extends TableParts {
  readonly current: Pick<LoadRun['current'], 'kind' | 'columns'>;
}

/** Ids of rows that a feed tells of. */
export interface SeenChanges {
  readonly changed: readonly string[];
  readonly deleted: readonly string[];
}

const rowsAtOnce = 500;
const savesAtOnce = 16;
const fatesAtOnce = 4;
/** Rows are written when their transaction ends, and `modifiedon` may be some minutes older by then. */
const overlapMs = 5 * 60_000;
/** How often the cache of a table that tracks no changes is compared with the environment, for deletions. */
const compareEveryMs = 24 * 3_600_000;

/** Takes one step of a table's load: at most one page of rows is held. Doing it again is harmless. */
export async function takeStep(step: Step): Promise<StepDone> {
  const { place } = step.current;
  switch (place.at) {
    case 'begin':
      return begin(step);
    case 'mark':
      return mark(step, place.link);
    case 'read':
      return read(step, place.link);
    case 'changes':
      return changes(step, place.link);
    case 'compare':
      return compare(step, place.after);
  }
}

/** Where a load of a table begins. */
export function firstPlace(kind: LoadKind, { deltaLink }: TableState): LoadPlace {
  if (kind === 'full') return { at: 'begin' };
  return deltaLink === null ? { at: 'read', link: null } : { at: 'changes', link: deltaLink };
}

async function begin({ parts, integration, name }: Step): Promise<StepDone> {
  const facts = await parts.reads.facts(name, integration.connection.tables[name]?.columns ?? []);
  await learnWords(parts, integration.id, name, facts.choices);
  return {
    place: facts.tracksChanges ? { at: 'mark', link: null } : { at: 'read', link: null },
    rows: 0,
    pages: 0,
    columns: facts.columns,
    deltaLink: null,
  };
}

/** Labels and currencies are read anew with each full load. Where the service may not read them, the old ones stay: records are worth more without them than not at all. */
async function learnWords(
  { reads, recordLoads, log, clock }: TableLoadParts,
  integration: string,
  name: RecordTableName,
  choices: TableFacts['choices'],
): Promise<void> {
  try {
    const readAt = clock.now();
    await recordLoads.addWords(integration, { labels: await labelsOf(reads, name, choices), readAt: { [name]: readAt } });
    if (name === recordTableNames[0]) await recordLoads.addWords(integration, { ...(await reads.locale()), readAt: { locale: readAt } });
  } catch (error) {
    if (!(error instanceof TandemError) || error.retry !== 'never') throw error;
    log.warn('record-words-unread', { integration, table: name, code: error.code, detail: error.detail ?? '' });
  }
}

async function mark({ parts, name, current }: Step, link: string | null): Promise<StepDone> {
  const { next, open } = await parts.reads.changes(name, link, true);
  const counted = { rows: 0, pages: 0, expected: (current.expected ?? 0) + open };
  if (next.at === 'page') return { place: { at: 'mark', link: next.link }, ...counted };
  return { place: { at: 'read', link: null }, ...counted, deltaLink: next.link };
}

async function read(step: Step, link: string | null): Promise<StepDone> {
  const { parts, integration, name, current, known } = step;
  const isFull = current.kind === 'full';
  const since = new Date((known.since ?? 0) - overlapMs).toISOString();
  const filter = both(isFull ? openFilter(name) : `modifiedon ge ${since}`, ownFilter(integration, name));
  const { records, nextLink } = await parts.reads.page({ table: name, columns: current.columns, filter }, link);
  await take(step, records);
  const counted = { rows: records.length, pages: 1 };
  if (nextLink !== null) return { place: { at: 'read', link: nextLink }, ...counted };
  const { comparedAt, last } = known;
  // What was never loaded has nothing in the cache to look for.
  const isDue = isFull ? last !== null : parts.clock.now() - (comparedAt ?? 0) >= compareEveryMs;
  return { place: isDue ? { at: 'compare', after: null } : null, ...counted };
}

async function changes(step: Step, link: string): Promise<StepDone> {
  const { parts, integration, name } = step;
  let page: Awaited<ReturnType<RecordReads['changes']>>;
  try {
    page = await parts.reads.changes(name, link, false);
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== errorCodes.cursorExpired) throw error;
    parts.log.warn('record-tracking-expired', { integration: integration.id, table: name });
    return { place: { at: 'begin' }, kind: 'full', rows: 0, pages: 0 };
  }
  await takeChanges(step, page);
  const counted = { rows: page.changed.length + page.deleted.length, pages: 1 };
  if (page.next.at === 'page') return { place: { at: 'changes', link: page.next.link }, ...counted };
  return { place: null, ...counted, deltaLink: page.next.link };
}

/** Brings the cache up to rows that a feed says have changed or are gone, as far as the cache is about them. */
async function takeChanges(step: RowsStep, { changed, deleted }: SeenChanges): Promise<void> {
  const { parts, integration, name, current } = step;
  const own = ownFilter(integration, name);
  const found = await parts.reads.byId({ table: name, columns: current.columns, filter: own }, changed);
  await take(step, found);
  const seen = new Set(found.map(({ id }) => id));
  const lacking = [...new Set([...changed, ...deleted])].filter((id) => !seen.has(id));
  const there = await parts.records.getMany(integration.id, name, lacking);
  await settleLacking(step, there);
}

/** The same for what a poll has seen of a table that was loaded before, beside any load: at most so many rows are held. Doing it again is harmless. */
export async function takeSeen(table: TableParts, { changed, deleted }: SeenChanges): Promise<void> {
  const step: RowsStep = { ...table, current: { kind: 'incremental', columns: table.known.columns } };
  for (const ids of inGroups(changed, rowsAtOnce)) await takeChanges(step, { changed: ids, deleted: [] });
  for (const ids of inGroups(deleted, rowsAtOnce)) await takeChanges(step, { changed: [], deleted: ids });
}

/** Looks for what the cache has in the environment. */
async function compare(step: Step, after: string | null): Promise<StepDone> {
  const { parts, integration, name, current } = step;
  for await (const page of parts.records.scan(integration.id, name, after ?? undefined)) {
    const filter = both(openFilter(name), ownFilter(integration, name));
    const found = await parts.reads.byId(
      { table: name, columns: current.columns, filter },
      page.map(({ id }) => id),
    );
    await take(step, found);
    const seen = new Set(found.map(({ id }) => id));
    await settleLacking(
      step,
      page.filter(({ id }) => !seen.has(id)),
    );
    return { place: { at: 'compare', after: page.at(-1)?.id ?? null }, rows: 0, pages: 0 };
  }
  return { place: null, rows: 0, pages: 0 };
}

/** Puts what was read into the cache. What is closed is only of interest where the cache has it: it ends cards and leaves lists. */
async function take({ parts, integration, name, current, known }: RowsStep, records: readonly WorkspaceRecord[]): Promise<void> {
  const ids = records.map(({ id }) => id);
  const there = new Map((await parts.records.getMany(integration.id, name, ids)).map((record) => [record.id, record]));
  const how = { isFirstLoad: known.loadedAt === null, refresh: current.kind === 'full' };
  await atOnce(savesAtOnce, records, async (record) => {
    const before = there.get(record.id) ?? null;
    if (before !== null || isOpen(record)) await saveRecord(parts, integration.id, before, record, how);
  });
}

/** Cached records that a read did not bring: each leaves the cache only if a read by its id says why. */
async function settleLacking({ parts, integration, name, current }: RowsStep, lacking: readonly WorkspaceRecord[]): Promise<void> {
  if (lacking.length === 0) return;
  const ids = lacking.map(({ id }) => id);
  const there = new Map(
    (await parts.reads.byId({ table: name, columns: current.columns, filter: null }, ids)).map((each) => [each.id, each]),
  );
  const isFiltered = ownFilter(integration, name) !== null;
  await atOnce(fatesAtOnce, lacking, async (before) => {
    const now = there.get(before.id);
    if (now === undefined) {
      if ((await parts.reads.fate(name, before.id)) === 'gone') await leaveRecord(parts, integration.id, before);
    } else if (!isOpen(now)) {
      if (isOpen(before)) await parts.onChange({ integration: integration.id, before, now, isFirstLoad: false });
      await parts.records.remove(integration.id, name, before.id);
    } else if (isFiltered) {
      await leaveRecord(parts, integration.id, before);
    }
  });
}

function openFilter(name: RecordTableName): string {
  return recordTables[name].openStates.map((state) => `statecode eq ${state}`).join(' or ');
}

function ownFilter({ connection }: Integration, name: RecordTableName): string | null {
  return connection.tables[name]?.filter ?? null;
}

function both(first: string, second: string | null): string {
  return second === null ? first : `(${first}) and (${second})`;
}
