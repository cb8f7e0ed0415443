import { elementsOf, type Values } from '../model/values';
import { errorCodes, TandemError } from '../platform/errors';
import { lookupIn, lookupTableIn, numberIn, type Row, textIn } from './row';

/** Who takes part in an activity, and as what: the `participationtypemask` option set. */
export const masks = { required: 5, optional: 6, organizer: 7, regarding: 8, owner: 9 } as const;

/** The collection of an appointment's parties; rows of other tables have theirs there too once `withParties` has moved them. */
export const partiesProperty = 'appointment_activity_parties';

/** How a read expands a collection of parties. */
export function partiesExpand(collection: string): string {
  return `${collection}($select=participationtypemask,addressused,_partyid_value)`;
}

/** The same row, with the parties of a table's own collection where those of an appointment are. */
export function withParties(row: Row, collection: string | undefined): Row {
  return collection === undefined || collection === partiesProperty ? row : { ...row, [partiesProperty]: row[collection] };
}

/** A row that a party stands for. */
export interface PartyRow {
  readonly table: string;
  readonly id: string;
}

export interface Party {
  readonly mask: number;
  /** The row it stands for; null for somebody known by address alone. */
  readonly row: PartyRow | null;
  /** Lower case; null where neither the party nor its row has one. */
  readonly address: string | null;
}

/** Entity sets of the tables that may be parties of an appointment. */
const partySets: Readonly<Record<string, string>> = {
  systemuser: 'systemusers',
  contact: 'contacts',
  account: 'accounts',
  lead: 'leads',
  queue: 'queues',
  team: 'teams',
  equipment: 'equipments',
};

/** The parties of a row that was read with them; none where it was read without. */
export function partiesIn(row: Row): Party[] {
  const rows: unknown = row[partiesProperty];
  return Array.isArray(rows) ? rows.map(partyOf) : [];
}

function partyOf(row: Row): Party {
  const id = lookupIn(row, 'partyid');
  const table = lookupTableIn(row, 'partyid');
  return {
    mask: numberIn(row, 'participationtypemask') ?? 0,
    row: id === null ? null : { table: table ?? 'unknown', id },
    address: textIn(row, 'addressused')?.toLowerCase() ?? null,
  };
}

/** Addresses as an appointment's values hold them. */
export function sortedAddresses(addresses: readonly string[]): string[] {
  return [...new Set(addresses.map((address) => address.toLowerCase()))].sort();
}

/** The organizer's `systemuserid`; null where nobody organizes or where it is not a user. */
export function organizerOf(parties: readonly Party[]): string | null {
  return parties.find((party) => party.mask === masks.organizer && party.row?.table === 'systemuser')?.row?.id ?? null;
}

/** The values of an appointment that its parties are. */
export function partyValues(parties: readonly Party[]): {
  organizer: string | null;
  requiredAttendees: string[];
  optionalAttendees: string[];
} {
  return {
    organizer: organizerOf(parties),
    requiredAttendees: addressesOf(parties, masks.required),
    optionalAttendees: addressesOf(parties, masks.optional),
  };
}

/** The addresses of the parties with this mask: each once, and sorted, because the service returns parties in no order. */
function addressesOf(parties: readonly Party[], mask: number): string[] {
  const addresses = parties.filter((party) => party.mask === mask).map((party) => party.address);
  return sortedAddresses(addresses.filter((address) => address !== null));
}

/** The addresses that `changes` bring in and no party has yet. */
export function newAddresses(parties: readonly Party[], changes: Values): string[] {
  const known = new Set(parties.map((party) => party.address));
  return wanted(changes)
    .flatMap(({ addresses }) => addresses)
    .filter((address) => !known.has(address));
}

/**
 * All parties as they have to be once the attendees are those of `changes`. A write replaces the whole collection, so everybody else is in it unchanged:
 * the organizer, rooms, and attendees of whom nobody knows an address. `resolved` finds the row of an address that is new.
 */
export function partiesAfter(parties: readonly Party[], changes: Values, resolved: ReadonlyMap<string, PartyRow>): Party[] {
  const lists = wanted(changes);
  const stays = ({ mask, address }: Party): boolean => {
    const list = lists.find((each) => each.mask === mask);
    return list === undefined || address === null || list.addresses.includes(address);
  };
  const kept = parties.filter(stays);
  const rowOf = (address: string): PartyRow | null =>
    parties.find((party) => party.address === address && party.row !== null)?.row ?? resolved.get(address) ?? null;
  const added = lists.flatMap(({ mask, addresses }) =>
    addresses
      .filter((address) => !kept.some((party) => party.mask === mask && party.address === address))
      .map((address) => ({ mask, row: rowOf(address), address })),
  );
  return [...kept, ...added];
}

function wanted(changes: Values): { mask: number; addresses: string[] }[] {
  const lists = [
    { mask: masks.required, field: 'requiredAttendees' },
    { mask: masks.optional, field: 'optionalAttendees' },
  ];
  return lists
    .filter(({ field }) => field in changes)
    .map(({ mask, field }) => ({ mask, addresses: sortedAddresses(elementsOf(changes[field])) }));
}

/** A table's collection as a write takes it. The platform keeps the parties for owner and regarding itself; they are not sent. */
export function partiesColumn(parties: readonly Party[], collection: string): Row {
  const sent = parties.filter(({ mask }) => mask !== masks.owner && mask !== masks.regarding);
  return { [collection]: sent.map(partyColumns) };
}

function partyColumns({ mask, row, address }: Party): Row {
  if (row === null) return { participationtypemask: mask, addressused: address };
  const set = partySets[row.table];
  if (set === undefined) throw unknownPartyTable(row.table);
  return { participationtypemask: mask, [`partyid_${row.table}@odata.bind`]: `/${set}(${row.id})` };
}

/** Writing without this party would remove it from the appointment. */
function unknownPartyTable(table: string): TandemError {
  return new TandemError(errorCodes.refused, {
    retry: 'never',
    fix: 'Change the attendees in Dynamics: the appointment has a participant from a table that Tandem does not know.',
    detail: `a party from table ${table}`,
  });
}
