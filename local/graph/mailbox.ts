import type { Person } from '../company/people';
import type { StoredContact, StoredContactFolder } from './contact-item';
import type { Chain } from './delta-chain';
import { itemNotFound } from './errors';
import type { StoredEvent } from './event-item';
import { type Change, Feed } from './feed';
import { decodeId, encodeId, type IdSpace } from './ids';
import { withJoiningBlock } from './joining-block';
import type { StoredMailFolder, StoredMessage } from './message-item';
import { type Instance, instanceOn, type ShownEvent } from './series';
import type { StoredList, StoredTask } from './task-item';

/** What every kept object has. */
export interface Item {
  readonly key: number;
  /** The key of the folder or list that it lies in; 0 where there is none. */
  folder: number;
  /** Grows each time it is put into a folder; the usual id of an event or a contact is made of it. */
  placement: number;
  /** The place of its last change in the mailbox's sequence of changes; the change key is made of it. */
  version: number;
  /** In ms. */
  readonly created: number;
  /** In ms. */
  modified: number;
}

/** A calendar besides the default one. */
export interface StoredCalendar extends Item {
  readonly name: string;
}

interface Shelves {
  calendar: StoredCalendar;
  event: StoredEvent;
  contact: StoredContact;
  contactFolder: StoredContactFolder;
  list: StoredList;
  task: StoredTask;
  mailFolder: StoredMailFolder;
  message: StoredMessage;
}
export type ShelfKind = keyof Shelves;

/** The keys of the folders that every mailbox has; `calendar` is the default one. */
export const folders = {
  contacts: 1,
  deletedItems: 2,
  calendar: 3,
  inbox: 11,
  drafts: 12,
  sentItems: 13,
  outbox: 14,
  junk: 15,
  archive: 16,
} as const;

const lastReserved = 100;

/** A mailbox as a snapshot keeps it. */
export interface MailboxState {
  readonly person: string;
  readonly last: number;
  readonly items: { readonly [kind in ShelfKind]: readonly Shelves[kind][] };
  readonly transactions: Readonly<Record<string, Transaction>>;
  readonly feeds: Readonly<Record<string, readonly Change[]>>;
  readonly chains: readonly Chain[];
}

/** What was created under a transactionId. */
export interface Transaction {
  readonly key: number;
  /** The body of the create, so that a replay can be told from another event. */
  readonly content: string;
}

/** What happened to an item in a folder, as a change notification calls it. */
export type Happening = 'created' | 'updated' | 'deleted';

/** Hears of everything that happens to the items of a mailbox. */
export type Watcher = (kind: ShelfKind, item: Pick<Item, 'key' | 'placement' | 'version'>, folder: number, what: Happening) => void;

/** One mailbox: its items by key, what changed in each folder, and the delta chains that read it. */
export class Mailbox {
  readonly chains = new Map<string, Chain>();
  readonly transactions = new Map<string, Transaction>();
  private readonly shelves: { [kind in ShelfKind]: Map<number, Shelves[kind]> };
  private readonly feeds = new Map<string, Feed>();
  private readonly eventKeys = new Map<string, number>();
  private last: number;
  /** Nobody where absent. */
  watcher: Watcher | undefined;

  constructor(
    readonly person: Person,
    private readonly now: () => number,
    state?: MailboxState,
  ) {
    this.last = state?.last ?? lastReserved;
    const shelf = <K extends ShelfKind>(kind: K) => new Map((state?.items[kind] ?? []).map((item) => [item.key, structuredClone(item)]));
    this.shelves = {
      calendar: shelf('calendar'),
      event: shelf('event'),
      contact: shelf('contact'),
      contactFolder: shelf('contactFolder'),
      list: shelf('list'),
      task: shelf('task'),
      mailFolder: shelf('mailFolder'),
      message: shelf('message'),
    } as typeof this.shelves;
    for (const [name, changes] of Object.entries(state?.feeds ?? {})) this.feeds.set(name, new Feed(changes));
    for (const event of this.all('event')) {
      // Kept by a version that knew no series.
      event.series ??= null;
      this.eventKeys.set(event.uid, event.key);
    }
    for (const chain of state?.chains ?? []) this.chains.set(chain.id, { ...chain });
    for (const [id, transaction] of Object.entries(state?.transactions ?? {})) this.transactions.set(id, transaction);
  }

  /** Every kept item of a kind, deleted ones too. */
  all<K extends ShelfKind>(kind: K): IterableIterator<Shelves[K]> {
    return this.shelves[kind].values();
  }

  *inFolder<K extends ShelfKind>(kind: K, folder: number): Generator<Shelves[K]> {
    for (const item of this.shelves[kind].values()) if (item.folder === folder) yield item;
  }

  get<K extends ShelfKind>(kind: K, key: number): Shelves[K] | undefined {
    return this.shelves[kind].get(key);
  }

  /** The next number of the mailbox's one sequence. */
  next(): number {
    this.last += 1;
    return this.last;
  }

  /** The place of the newest change. */
  get newest(): number {
    return this.last;
  }

