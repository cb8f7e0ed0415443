/** A template whose empty parts take the separator before them along; the first part that is there has none. */
export function templateText(template: string, textOf: (column: string) => string): string {
  let text = '';
  let separator = '';
  for (const piece of template.split(/(\{\w+\})/)) {
    const column = /^\{(\w+)\}$/.exec(piece)?.[1];
    if (column === undefined) {
      separator = piece;
      continue;
    }
    const part = textOf(column);
    if (part !== '') text = text === '' ? part : `${text}${separator}${part}`;
  }
  return text;
}
