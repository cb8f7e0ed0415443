import { type Connection, guid } from './connection';
import { partiesExpand } from './parties';
import { readPreferences } from './read';
import { keyIn } from './row';
import { rowsWith } from './rows';
import { resourcesIn, serviceAppointmentTable } from './service-appointment';

/** The users who are resources of service activities by id, as the service. Absent: not found. */
export async function resourcesOf(connection: Connection, ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const { set, key, parties = '' } = serviceAppointmentTable;
  const query = { $select: key, $expand: partiesExpand(parties) };
  const rows = await rowsWith(connection, set, key, ids.map(guid), query, { caller: 'service', ...readPreferences({ parties }) });
  return new Map(rows.map((row) => [keyIn(row, key), resourcesIn(row)]));
}
