import type { Values } from '../model/values';
import { resolveAddresses } from './addresses';
import type { Connection } from './connection';
import type { Caller } from './dynamics';
import { newAddresses, type Party, partiesAfter, partiesColumn } from './parties';
import type { Row } from './row';

/** True where changes say who is invited. */
export function changesAttendees(changes: Values): boolean {
  return 'requiredAttendees' in changes || 'optionalAttendees' in changes;
}

/** All parties of a meeting whose attendees change, because a write replaces the whole collection; its version guards the read before it. */
export async function attendeeColumns(
  connection: Connection,
  parties: readonly Party[],
  changes: Values,
  caller: Caller,
  collection: string,
): Promise<Row> {
  const resolved = await resolveAddresses(connection, newAddresses(parties, changes), caller);
  return partiesColumn(partiesAfter(parties, changes, resolved), collection);
}
