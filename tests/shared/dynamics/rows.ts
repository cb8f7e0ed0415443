import { partiesProperty } from '../../../shared/dynamics/parties';
import type { Row } from '../../../shared/dynamics/row';
import { fieldsOf } from '../../../shared/model/entity';
import { type Entity, sameValue, type Values } from '../../../shared/model/values';

export const recordId = '11111111-2222-4333-8444-555555555555';

/** A row that has nothing but what every row has. */
export const emptyRow: Row = {
  '@odata.etag': 'W/"4711"',
  activityid: recordId.toUpperCase(),
  contactid: recordId,
  _ownerid_value: '5A5E0E00-0000-4000-8000-000000000001',
  modifiedon: '2026-10-05T08:00:00Z',
  statecode: 0,
};

const formatted = 'OData.Community.Display.V1.FormattedValue';
const lookupTable = 'Microsoft.Dynamics.CRM.lookuplogicalname';

/** A lookup as a read with annotations returns it. */
export function lookup(name: string, table: string, id: string, display: string): Row {
  return { [`_${name}_value`]: id, [`_${name}_value@${formatted}`]: display, [`_${name}_value@${lookupTable}`]: table };
}

/** A party as an expanded read returns it. */
export function party(mask: number, table: string | null, id: string | null, address: string | null): Row {
  return {
    participationtypemask: mask,
    addressused: address,
    _partyid_value: id,
    ...(table === null || id === null ? {} : lookup('partyid', table, id, 'somebody')),
  };
}

/** The row after a write: columns are replaced, and parties become what a read returns. `addresses` are those of the rows that parties are bound to. */
export function written(row: Row, columns: Row, addresses: Readonly<Record<string, string>> = {}): Row {
  const parties: unknown = columns[partiesProperty];
  if (!Array.isArray(parties)) return { ...row, ...columns };
  return { ...row, ...columns, [partiesProperty]: parties.map((each) => readBack(each, addresses)) };
}

function readBack(sent: Row, addresses: Readonly<Record<string, string>>): Row {
  const bind = Object.entries(sent).find(([name]) => name.endsWith('@odata.bind'));
  const mask = Number(sent.participationtypemask);
  if (bind === undefined) return party(mask, null, null, String(sent.addressused));
  const table = /^partyid_(\w+)@/.exec(bind[0])?.[1] ?? '';
  const id = /\((.+)\)$/.exec(String(bind[1]))?.[1] ?? '';
  return party(mask, table, id, addresses[id] ?? null);
}

/** What differs between two sets of values, as a plan would write it. */
export function differences(entity: Entity, from: Values, to: Values): Values {
  const fields = fieldsOf(entity).map(({ name }) => name);
  return Object.fromEntries(
    fields.filter((name) => name in to && !sameValue(from[name], to[name])).map((name) => [name, to[name] ?? null]),
  );
}
