import { type EdmType, FilterError, type Scalar } from './ast';

export type Token =
  | { readonly kind: 'literal'; readonly value: Scalar; readonly type: EdmType; readonly at: number; readonly doubleQuoted: boolean }
  | { readonly kind: 'name' | 'alias' | 'mark'; readonly text: string; readonly at: number };

const pattern = new RegExp(
  [
    `\\s*(?:`,
    `(?<string>'(?:[^']|'')*')`,
    `|(?<quoted>"(?:[^"\\\\]|\\\\.)*")`,
    `|(?<guid>[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})`,
    `|(?<date>\\d{4}-\\d{2}-\\d{2}(?:T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?(?:Z|[+-]\\d{2}:\\d{2}))?)`,
    `|(?<number>-?\\d+(?:\\.\\d+)?)`,
    `|(?<alias>@\\w+)`,
    `|(?<name>[A-Za-z_]\\w*(?:[./][A-Za-z_]\\w*)*)`,
    `|(?<mark>[()[\\],:=])`,
    `)`,
  ].join(''),
  'y',
);

/** The tokens of a filter expression. Throws `FilterError` with the position of what it cannot read. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match?.groups === undefined) throw new FilterError(`Syntax error at position ${at} in '${text}'.`);
    found.push(tokenOf(match.groups, at, text));
    at = pattern.lastIndex;
  }
  return found;
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>, at: number, text: string): Token {
  const literal = (value: Scalar, type: EdmType, doubleQuoted = false): Token => ({ kind: 'literal', value, type, at, doubleQuoted });
  if (groups.string !== undefined) return literal(groups.string.slice(1, -1).replaceAll("''", "'"), 'Edm.String');
  if (groups.quoted !== undefined) return literal(String(JSON.parse(groups.quoted)), 'Edm.String', true);
  if (groups.guid !== undefined) return literal(groups.guid.toLowerCase(), 'Edm.Guid');
  if (groups.date !== undefined) {
    const ms = Date.parse(groups.date.length === 10 ? `${groups.date}T00:00:00Z` : groups.date);
    if (Number.isNaN(ms)) throw new FilterError(`'${groups.date}' at position ${at} in '${text}' is not a date.`);
    return literal(ms, groups.date.length === 10 ? 'Edm.Date' : 'Edm.DateTimeOffset');
  }
  if (groups.number !== undefined) return literal(Number(groups.number), groups.number.includes('.') ? 'Edm.Decimal' : 'Edm.Int32');
  if (groups.alias !== undefined) return { kind: 'alias', text: groups.alias, at };
  if (groups.name !== undefined) return { kind: 'name', text: groups.name, at };
  return { kind: 'mark', text: groups.mark ?? '', at };
}
