import { accept, type MailFacts, type MailRules, type Verdict } from '../../../shared/mail/acceptance';
import { answered, mail } from './mails';

const replies: MailRules = { track: 'replies', internal: false, private: false };
const contacts: MailRules = { ...replies, track: 'contacts' };
const stranger: MailFacts = { mail: mail(), owner: 'anna@contoso.example', rule: null, correlation: null, sender: null };
const reply = { ...stranger, correlation: { email: answered(), method: 3 as const } };
const filed = { ...stranger, rule: { folderId: 'f', regarding: null } };

const cases: readonly (readonly [string, MailFacts, MailRules, Verdict['because']])[] = [
  ['a stranger’s mail is left', stranger, replies, 'nobody'],
  ['a stranger’s mail is left where contacts’ is tracked', stranger, contacts, 'nobody'],
  ['an answer is tracked', reply, replies, 'reply'],
  ['an answer is tracked where contacts’ mail is', reply, contacts, 'reply'],
  ['a contact’s mail that answers nothing is left where answers are tracked', { ...stranger, sender: 'contact' }, replies, 'nobody'],
  ['a contact’s mail is tracked', { ...stranger, sender: 'contact' }, contacts, 'sender'],
  ['a lead’s mail is tracked', { ...stranger, sender: 'lead' }, contacts, 'sender'],
  ['an account’s mail is tracked', { ...stranger, sender: 'account' }, contacts, 'sender'],
  ['a colleague’s answer is left', { ...reply, sender: 'systemuser' }, contacts, 'internal'],
  [
    'a colleague’s answer is tracked where mail between users is',
    { ...reply, sender: 'systemuser' },
    { ...contacts, internal: true },
    'reply',
  ],
  [
    'a colleague’s mail that answers nothing is left even then',
    { ...stranger, sender: 'systemuser' },
    { ...contacts, internal: true },
    'nobody',
  ],
  ['what is filed under a rule is tracked', filed, replies, 'folder'],
  ['a colleague’s mail is tracked where it is filed', { ...filed, sender: 'systemuser' }, replies, 'folder'],
  ['a draft is left, wherever it lies', { ...filed, mail: mail({ isDraft: true }) }, contacts, 'draft'],
  ['mail without a sender is left', { ...filed, mail: mail({ from: null }) }, contacts, 'draft'],
  ['one’s own mail is left', { ...filed, mail: mail({ from: 'anna@contoso.example' }) }, contacts, 'own'],
  ['private mail is left, even where it is filed', { ...filed, mail: mail({ isPrivate: true }) }, contacts, 'private'],
  ['private mail is tracked where it may be', { ...reply, mail: mail({ isPrivate: true }) }, { ...replies, private: true }, 'reply'],
  ['nothing is tracked where mail is off', filed, { ...contacts, track: 'off' }, 'off'],
];

test.each(cases)('%s', (_title, facts, rules, because) => {
  const tracked = ['folder', 'reply', 'sender'].includes(because);
  expect(accept(facts, rules)).toEqual({ kind: tracked ? 'track' : 'leave', because });
});
