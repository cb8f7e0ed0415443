import { sameExtendedId } from './extended-properties';
import type { Comparison, Condition, Operand } from './filter-syntax';
import { parseInstant } from './time';

/** The value of a property by its name, as it is on the wire. */
export type Field = (name: string) => unknown;

/** Whether an item fulfils a condition. Text compares without regard to case, as Exchange does; ids compare exactly. */
export function fulfils(condition: Condition, field: Field): boolean {
  switch (condition.kind) {
    case 'and':
      return fulfils(condition.left, field) && fulfils(condition.right, field);
    case 'or':
      return fulfils(condition.left, field) || fulfils(condition.right, field);
    case 'not':
      return !fulfils(condition.of, field);
    case 'any':
      return anyFulfils(condition, field);
    case 'text': {
      const left = operandValue(condition.left, field);
      const right = operandValue(condition.right, field);
      if (typeof left !== 'string' || typeof right !== 'string') return false;
      const [text, part] = [left.toLowerCase(), right.toLowerCase()];
      if (condition.test === 'startswith') return text.startsWith(part);
      return condition.test === 'endswith' ? text.endsWith(part) : text.includes(part);
    }
    case 'compare': {
      const [left, right] = [operandValue(condition.left, field), operandValue(condition.right, field)];
      if (isId(condition.left) || isId(condition.right)) {
        const same = left === right || (typeof left === 'string' && typeof right === 'string' && sameExtendedId(left, right));
        return condition.operator === 'eq' ? same : condition.operator === 'ne' && !same;
      }
      return holds(condition.operator, left, right);
    }
  }
}

/** The names of the item's own properties that a condition asks for. */
export function* namesIn(condition: Condition, bound: readonly string[] = []): Generator<string> {
  switch (condition.kind) {
    case 'and':
    case 'or':
      yield* namesIn(condition.left, bound);
      yield* namesIn(condition.right, bound);
      return;
    case 'not':
      yield* namesIn(condition.of, bound);
      return;
    case 'any':
      yield* heads([condition.path], bound);
      if (condition.of !== undefined) yield* namesIn(condition.of, [...bound, condition.variable ?? '']);
      return;
    case 'text':
    case 'compare':
      for (const operand of [condition.left, condition.right]) if (operand.kind === 'path') yield* heads([operand.path], bound);
  }
}

function* heads(paths: readonly (readonly string[])[], bound: readonly string[]): Generator<string> {
  for (const [head] of paths) if (head !== undefined && !bound.includes(head)) yield head;
}

/** Orders two values of a property: null first, then numbers, dates and text. */
export function compareValues(left: unknown, right: unknown): number {
  if (left === right) return 0;
  if (left === null || left === undefined) return right === null || right === undefined ? 0 : -1;
  if (right === null || right === undefined) return 1;
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareText(left: string, right: string): number {
  const [leftTime, rightTime] = [parseInstant(left), parseInstant(right)];
  if (leftTime !== undefined && rightTime !== undefined) return leftTime - rightTime;
  const [one, other] = [left.toLowerCase(), right.toLowerCase()];
  return one < other ? -1 : one > other ? 1 : 0;
}

function holds(operator: Comparison, left: unknown, right: unknown): boolean {
  const blank = left === null || left === undefined || right === null || right === undefined;
  const order = compareValues(left, right);
  switch (operator) {
    case 'eq':
      return order === 0;
    case 'ne':
      return order !== 0;
    case 'gt':
      return !blank && order > 0;
    case 'ge':
      return !blank && order >= 0;
    case 'lt':
      return !blank && order < 0;
    case 'le':
      return !blank && order <= 0;
  }
}

function anyFulfils(condition: Extract<Condition, { kind: 'any' }>, field: Field): boolean {
  const elements = follow(condition.path, field);
  if (!Array.isArray(elements)) return false;
  const { of, variable } = condition;
  if (of === undefined) return elements.length > 0;
  return elements.some((element) => fulfils(of, (name) => (name === variable ? element : field(name))));
}

function operandValue(operand: Operand, field: Field): unknown {
  if (operand.kind === 'literal') return operand.value;
  const value = follow(operand.path, field);
  return operand.numeric && typeof value === 'string' ? Number(value) : value;
}

function follow(path: readonly string[], field: Field): unknown {
  const [head = '', ...rest] = path;
  let value = field(head);
  for (const name of rest) value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return value;
}

function isId(operand: Operand): boolean {
  return operand.kind === 'path' && operand.path.at(-1) === 'id';
}
