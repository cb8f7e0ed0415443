import { type Comparison, type Expression, FilterError, type Literal, UnsupportedFilter } from './ast';
import { type Token, tokens } from './lexer';

const comparisons: ReadonlySet<string> = new Set<Comparison>(['eq', 'ne', 'gt', 'ge', 'lt', 'le']);
const unsupportedOperators: ReadonlySet<string> = new Set(['add', 'sub', 'mul', 'div', 'divby', 'mod', 'has']);
const namespace = 'Microsoft.Dynamics.CRM.';

/** Looks up a parameter alias such as `@p1`; its text is a value as in a filter. */
export type Aliases = (name: string) => string | undefined;

/**
 * Reads an OData v4 `$filter` as the Web API accepts it. Throws `FilterError` where the text is wrong and `UnsupportedFilter` where it is right but
 * not known here.
 */
export function parseFilter(text: string, aliases: Aliases = () => undefined): Expression {
  return new Parser(text, aliases).whole();
}

class Parser {
  private readonly all: readonly Token[];
  private next = 0;

  constructor(
    private readonly text: string,
    private readonly aliases: Aliases,
  ) {
    this.all = tokens(text);
  }

  whole(): Expression {
    const expression = this.or();
    if (this.peek() !== undefined) throw this.unexpected();
    return expression;
  }

  private or(): Expression {
    return this.chain('or', () => this.and());
  }

  private and(): Expression {
    return this.chain('and', () => this.not());
  }

  private chain(kind: 'and' | 'or', operand: () => Expression): Expression {
    const operands = [operand()];
    while (this.takeName(kind)) operands.push(operand());
    const [only] = operands;
    return operands.length === 1 && only !== undefined ? only : { kind, operands };
  }

  private not(): Expression {
    if (this.takeName('not')) return { kind: 'not', operand: this.not() };
    return this.comparison();
  }

  private comparison(): Expression {
    const left = this.primary();
    const token = this.peek();
    if (token?.kind !== 'name') return left;
    if (unsupportedOperators.has(token.text)) throw new UnsupportedFilter(`the operator '${token.text}' in $filter`);
    if (token.text === 'in') {
      this.next += 1;
      return { kind: 'in', operand: left, items: this.items('(', ')') };
    }
    if (!comparisons.has(token.text)) return left;
    this.next += 1;
    return { kind: 'compare', operator: token.text as Comparison, left, right: this.primary() };
  }

  private primary(): Expression {
    const token = this.peek();
    if (token === undefined) throw new FilterError(`Expression expected at position ${this.text.length} in '${this.text}'.`);
    if (token.kind === 'literal') return this.literal();
    if (token.kind === 'alias') return this.alias();
    if (token.kind === 'mark') {
      if (token.text === '[') return { kind: 'list', items: this.items('[', ']') };
      this.take('(');
      const inner = this.or();
      this.take(')');
      return inner;
    }
    if (token.text === 'null' || token.text === 'true' || token.text === 'false') return this.literal();
    this.next += 1;
    if (!this.isMark('(')) return { kind: 'path', segments: token.text.split('/') };
    return this.call(token.text);
  }

  private call(name: string): Expression {
    this.take('(');
    const lambda = /^(.+)\/(any|all)$/.exec(name);
    if (lambda !== null) return this.lambda(lambda[1] ?? '', lambda[2] === 'all' ? 'all' : 'any');
    if (name.startsWith(namespace)) return this.query(name.slice(namespace.length));
    const args: Expression[] = [];
    while (!this.isMark(')')) {
      args.push(this.or());
      if (!this.isMark(')')) this.take(',');
    }
    this.take(')');
    return { kind: 'call', name, args };
  }

  private lambda(path: string, quantifier: 'any' | 'all'): Expression {
    const segments = path.split('/');
    if (this.isMark(')')) {
      this.take(')');
      return { kind: 'lambda', quantifier, path: segments };
    }
    const variable = this.name();
    this.take(':');
    const body = this.or();
    this.take(')');
    return { kind: 'lambda', quantifier, path: segments, variable, body };
  }

  private query(name: string): Expression {
    const named: Record<string, Expression> = {};
    while (!this.isMark(')')) {
      const parameter = this.name();
      this.take('=');
      named[parameter] = this.primary();
      if (!this.isMark(')')) this.take(',');
    }
    this.take(')');
    return { kind: 'query', name, named };
  }

  private items(open: string, close: string): Literal[] {
    this.take(open);
    const items: Literal[] = [];
    while (!this.isMark(close)) {
      items.push(this.literal(open === '['));
      if (!this.isMark(close)) this.take(',');
    }
    this.take(close);
    return items;
  }

  private literal(inList = false): Literal {
    const token = this.peek();
    if (token?.kind === 'name' && ['null', 'true', 'false'].includes(token.text)) {
      this.next += 1;
      return token.text === 'null'
        ? { kind: 'literal', value: null }
        : { kind: 'literal', value: token.text === 'true', type: 'Edm.Boolean' };
    }
    if (token?.kind !== 'literal' || (token.doubleQuoted && !inList)) throw this.unexpected();
    this.next += 1;
    return { kind: 'literal', value: token.value, type: token.type };
  }

  private alias(): Expression {
    const token = this.peek();
    const name = token?.kind === 'alias' ? token.text : '';
    const text = this.aliases(name);
    if (text === undefined) throw new FilterError(`The parameter alias '${name}' has no value in the query.`);
    this.next += 1;
    return new Parser(text, () => undefined).whole();
  }

  private name(): string {
    const token = this.peek();
    if (token?.kind !== 'name') throw this.unexpected();
    this.next += 1;
    return token.text;
  }

  private peek(): Token | undefined {
    return this.all[this.next];
  }

  private isMark(mark: string): boolean {
    const token = this.peek();
    return token?.kind === 'mark' && token.text === mark;
  }

  private take(mark: string): void {
    if (!this.isMark(mark)) throw this.unexpected(mark);
    this.next += 1;
  }

  private takeName(name: string): boolean {
    const token = this.peek();
    if (token?.kind !== 'name' || token.text !== name) return false;
    this.next += 1;
    return true;
  }

  private unexpected(wanted?: string): FilterError {
    const at = this.peek()?.at ?? this.text.length;
    return new FilterError(`Syntax error at position ${at} in '${this.text}'${wanted === undefined ? '.' : `: '${wanted}' expected.`}`);
  }
}
