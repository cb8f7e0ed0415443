import { DateTime } from 'luxon';
import { FilterError, UnsupportedFilter } from '../../local/dynamics/odata/ast';
import { compileFilter } from '../../local/dynamics/odata/compile';
import { parseFilter } from '../../local/dynamics/odata/parser';
import type { Operand, Scope } from '../../local/dynamics/odata/scope';
import type { Row } from '../../local/dynamics/shelf';

const now = '2026-03-11T09:30:00Z';
const annaId = '5a5e0e00-0000-4000-8000-000000000001';
const types: Readonly<Record<string, Operand['type']>> = {
  subject: 'Edm.String',
  percent: 'Edm.Int32',
  due: 'Edm.DateTimeOffset',
  birthdate: 'Edm.Date',
  owner: 'Edm.Guid',
  done: 'Edm.Boolean',
};

function operand(path: readonly string[]): Operand {
  const name = path.at(-1) ?? '';
  const type = types[name];
  if (type === undefined) throw new FilterError(`Could not find a property named '${name}'.`);
  return {
    type,
    read: (row) => {
      const value = (row.values[name] ?? null) as string | number | boolean | null;
      return type.startsWith('Edm.Date') && value !== null ? Date.parse(String(value)) : value;
    },
  };
}

const guests: readonly Row[] = [
  { id: 'g1', version: 1, values: { percent: 5, owner: annaId } },
  { id: 'g2', version: 1, values: { percent: 7 } },
];

function scope(zone = 'Europe/Berlin'): Scope {
  return {
    operand,
    column: (name) => operand([name]),
    collection: () => ({ scope: scope(zone), items: (row) => (row.id === 'alone' ? [] : guests) }),
    context: { now: DateTime.fromISO(now, { zone }), userId: annaId, businessUnitId: 'b0' },
  };
}

function passes(filter: string, values: Row['values'] = {}, id = 'row', aliases: Readonly<Record<string, string>> = {}): boolean {
  return compileFilter(
    parseFilter(filter, (name) => aliases[name]),
    scope(),
  )({ id, version: 1, values });
}

describe('comparisons', () => {
  test.each([
    ["subject eq 'CALL'", { subject: 'call' }, true],
    ["subject eq 'O''Neil'", { subject: "o'neil" }, true],
    ["subject ne 'call'", { subject: null }, true],
    ['subject eq null', {}, true],
    ['subject ne null', {}, false],
    ['percent gt 40', { percent: 40 }, false],
    ['percent ge 40', { percent: 40 }, true],
    ['percent lt 40', {}, false],
    ['40 gt percent', { percent: 39 }, true],
    ['percent in (10,20)', { percent: 20 }, true],
    ["subject in ('a','b')", { subject: 'B' }, true],
    [`owner eq ${annaId.toUpperCase()}`, { owner: annaId }, true],
    ['due ge 2026-03-11T10:00:00+01:00', { due: '2026-03-11T09:00:00Z' }, true],
    ['due lt 2026-03-11', { due: '2026-03-10T23:59:59Z' }, true],
    ['birthdate eq 1980-02-29', { birthdate: '1980-02-29' }, true],
    ['done eq true', { done: true }, true],
    ['done', { done: false }, false],
  ])('%s', (filter, values, expected) => expect(passes(filter, values)).toBe(expected));
});

describe('logic', () => {
  test('and binds tighter than or, and parentheses bind tightest', () => {
    expect(passes('percent eq 1 or percent eq 2 and done', { percent: 1 })).toBe(true);
    expect(passes('(percent eq 1 or percent eq 2) and done', { percent: 1 })).toBe(false);
  });

  test('not turns a condition around, also one that finds nothing to compare', () => {
    expect(passes("not contains(subject,'x')", {})).toBe(true);
    expect(passes('not (percent eq 1)', { percent: 1 })).toBe(false);
  });

  test('a chain of a thousand conditions is read without trouble', () => {
    const filter = Array.from({ length: 1_000 }, (_, at) => `percent eq ${at}`).join(' or ');
    expect(passes(filter, { percent: 999 })).toBe(true);
  });
});

describe('text functions', () => {
  test.each([
    ["contains(subject,'BACK')", true],
    ["startswith(subject,'call')", true],
    ["endswith(subject,'offer')", true],
    ["endswith(subject,'the')", false],
    ["contains(subject,'c_ll')", true],
    ["startswith(subject,'[abc]all%offer')", true],
    ["contains(subject,'50%off')", false],
  ])('%s', (filter, expected) => expect(passes(filter, { subject: 'Call back about the offer' })).toBe(expected));
});

describe('lambdas', () => {
  test('any asks for one element, all for every element, any() for an element at all', () => {
    expect(passes(`guests/any(g:g/percent eq 5 and g/owner eq ${annaId})`)).toBe(true);
    expect(passes('guests/any(g:g/percent eq 6)')).toBe(false);
    expect(passes('guests/all(g:g/percent gt 4)')).toBe(true);
    expect(passes('guests/any()', {}, 'alone')).toBe(false);
  });
});

