import type { Mark } from '../model/seen';
import type { Answer } from './batch';
import { pageOf } from './pages';

/** The mark in an answer; null where the part failed or Graph did not count, for half a mark would hide changes. */
export function markIn(answer: Answer | undefined): Mark | null {
  if (answer === undefined || !answer.ok) return null;
  const { value, '@odata.count': count } = pageOf(answer.body);
  const newest = value[0]?.lastModifiedDateTime;
  if (count === undefined || (newest !== undefined && typeof newest !== 'string')) return null;
  return { newest: newest ?? null, count };
}
