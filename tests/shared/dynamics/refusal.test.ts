import { readRefusal, withoutValues } from '../../../shared/dynamics/refusal';

const body = (code: string, message: string) => JSON.stringify({ error: { code, message } });

test('an admin reads which column was too long', () => {
  const message =
    "A validation error occurred. The length of the 'subject' attribute of the 'task' entity exceeded the maximum allowed length of '200'.";
  expect(readRefusal(400, body('0x80044331', message))).toEqual({ detail: `0x80044331 ${message}` });
});

test.each([
  ["Entity 'contact' With Id = 0b1ec7ed-0000-4000-8000-000000000001 Does Not Exist", "Entity 'contact' With Id = … Does Not Exist"],
  ["Cannot convert the literal 'Anna Berger' to the expected type 'Edm.Int32'.", 'Cannot convert the literal ….'],
  ["The value 'O'Brien' of 'lastname' is wrong.", 'The value … is wrong.'],
  ['Mail to anna@contoso.example failed', 'Mail to … failed'],
  ['A record with "secret" exists', 'A record with … exists'],
  ["Phone '491711234567' is a duplicate", 'Phone … is a duplicate'],
  ["The literal 'Anna Ber", 'The literal …'],
  ["The version of the record doesn't match 'Anna'", "The version of the record doesn't match …"],
])('a message keeps no id, address or value: %s', (message, expected) => {
  expect(withoutValues(message)).toBe(expected);
});

test('an expired token is known by its code at any status below 500', () => {
  for (const status of [400, 403, 410])
    expect(readRefusal(status, body('0x80044352', 'Version stamp'))).toMatchObject({ code: 'cursor-expired' });
});

test('only an answer about a row says that the row does not exist', () => {
  expect(readRefusal(404, body('0x80040217', 'task Does Not Exist')).code).toBeUndefined();
  expect(readRefusal(404, body('', 'task Does Not Exist')).code).toBeUndefined();
  expect(readRefusal(404, body('0x80060888', 'Resource not found for the segment')).code).toBe('settings');
  expect(readRefusal(404, body('0x8006088a', 'Resource not found')).code).toBe('unexpected-reply');
  expect(readRefusal(404, '<html>Not here</html>').code).toBe('unexpected-reply');
});

test('a duplicate is one whatever its status', () => {
  expect(readRefusal(412, body('0x80040237', 'exists')).code).toBe('duplicate');
  expect(readRefusal(500, body('0x80040333', 'exists')).code).toBe('duplicate');
});

test('what a plug-in says is not repeated', () => {
  expect(readRefusal(400, body('0x80040265', 'Fabrikam is over its credit limit'))).toMatchObject({ detail: '0x80040265' });
});
