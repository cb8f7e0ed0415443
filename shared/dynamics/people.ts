import { ianaZone } from '../model/zone';
import { errorCodes, TandemError } from '../platform/errors';
import { type Connection, guid } from './connection';
import type { DynamicsUser } from './dynamics';
import { numberIn, type Row, textIn } from './row';

/** A person's row with her address and time zone. Throws `not-found` where there is no such user, or one that is not linked to Entra ID. */
export async function readUser(connection: Connection, systemUserId: string): Promise<DynamicsUser> {
  const id = guid(systemUserId);
  const row = await rowIfThere(connection, `systemusers(${id})`, 'azureactivedirectoryobjectid,internalemailaddress,fullname');
  const objectId = row === null ? null : textIn(row, 'azureactivedirectoryobjectid');
  if (row === null || objectId === null) throw noSuchUser();
  const settings = await rowIfThere(connection, `usersettingscollection(${id})`, 'timezonecode');
  const code = settings === null ? null : numberIn(settings, 'timezonecode');
  return {
    systemUserId: id,
    objectId: objectId.toLowerCase(),
    email: textIn(row, 'internalemailaddress')?.toLowerCase() ?? '',
    name: textIn(row, 'fullname') ?? '',
    zone: code === null ? 'UTC' : await zoneOf(connection, code),
  };
}

async function zoneOf(connection: Connection, code: number): Promise<string> {
  const url = connection.url('timezonedefinitions', { $select: 'standardname', $filter: `timezonecode eq ${code}` });
  const { rows } = await connection.page({ url, caller: 'service' });
  return ianaZone((rows[0] === undefined ? null : textIn(rows[0], 'standardname')) ?? 'UTC');
}

async function rowIfThere(connection: Connection, path: string, columns: string): Promise<Row | null> {
  try {
    return await connection.row({ url: connection.url(path, { $select: columns }), caller: 'service' });
  } catch (error) {
    if (error instanceof TandemError && error.code === errorCodes.gone) return null;
    throw error;
  }
}

function noSuchUser(): TandemError {
  return new TandemError(errorCodes.notFound, {
    retry: 'never',
    fix: 'Add the person to the Dynamics environment as a user that is linked to Entra ID.',
    detail: 'no such user',
  });
}
