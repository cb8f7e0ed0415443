import { mailMasks, type NewEmail } from '../dynamics/emails';
import type { Party, PartyRow } from '../dynamics/parties';
import { correlationMethods, type FolderRule, type SeenMail } from '../model/mail';
import type { Correlation } from './correlate';
import { tokenIn } from './correlate';

/** Everything that the row of a mail is made of. */
export interface EmailFacts {
  readonly id: string;
  /** The `systemuserid` of the mailbox's user, to whom the row belongs. */
  readonly owner: string;
  readonly mail: SeenMail;
  /** HTML. */
  readonly body: string;
  readonly rule: FolderRule | null;
  readonly correlation: Correlation | null;
  readonly people: ReadonlyMap<string, PartyRow>;
  readonly tokenPrefix: string;
}

/** The longest list of addresses that Dynamics keeps beside the parties. */
const longestRecipients = 500;
const priorities = { low: 0, normal: 1, high: 2 } as const;

/** The row of a mail. What it is about is what its folder's rule says, else what the mail it answers is about. */
export function newEmail({ id, owner, mail, body, rule, correlation, people, tokenPrefix }: EmailFacts): NewEmail {
  const answered = correlation?.email ?? null;
  return {
    id,
    owner,
    subject: mail.subject,
    body,
    messageId: mail.messageId !== null && mail.messageId.length <= 320 ? mail.messageId : null,
    headers: headersOf(mail),
    sender: mail.from ?? '',
    recipients: recipientsOf(mail),
    trackingToken: tokenIn(mail.subject, tokenPrefix),
    priority: priorities[mail.importance],
    sentAt: mail.sentAt,
    receivedAt: mail.receivedAt,
    parties: partiesOf(mail, people),
    regarding: rule?.regarding ?? answered?.regarding ?? null,
    correlatedWith: answered?.id ?? null,
    parent: answered !== null && correlation !== null && correlation.method !== correlationMethods.trackingToken ? answered.id : null,
  };
}

function partiesOf(mail: SeenMail, people: ReadonlyMap<string, PartyRow>): Party[] {
  const party = (mask: number) => (address: string) => ({ mask, row: people.get(address) ?? null, address });
  return [
    ...(mail.from === null ? [] : [party(mailMasks.from)(mail.from)]),
    ...mail.to.map(party(mailMasks.to)),
    ...mail.cc.map(party(mailMasks.cc)),
    ...mail.bcc.map(party(mailMasks.bcc)),
  ];
}

/** What it answers, as header lines: the columns that would say it belong to the platform alone. */
function headersOf({ answers }: SeenMail): string {
  const [nearest] = answers;
  return nearest === undefined ? '' : `In-Reply-To: ${nearest}\r\nReferences: ${[...answers].reverse().join(' ')}`;
}

/** As many whole addresses as fit. */
function recipientsOf({ to }: SeenMail): string {
  let text = '';
  for (const address of to) {
    const longer = text === '' ? address : `${text};${address}`;
    if (longer.length > longestRecipients) break;
    text = longer;
  }
  return text;
}
