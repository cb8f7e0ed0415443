import { say } from './languages';
import type { RecordList } from './microapp';
import type { ListView } from './page-view';
import type { WorkspaceRecord } from './record';
import { columnOf, columnText, isReference, type Reader, shownText } from './shown';
import { recordTables } from './tables';

/** How many rows a page of a list has. */
export const rowsPerPage = 20;

/** What somebody asks of a list. */
export interface ListWish {
  /** Empty for everything. */
  readonly search: string;
  readonly sort: { readonly column: string; readonly direction: 'ascending' | 'descending' } | null;
  /** Where the page before ended. */
  readonly cursor: string | null;
}

/** A page of a list: the records that match the search, in order, from the cursor on. Total: a cursor that is none begins anew. */
export function listView(
  list: RecordList,
  records: readonly WorkspaceRecord[],
  searches: readonly string[],
  wish: ListWish,
  reader: Reader,
): ListView {
  const sort = wish.sort !== null && isSortable(list, wish.sort.column) ? wish.sort : list.sort;
  const after = readCursor(wish.cursor);
  const matching = records.filter((record) => matches(record, searches, wish.search, reader));
  const collator = new Intl.Collator(reader.language, { numeric: true, sensitivity: 'base' });
  const placed = matching
    .map((record) => ({ record, at: { key: sortKey(record, sort.column, reader), id: record.id } }))
    .sort((left, right) => compare(left.at, right.at, sort.direction, collator))
    .filter(({ at }) => after === null || compare(at, after, sort.direction, collator) > 0);
  const page = placed.slice(0, rowsPerPage);
  const last = page.at(-1);
  return {
    columns: list.columns.map(({ label, shows }) => ({
      label: say(reader.language, label),
      sortBy: 'column' in shows && isSortable(list, shows.column) ? shows.column : null,
    })),
    rows: page.map(({ record }) => ({
      id: record.id,
      cells: list.columns.map(({ shows, format }) => shownText(record, shows, format, reader)),
      opens: { page: list.opens, id: record.id },
    })),
    sort,
    next: placed.length > page.length && last !== undefined ? writeCursor(last.at) : null,
    empty: page.length === 0 ? say(reader.language, 'list.empty') : null,
  };
}

/** True where each word of the search stands in one of the columns; capitals, width and accents do not matter. */
export function matches(record: WorkspaceRecord, searches: readonly string[], search: string, reader: Reader): boolean {
  const words = plain(search)
    .split(/\s+/)
    .filter((word) => word !== '');
  const texts = searches.map((column) => plain(columnText(record, column, undefined, reader)));
  return words.every((word) => texts.some((text) => text.includes(word)));
}

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFKC')
    .toLowerCase();
}

interface Place {
  /** Null comes last, whichever way the list goes. */
  readonly key: string | number | null;
  readonly id: string;
}

/** Numbers by size and times by time; what people read by how they read it. */
function sortKey(record: WorkspaceRecord, name: string, reader: Reader): string | number | null {
  const value = record.values[name] ?? null;
  if (value === null) return null;
  if (typeof value === 'number' && columnOf(record, name)?.type !== 'choice') return value;
  if (isReference(value) || columnOf(record, name)?.type === 'choice') return columnText(record, name, undefined, reader) || null;
  return String(value);
}

function compare(left: Place, right: Place, direction: 'ascending' | 'descending', collator: Intl.Collator): number {
  if (left.key === null || right.key === null) {
    if (left.key !== right.key) return left.key === null ? 1 : -1;
  } else {
    const way = direction === 'ascending' ? 1 : -1;
    const byKey =
      typeof left.key === 'number' && typeof right.key === 'number'
        ? left.key - right.key
        : collator.compare(String(left.key), String(right.key));
    if (byKey !== 0) return way * byKey;
  }
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
}

/** A list can be sorted by what it shows, and by what it is sorted by without being asked. */
function isSortable({ table, columns, sort }: RecordList, name: string): boolean {
  const shown = columns.some(({ shows }) => 'column' in shows && shows.column === name);
  return (shown || sort.column === name) && recordTables[table].columns.some((column) => column.name === name);
}

function writeCursor(place: Place): string {
  return Buffer.from(JSON.stringify([place.key, place.id])).toString('base64url');
}

function readCursor(cursor: string | null): Place | null {
  if (cursor === null) return null;
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(read)) return null;
    const [key, id]: unknown[] = read;
    const isKey = key === null || typeof key === 'string' || typeof key === 'number';
    return isKey && typeof id === 'string' ? { key, id } : null;
  } catch {
    return null;
  }
}
