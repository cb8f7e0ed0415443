import { z } from 'zod';
import { errorCodes, TandemError } from '../platform/errors';
import { inGroups } from '../platform/groups';
import { type Connection, guid } from './connection';
import type { Caller } from './dynamics';
import { type Row, unexpected } from './row';

/** A user of Dynamics as far as it decides whether her mailbox can take part. */
export interface ListedUser {
  /** Lower-case GUID. */
  readonly systemUserId: string;
  /** Entra object id, lower case; null for a user that is linked to nobody. */
  readonly objectId: string | null;
  /** Primary address, lower case; null where she has none. */
  readonly email: string | null;
  readonly name: string;
  readonly isEnabled: boolean;
  /** True for a person who signs in to read and write; not for applications, support and administrative access (`accessmode` 0). */
  readonly isInteractive: boolean;
  readonly isLicensed: boolean;
}

export interface UsersPage {
  readonly users: readonly ListedUser[];
  readonly nextLink: string | null;
}

/** What is known about the users of an environment. Everything is asked as the service, except `actingAs`. */
export interface Users {
  /** A page of all users, up to 500. */
  page(nextLink: string | null): Promise<UsersPage>;
  /** One user; null where there is none. */
  one(systemUserId: string): Promise<ListedUser | null>;
  /** The enabled members of a team who are linked to somebody in Entra, up to 500. */
  membersOf(teamId: string): Promise<readonly { readonly objectId: string; readonly systemUserId: string }[]>;
  /** The names of the privileges that a user has by her roles, such as `prvReadContact`; null where the environment does not name them. */
  privileges(systemUserId: string): Promise<ReadonlySet<string> | null>;
  /** The `systemuserid` of whom a request runs as. Throws `forbidden` where the service may not act for that person. */
  actingAs(caller: Caller): Promise<string>;
}

const columns = 'systemuserid,azureactivedirectoryobjectid,internalemailaddress,fullname,isdisabled,accessmode,islicensed,applicationid';
/** Read-Write (choice `systemuser_accessmode`, Dataverse tables). */
const readWrite = 0;

const text = z.string().nullish();
const userRow = z.looseObject({
  systemuserid: z.string(),
  azureactivedirectoryobjectid: text,
  internalemailaddress: text,
  fullname: text,
  isdisabled: z.boolean().nullish(),
  accessmode: z.number().nullish(),
  islicensed: z.boolean().nullish(),
  applicationid: text,
});

/** The most users that one request asks for by their ids: the address may not grow too long. */
const usersAtOnce = 25;
const membership = z.looseObject({ systemuserid: z.string() });
const privilegesReply = z.looseObject({ RolePrivileges: z.array(z.looseObject({ PrivilegeName: text })) });
const whoAmIReply = z.looseObject({ UserId: z.string() });

export function usersOf(connection: Connection): Users {
  return {
    async page(nextLink) {
      const url = nextLink === null ? connection.url('systemusers', { $select: columns }) : connection.link(nextLink);
      const page = await connection.page({ url, caller: 'service', prefer: ['odata.maxpagesize=500'] });
      return { users: page.rows.map(listed), nextLink: page.nextLink };
    },
    async one(systemUserId) {
      try {
        return listed(
          await connection.row({ url: connection.url(`systemusers(${guid(systemUserId)})`, { $select: columns }), caller: 'service' }),
        );
      } catch (error) {
        if (error instanceof TandemError && error.code === errorCodes.gone) return null;
        throw error;
      }
    },
    async membersOf(teamId) {
      const found = await connection.page({
        url: connection.url('teammemberships', { $select: 'systemuserid', $filter: `teamid eq ${guid(teamId)}` }),
        caller: 'service',
        prefer: ['odata.maxpagesize=500'],
      });
      const ids = found.rows.flatMap((row) => membership.safeParse(row).data?.systemuserid ?? []);
      const members: ListedUser[] = [];
      for (const some of inGroups(ids, usersAtOnce)) {
        const $filter = some.map((id) => `systemuserid eq ${guid(id)}`).join(' or ');
        const page = await connection.page({ url: connection.url('systemusers', { $select: columns, $filter }), caller: 'service' });
        members.push(...page.rows.map(listed));
      }
      return members.flatMap(({ objectId, systemUserId, isEnabled }) =>
        isEnabled && objectId !== null ? [{ objectId, systemUserId }] : [],
      );
    },
    async privileges(systemUserId) {
      const url = connection.url(`systemusers(${guid(systemUserId)})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()`);
      const { success, data } = privilegesReply.safeParse(await connection.row({ url, caller: 'service' }));
      if (!success) throw unexpected('an answer about privileges has none');
      const names = data.RolePrivileges.flatMap(({ PrivilegeName }) => PrivilegeName ?? []);
      return names.length === 0 && data.RolePrivileges.length > 0 ? null : new Set(names);
    },
    async actingAs(caller) {
      const { success, data } = whoAmIReply.safeParse(await connection.row({ url: connection.url('WhoAmI()'), caller }));
      if (!success) throw unexpected('an answer to WhoAmI names nobody');
      return data.UserId.toLowerCase();
    },
  };
}

function listed(row: Row): ListedUser {
  const { success, data } = userRow.safeParse(row);
  if (!success) throw unexpected('a user is not what the Web API documents');
  const email = data.internalemailaddress?.trim().toLowerCase() ?? '';
  return {
    systemUserId: data.systemuserid.toLowerCase(),
    objectId: data.azureactivedirectoryobjectid?.toLowerCase() ?? null,
    email: email === '' ? null : email,
    name: data.fullname ?? '',
    isEnabled: data.isdisabled !== true,
    isInteractive: data.accessmode === readWrite && (data.applicationid ?? null) === null,
    isLicensed: data.islicensed === true,
  };
}
