/** The rows of the first table below a heading, as plain text. Throws where there is none. */
export function tableBelow(markdown: string, heading: string): string[][] {
  const [, rest] = markdown.split(`\n## ${heading}\n`);
  if (rest === undefined) throw new Error(`There is no heading '${heading}'.`);
  const rows =
    rest
      .split('\n## ')[0]
      ?.split('\n')
      .filter((line) => line.startsWith('|')) ?? [];
  if (rows.length < 3) throw new Error(`There is no table below '${heading}'.`);
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}
