import type { TandemError } from './errors';

/** What came of one write among many: its value, or the error that it alone met. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: TandemError };
