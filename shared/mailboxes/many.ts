import { atOnce } from '../platform/at-once';
import { asTandemError } from '../platform/errors';

/** What became of one of several mailboxes: done, or why not. */
export type OneOfMany =
  | { readonly id: string; readonly ok: true }
  | { readonly id: string; readonly ok: false; readonly code: string; readonly detail: string; readonly fix: string };

/** The most mailboxes that one request names: so many are done well within the time that a caller waits. */
export const mostNamed = 200;
const mostAtOnce = 8;

/** Does the same to several mailboxes, each on its own: one that fails does not stop the others. The answers are in the order of the ids, each id once. */
export function each(ids: readonly string[], work: (id: string, place: number) => Promise<unknown>): Promise<OneOfMany[]> {
  return atOnce(
    mostAtOnce,
    [...new Set(ids)].map((id, place) => ({ id, place })),
    async ({ id, place }): Promise<OneOfMany> => {
      try {
        await work(id, place);
        return { id, ok: true };
      } catch (thrown) {
        const { code, detail = '', fix } = asTandemError(thrown);
        return { id, ok: false, code, detail, fix };
      }
    },
  );
}
