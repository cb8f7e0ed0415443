import type { Row } from './row';

/**
 * The columns to write so that `columns`, read in order without the empty ones, give `next`. Of all ways to place the elements the one that changes the
 * fewest columns is taken, so that an address that stands in the second slot stays there. `filled` names the columns that hold `current`, in order; where
 * it does not, all columns are written. Elements beyond the number of columns are not.
 */
export function slotColumns(
  columns: readonly string[],
  next: readonly string[],
  current: readonly string[],
  filled: readonly string[],
): Row {
  const occupied = columns.filter((column) => filled.includes(column));
  const isKnown = occupied.length === current.length;
  const before = (column: string) => (isKnown ? (current[occupied.indexOf(column)] ?? null) : undefined);
  let best: Row | undefined;
  for (const layout of layouts(columns, next.slice(0, columns.length))) {
    const changed = Object.fromEntries(Object.entries(layout).filter(([column, value]) => value !== before(column)));
    if (best === undefined || Object.keys(changed).length < Object.keys(best).length) best = changed;
  }
  return best ?? {};
}

/** Every way to place the elements in the columns without changing their order; the tightest first. */
function layouts(columns: readonly string[], elements: readonly string[]): Record<string, string | null>[] {
  const [column, ...others] = columns;
  if (column === undefined) return [{}];
  const [element, ...rest] = elements;
  const filled = element === undefined ? [] : layouts(others, rest).map((layout) => ({ [column]: element, ...layout }));
  const left = elements.length < columns.length ? layouts(others, elements).map((layout) => ({ [column]: null, ...layout })) : [];
  return [...filled, ...left];
}
