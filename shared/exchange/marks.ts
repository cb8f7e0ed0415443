import type { Mark } from '../model/seen';
import type { Answer } from './batch';
import { pageJson } from './pages';

/** The mark in an answer; null where the part failed or Graph did not count, for half a mark would hide changes. Never throws. */
export function markIn(answer: Answer | undefined): Mark | null {
  if (answer === undefined || !answer.ok) return null;
  const { data: page } = pageJson.safeParse(answer.body);
  const count = page?.['@odata.count'];
  const newest = page?.value[0]?.lastModifiedDateTime;
  if (count === undefined || (newest !== undefined && typeof newest !== 'string')) return null;
  return { newest: newest ?? null, count };
}
