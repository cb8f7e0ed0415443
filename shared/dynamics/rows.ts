import { errorCodes, TandemError } from '../platform/errors';
import type { Call, Connection } from './connection';
import type { Row } from './row';

/** Values in one request: a hundred ids take about 4 kB of the 32 kB that a URL may have. */
const valuesInRequest = 100;

export interface RowQuery {
  readonly $select: string;
  readonly $expand?: string | undefined;
  readonly $orderby?: string;
  /** A further condition. */
  readonly where?: string;
}

/** The rows whose column has one of these values, many in one request. */
export async function rowsWith(
  connection: Connection,
  set: string,
  column: string,
  values: readonly string[],
  query: RowQuery,
  call: Omit<Call, 'url'>,
): Promise<Row[]> {
  const { where, ...options } = query;
  const wanted = [...new Set(values)];
  const rows: Row[] = [];
  for (let at = 0; at < wanted.length; at += valuesInRequest) {
    const filter = oneOf(column, wanted.slice(at, at + valuesInRequest));
    const url = connection.url(set, { ...options, $filter: where === undefined ? filter : `${filter} and ${where}` });
    rows.push(...(await allRows(connection, { ...call, url })));
  }
  return rows;
}

function oneOf(column: string, values: readonly string[]): string {
  return `Microsoft.Dynamics.CRM.In(PropertyName='${column}',PropertyValues=${JSON.stringify(values)})`;
}

async function allRows(connection: Connection, call: Call): Promise<Row[]> {
  const first = await connection.page(call);
  const rows = [...first.rows];
  for (let link = first.nextLink; link !== null; ) {
    const page = await connection.page({ ...call, url: connection.link(link) });
    rows.push(...page.rows);
    link = page.nextLink;
  }
  return rows;
}

/** Rows that the caller sees: who has no right to a table sees none of its rows. */
export async function visible(read: () => Promise<Row[]>): Promise<Row[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TandemError && error.code === errorCodes.forbidden) return [];
    throw error;
  }
}
