import type { Methods, Tested, Workload } from '../model/mailbox-standing';
import { workloads } from '../model/mailbox-standing';
import type { ErrorCode } from '../platform/errors';
import { errorCodes } from '../platform/errors';
import type { Health, StoredMailbox } from '../storage/mailboxes';

/** How a workload of a mailbox is, from "not wanted" to "in step". Nobody sets it: it follows from what is known. */
export const states = {
  off: 'This workload is not wanted here.',
  'not-approved': 'Nobody has approved the mailbox, or its address has changed since somebody did.',
  rejected: 'An administrator has rejected the mailbox.',
  'not-tested': 'The mailbox is approved and waits to be tested, which switches it on.',
  testing: 'The mailbox is being tested.',
  paused: 'An administrator has stopped the mailbox.',
  'action-needed': 'Somebody has to do something; the cause says what. It is tried again every hour all the same.',
  delayed: 'A service does not answer or asked for a pause. It is tried again by itself, at least every hour.',
  loading: 'The first load, or one that was asked for, is under way.',
  healthy: 'In step.',
} as const;

export type State = keyof typeof states;

/** Why a workload is not in step, and what helps. Times are UTC ms. */
export interface Cause {
  readonly code: string;
  readonly detail: string;
  readonly fix: string;
  readonly since: number;
}

export interface WorkloadStatus {
  readonly state: State;
  /** Null where nothing is wrong. */
  readonly cause: Cause | null;
}

export interface MailboxStatus {
  /** Of the two workloads the one that needs more attention. */
  readonly overall: WorkloadStatus;
  readonly act: WorkloadStatus;
  readonly incoming: WorkloadStatus;
}

/** What a mailbox's status follows from. */
export interface Evidence extends Pick<StoredMailbox, 'approval' | 'status' | 'tested' | 'health' | 'methods'> {
  /** What the integration wants of any mailbox. */
  readonly wanted: Readonly<Record<Workload, boolean>>;
}

/** A test that has been under way for so long was lost with its message. */
export const lostTestMs = 3_600_000;

/** What calls for more attention comes first. */
const byAttention: readonly State[] = [
  'action-needed',
  'not-approved',
  'rejected',
  'not-tested',
  'testing',
  'delayed',
  'paused',
  'loading',
  'healthy',
  'off',
];

/** How a mailbox is, as a function of nothing but what is known about it. */
export function statusOf(evidence: Evidence, now: number): MailboxStatus {
  const [act, incoming] = [workloadStatus(evidence, 'act', now), workloadStatus(evidence, 'incoming', now)];
  const rank = ({ state }: WorkloadStatus): number => byAttention.indexOf(state);
  return { overall: rank(act) <= rank(incoming) ? act : incoming, act, incoming };
}

function workloadStatus({ approval, status, tested, health, methods, wanted }: Evidence, workload: Workload, now: number): WorkloadStatus {
  if (methods[workload] === 'none' || !wanted[workload]) return plain('off');
  if (approval.state === 'rejected') return plain('rejected');
  if (approval.state !== 'approved') return plain('not-approved');
  switch (status) {
    case 'paused':
      return plain('paused');
    case 'off':
      return untilOn(tested, now);
    case 'loading':
    case 'on':
      if (health !== null && concerns(health, workload)) return failing(health);
      return plain(status === 'loading' ? 'loading' : 'healthy');
  }
}

function untilOn(tested: Tested | null, now: number): WorkloadStatus {
  if (tested === null) return plain('not-tested');
  if (tested.endedAt === null)
    return now - tested.askedAt < lostTestMs ? plain('testing') : { state: 'action-needed', cause: lost(tested) };
  return tested.failed === null ? plain('not-tested') : { state: 'action-needed', cause: { ...tested.failed, since: tested.endedAt } };
}

function lost({ askedAt }: Tested): Cause {
  return { code: errorCodes.timeout, detail: 'the test never ended', fix: 'Test the mailbox again.', since: askedAt };
}

function failing(health: Health): WorkloadStatus {
  const { code, detail, fix, since } = health;
  return { state: isPassing(health) ? 'delayed' : 'action-needed', cause: { code, detail: detail ?? '', fix, since } };
}

/** A failure counts for both workloads unless it says which one it is about. */
function concerns({ about }: Health, workload: Workload): boolean {
  return about === undefined || about === workload;
}

/** Failures that end by themselves. Whatever else fails waits for somebody. */
const passing: ReadonlySet<string> = new Set<ErrorCode>([
  errorCodes.throttled,
  errorCodes.unavailable,
  errorCodes.timeout,
  errorCodes.stale,
  errorCodes.gone,
  errorCodes.cursorExpired,
  errorCodes.mailboxLost,
  errorCodes.unexpectedReply,
]);

/** True for a failure that ends by itself: the mailbox waits, at most an hour, and comes back. */
export function isPassing({ code }: Pick<Health, 'code'>): boolean {
  return passing.has(code);
}

function plain(state: State): WorkloadStatus {
  return { state, cause: null };
}

/** What an integration wants of its mailboxes at all. */
export function wantedBy(settings: { readonly entities: Readonly<Record<string, boolean>>; readonly mail: { readonly track: string } }): {
  readonly act: boolean;
  readonly incoming: boolean;
} {
  return { act: Object.values(settings.entities).some((on) => on), incoming: settings.mail.track !== 'off' };
}

/** The methods that differ between two sets. */
export function switchedOnIn(before: Methods, after: Methods): readonly Workload[] {
  return workloads.filter((workload) => before[workload] === 'none' && after[workload] === 'sync');
}
