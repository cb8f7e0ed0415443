/** A text as a `$filter` takes it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
