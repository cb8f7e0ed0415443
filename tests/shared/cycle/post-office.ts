import type { Person } from '../../../local/company/people';
import type { Json, World } from './world';

export interface Delivered {
  readonly messageId: string;
  /** The message's immutable id in each of the mailboxes. */
  readonly ids: readonly string[];
}

export const outsider = { name: 'Nora Olsen', address: 'nora@northwind.example' };

/** Mail that arrives from outside, what a person does with it, and what Dynamics then holds. */
export class PostOffice {
  private count = 0;

  constructor(
    private readonly world: World,
    private readonly who: Person,
  ) {}

  newMessageId(): string {
    this.count += 1;
    return `<mail-${this.count}@northwind.example>`;
  }

  /** Lets a mail of an outsider arrive in the person's mailbox, or in those that `more.to` names. */
  deliver(more: Json = {}): Delivered {
    const messageId = this.newMessageId();
    const mail = { to: [this.who.email], from: outsider, internetMessageId: messageId, ...more };
    const { ids } = this.world.control('graph', 'deliver', mail) as { ids: string[] };
    return { messageId, ids };
  }

  /** Lets a mail arrive that answers another. */
  reply(to: string, more: Json = {}): Delivered {
    return this.deliver({ headers: [{ name: 'In-Reply-To', value: to }], ...more });
  }

  /** An e-mail that Dynamics holds as sent, about a new account. */
  async sent(subject: string, more: Json = {}): Promise<{ readonly id: string; readonly messageId: string; readonly account: string }> {
    const { accountid } = await this.world.crm(this.who, 'POST', 'accounts', { name: `About ${subject}` });
    const account = String(accountid);
    const messageId = this.newMessageId();
    const row = await this.world.crm(this.who, 'POST', 'emails', {
      subject,
      messageid: messageId,
      'regardingobjectid_account_email@odata.bind': `/accounts(${account})`,
      email_activity_parties: [
        { participationtypemask: 1, 'partyid_systemuser@odata.bind': `/systemusers(${this.who.systemUserId})` },
        { participationtypemask: 2, addressused: outsider.address },
      ],
      ...more,
    });
    const id = String(row.activityid);
    await this.world.crm(this.who, 'PATCH', `emails(${id})`, { statecode: 1, statuscode: 3 });
    return { id, messageId, account };
  }

  async rows(messageId: string): Promise<Json[]> {
    const { value } = await this.world.crm(this.who, 'GET', `emails?$filter=messageid eq '${messageId}'&$expand=email_activity_parties`);
    return value as Json[];
  }

  /** The one row of a mail. */
  async row(messageId: string): Promise<Json> {
    const [row, ...more] = await this.rows(messageId);
    if (row === undefined || more.length > 0)
      throw new Error(`The mail ${messageId} has ${more.length + (row === undefined ? 0 : 1)} rows.`);
    return row;
  }

  async newFolder(name: string, below = 'inbox'): Promise<string> {
    return String((await this.world.outlook(this.who, 'POST', `mailFolders/${below}/childFolders`, { displayName: name })).id);
  }

  async move(id: string | undefined, destinationId: string): Promise<void> {
    await this.world.outlook(this.who, 'POST', `messages/${String(id)}/move`, { destinationId });
  }

  async open(id: string | undefined): Promise<void> {
    await this.world.outlook(this.who, 'PATCH', `messages/${String(id)}`, { isRead: true });
  }

  async discard(id: string | undefined): Promise<void> {
    await this.world.outlook(this.who, 'DELETE', `messages/${String(id)}`);
  }
}
