import { contactTable } from '../../../shared/dynamics/contact';
import { fieldsOf } from '../../../shared/model/entity';
import type { Values } from '../../../shared/model/values';
import { now } from './arbitraries';
import { emptyRow, lookup } from './rows';

const recordOf = (columns: object) => contactTable.recordOf({ ...emptyRow, ...columns }, 'UTC');
const write = (columns: object, changes: Values) => contactTable.columnsOf(changes, recordOf(columns).values, { zone: 'UTC', now });

test('every field of a contact that Dynamics knows is read', () => {
  const exchangeAlone = ['emailNames', 'sensitivity', 'categories'];
  const names = fieldsOf('contact').map(({ name }) => name);
  expect(Object.keys(recordOf({}).values).sort()).toEqual(names.filter((name) => !exchangeAlone.includes(name)).sort());
});

test('lists are the slots that are filled, in order', () => {
  const row = { emailaddress2: 'b@x.example', emailaddress3: 'c@x.example', telephone1: ' ', business2: '2' };
  expect(recordOf(row).values).toMatchObject({
    emails: ['b@x.example', 'c@x.example'],
    businessPhones: ['2'],
    homePhones: [],
    slots: ['emailaddress2', 'emailaddress3', 'business2'],
  });
});

test('an address that stays keeps its slot', () => {
  const second = { emailaddress2: 'a' };
  expect(write(second, { emails: ['a', 'b'] })).toEqual({ emailaddress3: 'b' });
  expect(write(second, { emails: ['b', 'a'] })).toEqual({ emailaddress1: 'b' });
  expect(write(second, { emails: ['c'] })).toEqual({ emailaddress2: 'c' });
  expect(write(second, { emails: [] })).toEqual({ emailaddress2: null });
  expect(write({ emailaddress1: 'a', emailaddress2: 'b', emailaddress3: 'c' }, { emails: ['a', 'c'] })).toEqual({ emailaddress2: null });
});

test('an element for which there is no slot is not written', () => {
  expect(write({ telephone2: '1' }, { homePhones: ['1', '2', '3'] })).toEqual({ home2: '2' });
});

test('where nobody knows the slots, all of them are written', () => {
  expect(contactTable.columnsOf({ emails: ['a'] }, { emails: ['a', 'b'] }, { zone: 'UTC', now })).toEqual({
    emailaddress1: 'a',
    emailaddress2: null,
    emailaddress3: null,
  });
});

test('a street is the lines that are filled, and is split over three', () => {
  expect(recordOf({ address1_line1: 'Tower 2', address1_line2: null, address1_line3: 'Main St 1' }).values.addressStreet).toBe(
    'Tower 2\nMain St 1',
  );
  expect(write({}, { addressStreet: 'A\nB\nC\nD' })).toEqual({ address1_line1: 'A', address1_line2: 'B', address1_line3: 'C, D' });
  expect(write({ address1_line2: 'X' }, { addressStreet: null })).toEqual({
    address1_line1: null,
    address1_line2: null,
    address1_line3: null,
  });
});

test('dates lose the time that a column may have, and the company is only read', () => {
  const row = { birthdate: '1980-02-29', anniversary: '2001-05-06T00:00:00Z', ...lookup('parentcustomerid', 'account', 'a1', 'Fabrikam') };
  expect(recordOf(row).values).toMatchObject({ birthday: '1980-02-29', anniversary: '2001-05-06', company: 'Fabrikam' });
  expect(write(row, { company: 'Contoso', birthday: null })).toEqual({ birthdate: null });
});

test('a deactivated contact is inactive', () => {
  expect(recordOf({ statecode: 1 }).standing).toBe('inactive');
  expect(recordOf({}).standing).toBe('open');
});
