import { errorGuide } from './error-guide';
import { type BrokenRule, type ErrorCode, TandemError } from './errors';

/** An error as an HTTP reply tells it: problem details, RFC 9457. */
export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ProblemBody;
}

/** Where the page about the codes answers; the `type` of a problem leads to a place in it. */
export const problemPage = '/app/api/problems';

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** Missing where nobody foresaw what happened. */
  readonly code?: ErrorCode;
  readonly detail?: string;
  /** What a person can do about it. */
  readonly fix?: string;
  readonly errors?: readonly BrokenRule[];
  /** Names this one occurrence, so that it can be found in the log. */
  readonly instance: string;
}

/**
 * The one mapping from errors to HTTP replies.
 * @param instance names this occurrence in the log, such as an invocation id
 */
export function problemOf(error: unknown, instance: string): Problem {
  const name = `urn:tandem:occurrence:${instance}`;
  if (!(error instanceof TandemError))
    return reply({ type: 'about:blank', title: 'Something went wrong', status: 500, instance: name }, {});
  const { status, title } = saidElsewhere(error) ? { status: 502, title: 'Another service refused Tandem' } : errorGuide[error.code];
  const detail = error.detail === undefined || error.code === 'settings' ? {} : { detail: error.detail };
  const errors = error.fields === undefined ? {} : { errors: error.fields };
  const { code, fix } = error;
  return reply(
    { type: `${problemPage}#${code}`, title, status, code, ...detail, fix, ...errors, instance: name },
    headersOf(error, status),
  );
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
