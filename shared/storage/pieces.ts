/**
 * The most characters in one property. A text property holds 64 KiB in UTF-16, which is 32,768 characters (Table service documentation,
 * "Understanding the Table service data model").
 */
export const pieceLength = 30_000;

/** A text in properties `name0`, `name1`, … of at most 60 KB each; an empty text is one empty piece. No surrogate pair is cut in two. */
export function pieces(name: string, text: string): Record<string, string> {
  const cut: Record<string, string> = { [`${name}0`]: '' };
  for (let start = 0, index = 0; start < text.length; index += 1) {
    const end = start + pieceLength - (endsInPair(text, start + pieceLength) ? 1 : 0);
    cut[`${name}${index}`] = text.slice(start, end);
    start = end;
  }
  return cut;
}

/** The text that `pieces` cut. */
export function joinPieces(name: string, row: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (let index = 0; ; index += 1) {
    const piece = row[`${name}${index}`];
    if (typeof piece !== 'string') return text;
    text += piece;
  }
}

function endsInPair(text: string, end: number): boolean {
  return end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1));
}
