import { badUri } from './errors';

/** A `$filter` expression as a tree. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'text'; readonly test: TextTest; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'any'; readonly path: readonly string[]; readonly variable?: string; readonly of?: Condition };

export type Operand =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'path'; readonly path: readonly string[]; readonly numeric: boolean };

const comparisons = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
export type Comparison = (typeof comparisons)[number];
const textTests = ['startswith', 'endswith', 'contains'] as const;
export type TextTest = (typeof textTests)[number];

const tokenPattern =
  /\s*(?:'((?:[^']|'')*)'|(\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?)|(-?\d+(?:\.\d+)?)|([A-Za-z_@][\w.@]*(?:\/[A-Za-z_@][\w.@]*)*)|([(),:]))/y;

type Token = { readonly kind: 'string' | 'date' | 'number' | 'word' | 'sign'; readonly text: string };

function tokens(source: string): Token[] {
  const found: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (source.slice(tokenPattern.lastIndex).trim() !== '') {
    const at = tokenPattern.lastIndex;
    const match = tokenPattern.exec(source);
    if (match === null) throw badUri(`Syntax error at position ${at} in '${source}'.`);
    const [, string, date, number, word, sign] = match;
    if (string !== undefined) found.push({ kind: 'string', text: string.replaceAll("''", "'") });
    else if (date !== undefined) found.push({ kind: 'date', text: date });
    else if (number !== undefined) found.push({ kind: 'number', text: number });
    else if (word !== undefined) found.push({ kind: 'word', text: word });
    else found.push({ kind: 'sign', text: sign ?? '' });
  }
  return found;
}

/** Reads a `$filter`: comparisons, `and`, `or`, `not`, text functions, `cast` and `any`. Anything else is a 400. */
export function parseFilter(source: string): Condition {
  return new FilterParser(source).parse();
}

class FilterParser {
  private readonly tokens: readonly Token[];
  private index = 0;

  constructor(private readonly source: string) {
    this.tokens = tokens(source);
  }

  parse(): Condition {
    const condition = this.either();
    if (this.index < this.tokens.length) throw this.unexpected();
    return condition;
  }

  private either(): Condition {
    let left = this.both();
    while (this.takeWord('or')) left = { kind: 'or', left, right: this.both() };
    return left;
  }

  private both(): Condition {
    let left = this.single();
    while (this.takeWord('and')) left = { kind: 'and', left, right: this.single() };
    return left;
  }

  private single(): Condition {
    if (this.takeWord('not')) return { kind: 'not', of: this.single() };
    if (this.takeSign('(')) {
      const inner = this.either();
      this.expectSign(')');
      return inner;
    }
    const next = this.tokens[this.index];
    if (next?.kind === 'word' && this.tokens[this.index + 1]?.text === '(') {
      const test = textTests.find((each) => each === next.text.toLowerCase());
      if (test !== undefined) return this.textTest(test);
      if (/\/any$/i.test(next.text)) return this.any(next.text);
    }
    return this.comparison();
  }

  private textTest(test: TextTest): Condition {
    this.index += 1;
    this.expectSign('(');
    const left = this.operand();
    this.expectSign(',');
    const right = this.operand();
    this.expectSign(')');
    if (this.takeWord('eq') && !this.takeWord('true')) throw this.unexpected();
    return { kind: 'text', test, left, right };
  }

  private any(word: string): Condition {
    this.index += 1;
    const path = word.split('/').slice(0, -1);
    this.expectSign('(');
    if (this.takeSign(')')) return { kind: 'any', path };
    const variable = this.take('word').text;
    this.expectSign(':');
    const of = this.either();
    this.expectSign(')');
    return { kind: 'any', path, variable, of };
  }

  private comparison(): Condition {
    const left = this.operand();
    const word = this.take('word').text;
    const operator = comparisons.find((each) => each === word);
    if (operator === undefined) throw this.unexpected();
    return { kind: 'compare', operator, left, right: this.operand() };
  }

  private operand(): Operand {
    const token = this.tokens[this.index];
    if (token === undefined) throw this.unexpected();
    this.index += 1;
    if (token.kind === 'string' || token.kind === 'date') return { kind: 'literal', value: token.text };
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
    if (token.kind === 'sign') throw this.unexpected();
    if (token.text === 'null') return { kind: 'literal', value: null };
    if (token.text === 'true' || token.text === 'false') return { kind: 'literal', value: token.text === 'true' };
    if (token.text.toLowerCase() === 'cast' && this.takeSign('(')) {
      const inner = this.operand();
      this.expectSign(',');
      this.take('word');
      this.expectSign(')');
      if (inner.kind !== 'path') throw this.unexpected();
      return { ...inner, numeric: true };
    }
    return { kind: 'path', path: token.text.split('/'), numeric: false };
  }

  private take(kind: Token['kind']): Token {
    const token = this.tokens[this.index];
    if (token?.kind !== kind) throw this.unexpected();
    this.index += 1;
    return token;
  }

  private takeWord(word: string): boolean {
    const token = this.tokens[this.index];
    if (token?.kind !== 'word' || token.text !== word) return false;
    this.index += 1;
    return true;
  }

  private takeSign(sign: string): boolean {
    const token = this.tokens[this.index];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.index += 1;
    return true;
  }

  private expectSign(sign: string): void {
    if (!this.takeSign(sign)) throw this.unexpected();
  }

  private unexpected(): Error {
    return badUri(`Invalid filter clause: '${this.source}' near '${this.tokens[this.index]?.text ?? 'its end'}'.`);
  }
}
