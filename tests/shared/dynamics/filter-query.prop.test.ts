import fc from 'fast-check';
import type { Expression } from '../../../local/dynamics/odata/ast';
import { parseFilter } from '../../../local/dynamics/odata/parser';
import { anyOf } from '../../../shared/dynamics/filter-query';
import { type Filter, NamedFilter } from '../../../shared/model/filter';

const accepted = (filter: unknown): boolean => NamedFilter.safeParse({ name: 'A filter', filter }).success;

/** Texts that a person could hope to break out with, and any others. */
const texts = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.constantFrom("' or 1 eq 1 or subject eq '", "''", "');(", '%', '_', '[', '\\"', "a') or contains(subject,'", '&$select=*', '#'),
);
const columns = fc.constantFrom('subject', 'new_sync', 'statuscode');

const rows: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({ column: columns, operator: fc.constantFrom('eq', 'ne'), value: texts }),
  fc.record({ column: columns, operator: fc.constantFrom('contains', 'startswith'), value: texts }),
  fc.record({ column: columns, operator: fc.constantFrom('in', 'not-in'), value: fc.array(texts, { minLength: 1, maxLength: 3 }) }),
  fc.record({ column: columns, operator: fc.constantFrom('lt', 'ge'), value: fc.integer() }),
) as fc.Arbitrary<Filter>;

const { filter: trees } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    rows,
    fc.record({ and: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

/** What an OData expression says, without the parentheses that only group. */
function said(expression: Expression): unknown {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return { [expression.kind]: expression.operands.map(said) };
    case 'not':
      return { not: said(expression.operand) };
    case 'compare':
      return [expression.operator, said(expression.left), said(expression.right)];
    case 'call':
      return [expression.name, ...expression.args.map(said)];
    case 'query':
      return [expression.name, ...Object.values(expression.named).map(said)];
    case 'list':
      return expression.items.map(said);
    case 'path':
      return expression.segments.join('/');
    case 'literal':
      return { value: expression.value };
    case 'in':
    case 'lambda':
      throw new Error('no filter says this');
  }
}

/** What a filter means. A group of one is its only member. */
function meant(filter: Filter): unknown {
  if ('and' in filter || 'or' in filter) {
    const [kind, members] = 'and' in filter ? (['and', filter.and] as const) : (['or', filter.or] as const);
    return members.length === 1 && members[0] !== undefined ? meant(members[0]) : { [kind]: members.map(meant) };
  }
  const { column } = filter;
  switch (filter.operator) {
    case 'contains':
    case 'startswith':
      return [filter.operator, column, { value: filter.value.replace(/[%_[]/g, '[$&]') }];
    case 'in':
    case 'not-in':
      return [filter.operator === 'in' ? 'In' : 'NotIn', { value: column }, filter.value.map((value) => ({ value }))];
    default:
      return [filter.operator, column, { value: 'value' in filter ? filter.value : null }];
  }
}

test('a compiled filter says what it means and not a word more, whatever people write into it', () => {
  fc.assert(
    fc.property(trees, (filter) => {
      fc.pre(accepted(filter));
      expect(said(parseFilter(anyOf([filter])))).toEqual(meant(filter));
    }),
  );
});

test('nothing but a column’s name is taken for one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (column) => {
      const isName = /^[a-z][a-z0-9_]*$/.test(column) || /^_[a-z][a-z0-9_]*_value$/.test(column);
      expect(accepted({ column, operator: 'null' })).toBe(isName);
    }),
  );
});

test.each([
  [{ column: 'subject', operator: 'eq', value: "O'Neill" }, "(subject eq 'O''Neill')"],
  [{ column: 'subject', operator: 'contains', value: '100%' }, "(contains(subject,'100[%]'))"],
  [{ column: 'new_sync', operator: 'eq', value: true }, '(new_sync eq true)'],
  [{ column: 'createdon', operator: 'ge', value: '2026-01-31' }, '(createdon ge 2026-01-31)'],
  [{ column: '_parentcustomerid_value', operator: 'null' }, '(_parentcustomerid_value eq null)'],
  [
    { column: '_ownerid_value', operator: 'eq', value: '5a5e0e00-0000-4000-8000-000000000003' },
    '(_ownerid_value eq 5a5e0e00-0000-4000-8000-000000000003)',
  ],
  [{ column: 'ownerid', operator: 'ne-userid' }, "(not Microsoft.Dynamics.CRM.EqualUserId(PropertyName='ownerid'))"],
  [
    { column: 'createdon', operator: 'last-x', unit: 'days', value: 30 },
    "(Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=30))",
  ],
  [
    { column: 'scheduledend', operator: 'on-or-before', value: '2026-01-31' },
    "(Microsoft.Dynamics.CRM.OnOrBefore(PropertyName='scheduledend',PropertyValue='2026-01-31'))",
  ],
  [{ column: 'createdon', operator: 'last-7-days' }, "(Microsoft.Dynamics.CRM.Last7Days(PropertyName='createdon'))"],
])('%j is the query %s', (filter, query) => {
  const { filter: parsed } = NamedFilter.parse({ name: 'A filter', filter });
  expect(anyOf([parsed])).toBe(query);
});

test.each([
  [{ column: '_ownerid_value', operator: 'eq', value: "x' or 1 eq 1" }],
  [{ column: 'subject', operator: 'gt', value: 'not a moment' }],
  [{ column: 'subject', operator: 'eq', value: 'a\u0000b' }],
  [{ column: 'revenue', operator: 'gt', value: 1e300 }],
  [{ column: 'subject', operator: 'has', value: 'x' }],
  [{ column: 'subject', operator: 'eq', value: 'x', extra: true }],
  [{ and: [] }],
  [{ and: [{ or: [{ and: [{ or: [{ and: [{ or: [{ column: 'a', operator: 'null' }] }] }] }] }] }] }],
  [{ or: Array.from({ length: 41 }, () => ({ column: 'a', operator: 'null' })) }],
])('%j is no filter', (filter) => {
  expect(accepted(filter)).toBe(false);
});
