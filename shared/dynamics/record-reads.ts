import { z } from 'zod';
import { errorCodes, TandemError } from '../platform/errors';
import type { WorkspaceRecord } from '../workspace/record';
import { type RecordTableName, recordTables } from '../workspace/tables';
import { annotations, type Connection, guid } from './connection';
import type { FeedCursor } from './dynamics';
import { type ReadColumn, type TableFacts, tableFacts } from './record-columns';
import { recordOfRow, selectOf } from './record-row';
import { keyIn, lookupIn, numberIn, type Row, textIn, unexpected } from './row';
import { rowsWith } from './rows';

/** Which rows of a table of the record cache are read, and what of them. */
export interface RecordQuery {
  readonly table: RecordTableName;
  readonly columns: readonly ReadColumn[];
  /** An OData filter; null for every row. */
  readonly filter: string | null;
}

export interface RecordPage {
  readonly records: readonly WorkspaceRecord[];
  readonly nextLink: string | null;
}

/** What a page of change tracking names. */
export interface RecordChanges {
  readonly changed: readonly string[];
  readonly deleted: readonly string[];
  /** Of what changed, how many rows are open. */
  readonly open: number;
  readonly next: FeedCursor;
}

/** The labels of one choice column: by value, then by language id. */
export type ChoiceLabels = Readonly<Record<number, Readonly<Record<number, string>>>>;

/** What the record cache reads, all of it as the service. */
export interface RecordReads {
  facts(table: RecordTableName, more: readonly string[]): Promise<TableFacts>;
  /** A page of the rows that a filter lets through, up to 500. */
  page(query: RecordQuery, nextLink: string | null): Promise<RecordPage>;
  /** Of these ids, the rows that the filter lets through, many in one request. */
  byId(query: RecordQuery, ids: readonly string[]): Promise<WorkspaceRecord[]>;
  /** What has become of a row, asked by its id: an empty list proves nothing. */
  fate(table: RecordTableName, id: string): Promise<'gone' | 'there' | 'unreadable'>;
  /** A page of change tracking, from the beginning where there is no link. An expired token throws `cursor-expired`. */
  changes(table: RecordTableName, link: string | null, isFull: boolean): Promise<RecordChanges>;
  labels(table: RecordTableName, choice: TableFacts['choices'][number]): Promise<ChoiceLabels>;
  /** The language id of the environment, and the ISO codes of its currencies by id. */
  locale(): Promise<{ readonly baseLanguage: number | null; readonly currencies: Readonly<Record<string, string>> }>;
  /** The ids of the teams that a user is a member of, or of the members of a team: all of them, page by page. */
  memberships(by: 'systemuserid' | 'teamid', id: string): Promise<string[]>;
}

const pageSize = 500;
/** Pages of a round that only counts hold three short columns a row. */
const markSize = 5_000;
/** No environment has as many currencies; no person is in as many teams. */
const mostRows = 20_000;

const label = z.looseObject({ Label: z.string(), LanguageCode: z.int() });
const option = z.looseObject({ Value: z.int(), Label: z.looseObject({ LocalizedLabels: z.array(label) }) });
const optionSet = z.looseObject({ Options: z.array(option) }).nullish();
const choiceReply = z.looseObject({ OptionSet: optionSet, GlobalOptionSet: optionSet });

