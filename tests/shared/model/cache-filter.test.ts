import { CacheFilter } from '../../../shared/model/cache-filter';

test.each<[string, string]>([
  ['statecode eq 0', 'statecode eq 0'],
  ['$filter=statecode eq 0', 'statecode eq 0'],
  ['$filter = statecode eq 0', 'statecode eq 0'],
  ['$filter statecode eq 0 or statecode eq 3', 'statecode eq 0 or statecode eq 3'],
  ['?$filter=statecode eq 0', 'statecode eq 0'],
  ['  $FILTER=statecode eq 0  ', 'statecode eq 0'],
  [
    "$filter Microsoft.Dynamics.CRM.LastXMonths(PropertyName='modifiedon',PropertyValue=1)",
    "Microsoft.Dynamics.CRM.LastXMonths(PropertyName='modifiedon',PropertyValue=1)",
  ],
  ["name eq 'Smith & Sons; #1 (O''Hara) costs $5'", "name eq 'Smith & Sons; #1 (O''Hara) costs $5'"],
])('%s is the filter %s', (given, filter) => {
  expect(CacheFilter.parse(given)).toBe(filter);
  expect(CacheFilter.parse(filter)).toBe(filter);
});

test.each<[string, string]>([
  ['', 'is empty'],
  ['$filter=', 'is empty'],
  ["name eq 'Smith", 'has a text without its closing quotation mark'],
  ['(statecode eq 0', 'has brackets that do not match'],
  [')statecode eq 0(', 'has brackets that do not match'],
  ['statecode eq 0&$top=1', 'has another option behind the filter'],
  ['statecode eq 0#', 'has another option behind the filter'],
  ['$select=name', 'names another option than $filter'],
  ['$filter=$filter=statecode eq 0', 'names another option than $filter'],
  ['statecode eq 0\r\nX: y', 'has a line break or another control character'],
])('%j %s', (given, rule) => expect(CacheFilter.safeParse(given).error?.issues[0]?.message).toBe(rule));

test('one that no address could hold is refused', () => {
  expect(CacheFilter.safeParse(`name eq '${'x'.repeat(4_000)}'`).success).toBe(false);
});
