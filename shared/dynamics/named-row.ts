import type { Connection } from './connection';
import type { Caller } from './dynamics';
import { keyIn, type Row } from './row';
import { visible } from './rows';

type NamedTable = 'account' | 'contact';

const tables: Readonly<Record<NamedTable, { readonly set: string; readonly key: string; readonly name: string }>> = {
  account: { set: 'accounts', key: 'accountid', name: 'name' },
  contact: { set: 'contacts', key: 'contactid', name: 'fullname' },
};

/** The one active row of these tables that has this name, as the caller; null where there is none or more than one: a guess would tie people's work to a stranger. */
export async function soleRowNamed(
  connection: Connection,
  among: readonly NamedTable[],
  name: string,
  caller: Caller,
): Promise<{ readonly table: NamedTable; readonly path: string } | null> {
  const found: { table: NamedTable; path: string }[] = [];
  for (const table of among) {
    const { set, key, name: column } = tables[table];
    const $filter = `${column} eq '${name.replaceAll("'", "''")}' and statecode eq 0`;
    const url = connection.url(set, { $select: key, $filter });
    const rows = await visible(
      async (): Promise<Row[]> => [...(await connection.page({ url, caller, prefer: ['odata.maxpagesize=2'] })).rows],
    );
    found.push(...rows.map((row) => ({ table, path: `/${set}(${keyIn(row, key)})` })));
  }
  return found.length === 1 ? (found[0] ?? null) : null;
}
