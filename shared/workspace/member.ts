import type { Dynamics } from '../dynamics/dynamics';
import type { Clock } from '../platform/clock';
import { TandemError } from '../platform/errors';
import type { Integration } from '../storage/integrations';
import type { RecordLoads } from '../storage/record-loads';

export interface MemberServices {
  readonly clock: Pick<Clock, 'now'>;
  readonly recordLoads: Pick<RecordLoads, 'membership' | 'saveMembership'>;
  dynamics(integration: Integration): Pick<Dynamics, 'records' | 'workspace'>;
}

/** Somebody as a user of an environment. */
export interface Member {
  readonly systemUserId: string;
  /** Whose records are hers: her own id, and the teams that she is a member of. */
  readonly owners: readonly string[];
}

/** A new user is let in, and a new member of a team sees its records, that much later at most, ms. */
const keptMs = 5 * 60_000;

/**
 * Who a person is in an environment, as the service knows it; null for somebody who is no user there, or no longer. Remembered for all processes; while Dynamics
 * does not answer, who is known stays who she is.
 * @param objectId her Entra object id
 */
export async function memberOf(services: MemberServices, integration: Integration, objectId: string): Promise<Member | null> {
  const { clock, recordLoads } = services;
  const known = await recordLoads.membership(integration.id, objectId);
  const now = clock.now();
  if (known !== null && now - known.at < keptMs) return member(known);
  try {
    const { workspace, records } = services.dynamics(integration);
    const systemUserId = await workspace.user(objectId);
    const teams = systemUserId === null ? [] : await records.memberships('systemuserid', systemUserId);
    await recordLoads.saveMembership(integration.id, objectId, { at: now, systemUserId, teams });
    return member({ systemUserId, teams });
  } catch (error) {
    if (known === null || known.systemUserId === null || !(error instanceof TandemError) || error.retry === 'never') throw error;
    return member(known);
  }
}

function member({ systemUserId, teams }: { readonly systemUserId: string | null; readonly teams: readonly string[] }): Member | null {
  return systemUserId === null ? null : { systemUserId, owners: [systemUserId, ...teams] };
}
