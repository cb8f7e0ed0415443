import { type ErrorCode, errorCodes } from '../platform/errors';
import type { Integration } from '../storage/integrations';
import { type StoredMailbox, takesPart } from '../storage/mailboxes';
import type { HoldReason } from '../sync/decision';
import { type Outage, outagesIn } from './outage';
import { type Cause, isPassing, statusOf, wantedBy } from './status';

/** What people are told about without asking, each with what it means. An alert is there as long as the facts are that it follows from, and no longer. */
export const alertKinds = {
  outage: 'Many mailboxes fail for the same reason since about the same time: it is one trouble, and not theirs.',
  'sign-in-again': 'Tandem itself cannot act in Dynamics before an administrator has signed in: nobody has yet, or the sign-in has ended.',
  'secret-expires': 'A client secret or certificate ends soon, or has ended.',
  'action-needed': 'A mailbox, or its test, fails until somebody does something.',
  delayed: 'A mailbox has failed for a quarter of an hour for a passing cause. It comes back by itself.',
  'approval-withdrawn': 'The address of an approved mailbox has changed, so it is off until somebody approves it again.',
  brake: 'More was to be deleted or let go than the brake lets pass.',
  frozen: 'Pairs were stopped because both sides kept rewriting each other.',
  'would-mail': 'Something was not written because Exchange would write to attendees.',
} as const;

export type AlertKind = keyof typeof alertKinds;

export const alertLevels = ['information', 'warning', 'error'] as const;
export type AlertLevel = (typeof alertLevels)[number];

export interface Alert {
  /** The same for the same trouble of the same mailbox or integration, so that it is told once. */
  readonly id: string;
  readonly kind: AlertKind;
  readonly level: AlertLevel;
  readonly integration: string;
  /** Null where it is about the integration. */
  readonly mailbox: string | null;
  /** An error code, or for what is held or ends its reason. */
  readonly code: string;
  readonly detail: string;
  readonly fix: string;
  /** UTC ms. */
  readonly since: number;
  /** How many mailboxes or pairs it is about. */
  readonly count: number;
}

/** Everything about an integration from which alerts follow. Times are UTC ms. */
export interface AlertEvidence {
  readonly integration: Integration;
  readonly mailboxes: readonly StoredMailbox[];
  /** Why somebody has to sign in for Tandem itself; null where nobody has to. */
  readonly signIn: Omit<Cause, 'code'> | null;
  readonly secrets: readonly { readonly use: string; readonly expiresAt: number }[];
}

/** Stands in an id where no mailbox is named, and before all of them. */
export const ofIntegration = '-';

const day = 86_400_000;
/** A passing failure is told about once it has lasted so long. */
const quietForMs = 900_000;

/** The alerts of an integration, in the order of their ids. */
export function alertsOf({ integration, mailboxes, signIn, secrets }: AlertEvidence, now: number): Alert[] {
  const about = (kind: AlertKind, level: AlertLevel, cause: Cause, more: Partial<Alert> = {}): Alert => ({
    id: [integration.id, more.mailbox ?? ofIntegration, kind, cause.code].join('|'),
    kind,
    level,
    integration: integration.id,
    mailbox: null,
    ...cause,
    count: 1,
    ...more,
  });
  const outages = outagesIn(mailboxes);
  const alerts = outages.map(({ cause, ids }) => about('outage', isPassing(cause) ? 'warning' : 'error', cause, { count: ids.size }));
  if (signIn !== null) alerts.push(about('sign-in-again', 'error', { code: errorCodes.signInNeeded, ...signIn }));
  for (const { use, expiresAt } of secrets) {
    const level = levelOfEnd(expiresAt - now);
    if (level !== null) alerts.push(about('secret-expires', level, secretCause(use, expiresAt)));
  }
  const wanted = wantedBy(integration.settings);
  for (const mailbox of mailboxes) {
    const of = (kind: AlertKind, level: AlertLevel, cause: Cause, count = 1) =>
      alerts.push(about(kind, level, cause, { mailbox: mailbox.id, count }));
    const { state, cause } = statusOf({ ...mailbox, wanted }, now).overall;
    const isTold = cause === null || (signIn !== null && cause.code === errorCodes.signInNeeded) || isPartOf(outages, mailbox);
    if (state === 'action-needed' && !isTold) of('action-needed', 'error', cause);
    if (state === 'delayed' && !isTold && now - cause.since >= quietForMs) of('delayed', 'warning', cause);
    if (mailbox.approval.state === 'pending') of('approval-withdrawn', 'warning', withdrawn(mailbox.approval.at ?? now));
    for (const reason of heldReasons) {
      const held = mailbox.held?.[reason];
      if (held !== undefined) of(reason, reason === 'would-mail' ? 'information' : 'warning', heldCause(reason, held.since), held.count);
    }
  }
  return alerts.sort((left, right) => (left.id < right.id ? -1 : 1));
}

const heldReasons = ['brake', 'frozen', 'would-mail'] as const satisfies readonly HoldReason[];

function isPartOf(outages: readonly Outage[], mailbox: StoredMailbox): boolean {
  return takesPart(mailbox) && outages.some(({ ids }) => ids.has(mailbox.id));
}

/** Thirty days ahead it is worth knowing, seven days ahead it is time, and on the last day it is late. */
function levelOfEnd(left: number): AlertLevel | null {
  if (left > 30 * day) return null;
  return left > 7 * day ? 'information' : left > day ? 'warning' : 'error';
}

function secretCause(use: string, expiresAt: number): Cause {
  return {
    code: use,
    detail: `the ${use} secret ends on ${new Date(expiresAt).toISOString().slice(0, 10)}`,
    fix: 'Make a new one in Entra ID and save it with the integration.',
    since: expiresAt - 30 * day,
  };
}

function withdrawn(since: number): Cause {
  const code: ErrorCode = errorCodes.conflict;
  return {
    code,
    detail: 'the address or account has changed in Dynamics',
    fix: 'Look at the address, approve the mailbox and test it.',
    since,
  };
}

function heldCause(reason: HoldReason, since: number): Cause {
  return { code: reason, detail: `held: ${reason}`, fix: 'List the holds of the mailbox, and approve or discard them.', since };
}
