import { randomUUID } from 'node:crypto';
import type { Clock } from '../platform/clock';
import { asTandemError } from '../platform/errors';
import { problemOf } from '../platform/problem';
import type { Log } from '../platform/telemetry';
import type { Audit, AuditEntry } from '../storage/audit';
import { changesBetween, fieldsOf, targetsOf } from './act';
import type { RouteName } from './route-roles';

/** What an admin asks for. */
export interface Act {
  readonly route: RouteName;
  /** The Entra object id of the admin. */
  readonly by: string;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** How an act tells what it changes: the state of what it is about, and the fields of it whose values may be shown. */
export interface Witness {
  readonly state: () => Promise<unknown>;
  readonly shown: readonly string[];
}

/** What writing acts down takes. */
export interface AuditServices {
  readonly audit: Pick<Audit, 'begin' | 'end'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Does an act between two writes of the audit: that it was asked for, and what became of it. An act that cannot be written down is not done; one whose end cannot be
 * written stays `intended`, and the log has it.
 * @throws TandemError what the act throws, or why it could not be written down
 */
export async function audited<T extends { readonly status?: number }>(
  services: AuditServices,
  { route, by, params, query, body }: Act,
  witness: Witness | null,
  perform: () => Promise<T>,
): Promise<T> {
  const { audit, clock } = services;
  const entry: AuditEntry = {
    id: randomUUID(),
    at: clock.now(),
    by,
    route,
    targets: targetsOf(body, query, params),
    fields: fieldsOf(body),
    outcome: 'intended',
    endedAt: null,
    status: null,
    code: null,
    changes: null,
  };
  await audit.begin(entry);
  try {
    const before = await witness?.state();
    const reply = await perform();
    const { status = 200 } = reply;
    const known = await seenAfter(services, entry, witness);
    const changes = known === null || witness === null ? null : changesBetween(before, known.state, witness.shown);
    await end(services, { ...entry, outcome: status < 400 ? 'done' : 'refused', status, changes });
    return reply;
  } catch (error) {
    const { status } = problemOf(error, '');
    await end(services, { ...entry, outcome: status < 500 ? 'refused' : 'failed', status, code: asTandemError(error).code });
    throw error;
  }
}

/** The state after the act; null where it is not told or cannot be read. */
async function seenAfter({ log }: AuditServices, { id }: AuditEntry, witness: Witness | null): Promise<{ readonly state: unknown } | null> {
  if (witness === null) return null;
  try {
    return { state: await witness.state() };
  } catch (error) {
    log.error('audit-unseen', error, { audit: id });
    return null;
  }
}

async function end({ audit, clock, log }: AuditServices, entry: AuditEntry): Promise<void> {
  try {
    await audit.end({ ...entry, endedAt: clock.now() });
  } catch (error) {
    log.error('audit-not-ended', error, { audit: entry.id, route: entry.route, outcome: entry.outcome });
  }
}
