import { type ErrorCode, TandemError } from './errors';

/** An error as an HTTP reply tells it: problem details, RFC 9457. */
export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ProblemBody;
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** What a person can do about it. */
  readonly fix?: string;
  /** Names this one occurrence, so that it can be found in the log. */
  readonly instance: string;
}

const titles: Readonly<Record<ErrorCode, readonly [status: number, title: string]>> = {
  settings: [500, 'Tandem is not set up right'],
  throttled: [503, 'Another service asked Tandem to wait'],
  unavailable: [503, 'Another service does not answer'],
  timeout: [504, 'Another service took too long'],
  stale: [412, 'It has changed in the meantime'],
  gone: [410, 'It is no longer there'],
  refused: [422, 'It was refused'],
  forbidden: [403, 'You may not do this'],
  'column-refused': [422, 'A column may not be written'],
  unauthorized: [401, 'Sign in first'],
  'cursor-expired': [503, 'A position in a feed has expired'],
  duplicate: [409, 'It is already there'],
  'bad-message': [400, 'The message does not fit'],
  'bad-request': [400, 'The request does not fit'],
  'not-found': [404, 'Not found'],
  conflict: [409, 'It does not go together with what is there'],
  'mailbox-lost': [409, 'Somebody else is serving the mailbox'],
  'mailbox-missing': [409, 'The person has no mailbox in Exchange Online'],
  'unexpected-reply': [502, 'Another service gave an answer that nobody expected'],
};

/**
 * The one mapping from errors to HTTP replies.
 * @param instance names this occurrence in the log, such as an invocation id
 */
export function problemOf(error: unknown, instance: string): Problem {
  const name = `urn:tandem:occurrence:${instance}`;
  if (!(error instanceof TandemError))
    return reply({ type: 'about:blank', title: 'Something went wrong', status: 500, instance: name }, {});
  const [status, title] = saidElsewhere(error) ? ([502, 'Another service refused Tandem'] as const) : titles[error.code];
  const detail = error.detail === undefined || error.code === 'settings' ? {} : { detail: error.detail };
  const body = { type: `urn:tandem:problem:${error.code}`, title, status, ...detail, fix: error.fix, instance: name };
  return reply(body, headersOf(error, status));
}

/** An error with a status was said to Tandem by another service; the caller's own sign-in is not what it is about. */
function saidElsewhere(error: TandemError): boolean {
  return error.status !== undefined && (error.code === 'unauthorized' || error.code === 'forbidden');
}

function headersOf(error: TandemError, status: number): Record<string, string> {
  if (status === 401) return { 'www-authenticate': 'Bearer' };
  if (error.retryAfterMs !== undefined) return { 'retry-after': String(Math.max(1, Math.ceil(error.retryAfterMs / 1_000))) };
  return {};
}

function reply(body: ProblemBody, headers: Record<string, string>): Problem {
  return { status: body.status, headers: { 'content-type': 'application/problem+json', ...headers }, body };
}
