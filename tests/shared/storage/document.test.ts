import { z } from 'zod';
import { rememberingReader, type Shape, toProperties } from '../../../shared/storage/document';

const shape: Shape<{ name: string; tags: string[] }> = { version: 2, schema: z.object({ name: z.string(), tags: z.array(z.string()) }) };
const row = (name: string, rowKey = 'one') => ({ rowKey, ...toProperties(shape, { name, tags: ['a'] }) });

test('a row that says the same is not parsed again', () => {
  const read = rememberingReader(shape);
  expect(read(row('Winter'))).toBe(read(row('Winter')));
});

test('a row that was written over is read anew', () => {
  const read = rememberingReader(shape);
  read(row('Winter'));
  expect(read(row('Summer'))).toEqual({ name: 'Summer', tags: ['a'] });
});

test('rows of other keys have values of their own', () => {
  const read = rememberingReader(shape);
  expect([read(row('Winter')), read(row('Summer', 'two')), read(row('Winter'))].map(({ name }) => name)).toEqual([
    'Winter',
    'Summer',
    'Winter',
  ]);
});

test('nobody can change what others will read', () => {
  const value = rememberingReader(shape)(row('Winter'));
  expect(() => value.tags.push('b')).toThrow(TypeError);
});

test('a row of a newer release is refused, even where it says the same', () => {
  const read = rememberingReader(shape);
  read(row('Winter'));
  expect(() => read({ ...row('Winter'), v: 3 })).toThrow('unavailable');
});
