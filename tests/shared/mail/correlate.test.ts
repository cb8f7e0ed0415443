import { conversationStart, correlate, tokenIn } from '../../../shared/mail/correlate';
import { answered, mail } from './mails';

/** The index of the first mail of a conversation, and of an answer in it, which is longer (MS-OXOMSG, PidTagConversationIndex). */
const first = Buffer.from('01d6c3b5a2112233445566778899aabbccddeeff0011', 'hex');
const index = (more = ''): string => Buffer.concat([first, Buffer.from(more, 'hex')]).toString('base64');

test('In-Reply-To goes before References, References before the token, the token before the conversation', () => {
  const known = [
    answered({ id: 'talk', messageId: null, conversationIndex: index() }),
    answered({ id: 'token', messageId: '<t@x>', trackingToken: 'CRM:0001001' }),
    answered({ id: 'far', messageId: '<far@x>' }),
    answered({ id: 'near', messageId: '<near@x>' }),
  ];
  const reply = { subject: 'Re: CRM:0001001', conversationIndex: index('0000000001') };
  const found = (answers: readonly string[], changes = {}) => {
    const match = correlate(mail({ ...reply, answers, ...changes }), known, 'CRM:');
    return match === null ? null : [match.email.id, match.method];
  };
  expect(found(['<near@x>', '<far@x>'])).toEqual(['near', 3]);
  expect(found(['<lost@x>', '<far@x>'])).toEqual(['far', 3]);
  expect(found(['<lost@x>'])).toEqual(['token', 4]);
  expect(found([], { subject: 'Re:' })).toEqual(['talk', 5]);
  expect(found([], { subject: 'Re:', conversationIndex: null })).toBeNull();
});

test('of several with one token the newest counts', () => {
  const known = [1, 3, 2].map((createdAt) => answered({ id: `at-${createdAt}`, trackingToken: 'CRM:0001001', createdAt }));
  expect(correlate(mail({ subject: 'CRM:0001001' }), known, 'CRM:')?.email.id).toBe('at-3');
});

test('a mail is no answer to itself', () => {
  const own = answered({ messageId: '<new@northwind.example>', trackingToken: 'CRM:0001001' });
  expect(correlate(mail({ subject: 'CRM:0001001', answers: ['<new@northwind.example>'] }), [own], 'CRM:')).toBeNull();
});

test.each([
  ['Offer CRM:0001001', 'CRM:0001001'],
  ['CRM:0001001 and CRM:0001002', 'CRM:0001002'],
  ['Re: CRM:12', null],
  ['XCRM:0001001', null],
  ['CRM:0001001x', null],
  ['no token', null],
])('the tracking token in "%s" is %s', (subject, token) => {
  expect(tokenIn(subject, 'CRM:')).toBe(token);
});

test('a prefix is taken as it is written, whatever signs are in it', () => {
  expect(tokenIn('Offer [A+B]:0001001', '[A+B]:')).toBe('[A+B]:0001001');
  expect(tokenIn('Offer AAB:0001001', '[A+B]:')).toBeNull();
});

test('mails of one conversation begin alike, others do not, and an index that is too short says nothing', () => {
  const other = Buffer.from(first);
  other.writeUInt8(0xff, 10);
  expect(conversationStart(index('0000000001'))).toBe(conversationStart(index()));
  expect(conversationStart(other.toString('base64'))).not.toBe(conversationStart(index()));
  expect(conversationStart(first.subarray(0, 20).toString('base64'))).toBeNull();
});

test('a conversation that differs only in its last byte is another one', () => {
  const other = Buffer.from(first);
  other.writeUInt8(0x12, 21);
  const known = [answered({ messageId: null, conversationIndex: other.toString('base64') })];
  expect(correlate(mail({ conversationIndex: index() }), known, 'CRM:')).toBeNull();
});
