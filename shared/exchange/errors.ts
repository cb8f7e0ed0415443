import { z } from 'zod';
import { type ErrorCode, type ErrorFacts, errorCodes, TandemError } from '../platform/errors';

/** An answer of Graph, plain or as a part of a batch: header names in lower case, the body parsed where it is JSON. */
export interface GraphReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const errorBody = z.object({ error: z.looseObject({ code: z.string().nullish() }) });

/** Codes by which Graph says that a delta link is too old; their case differs between docs and service (Graph delta query docs). */
const syncStateCodes = new Set([
  'syncstatenotfound',
  'syncstateinvalid',
  'resyncrequired',
  'resyncapplydifferences',
  'resyncuploaddifferences',
  'errorinvalidsyncstatedata',
]);

const throttleCodes = new Set(['toomanyrequests', 'applicationthrottled', 'activitylimitreached']);

/** 404 codes that speak of the mailbox or its user, not of an item (Graph error responses docs). */
const lostMailboxCodes = new Set([
  'mailboxnotenabledforrestapi',
  'mailboxnotsupportedforrestapi',
  'errornonexistentmailbox',
  'errorinvaliduser',
  'request_resourcenotfound',
]);

/** The error of a refused request. `readsDelta` says that the URL was a delta link; `now` (UTC ms) is for a `Retry-After` given as a date. */
export function graphError(reply: GraphReply, request: { readonly readsDelta: boolean }, now: number): TandemError {
  const code = codeOf(reply);
  const { errorCode, retry, fix } = meaningOf(reply.status, code.toLowerCase(), request.readsDelta);
  const retryAfterMs = retryAfterOf(reply.headers['retry-after'], now);
  return new TandemError(errorCode, {
    retry,
    fix,
    status: reply.status,
    detail: code === '' ? `Graph answered ${reply.status}` : code,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** The id of the event that an earlier request with the same `transactionId` made, where that is why Graph refused (seen in production clients). */
export function existingEventId(body: unknown): string | null {
  const parsed = errorBody.safeParse(body);
  const id = parsed.success ? parsed.data.error['@event.existingEventId'] : null;
  return typeof id === 'string' ? id : null;
}

/** The error of a request that got no answer: nobody knows whether it took effect. */
export function noAnswer(error: unknown, timedOut: boolean): TandemError {
  return new TandemError(timedOut ? errorCodes.timeout : errorCodes.unavailable, {
    retry: 'later',
    fix: 'If it stays, look at the network between Tandem and Microsoft Graph.',
    detail: timedOut ? 'Graph did not answer in time' : 'the connection to Graph failed',
    cause: error,
  });
}

/** An answer that is not what Graph's documentation promises. */
export function unexpected(detail: string, cause?: unknown): TandemError {
  return new TandemError(errorCodes.unexpectedReply, {
    retry: 'later',
    fix: 'If it stays, look at the log of this time.',
    detail,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** True where sending the next request to this mailbox at once would meet the same error. */
export function stopsChain(error: TandemError): boolean {
  return error.retry === 'later' || error.code === errorCodes.mailboxMissing;
}

/** The one to report of several errors: the throttle where there is one, for it says how long to wait. */
export function gravest(errors: readonly TandemError[]): TandemError | undefined {
  return errors.find(({ code }) => code === errorCodes.throttled) ?? errors[0];
}

type Meaning = { readonly errorCode: ErrorCode } & Pick<ErrorFacts, 'retry' | 'fix'>;

function meaningOf(status: number, code: string, readsDelta: boolean): Meaning {
  if (readsDelta && (status === 410 || (status >= 400 && status < 500 && syncStateCodes.has(code)))) {
    return { errorCode: errorCodes.cursorExpired, retry: 'now', fix: 'Nothing: the folder is read again from the start.' };
  }
  if (status === 429 || throttleCodes.has(code)) {
    return { errorCode: errorCodes.throttled, retry: 'later', fix: 'Nothing: Tandem waits as long as Exchange asks.' };
  }
  if (lostMailboxCodes.has(code)) {
    return {
      errorCode: errorCodes.mailboxMissing,
      retry: 'never',
      fix: 'Give the user an Exchange Online mailbox, or disable the mailbox in Tandem.',
    };
  }
  switch (status) {
    case 401:
      return { errorCode: errorCodes.unauthorized, retry: 'later', fix: "Check the credentials of Tandem's app registration." };
    case 403:
      return {
        errorCode: errorCodes.forbidden,
        retry: 'never',
        fix: 'Grant the Graph application permissions, and this mailbox if access is limited.',
      };
    case 404:
    case 410:
      return { errorCode: errorCodes.gone, retry: 'never', fix: 'Nothing: the item no longer exists.' };
    case 409:
    case 412:
      return { errorCode: errorCodes.stale, retry: 'now', fix: 'Nothing: the item is read again and planned anew.' };
    case 507:
      return { errorCode: errorCodes.refused, retry: 'never', fix: 'Free some space in the mailbox.' };
    default:
      return otherMeaning(status, code);
  }
}

function otherMeaning(status: number, code: string): Meaning {
  if (status >= 500 || status === 424 || status === 408) {
    return { errorCode: errorCodes.unavailable, retry: 'later', fix: 'Nothing: Tandem tries again by itself.' };
  }
  if (code === 'errorduplicatetransactionid') {
    return { errorCode: errorCodes.duplicate, retry: 'now', fix: 'Nothing: the event exists and is taken over.' };
  }
  if (code === 'errorinvalididmalformed') {
    return {
      errorCode: errorCodes.notFound,
      retry: 'never',
      fix: 'Use an id as Microsoft Graph tells it. Where Tandem itself has kept this one, have the mailbox read in full: POST mailboxes/INTEGRATION/ID/resync.',
    };
  }
  return { errorCode: errorCodes.refused, retry: 'never', fix: 'Look at the record: Exchange does not accept one of its values.' };
}

function codeOf(reply: GraphReply): string {
  const parsed = errorBody.safeParse(reply.body);
  return parsed.success ? (parsed.data.error.code ?? '') : '';
}

/** `Retry-After` in ms, from seconds or an HTTP date. */
function retryAfterOf(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
