export type Goal = 3 | 4 | 5 | 6 | 7 | 9 | 10;

/** One number beside the limit that it is held to. */
export interface Figure {
  readonly goal: Goal;
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  /** False where the limit is missed. */
  readonly ok: boolean;
}

/** A figure whose value is shown with three decimals and judged by what is shown, so that nobody sees `1 > 1`. */
export function figure(goal: Goal, name: string, value: number, limit: number): Figure {
  if (!Number.isFinite(value)) throw new Error(`There is no number for "${name}".`);
  const shown = Math.round(value * 1_000) / 1_000;
  return { goal, name, value: shown, limit, ok: shown <= limit };
}

/** A figure as a line of JSON, or as a row of the table that people read. */
export function lineOf(each: Figure, asJson: boolean): string {
  if (asJson) return JSON.stringify(each);
  const { goal, name, value, limit, ok } = each;
  return `${ok ? 'ok  ' : 'MISS'}  ${goal}  ${String(value).padStart(8)}  <= ${String(limit).padEnd(5)}  ${name}`;
}

/** What stands above the table. */
export const heading = `      goal   value     limit  what`;
