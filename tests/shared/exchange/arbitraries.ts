import fc from 'fast-check';
import { normalText } from '../../../shared/model/values';

/** Text as the model knows it: normal, or null. */
export const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }).map(normalText),
  fc.constantFrom('Call Ada', 'Line one\nLine two', '<b>not bold</b>', 'a & b', null),
);

const word = fc.stringMatching(/^[A-Za-z][A-Za-z '-]{0,12}[a-z]$/);

export const name = fc.option(word, { nil: null });

export const words = fc.uniqueArray(word, { maxLength: 3 });

export const date = fc
  .date({ min: new Date('1901-01-01T00:00:00Z'), max: new Date('2099-12-30T00:00:00Z'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));

export const maybeDate = fc.option(date, { nil: null });

export const zone = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Tokyo',
  'Pacific/Kiritimati',
  'Asia/Kolkata',
  'America/Sao_Paulo',
);

export const address = fc
  .tuple(fc.stringMatching(/^[a-z][a-z0-9.]{0,8}[a-z]$/), fc.constantFrom('contoso.example', 'fabrikam.example'))
  .map(([local, domain]) => `${local}@${domain}`);

export const importance = fc.constantFrom('low', 'normal', 'high');

/** An instant of a whole second between 2000 and 2060, as the model writes it. */
export const instant = fc
  .integer({ min: 946_684_800, max: 2_840_140_800 })
  .map((seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`);

/** What Graph adds to whatever was written. */
export const head = { id: 'AAMkAGI=', '@odata.etag': 'W/"CQAA"', lastModifiedDateTime: '2026-10-05T08:00:00Z' };
