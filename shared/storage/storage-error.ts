import { RestError } from '@azure/data-tables';
import { type ErrorCode, errorCodes, type Retry, TandemError } from '../platform/errors';

/** The HTTP status of a failed storage request; undefined where there was no answer. `RestError.code` is not set by every server. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof RestError ? error.statusCode : undefined;
}

/** True where it is the row that is missing, and not its table. */
export function isRowMissing(error: unknown): boolean {
  return statusOf(error) === 404 && serviceCode(error) !== 'TableNotFound';
}

/** A storage failure in Tandem's words: 412 is `stale`, 409 `duplicate`, 404 `gone`; what passes is `throttled`, `unavailable` or `timeout`. */
export function storageError(error: unknown): TandemError {
  if (error instanceof TandemError) return error;
  const status = statusOf(error);
  const [code, retry, fix] = verdict(status, error);
  return new TandemError(code, {
    retry,
    fix,
    detail: ['table storage', serviceCode(error)].filter((word) => word !== undefined).join(': '),
    ...(status === undefined ? {} : { status }),
    cause: error,
  });
}

function verdict(status: number | undefined, error: unknown): readonly [ErrorCode, Retry, string] {
  const wait = 'Wait: it is tried again.';
  if (isRowMissing(error)) return [errorCodes.gone, 'now', 'Read it again: the row is no longer there.'];
  switch (status) {
    case undefined:
      return error instanceof Error && error.name === 'AbortError'
        ? [errorCodes.timeout, 'later', wait]
        : [errorCodes.unavailable, 'later', wait];
    case 409:
      return [errorCodes.duplicate, 'now', 'Read it again: the row is already there.'];
    case 412:
      return [errorCodes.stale, 'now', 'Read it again: the row has changed.'];
    case 429:
      return [errorCodes.throttled, 'later', wait];
    case 401:
    case 403:
      return [errorCodes.forbidden, 'later', 'Give the app the role "Storage Table Data Contributor" on the storage account.'];
    case 400:
    case 413:
      return [errorCodes.refused, 'never', 'The storage service does not take the row; report it.'];
    default:
      return [errorCodes.unavailable, 'later', wait];
  }
}

/** The service's own code. In a transaction it is `code`, with a failed single operation it stands in the body. */
function serviceCode(error: unknown): string | undefined {
  if (!(error instanceof RestError)) return undefined;
  const body = error.details as { odataError?: { code?: unknown } } | undefined;
  const code = body?.odataError?.code ?? error.code;
  return typeof code === 'string' ? code : undefined;
}
