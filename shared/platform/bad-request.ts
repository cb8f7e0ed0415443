import { type BrokenRule, errorCodes, TandemError } from './errors';

/** The error for a request that breaks rules: each field with its rule, such as `body.name` and `is too long`, and never what it held. */
export function badRequest(fields: readonly BrokenRule[]): TandemError {
  const detail = fields.map(({ field, rule }) => `${field}: ${rule}`).join('; ');
  return new TandemError(errorCodes.badRequest, { retry: 'never', fix: 'Correct the request as the detail says.', detail, fields });
}
