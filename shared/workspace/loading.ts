import { randomUUID } from 'node:crypto';
import type { Dynamics } from '../dynamics/dynamics';
import type { PollMessage } from '../messaging/messages';
import type { Messenger } from '../messaging/senders';
import type { Clock } from '../platform/clock';
import { asTandemError, errorCodes, TandemError } from '../platform/errors';
import type { Log } from '../platform/telemetry';
import type { Grants } from '../storage/grants';
import type { Integration, Integrations } from '../storage/integrations';
import type { RecordLoads } from '../storage/record-loads';
import type { Records } from '../storage/records';
import { loadDue } from './load-due';
import { afterFailure, afterStep, begun, leaseMs } from './load-progress';
import { type LoadKind, type LoadRun, type LoadState, loadedTables, unknownTable } from './load-state';
import { type SeenChanges, type TableLoadParts, takeSeen, takeStep } from './load-table';
import type { OnRecordChange } from './record-change';

export interface LoadServices {
  readonly clock: Clock;
  readonly log: Log;
  readonly integrations: Pick<Integrations, 'get' | 'all'>;
  readonly records: Records;
  readonly recordLoads: RecordLoads;
  readonly grants: Pick<Grants, 'any'>;
  readonly messenger: Pick<Messenger, 'sendPoll'>;
  readonly onRecordChange: OnRecordChange;
  dynamics(integration: Integration): Dynamics;
}

type StartServices = Pick<LoadServices, 'clock' | 'log' | 'recordLoads' | 'messenger'>;

/** Steps of an incremental load in one message at most; a full load goes a page a message. */
const stepsAtOnce = 20;
const messageLivesMs = 24 * 3_600_000;

/**
 * Begins a load of the record cache, which queue messages then carry out, a step each; one at a time for each integration.
 * @throws TandemError `conflict` while another load is under way, and for an incremental load where no full one has come to its end
 */
export async function startLoad(services: StartServices, integration: string, kind: LoadKind): Promise<LoadRun> {
  const { clock, log, recordLoads } = services;
  const { state, etag } = await recordLoads.read(integration);
  if (state.run !== null) throw underWay(state.run);
  const next = begun(state, kind, randomUUID(), clock.now());
  if (next.run === null) throw neverFull();
  try {
    await recordLoads.save(integration, next, etag);
  } catch (error) {
    if (error instanceof TandemError && error.code === errorCodes.stale) throw underWay(next.run);
    throw error;
  }
  log.info('record-load-started', { integration, kind });
  await send(services, integration, next.run);
  return next.run;
}

/**
 * Brings the cache, and whoever hears of its changes, up to what a poll has seen of a table, at once and beside any load: where the cache has that table and loads
 * are not started by hand. A failure holds up nobody: it is logged, and the next incremental load brings the same.
 */
export async function refreshSeen(services: LoadServices, integration: Integration, table: string, seen: SeenChanges): Promise<void> {
  if (integration.connection.incrementalLoad.at === 'manual' || seen.changed.length + seen.deleted.length === 0) return;
  try {
    const { state } = await services.recordLoads.read(integration.id);
    const name = loadedTables(state).find((each) => each === table);
    if (name === undefined) return;
    const known = state.tables[name] ?? unknownTable;
    await takeSeen({ parts: partsOf(services, integration), integration, name, known }, seen);
  } catch (thrown) {
    const { code, detail } = asTandemError(thrown);
    services.log.warn('record-refresh-failed', { integration: integration.id, table, code, detail: detail ?? '' });
  }
}

/** Starts the loads that are due, and goes on with those whose message was lost. Where nobody sees a microapp, no load begins by itself. */
export async function startDueLoads(services: LoadServices): Promise<void> {
  for (const { id, connection } of await services.integrations.all()) {
    const { state, etag } = await services.recordLoads.read(id);
    const now = services.clock.now();
    const due = loadDue(connection, state, now);
    if (due === null) continue;
    if (due !== 'rest' && !(await services.grants.any(id))) continue;
    await unlessFaster(async () => {
      if (due !== 'rest') await startLoad(services, id, due);
      else if (state.run !== null) {
        await services.recordLoads.save(id, { ...state, run: { ...state.run, until: now + leaseMs } }, etag);
        await send(services, id, state.run);
      }
    });
  }
}

/** Somebody else may be faster, and then there is nothing left to do. */
async function unlessFaster(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    if (!(error instanceof TandemError) || (error.code !== errorCodes.conflict && error.code !== errorCodes.stale)) throw error;
  }
}

/** Takes the step that a message is about, saves where it led under the etag of what was read, and asks for the next. Throws `stale` where somebody else has. */
export async function goOnLoading(services: LoadServices, message: Extract<PollMessage, { kind: 'recordLoad' }>): Promise<void> {
  const { recordLoads, clock } = services;
  const integration = await services.integrations.get(message.integration);
  if (integration === null) return;
  let { state, etag } = await recordLoads.read(integration.id);
  if (state.run?.id !== message.run || state.run.step !== message.step) return;
  for (let steps = 1; state.run !== null; steps += 1) {
    const { kind } = state.run;
    state = await attempt(services, integration, state, state.run);
    etag = await recordLoads.save(integration.id, state, etag);
    const { run } = state;
    if (run === null) return services.log.info('record-load-ended', { integration: integration.id, kind });
    if (run.failures > 0) return await send(services, integration.id, run, run.until - leaseMs);
    if (kind === 'full' || steps >= stepsAtOnce) return await send(services, integration.id, run, clock.now());
  }
}

async function attempt(services: LoadServices, integration: Integration, state: LoadState, run: LoadRun): Promise<LoadState> {
  const { clock, log } = services;
  const [name] = run.tables;
  if (name === undefined) return { ...state, run: null };
  try {
    const parts = partsOf(services, integration);
    const done = await takeStep({ parts, integration, name, known: state.tables[name] ?? unknownTable, current: run.current });
    return afterStep(state, run, done, clock.now());
  } catch (thrown) {
    const error = asTandemError(thrown);
    log.warn('record-load-failed', { integration: integration.id, table: name, code: error.code, detail: error.detail ?? '' });
    return afterFailure(state, run, error, clock.now());
  }
}

function partsOf(services: LoadServices, integration: Integration): TableLoadParts {
  const { clock, log, records, recordLoads, onRecordChange: onChange } = services;
  return { clock, log, records, recordLoads, onChange, reads: services.dynamics(integration).records };
}

async function send({ messenger }: Pick<LoadServices, 'messenger'>, integration: string, run: LoadRun, at?: number): Promise<void> {
  await messenger.sendPoll(
    { kind: 'recordLoad', integration, run: run.id, step: run.step },
    { id: randomUUID(), ttlMs: messageLivesMs, ...(at === undefined ? {} : { at }) },
  );
}

function underWay({ kind, tables: [table] }: LoadRun): TandemError {
  return new TandemError(errorCodes.conflict, {
    retry: 'later',
    retryAfterMs: 60_000,
    fix: 'Wait until the load that is under way has ended: GET integrations/ID/loads shows how far it is.',
    detail: `a load (${kind}) is under way${table === undefined ? '' : `, at ${table}`}`,
  });
}

function neverFull(): TandemError {
  return new TandemError(errorCodes.conflict, {
    retry: 'never',
    fix: 'Start a full load first: POST integrations/ID/loads with {"kind":"full"}.',
    detail: 'no table was ever loaded in full',
  });
}
