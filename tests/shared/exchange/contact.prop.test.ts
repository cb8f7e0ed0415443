import fc from 'fast-check';
import { contactBody, contactOf } from '../../../shared/exchange/contact';
import type { Values } from '../../../shared/model/values';
import { address, head, maybeDate, name, text, words, zone } from './arbitraries';

const people = fc.uniqueArray(fc.tuple(address, name), { maxLength: 3, selector: ([email]) => email }).map((pairs) => ({
  emails: pairs.map(([email]) => email),
  emailNames: pairs.flatMap(([email, shown]) => (shown === null ? [] : [`${email}\n${shown}`])),
}));

const plain = Object.fromEntries(
  [
    ...['firstName', 'middleName', 'lastName', 'salutation', 'suffix', 'nickname', 'yomiFirstName', 'yomiLastName', 'jobTitle', 'company'],
    ...['department', 'manager', 'assistant', 'spouse', 'mobilePhone', 'webPage', 'notes', 'assistantPhone', 'businessFax', 'otherPhone'],
    ...['pager', 'callback', 'companyPhone', 'ftpSite', 'governmentId'],
    ...['addressStreet', 'addressCity', 'addressState', 'addressPostalCode', 'addressCountry'],
  ].map((field) => [field, text]),
);

const values: fc.Arbitrary<Values & Record<'emails' | 'emailNames', string[]>> = fc
  .record({
    texts: fc.record(plain),
    lists: people,
    others: fc.record({ birthday: maybeDate, anniversary: maybeDate, businessPhones: words, homePhones: words }),
    children: words.map((children) => (children.length === 0 ? null : children.join(', '))),
  })
  .map(({ texts, lists, others, children }) => ({ ...texts, ...lists, ...others, children, sensitivity: null }));

test('a contact that was written reads back as the same values', () => {
  fc.assert(
    fc.property(values, zone, (written, where) => {
      const item = contactOf({ ...head, ...contactBody(written, {}, 'i/contact/r/1') }, where, true);
      expect(item.values).toEqual(written);
      expect(item.marker).toBe('i/contact/r/1');
    }),
  );
});

test('an update writes lists and the address whole, so that what did not change stays', () => {
  fc.assert(
    fc.property(values, values, fc.constantFrom('emails', 'addressCity', 'children'), (current, other, field) => {
      const written = contactBody({ [field]: other[field] ?? null }, current, null);
      const before = contactBody(current, {}, null);
      const after = contactOf({ ...head, ...before, ...written }, 'UTC', true).values;
      const expected = { ...current, [field]: other[field] ?? null };
      const names = current.emailNames.filter((named) => expected.emails.includes(named.split('\n')[0] ?? ''));
      expect(after).toEqual({
        ...expected,
        emailNames: expected.emails.flatMap((email) => names.filter((named) => named.startsWith(`${email}\n`))),
      });
    }),
  );
});
