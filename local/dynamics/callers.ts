import type { JWTPayload } from 'jose';
import type { TokenVerifier } from '../serving/tokens';
import { Refusal, type WireRequest } from '../serving/wire';
import type { Access, Caller } from './access';
import { errorReply, refusal } from './errors';
import type { Row } from './shelf';
import type { Store } from './store';
import { tables } from './tables';

/** Finds out who sends a request: by its bearer token, and on whose behalf by its headers. */
export class Callers {
  constructor(
    private readonly store: Store,
    private readonly access: Access,
    private readonly verifier: TokenVerifier,
    /** What `WWW-Authenticate` says about where to get a token, and for what. */
    private readonly challenge: { readonly authorizationUri: string; readonly resource: string },
  ) {}

  async callerOf(request: WireRequest): Promise<Caller> {
    const claims = await this.verifier.verify(request.headers.authorization);
    if (claims === undefined) throw this.unauthorized();
    const user = this.userOf(claims);
    if (user.values.isdisabled === true)
      throw refusal(403, '0x80040225', `The specified user(Id = ${user.id}) is disabled. Consider enabling this user.`);
    const other = this.impersonated(request);
    if (other === undefined) return { userId: user.id };
    if (!this.access.mayActOnBehalf(user.id))
      throw refusal(403, '0x80040220', `Principal user (Id=${user.id}, type=8) is missing prvActOnBehalfOfAnotherUser privilege.`);
    return { userId: other.id, behalfOf: user.id };
  }

  /** An app-only token stands for the application user, any other for the person it was given to. */
  private userOf(claims: JWTPayload): Row {
    const isApplication = claims.idtyp === 'app' || (claims.scp === undefined && claims.idtyp === undefined);
    const found = isApplication
      ? this.find('applicationid', claims.appid ?? claims.azp)
      : this.find('azureactivedirectoryobjectid', claims.oid);
    if (found === undefined) throw notAMember();
    return found;
  }

  /** The user that `CallerObjectId` (Entra object id) or `MSCRMCallerID` (systemuserid) names. */
  private impersonated(request: WireRequest): Row | undefined {
    const { callerobjectid: objectId = '', mscrmcallerid: userId = '' } = request.headers;
    if (objectId === '' && userId === '') return undefined;
    const found =
      objectId === '' ? this.store.row(tables.systemUser, userId.toLowerCase()) : this.find('azureactivedirectoryobjectid', objectId);
    if (found === undefined) throw notAMember();
    return found;
  }

  private find(column: string, value: unknown): Row | undefined {
    if (typeof value !== 'string' || value === '') return undefined;
    for (const row of this.store.shelf(tables.systemUser).rows.values()) if (row.values[column] === value.toLowerCase()) return row;
    return undefined;
  }

  private unauthorized(): Refusal {
    const { authorizationUri, resource } = this.challenge;
    const headers = { 'WWW-Authenticate': `Bearer authorization_uri=${authorizationUri}, resource_id=${resource}` };
    return new Refusal(errorReply(401, '', 'Authorization has been denied for this request.', headers));
  }
}

function notAMember(): Refusal {
  return refusal(403, '0x80072560', 'The user is not a member of the organization.');
}