describe('query functions', () => {
  const call = (name: string, parameters: string) => `Microsoft.Dynamics.CRM.${name}(${parameters})`;

  test('In takes texts in either kind of quotes, and an alias', () => {
    expect(passes(call('In', "PropertyName='owner',PropertyValues=['x','y']"), { owner: 'Y' })).toBe(true);
    expect(passes(call('In', `PropertyName='owner',PropertyValues=["${annaId}"]`), { owner: annaId })).toBe(true);
    const aliases = { '@p1': "'owner'", '@p2': '["a","b"]' };
    expect(passes(call('In', 'PropertyName=@p1,PropertyValues=@p2'), { owner: 'b' }, 'row', aliases)).toBe(true);
    expect(passes(call('NotIn', "PropertyName='owner',PropertyValues=['x']"), {})).toBe(true);
  });

  test('EqualUserId means the caller', () => {
    expect(passes(call('EqualUserId', "PropertyName='owner'"), { owner: annaId })).toBe(true);
    expect(passes(call('EqualUserId', "PropertyName='owner'"), {})).toBe(false);
  });

  test.each([
    ['Today', '', '2026-03-10T23:00:00Z', true],
    ['Today', '', '2026-03-10T22:59:59Z', false],
    ['Yesterday', '', '2026-03-10T22:59:59Z', true],
    ['OnOrAfter', ",PropertyValue='2026-03-11'", '2026-03-10T23:00:00Z', true],
    ['OnOrBefore', ',PropertyValue=2026-03-11', '2026-03-11T22:59:59Z', true],
    ['On', ',PropertyValue=2026-03-11T23:30:00Z', '2026-03-12T10:00:00Z', true],
    ['LastXDays', ',PropertyValue=2', '2026-03-08T23:00:00Z', true],
    ['LastXDays', ',PropertyValue=2', '2026-03-11T09:30:01Z', false],
    ['LastXHours', ',PropertyValue=1', '2026-03-11T08:29:59Z', false],
    ['LastXMonths', ',PropertyValue=1', '2026-02-10T23:00:00Z', true],
    ['NextXDays', ',PropertyValue=1', '2026-03-12T22:59:59Z', true],
    ['NextXDays', ',PropertyValue=1', '2026-03-12T23:00:00Z', false],
    ['OlderThanXDays', ',PropertyValue=1', '2026-03-09T22:59:59Z', true],
    ['OlderThanXMinutes', ',PropertyValue=30', '2026-03-11T08:59:59Z', true],
    ['Last7Days', '', '2026-03-03T23:00:00Z', true],
    ['ThisWeek', '', '2026-03-07T23:00:00Z', true],
    ['ThisMonth', '', '2026-02-28T22:59:59Z', false],
    ['NextYear', '', '2027-06-01T00:00:00Z', true],
  ])('%s%s holds for %s: %s, by days of the caller’s zone', (name, more, due, expected) => {
    expect(passes(call(name, `PropertyName='due'${more}`), { due })).toBe(expected);
  });

  test('Between includes both ends', () => {
    expect(passes(call('Between', `PropertyName='percent',PropertyValues=["5","10"]`), { percent: 10 })).toBe(true);
    expect(passes(call('Between', `PropertyName='percent',PropertyValues=["5","10"]`), { percent: 11 })).toBe(false);
  });
});

describe('what a filter may not say', () => {
  test.each([
    ["subject eq 'open", 'Syntax error at position'],
    ['subject eq', 'expected'],
    ['(percent eq 1', "')' expected"],
    ['percent eq 1 percent eq 2', 'Syntax error'],
    ["percent eq 'one'", "'Edm.Int32' and 'Edm.String'"],
    [`owner eq '${annaId}'`, "'Edm.Guid' and 'Edm.String'"],
    ['unknown eq 1', "named 'unknown'"],
    ['percent gt null', 'null'],
    ['contains(percent,1)', "'contains'"],
    ['Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)', "'@p1'"],
    ['2026-13-45 eq due', 'not a date'],
  ])('%s is wrong', (filter, message) => {
    expect(() => passes(filter)).toThrow(FilterError);
    expect(() => passes(filter)).toThrow(message);
  });

  test.each([
    ["tolower(subject) eq 'a'", "'tolower'"],
    ["substringof('a',subject)", "'substringof'"],
    ['percent add 1 eq 2', "'add'"],
    ["Microsoft.Dynamics.CRM.Under(PropertyName='owner',PropertyValue='x')", "'Microsoft.Dynamics.CRM.Under'"],
    ['percent eq percent', 'two columns'],
  ])('%s is not supported, and named', (filter, name) => {
    expect(() => passes(filter)).toThrow(UnsupportedFilter);
    expect(() => passes(filter)).toThrow(name);
  });
});
