import type { Person } from '../company/people';
import { MailLog, type MailLogEntry } from './mail';
import { Mailbox, type MailboxState } from './mailbox';
import type { StoredSubscription } from './subscriptions';
import { type Switches, usualSwitches } from './switches';

/** The whole of Exchange as a snapshot keeps it. */
export interface ExchangeState {
  readonly mailboxes: readonly MailboxState[];
  readonly mail: readonly MailLogEntry[];
  readonly switches: Switches;
  /** Tells the delta links of this Exchange from those of an earlier one. */
  readonly birth: number;
  readonly chainsOpened: number;
  /** Absent where it was kept by a version that knew none. */
  readonly subscriptions?: readonly StoredSubscription[];
}

/** Every mailbox of the company, the mail that was sent between them, and how Exchange behaves today. */
export class Exchange {
  readonly mail: MailLog;
  /** Who is told of changes, by id. */
  readonly subscriptions = new Map<string, StoredSubscription>();
  switches: Switches;
  private readonly mailboxes: Mailbox[];
  private readonly names = new Map<string, Mailbox>();
  private readonly birth: number;
  private chainsOpened: number;

  constructor(
    people: readonly Person[],
    readonly now: () => number,
    state?: ExchangeState,
  ) {
    const states = new Map(state?.mailboxes.map((mailbox) => [mailbox.person, mailbox]));
    this.mailboxes = people.map((person) => new Mailbox(person, now, states.get(person.objectId)));
    for (const mailbox of this.mailboxes) {
      this.names.set(mailbox.person.objectId.toLowerCase(), mailbox);
      this.names.set(mailbox.person.email.toLowerCase(), mailbox);
    }
    this.mail = new MailLog(state?.mail);
    this.switches = { ...usualSwitches, ...state?.switches };
    for (const each of state?.subscriptions ?? []) this.subscriptions.set(each.id, each);
    this.birth = state?.birth ?? now();
    this.chainsOpened = state?.chainsOpened ?? 0;
  }

  all(): readonly Mailbox[] {
    return this.mailboxes;
  }

  /** The mailbox of a user, by object id or by address. */
  find(user: string): Mailbox | undefined {
    return this.names.get(user.toLowerCase());
  }

  /** A name for a new delta chain that no other chain has or had. */
  nextChainId(): string {
    this.chainsOpened += 1;
    return `${this.birth.toString(36)}-${this.chainsOpened.toString(36)}`;
  }

  snapshot(): ExchangeState {
    return {
      mailboxes: this.mailboxes.map((mailbox) => mailbox.snapshot()),
      mail: this.mail.entries(),
      switches: this.switches,
      birth: this.birth,
      chainsOpened: this.chainsOpened,
      subscriptions: [...this.subscriptions.values()],
    };
  }
}
