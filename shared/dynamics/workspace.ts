import { errorCodes, TandemError } from '../platform/errors';
import type { ActionRequest } from '../workspace/actions/requests';
import type { WorkspaceRecord } from '../workspace/record';
import { type ColumnType, type RecordTableName, recordTables } from '../workspace/tables';
import { annotations, type Connection, guid } from './connection';
import { isThere } from './create';
import type { Caller } from './dynamics';
import type { ColumnKind, ReadColumn } from './record-columns';
import { recordOfRow, selectOf } from './record-row';
import { keyIn, type Row, textIn } from './row';

/** A row that a look-up found. */
export interface Found {
  readonly id: string;
  readonly name: string;
  /** What stands beside the name; null where that is nothing. */
  readonly beside: string | null;
}

export type LookupTable = RecordTableName | 'systemuser';

/** What pages and actions ask of the environment in the name of a person, so that Dynamics' own security decides what she sees and does. */
export interface WorkspaceCalls {
  /** The `systemuserid` of the enabled user who is linked to this Entra object id, asked as the service; null where there is none. */
  user(objectId: string): Promise<string | null>;
  /** A record with all columns of its pages, secured ones as the caller sees them. Throws `gone` or `forbidden`. */
  record(table: RecordTableName, id: string, caller: Caller): Promise<WorkspaceRecord>;
  /** The open records whose lookup points to a row, up to 500. */
  children(table: RecordTableName, lookup: string, id: string, caller: Caller): Promise<WorkspaceRecord[]>;
  /** Up to twenty open rows with a name that begins with the text, and then those that contain it. */
  find(table: LookupTable, text: string, beside: string | null, caller: Caller): Promise<Found[]>;
  /** Sends the request of an action. Returns the record as it then is, null where the answer does not tell. A row that was made before by the same request is returned. */
  run(request: ActionRequest, table: RecordTableName, caller: Caller): Promise<WorkspaceRecord | null>;
}

const mostChildren = 500;
/** What a look-up shows at most. */
export const mostFound = 20;

const kinds: Readonly<Record<ColumnType, ColumnKind>> = {
  text: 'text',
  memo: 'text',
  phone: 'text',
  email: 'text',
  url: 'text',
  integer: 'number',
  decimal: 'number',
  money: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'time',
  choice: 'number',
  lookup: 'lookup',
};

function columnsOf(table: RecordTableName): readonly ReadColumn[] {
  return recordTables[table].columns.map(({ name, type }) => ({ name, kind: kinds[type] }));
}

/** Source: "Retrieve a table row", "Query data" and "Perform conditional operations using the Web API", Dataverse documentation. */
export function workspaceCalls(connection: Connection): WorkspaceCalls {
  async function record(table: RecordTableName, id: string, caller: Caller): Promise<WorkspaceRecord> {
    const columns = columnsOf(table);
    const url = connection.url(`${recordTables[table].set}(${guid(id)})`, { $select: selectOf(table, columns) });
    return recordOfRow(table, columns, await connection.row({ url, caller, prefer: [annotations] }));
  }

  return {
    async user(objectId) {
      const $filter = `azureactivedirectoryobjectid eq ${guid(objectId)} and isdisabled eq false`;
      const { rows } = await connection.page({
        url: connection.url('systemusers', { $select: 'systemuserid', $filter }),
        caller: 'service',
      });
      return rows[0] === undefined ? null : keyIn(rows[0], 'systemuserid');
    },
    record,
    async children(table, lookup, id, caller) {
      const columns = columnsOf(table);
      const { set, title } = recordTables[table];
      const $filter = `_${lookup}_value eq ${guid(id)} and ${openFilter(table)}`;
      const url = connection.url(set, { $select: selectOf(table, columns), $filter, $orderby: title });
      const page = await connection.page({ url, caller, prefer: [annotations, `odata.maxpagesize=${mostChildren}`] });
      return page.rows.map((row) => recordOfRow(table, columns, row));
    },
    async find(table, text, beside, caller) {
      const { set, key, title } = placeOf(table);
      const $select = [key, title, ...(beside === null ? [] : [beside])].join(',');
      const quoted = `'${text.replaceAll("'", "''")}'`;
      const begins = `startswith(${title},${quoted})`;
      const search = async (condition: string | null): Promise<readonly Row[]> => {
        const $filter = [condition, openFilter(table)].filter((each) => each !== null).join(' and ');
        const url = connection.url(set, { $select, $filter, $orderby: title });
        return (await connection.page({ url, caller, prefer: [`odata.maxpagesize=${mostFound}`] })).rows;
      };
      const first = await search(text === '' ? null : begins);
      const more = text === '' || first.length >= mostFound ? [] : await search(`contains(${title},${quoted}) and not ${begins}`);
      return [...first, ...more].slice(0, mostFound).map((row) => ({
        id: keyIn(row, key),
        name: textIn(row, title) ?? '',
        beside: beside === null ? null : textIn(row, beside),
      }));
    },
    async run({ method, path, headers, body, returns }, table, caller) {
      const columns = columnsOf(table);
      try {
        if (returns === 'nothing') {
          await connection.send({ method, url: connection.url(path), caller, headers, body });
          return null;
        }
        const url = connection.url(path, { $select: selectOf(table, columns) });
        const prefer = ['return=representation', annotations];
        return recordOfRow(table, columns, await connection.row({ method, url, caller, prefer, headers, body }));
      } catch (error) {
        if (!(error instanceof TandemError) || headers['If-None-Match'] === undefined || !isThere(error)) throw error;
        const id = /\(([0-9a-f-]{36})\)/.exec(path)?.[1];
        return returns === 'nothing' || id === undefined ? null : record(table, id, caller);
      }
    },
  };
}

function placeOf(table: LookupTable): { readonly set: string; readonly key: string; readonly title: string } {
  return table === 'systemuser' ? { set: 'systemusers', key: 'systemuserid', title: 'fullname' } : recordTables[table];
}

/** Only what is open: a closed row is nothing to connect new work with, and a user who has left gets none. */
function openFilter(table: LookupTable): string {
  if (table === 'systemuser') return 'isdisabled eq false';
  const states = recordTables[table].openStates.map((state) => `statecode eq ${state}`).join(' or ');
  return `(${states})`;
}

/** Whether an error says that the caller may not see a row, or that it is not there: to her that is the same. */
export function isOutOfSight(error: unknown): boolean {
  return error instanceof TandemError && (error.code === errorCodes.gone || error.code === errorCodes.forbidden);
}
