import type { Expression } from './odata/ast';

/**
 * The only keys that rows passing this filter can have, where the filter says so: `activityid eq A or activityid eq B`, `in`, and the query function
 * `In`. Undefined where it does not, and every row has to be looked at.
 */
export function keysIn(expression: Expression | undefined, key: string): ReadonlySet<string> | undefined {
  switch (expression?.kind) {
    case 'compare': {
      const { operator, left, right } = expression;
      const isKey = operator === 'eq' && left.kind === 'path' && left.segments.join('/') === key;
      return isKey && right.kind === 'literal' ? new Set([String(right.value).toLowerCase()]) : undefined;
    }
    case 'in': {
      const { operand, items } = expression;
      if (operand.kind !== 'path' || operand.segments.join('/') !== key) return undefined;
      return new Set(items.map((item) => String(item.value).toLowerCase()));
    }
    case 'query': {
      const { PropertyName: property, PropertyValues: values } = expression.named;
      if (expression.name !== 'In' || property?.kind !== 'literal' || property.value !== key || values?.kind !== 'list') return undefined;
      return new Set(values.items.map((item) => String(item.value).toLowerCase()));
    }
    case 'and': {
      const known = expression.operands.flatMap((operand) => keysIn(operand, key) ?? []);
      return known.reduce<ReadonlySet<string> | undefined>(
        (least, keys) => (least === undefined || keys.size < least.size ? keys : least),
        undefined,
      );
    }
    case 'or': {
      const all = expression.operands.map((operand) => keysIn(operand, key));
      return all.some((keys) => keys === undefined) ? undefined : new Set(all.flatMap((keys) => [...(keys ?? [])]));
    }
    default:
      return undefined;
  }
}
