/** Whether trying again can help: never, after a while, or at once with fresh facts. */
export type Retry = 'never' | 'later' | 'now';

/** Every failure that Tandem can name. A code is stable: alerts, docs and tests refer to it. */
export const errorCodes = {
  settings: 'settings',
  throttled: 'throttled',
  unavailable: 'unavailable',
  timeout: 'timeout',
  stale: 'stale',
  gone: 'gone',
  refused: 'refused',
  forbidden: 'forbidden',
  columnRefused: 'column-refused',
  unauthorized: 'unauthorized',
  signInNeeded: 'sign-in-needed',
  cursorExpired: 'cursor-expired',
  duplicate: 'duplicate',
  badMessage: 'bad-message',
  badRequest: 'bad-request',
  wrongMethod: 'wrong-method',
  tooLarge: 'too-large',
  wrongType: 'wrong-type',
  preconditionRequired: 'precondition-required',
  notFound: 'not-found',
  conflict: 'conflict',
  keyReused: 'key-reused',
  mailboxLost: 'mailbox-lost',
  mailboxMissing: 'mailbox-missing',
  unexpectedReply: 'unexpected-reply',
} as const;

export type ErrorCode = (typeof errorCodes)[keyof typeof errorCodes];

export interface ErrorFacts {
  readonly retry: Retry;
  /** What a person can do about it. */
  readonly fix: string;
  /** How long to wait before trying again, in ms, where the other side said so. */
  readonly retryAfterMs?: number;
  /** The other side's own reason: its code and message, never a value that a person entered. */
  readonly detail?: string;
  readonly status?: number;
  /** Of a request that does not fit: each field with the rule that it breaks, and never what stood there. */
  readonly fields?: readonly BrokenRule[];
  readonly cause?: unknown;
}

/** A part of a request, such as `body.settings.mail`, and the rule that it breaks. */
export interface BrokenRule {
  readonly field: string;
  readonly rule: string;
}

/** The one base class of Tandem's errors. Its message is the code and the detail, and never holds a secret or people's data. */
export class TandemError extends Error {
  readonly retry: Retry;
  readonly fix: string;
  readonly retryAfterMs: number | undefined;
  readonly detail: string | undefined;
  readonly status: number | undefined;
  readonly fields: readonly BrokenRule[] | undefined;

  constructor(
    readonly code: ErrorCode,
    facts: ErrorFacts,
  ) {
    super(facts.detail === undefined ? code : `${code}: ${facts.detail}`, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'TandemError';
    this.retry = facts.retry;
    this.fix = facts.fix;
    this.retryAfterMs = facts.retryAfterMs;
    this.detail = facts.detail;
    this.status = facts.status;
    this.fields = facts.fields;
  }
}

/** The error as a TandemError: itself, or an unexpected one wrapped with `unexpected-reply` and retry `later`. */
export function asTandemError(error: unknown): TandemError {
  if (error instanceof TandemError) return error;
  const detail = error instanceof Error ? error.name : typeof error;
  return new TandemError(errorCodes.unexpectedReply, {
    retry: 'later',
    fix: 'If it stays, look at the log of this time.',
    detail,
    cause: error,
  });
}
