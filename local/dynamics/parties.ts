import { createHash } from 'node:crypto';
import { remember } from '../serving/remember';
import type { Reference, Table, Value } from './schema';
import type { Row } from './shelf';
import { tableNamed } from './tables';
import type { View } from './view';

const owner = 9;
const regarding = 8;
const addressColumns: Readonly<Record<string, string>> = {
  systemuser: 'internalemailaddress',
  contact: 'emailaddress1',
  account: 'emailaddress1',
  lead: 'emailaddress1',
  equipment: 'emailaddress',
};

/** Writes the parties of an activity: those that were posted, or those it had, and the two kinds that the platform keeps itself. */
export function writeParties(view: View, table: Table, activity: Row, posted: readonly ReadonlyMap<string, Value>[] | undefined): void {
  if (table.parties === undefined) return;
  const before = view.store.parties(activity.id);
  const kept = before.filter((row) => row.values.participationtypemask !== owner && row.values.participationtypemask !== regarding);
  const chosen = posted?.map((values, index) => partyRow(view, table, activity, Object.fromEntries(values), index)) ?? kept;
  const own = [partyOf(regarding, activity.values.regardingobjectid), partyOf(owner, activity.values.ownerid)]
    .filter((values) => values !== undefined)
    .map((values) => before.find((row) => isSame(row, values)) ?? partyRow(view, table, activity, values, 0));
  view.store.setParties(activity.id, [...chosen, ...own]);
}

/** Empties the party of every row that stands for a deleted record; its address and name stay. */
export function forgetParty(view: View, id: string): void {
  const stale = view.store.allParties().filter((row) => (row.values.partyid as Reference | null)?.id === id);
  for (const activityId of new Set(stale.map((row) => (row.values.activityid as Reference).id))) {
    const rows = view.store
      .parties(activityId)
      .map((row) => (stale.includes(row) ? { ...row, values: { ...row.values, partyid: null } } : row));
    view.store.setParties(activityId, rows);
  }
}

function partyOf(mask: number, party: Value | undefined): Record<string, Value> | undefined {
  return party === undefined || party === null ? undefined : { participationtypemask: mask, partyid: party };
}

function isSame(row: Row, values: Readonly<Record<string, Value>>): boolean {
  const [a, b] = [row.values.partyid as Reference | null, values.partyid as Reference];
  return row.values.participationtypemask === values.participationtypemask && a?.id === b.id;
}

/** A party row; its address is that of the row it stands for, unless one was given. */
function partyRow(view: View, table: Table, activity: Row, values: Readonly<Record<string, Value>>, index: number): Row {
  const version = view.store.nextVersion();
  const party = (values.partyid ?? null) as Reference | null;
  const partyTable = party === null ? undefined : tableNamed(party.table);
  const target = partyTable === undefined || party === null ? undefined : view.store.row(partyTable, party.id);
  const address = values.addressused ?? target?.values[addressColumns[party?.table ?? ''] ?? ''] ?? null;
  return {
    id: idFrom(`${activity.id}|${version}|${index}`),
    version,
    values: {
      activityid: { table: table.logicalName, id: activity.id },
      participationtypemask: values.participationtypemask ?? null,
      partyid: party,
      addressused: address,
      partyidname: (party === null ? undefined : view.nameOf(party)) ?? address,
    },
  };
}

/** A guid that follows from the text, so that the same run gives the same ids. */
export const idFrom = remember((text: string): string => {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
});
