import { RestError } from '@azure/data-tables';

/**
 * A refusal as the library throws it: of one operation the service's code stands in the body, of a transaction on the error itself
 * (`@azure/data-tables`, RestError and its `details`).
 */
export function tableError(statusCode: number, code: string, of: 'operation' | 'transaction' = 'operation'): RestError {
  const error = new RestError(code, { statusCode, ...(of === 'transaction' ? { code } : {}) });
  if (of === 'operation') error.details = { odataError: { code } };
  return error;
}

/** The same refusal as that of a whole transaction. */
export function asTransactionError(error: unknown): unknown {
  if (!(error instanceof RestError) || error.statusCode === undefined) return error;
  const { odataError } = error.details as { odataError: { code: string } };
  return tableError(error.statusCode, odataError.code, 'transaction');
}
