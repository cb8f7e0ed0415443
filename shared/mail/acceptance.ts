import type { FolderRule, SeenMail } from '../model/mail';
import type { Correlation } from './correlate';

/** What an admin decided about mail. */
export interface MailRules {
  readonly track: 'off' | 'replies' | 'contacts';
  /** Whether mail between users of Dynamics is tracked. */
  readonly internal: boolean;
  /** Whether mail that its sender marked private is. */
  readonly private: boolean;
}

/** What is known about a mail when it is decided on. */
export interface MailFacts {
  readonly mail: SeenMail;
  /** The address of the mailbox, in lower case. */
  readonly owner: string;
  readonly rule: FolderRule | null;
  readonly correlation: Correlation | null;
  /** The table of the row that its sender's address belongs to; null where it belongs to none. */
  readonly sender: string | null;
}

export type Verdict =
  | { readonly kind: 'track'; readonly because: 'folder' | 'reply' | 'sender' }
  | { readonly kind: 'leave'; readonly because: 'off' | 'draft' | 'own' | 'private' | 'internal' | 'nobody' };

const known = new Set(['contact', 'lead', 'account']);

/**
 * Whether a mail becomes a row in Dynamics. Each mailbox decides for itself, by what its own folder rules and the integration's settings say: what other
 * recipients would accept does not count.
 */
export function accept({ mail, owner, rule, correlation, sender }: MailFacts, rules: MailRules): Verdict {
  if (rules.track === 'off') return leave('off');
  if (mail.isDraft || mail.from === null) return leave('draft');
  if (mail.from === owner) return leave('own');
  if (mail.isPrivate && !rules.private) return leave('private');
  if (rule !== null) return { kind: 'track', because: 'folder' };
  if (sender === 'systemuser' && !rules.internal) return leave('internal');
  if (correlation !== null) return { kind: 'track', because: 'reply' };
  if (rules.track === 'contacts' && sender !== null && known.has(sender)) return { kind: 'track', because: 'sender' };
  return leave('nobody');
}

function leave(because: Extract<Verdict, { kind: 'leave' }>['because']): Verdict {
  return { kind: 'leave', because };
}
