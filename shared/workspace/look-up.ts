import { type Found, isOutOfSight, type LookupTable } from '../dynamics/workspace';
import { offersOf } from './actions/offer';
import type { Desk } from './desk';
import type { Microapp } from './microapp';

/** How the forms of a microapp look rows of a table up; undefined where none does. */
export function lookupOf(app: Microapp, table: string): { readonly table: LookupTable; readonly beside: string | null } | undefined {
  const inputs = offersOf(app).flatMap(({ inputs: each }) => each);
  return inputs.flatMap(({ looksUp }) => looksUp ?? []).find((each) => each.table === table);
}

/** Rows whose names begin with the text, and then those that contain it. Who has no right to the table finds nothing. Throws `sign-in-needed`. */
export async function lookUp(
  { dynamics, caller }: Desk,
  { table, beside }: { readonly table: LookupTable; readonly beside: string | null },
  text: string,
): Promise<readonly Found[]> {
  try {
    return await dynamics.find(table, text.trim(), beside, caller);
  } catch (error) {
    if (isOutOfSight(error)) return [];
    throw error;
  }
}
