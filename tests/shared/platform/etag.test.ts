import { demandExpected, entityTag, expectationOf } from '../../../shared/platform/etag';

const row = `W/"datetime'2026-01-01T00%3A00%3A00.0000000Z'"`;

test('the tag of a row is a strong one that any header can hold, and another for every version', () => {
  expect(entityTag(row)).toMatch(/^"[\w-]{27}"$/);
  expect(entityTag(row)).toBe(entityTag(row));
  expect(entityTag(row)).not.toBe(entityTag(`${row} `));
});

test.each(['', 'x', '"', '"a" "b"', '"a",', `"${'x'.repeat(2_000)}"`, '"a\u0000"'])('%j is no list of tags', (ifMatch) => {
  expect(() => expectationOf({ 'if-match': ifMatch })).toThrow('bad-request');
});

test('a comma within a tag parts nothing', () => {
  expect(expectationOf({ 'if-match': '"a,b" , W/"c"' })).toEqual({ is: 'version', tags: ['"a,b"', 'W/"c"'] });
});

test('what is not there matches no version, and only a change of what is there has to name one', () => {
  expect(() => demandExpected({ is: 'unsaid' }, null)).not.toThrow();
  expect(() => demandExpected({ is: 'unsaid' }, row)).toThrow('precondition-required');
  expect(() => demandExpected({ is: 'version', tags: [entityTag(row)] }, null)).toThrow('stale');
  expect(() => demandExpected({ is: 'new' }, row)).toThrow('duplicate');
});
