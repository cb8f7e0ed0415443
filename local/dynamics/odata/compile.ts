import type { Row } from '../shelf';
import { type Comparison, type EdmType, type Expression, FilterError, type Literal, type Scalar, UnsupportedFilter } from './ast';
import { compileQuery } from './query-functions';
import type { Operand, Scope } from './scope';
import { textTest } from './text-functions';

export type Predicate = (row: Row) => boolean;

/** Turns a filter into a test of one row. Throws `FilterError` or `UnsupportedFilter` where the filter does not fit the scope. */
export function compileFilter(expression: Expression, scope: Scope): Predicate {
  switch (expression.kind) {
    case 'and': {
      const tests = expression.operands.map((operand) => compileFilter(operand, scope));
      return (row) => tests.every((test) => test(row));
    }
    case 'or': {
      const tests = expression.operands.map((operand) => compileFilter(operand, scope));
      return (row) => tests.some((test) => test(row));
    }
    case 'not': {
      const test = compileFilter(expression.operand, scope);
      return (row) => !test(row);
    }
    case 'compare':
      return compileComparison(expression.operator, expression.left, expression.right, scope);
    case 'in': {
      const operand = pathOperand(expression.operand, scope);
      const values = new Set(expression.items.map((item) => comparable(literalFor(operand.type, item, 'in'))));
      return (row) => values.has(comparable(operand.read(row)));
    }
    case 'lambda':
      return compileLambda(expression, scope);
    case 'call':
      return compileCall(expression.name, expression.args, scope);
    case 'query':
      return compileQuery(expression.name, expression.named, scope);
    case 'path': {
      const operand = scope.operand(expression.segments);
      if (operand.type !== 'Edm.Boolean') throw new FilterError(`'${expression.segments.join('/')}' is not a condition.`);
      return (row) => operand.read(row) === true;
    }
    case 'literal':
    case 'list':
      throw new FilterError('A value is not a condition.');
  }
}

function compileComparison(operator: Comparison, left: Expression, right: Expression, scope: Scope): Predicate {
  if (left.kind === 'literal' && right.kind === 'path') return compileComparison(mirrored[operator], right, left, scope);
  const operand = pathOperand(left, scope);
  if (right.kind === 'path') throw new UnsupportedFilter('comparing two columns in $filter');
  if (right.kind !== 'literal') throw new UnsupportedFilter(`a ${right.kind} as a value in $filter`);
  const wanted = comparable(literalFor(operand.type, right, operator));
  const read = (row: Row) => comparable(operand.read(row));
  switch (operator) {
    case 'eq':
      return (row) => read(row) === wanted;
    case 'ne':
      return (row) => read(row) !== wanted;
    default: {
      if (wanted === null) throw new FilterError(`null cannot be compared with '${operator}'.`);
      return (row) => {
        const value = read(row);
        return value !== null && ordered(operator, value, wanted);
      };
    }
  }
}

const mirrored: Readonly<Record<Comparison, Comparison>> = { eq: 'eq', ne: 'ne', gt: 'lt', ge: 'le', lt: 'gt', le: 'ge' };

function ordered(operator: Comparison, a: string | number | boolean, b: string | number | boolean): boolean {
  if (operator === 'gt') return a > b;
  if (operator === 'ge') return a >= b;
  return operator === 'lt' ? a < b : a <= b;
}

function compileLambda(expression: Extract<Expression, { kind: 'lambda' }>, scope: Scope): Predicate {
  const collection = scope.collection(expression.path, expression.variable);
  if (expression.body === undefined) {
    if (expression.quantifier === 'all') throw new FilterError("'all' needs a condition.");
    return (row) => collection.items(row).length > 0;
  }
  const test = compileFilter(expression.body, collection.scope);
  if (expression.quantifier === 'all') return (row) => collection.items(row).every(test);
  return (row) => collection.items(row).some(test);
}

function compileCall(name: string, args: readonly Expression[], scope: Scope): Predicate {
  if (name !== 'contains' && name !== 'startswith' && name !== 'endswith') throw new UnsupportedFilter(`the function '${name}' in $filter`);
  const [column, pattern, ...rest] = args;
  if (column === undefined || pattern?.kind !== 'literal' || typeof pattern.value !== 'string' || rest.length > 0)
    throw new FilterError(`'${name}' takes a column and a text.`);
  const operand = pathOperand(column, scope);
  if (operand.type !== 'Edm.String') throw new FilterError(`'${name}' takes a column of type Edm.String, not ${operand.type}.`);
  const test = textTest(name, pattern.value);
  return (row) => {
    const value = operand.read(row);
    return typeof value === 'string' && test(value);
  };
}

function pathOperand(expression: Expression, scope: Scope): Operand {
  if (expression.kind === 'path') return scope.operand(expression.segments);
  if (expression.kind === 'call') throw new UnsupportedFilter(`the function '${expression.name}' in $filter`);
  throw new FilterError('A comparison needs a column.');
}

/** Texts compare without regard to case (Web API, filter rows). */
function comparable(value: Scalar): Scalar {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** The literal as a value of the column's type. */
function literalFor(type: EdmType, literal: Literal, operator: string): Scalar {
  if (literal.type === undefined || fits(type, literal.type)) return literal.value;
  const kind = operator === 'eq' ? 'Equal' : operator;
  throw new FilterError(
    `A binary operator with incompatible types was detected. Found operand types '${type}' and '${literal.type}' for operator kind '${kind}'.`,
  );
}

function fits(column: EdmType, literal: EdmType): boolean {
  if (column === literal) return true;
  if (column === 'Edm.Int64' || column === 'Edm.Decimal')
    return literal === 'Edm.Int32' || (column === 'Edm.Decimal' && literal === 'Edm.Int64');
  return column === 'Edm.DateTimeOffset' && literal === 'Edm.Date';
}
