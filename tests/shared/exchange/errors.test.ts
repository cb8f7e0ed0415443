import { graphError } from '../../../shared/exchange/errors';

const now = Date.parse('2026-10-05T08:00:00Z');
const errorOf = (status: number, code: string, readsDelta = false, headers: Record<string, string> = {}) =>
  graphError({ status, headers, body: { error: { code, message: 'Ada Lovelace' } } }, { readsDelta }, now);

test.each([
  [400, 'RequestBodyRead', 'refused', 'never'],
  [400, 'ErrorDuplicateTransactionId', 'duplicate', 'now'],
  [400, 'ErrorInvalidIdMalformed', 'not-found', 'never'],
  [401, 'InvalidAuthenticationToken', 'unauthorized', 'later'],
  [403, 'ErrorAccessDenied', 'forbidden', 'never'],
  [404, 'ErrorItemNotFound', 'gone', 'never'],
  [404, 'MailboxNotEnabledForRESTAPI', 'mailbox-missing', 'never'],
  [409, 'ErrorIrresolvableConflict', 'stale', 'now'],
  [412, 'ErrorIrresolvableConflict', 'stale', 'now'],
  [429, 'ApplicationThrottled', 'throttled', 'later'],
  [500, 'UnknownError', 'unavailable', 'later'],
  [503, 'ErrorServerBusy', 'unavailable', 'later'],
  [507, 'ErrorQuotaExceeded', 'refused', 'never'],
])('%i %s is %s', (status, code, expected, retry) => {
  expect(errorOf(status, code)).toMatchObject({ code: expected, retry, status });
});

test.each([
  [410, 'SyncStateNotFound'],
  [410, ''],
  [400, 'syncStateNotFound'],
  [404, 'resyncRequired'],
])('%i %s on a delta link means that it is too old', (status, code) => {
  expect(errorOf(status, code, true).code).toBe('cursor-expired');
  expect(errorOf(status, code, false).code).not.toBe('cursor-expired');
});

test('Retry-After counts in seconds or names a date', () => {
  expect(errorOf(429, '', false, { 'retry-after': '12' }).retryAfterMs).toBe(12_000);
  expect(errorOf(503, '', false, { 'retry-after': 'Mon, 05 Oct 2026 08:01:00 GMT' }).retryAfterMs).toBe(60_000);
  expect(errorOf(429, '').retryAfterMs).toBeUndefined();
});

test("an error carries Graph's code and never its message, which may quote what a person wrote", () => {
  expect(errorOf(400, 'RequestBodyRead').message).toBe('refused: RequestBodyRead');
});
