import type { Dynamics } from '../dynamics/dynamics';
import type { Clock } from '../platform/clock';
import { TandemError } from '../platform/errors';
import type { Integration } from '../storage/integrations';
import type { RecordLoads } from '../storage/record-loads';

export interface OwnerServices {
  readonly clock: Pick<Clock, 'now'>;
  readonly recordLoads: Pick<RecordLoads, 'teams' | 'saveTeams'>;
  dynamics(integration: Integration): Pick<Dynamics, 'records'>;
}

/** A new member of a team sees its records that much later, ms. */
const keptMs = 5 * 60_000;

/**
 * Whose records are a user's: her own id, and those of the teams that she is a member of. Her teams are remembered for all processes; while Dynamics does not
 * answer, those that are known stay.
 */
export async function ownersOf(services: OwnerServices, integration: Integration, systemUserId: string): Promise<string[]> {
  const { clock, recordLoads } = services;
  const known = await recordLoads.teams(integration.id, systemUserId);
  const now = clock.now();
  if (known !== null && now - known.at < keptMs) return [systemUserId, ...known.ids];
  try {
    const ids = await services.dynamics(integration).records.memberships('systemuserid', systemUserId);
    await recordLoads.saveTeams(integration.id, systemUserId, { at: now, ids });
    return [systemUserId, ...ids];
  } catch (error) {
    if (known === null || !(error instanceof TandemError) || error.retry === 'never') throw error;
    return [systemUserId, ...known.ids];
  }
}
