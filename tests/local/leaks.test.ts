import { Evidence } from '../../local/walkthrough/evidence';
import { leaksOf } from '../../local/walkthrough/leaks';

const secret = { kind: 'client secret', value: 'a1b2c38Q~x-Y_z0123456789/+secret' };
const token = { kind: 'access token', value: `eyJhbGciOiJSUzI1NiJ9.${'eyJvaWQiOiIwYjFlYzdlZCJ9'}.c2lnbmF0dXJlLW9mLWl0` };
const inALog = (text: string): ReadonlyMap<string, string> => new Map([['the log', `before ${text} after`]]);

describe('a secret is found', () => {
  test.each<[string, string]>([
    ['as it is', secret.value],
    ['in a URL', `https://example.org/?x=${encodeURIComponent(secret.value)}`],
    ['in JSON within JSON', JSON.stringify(JSON.stringify({ secret: secret.value }))],
    ['in Base64', Buffer.from(secret.value).toString('base64')],
    ['in Base64, one byte later', Buffer.from(`:${secret.value}`).toString('base64')],
    ['in Base64, two bytes later and with more behind it', Buffer.from(`id${secret.value}\n`).toString('base64url')],
  ])('%s', (_how, text) => {
    expect(leaksOf([secret], inALog(text))).toEqual([{ kind: 'client secret', place: 'the log' }]);
  });

  test.each<[string, string]>([
    ['whole', token.value],
    ['cut off behind its claims', token.value.slice(0, -20)],
    ['by its signature alone', token.value.split('.')[2] ?? ''],
  ])('where it is a token: %s', (_how, text) => {
    expect(leaksOf([token], inALog(text))).toEqual([{ kind: 'access token', place: 'the log' }]);
  });

  test('once a place, however often it is there, and by all places', () => {
    const texts = new Map([
      ['one', `${secret.value} ${secret.value}`],
      ['other', secret.value],
      ['none', 'nothing'],
    ]);
    expect(leaksOf([secret, secret], texts).map(({ place }) => place)).toEqual(['one', 'other']);
  });
});

test('what is no secret is not taken for one: the head that all tokens share, or half a secret', () => {
  expect(leaksOf([token, secret], inALog(`eyJhbGciOiJSUzI1NiJ9 ${secret.value.slice(0, 16)}`))).toEqual([]);
});

test('a secret that a text holds in two notes is looked for in each, and by where it was noted', () => {
  const evidence = new Evidence();
  evidence.note('a queue', 'nothing');
  evidence.note('a queue', secret.value);
  evidence.note('a reply of Tandem', 'nothing');
  expect(leaksOf([secret], evidence.texts())).toEqual([{ kind: 'client secret', place: 'a queue' }]);
});