  /** Keeps a new item in `folder`. */
  add<K extends ShelfKind>(kind: K, folder: number, fields: Omit<Shelves[K], keyof Item>, created = this.now()): Shelves[K] {
    const key = this.next();
    const item = { ...fields, key, folder, placement: key, version: key, created, modified: created } as unknown as Shelves[K];
    this.shelves[kind].set(key, item);
    if (kind === 'event') this.eventKeys.set((item as StoredEvent).uid, key);
    this.stamp(kind, item);
    this.watcher?.(kind, item, folder, 'created');
    return item;
  }

  /** Keeps a new event of its owner's making in the default calendar. */
  addEvent(fields: Omit<StoredEvent, keyof Item | 'uid'>): StoredEvent {
    const number = this.next().toString(16).padStart(16, '0');
    const uid = `040000008200E00074C5B7101A82E00800000000${this.person.objectId.replaceAll('-', '')}${number}`.toUpperCase();
    return this.add('event', folders.calendar, withJoiningBlock({ ...fields, uid }, null));
  }

  /** The event in one of the calendars that is this mailbox's copy of a meeting. */
  eventByUid(uid: string): StoredEvent | undefined {
    const event = this.get('event', this.eventKeys.get(uid) ?? 0);
    return event?.folder === folders.deletedItems ? undefined : event;
  }

  /** Gives the item a new version and tells the feed of its folder. */
  changed<K extends ShelfKind>(kind: K, item: Shelves[K]): void {
    this.stamp(kind, item);
    this.watcher?.(kind, item, item.folder, 'updated');
  }

  private stamp<K extends ShelfKind>(kind: K, item: Shelves[K]): void {
    item.version = this.next();
    item.modified = this.now();
    this.feed(kind, item.folder).note(item.version, item, item.modified);
  }

  /** Puts the item into another folder: gone from the old one's feed, news in the new one's. */
  move<K extends ShelfKind>(kind: K, item: Shelves[K], folder: number): void {
    this.feed(kind, item.folder).note(this.next(), item, this.now());
    this.watcher?.(kind, item, item.folder, 'deleted');
    item.folder = folder;
    item.placement = this.next();
    this.stamp(kind, item);
    this.watcher?.(kind, item, folder, 'created');
  }

  /** Deletes as a user does: into Deleted Items, and for good from there. */
  discard<K extends 'event' | 'contact' | 'message'>(kind: K, item: Shelves[K]): void {
    if (item.folder === folders.deletedItems) this.remove(kind, item);
    else this.move(kind, item, folders.deletedItems);
  }

  /** Removes for good. */
  remove<K extends ShelfKind>(kind: K, item: Shelves[K]): void {
    this.shelves[kind].delete(item.key);
    this.feed(kind, item.folder).note(this.next(), item, this.now());
    this.watcher?.(kind, item, item.folder, 'deleted');
  }

  feed(kind: ShelfKind, folder: number): Feed {
    const name = `${kind}:${folder}`;
    const feed = this.feeds.get(name) ?? new Feed();
    this.feeds.set(name, feed);
    return feed;
  }

  /** The time of the mailbox's clock, ms. */
  get time(): number {
    return this.now();
  }

  /** The id of an event, a contact or a message in the given space; everything else has one id only. */
  idOf(kind: ShelfKind, item: Pick<Item, 'key' | 'placement'> & { readonly instance?: Instance | undefined }, space: IdSpace): string {
    const hasTwo = hasTwoIds(kind);
    const placement = hasTwo && space === 'usual' ? item.placement : 0;
    const id = { space: hasTwo ? space : 'usual', kind, key: item.key, placement } as const;
    return encodeId(this.person.objectId, item.instance === undefined ? id : { ...id, date: item.instance.date });
  }

  folderId(kind: 'calendar' | 'contactFolder' | 'mailFolder', key: number): string {
    return encodeId(this.person.objectId, { space: 'usual', kind, key, placement: 0 });
  }

  /** The item that an id names: an immutable id finds it wherever it lies, a usual one only where it was when the id was given out. */
  find<K extends ShelfKind>(kind: K, id: string): Shelves[K] {
    const parsed = decodeId(this.person.objectId, kind, id);
    if (parsed.date !== undefined) throw itemNotFound();
    const item = this.get(kind, parsed.key);
    if (item === undefined) throw itemNotFound();
    if (hasTwoIds(kind) && parsed.space === 'usual' && parsed.placement !== item.placement) throw itemNotFound();
    return item;
  }

  /** The event that an id names: one that stands alone, a series, or one date of a series. */
  findEvent(id: string): ShownEvent {
    const { date, ...named } = decodeId(this.person.objectId, 'event', id);
    const event = this.find('event', encodeId(this.person.objectId, named));
    return date === undefined ? event : instanceOn(event, date);
  }

  snapshot(): MailboxState {
    return {
      person: this.person.objectId,
      last: this.last,
      items: {
        calendar: [...this.all('calendar')],
        event: [...this.all('event')],
        contact: [...this.all('contact')],
        contactFolder: [...this.all('contactFolder')],
        list: [...this.all('list')],
        task: [...this.all('task')],
        mailFolder: [...this.all('mailFolder')],
        message: [...this.all('message')],
      },
      transactions: Object.fromEntries(this.transactions),
      feeds: Object.fromEntries([...this.feeds].map(([name, feed]) => [name, feed.current()])),
      chains: [...this.chains.values()],
    };
  }
}

function hasTwoIds(kind: ShelfKind): boolean {
  return kind === 'event' || kind === 'contact' || kind === 'message';
}