/** Source: "Query data using the Web API", "Use change tracking to synchronize data" and "Query table definitions", Dataverse documentation. */
export function recordReads(connection: Connection): RecordReads {
  const setOf = (table: RecordTableName): string => recordTables[table].set;

  async function everyRow(set: string, query: Readonly<Record<string, string>>): Promise<Row[]> {
    const rows: Row[] = [];
    for (let url: URL | null = connection.url(set, query); url !== null; ) {
      const page = await connection.page({ url, caller: 'service', prefer: [`odata.maxpagesize=${pageSize}`] });
      rows.push(...page.rows);
      if (rows.length > mostRows) throw unexpected(`${set} has more rows than can be`);
      url = page.nextLink === null ? null : connection.link(page.nextLink);
    }
    return rows;
  }

  return {
    facts: (table, more) => tableFacts(connection, table, more),
    async page({ table, columns, filter }, nextLink) {
      const query = { $select: selectOf(table, columns), ...(filter === null ? {} : { $filter: filter }) };
      const url = nextLink === null ? connection.url(setOf(table), query) : connection.link(nextLink);
      const page = await connection.page({ url, caller: 'service', prefer: [annotations, `odata.maxpagesize=${pageSize}`] });
      return { records: page.rows.map((row) => recordOfRow(table, columns, row)), nextLink: page.nextLink };
    },
    async byId({ table, columns, filter }, ids) {
      const query = { $select: selectOf(table, columns), ...(filter === null ? {} : { where: `(${filter})` }) };
      const call = { caller: 'service' as const, prefer: [annotations] };
      const rows = await rowsWith(connection, setOf(table), recordTables[table].key, ids.map(guid), query, call);
      return rows.map((row) => recordOfRow(table, columns, row));
    },
    async fate(table, id) {
      try {
        const url = connection.url(`${setOf(table)}(${guid(id)})`, { $select: recordTables[table].key });
        await connection.row({ url, caller: 'service' });
        return 'there';
      } catch (error) {
        if (error instanceof TandemError && error.code === errorCodes.gone) return 'gone';
        if (error instanceof TandemError && error.code === errorCodes.forbidden) return 'unreadable';
        throw error;
      }
    },
    async changes(table, link, isFull) {
      const { key, openStates } = recordTables[table];
      const page = await connection.page({
        url: link === null ? connection.url(setOf(table), { $select: `${key},statecode` }) : connection.link(link),
        caller: 'service',
        prefer: isFull ? ['odata.track-changes', `odata.maxpagesize=${markSize}`] : [`odata.maxpagesize=${pageSize}`],
      });
      const isTombstone = (row: Row): boolean => String(row['@odata.context'] ?? '').endsWith('/$deletedEntity');
      const rows = page.rows.filter((row) => !isTombstone(row));
      return {
        changed: rows.map((row) => keyIn(row, key)),
        deleted: page.rows.filter(isTombstone).map((row) => keyIn(row, 'id')),
        open: rows.filter((row) => openStates.includes(numberIn(row, 'statecode') ?? -1)).length,
        next: cursorOf(page, isFull),
      };
    },
    async labels(table, { name, type }) {
      const path = `EntityDefinitions(LogicalName='${table}')/Attributes(LogicalName='${name}')/Microsoft.Dynamics.CRM.${type}AttributeMetadata`;
      const url = connection.url(path, { $select: 'LogicalName', $expand: 'OptionSet,GlobalOptionSet' });
      const parsed = choiceReply.safeParse(await connection.row({ url, caller: 'service' }));
      if (!parsed.success) throw unexpected('a choice column has no options');
      const options = parsed.data.OptionSet?.Options ?? parsed.data.GlobalOptionSet?.Options ?? [];
      return Object.fromEntries(
        options.map(({ Value, Label }) => [
          Value,
          Object.fromEntries(Label.LocalizedLabels.map((each) => [each.LanguageCode, each.Label])),
        ]),
      );
    },
    async locale() {
      const [organization] = await everyRow('organizations', { $select: 'languagecode' });
      const rows = await everyRow('transactioncurrencies', { $select: 'transactioncurrencyid,isocurrencycode' });
      const currencies = rows.flatMap((row) => {
        const code = textIn(row, 'isocurrencycode');
        return code === null ? [] : [[keyIn(row, 'transactioncurrencyid'), code]];
      });
      return {
        baseLanguage: organization === undefined ? null : numberIn(organization, 'languagecode'),
        currencies: Object.fromEntries(currencies),
      };
    },
    async memberships(by, id) {
      const other = by === 'teamid' ? 'systemuserid' : 'teamid';
      const rows = await everyRow('teammemberships', { $select: other, $filter: `${by} eq ${guid(id)}` });
      return [...new Set(rows.flatMap((row) => textIn(row, other)?.toLowerCase() ?? lookupIn(row, other) ?? []))].sort();
    },
  };
}

function cursorOf(page: { readonly nextLink: string | null; readonly deltaLink: string | null }, full: boolean): FeedCursor {
  if (page.nextLink !== null) return { at: 'page', link: page.nextLink, full };
  if (page.deltaLink !== null) return { at: 'end', link: page.deltaLink };
  throw unexpected('an answer of change tracking has no link');
}
