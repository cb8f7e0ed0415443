/** The OData types that values and columns have here. */
export type EdmType =
  | 'Edm.String'
  | 'Edm.Guid'
  | 'Edm.Int32'
  | 'Edm.Int64'
  | 'Edm.Decimal'
  | 'Edm.Boolean'
  | 'Edm.DateTimeOffset'
  | 'Edm.Date';

/** What a value is while a filter looks at it: dates are ms since 1970, guids lower case. */
export type Scalar = string | number | boolean | null;

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

export interface Literal {
  readonly kind: 'literal';
  readonly value: Scalar;
  /** Absent for `null`, which fits every type. */
  readonly type?: EdmType;
}

export type Expression =
  | Literal
  | { readonly kind: 'path'; readonly segments: readonly string[] }
  | { readonly kind: 'list'; readonly items: readonly Literal[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'in'; readonly operand: Expression; readonly items: readonly Literal[] }
  | {
      readonly kind: 'lambda';
      readonly quantifier: 'any' | 'all';
      readonly path: readonly string[];
      readonly variable?: string;
      readonly body?: Expression;
    }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  /** A query function such as `Microsoft.Dynamics.CRM.LastXDays`; its name comes without the namespace. */
  | { readonly kind: 'query'; readonly name: string; readonly named: Readonly<Record<string, Expression>> };

/** The filter is not well formed or does not fit the columns; the message is for the reply. */
export class FilterError extends Error {}

/** The filter asks for something that is not supported here; the message names it. */
export class UnsupportedFilter extends Error {}
