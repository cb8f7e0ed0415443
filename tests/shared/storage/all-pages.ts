/** Reads a list to its end, page by page. */
export async function allPages<T>(
  read: (cursor: string | null) => Promise<{ readonly items: readonly T[]; readonly next: string | null }>,
): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | null = null; ; ) {
    const { items, next } = await read(cursor);
    all.push(...items);
    if (next === null) return all;
    cursor = next;
  }
}
