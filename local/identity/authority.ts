import type { Person } from '../company/people';
import { companyDomain, people, tenantId } from '../company/people';
import type { Registration } from './clients';
import type { Failures } from './failures';
import type { Grants } from './grants';
import type { Issued } from './issued';
import type { Sessions } from './sessions';
import type { SigningKey } from './signing';
import { StsError } from './sts-error';

/** How long what is issued from now on lives, in seconds. */
export interface Lifetimes {
  access: number;
  refresh: number;
}

/** Everything that the endpoints of one provider share. */
export interface Authority {
  /** The provider's own origin. */
  readonly url: string;
  readonly now: () => number;
  readonly key: SigningKey;
  readonly clients: readonly Registration[];
  readonly grants: Grants;
  readonly issued: Issued;
  readonly sessions: Sessions;
  readonly failures: Failures;
  readonly lifetimes: Lifetimes;
}

/** The tenant names that a token or authorize request may use: the tenant by id or domain, and the two that find it by the person. */
const tenantNames = new Set([tenantId, companyDomain, 'common', 'organizations']);

/** Throws AADSTS90002 for a tenant that is not Contoso. */
export function checkTenant(tenant: string): void {
  if (!tenantNames.has(tenant)) throw new StsError('invalid_request', 90002, `Tenant '${tenant}' not found.`);
}

/** Whether the tenant name leaves open which tenant is meant. */
export function isShared(tenant: string): boolean {
  return tenant === 'common' || tenant === 'organizations';
}

/** A person by address, object id or key; case does not matter. */
export function findPerson(name: string | undefined): Person | undefined {
  const wanted = name?.toLowerCase();
  return people.find(({ key, email, objectId }) => wanted === key || wanted === email || wanted === objectId);
}
