import type { Connection } from './connection';
import type { Caller } from './dynamics';
import { masks, type PartyRow, partiesProperty } from './parties';
import { keyIn, lookupIn, lookupTableIn, numberIn, type Row, textIn } from './row';
import { rowsWith, visible } from './rows';

interface AddressTable {
  readonly name: string;
  readonly set: string;
  readonly key: string;
  readonly column: string;
  readonly active: string;
}

/** Where people's addresses are, in the order in which an address is looked up (Microsoft's order for resolving recipients). */
const addressTables: readonly AddressTable[] = [
  { name: 'systemuser', set: 'systemusers', key: 'systemuserid', column: 'internalemailaddress', active: 'isdisabled eq false' },
  { name: 'contact', set: 'contacts', key: 'contactid', column: 'emailaddress1', active: 'statecode eq 0' },
  { name: 'account', set: 'accounts', key: 'accountid', column: 'emailaddress1', active: 'statecode eq 0' },
  { name: 'lead', set: 'leads', key: 'leadid', column: 'emailaddress1', active: 'statecode eq 0' },
];

/** The same rows, with the addresses of attendees that came without one taken from the rows they stand for: one request a table, as the caller. */
export async function withAddresses(connection: Connection, rows: readonly Row[], caller: Caller): Promise<Row[]> {
  const lacking = rows.flatMap(partyRows).filter(lacksAddress);
  const found = new Map<string, unknown>();
  for (const { name, set, key, column } of addressTables) {
    const ids = lacking.filter((party) => lookupTableIn(party, 'partyid') === name).flatMap((party) => lookupIn(party, 'partyid') ?? []);
    const people = await visible(() => rowsWith(connection, set, key, ids, { $select: `${key},${column}` }, { caller }));
    for (const person of people) found.set(keyIn(person, key), person[column]);
  }
  if (found.size === 0) return [...rows];
  const complete = (party: Row): Row =>
    lacksAddress(party) ? { ...party, addressused: found.get(lookupIn(party, 'partyid') ?? '') ?? null } : party;
  return rows.map((row) => ({ ...row, [partiesProperty]: partyRows(row).map(complete) }));
}

/** The row that each address belongs to: the oldest active one of the first table that has any. An address that nobody has is absent. */
export async function resolveAddresses(
  connection: Connection,
  addresses: readonly string[],
  caller: Caller,
): Promise<ReadonlyMap<string, PartyRow>> {
  const found = new Map<string, PartyRow>();
  for (const { name, set, key, column, active } of addressTables) {
    const open = addresses.filter((address) => !found.has(address));
    const query = { $select: `${key},${column}`, $orderby: 'createdon asc', where: active };
    for (const person of await visible(() => rowsWith(connection, set, column, open, query, { caller }))) {
      const address = textIn(person, column)?.toLowerCase();
      if (address !== undefined && !found.has(address)) found.set(address, { table: name, id: keyIn(person, key) });
    }
  }
  return found;
}

function partyRows(row: Row): Row[] {
  const parties = row[partiesProperty];
  return Array.isArray(parties) ? parties : [];
}

function lacksAddress(party: Row): boolean {
  const mask = numberIn(party, 'participationtypemask');
  return (mask === masks.required || mask === masks.optional) && textIn(party, 'addressused') === null;
}
