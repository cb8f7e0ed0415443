import { errorCodes, TandemError } from '../../../shared/platform/errors';
import { problemOf } from '../../../shared/platform/problem';

const facts = { retry: 'never', fix: 'Do this.' } as const;

describe('problem details', () => {
  test.each(Object.values(errorCodes))('%s becomes a problem with a status, a title and a cure', (code) => {
    const { status, headers, body } = problemOf(new TandemError(code, facts), 'i1');
    expect(headers['content-type']).toBe('application/problem+json');
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).toMatchObject({ type: `/app/api/problems#${code}`, code, status, fix: 'Do this.', instance: 'urn:tandem:occurrence:i1' });
    expect(body.title).not.toBe('');
  });

  test('an error that nobody foresaw says nothing about itself', () => {
    const { status, body } = problemOf(new Error('canary'), 'i1');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  test('which settings are wrong is for the log, not for callers', () => {
    expect(problemOf(new TandemError('settings', { ...facts, detail: 'TENANT_ID is missing' }), 'i1').body.detail).toBeUndefined();
  });

  test('a caller who has to sign in is told how', () => {
    expect(problemOf(new TandemError('unauthorized', facts), 'i1').headers).toMatchObject({ 'www-authenticate': 'Bearer' });
  });

  test("another service's refusal of Tandem is not a refusal of the caller", () => {
    for (const code of ['unauthorized', 'forbidden'] as const)
      expect(problemOf(new TandemError(code, { ...facts, status: 403 }), 'i1').status).toBe(502);
  });

  test('the wait that another service asked for is passed on in whole seconds', () => {
    expect(problemOf(new TandemError('throttled', { ...facts, retryAfterMs: 1_200 }), 'i1').headers).toMatchObject({ 'retry-after': '2' });
  });
});
