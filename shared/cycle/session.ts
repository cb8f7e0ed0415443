import type { Caller, Dynamics } from '../dynamics/dynamics';
import type { DeltaCursor, Mailbox } from '../exchange/exchange';
import type { ColumnRights } from '../model/column-rights';
import type { Feed, Mark, Marked } from '../model/seen';
import { type Entity, isBlank } from '../model/values';
import { errorCodes, TandemError } from '../platform/errors';
import type { DecisionRow, HeldRow, UndoRow } from '../storage/hold-rows';
import type { Integration } from '../storage/integrations';
import type { LinkChange } from '../storage/link-changes';
import { type CursorRow, type InboxRow, type Intent, type PairKey, type Parked, pairName } from '../storage/link-rows';
import type { Fence, LinkPartition } from '../storage/links';
import type { StoredMailbox } from '../storage/mailboxes';
import type { Departures } from '../sync/brake';
import { narrowed, type SyncRules } from '../sync/rules';
import { carryingFiles } from './carrying-files';
import type { NamedRecord } from './home-keys';
import { asWantedBy } from './methods';
import { keepingPrivate } from './private-items';
import type { CycleServices } from './services';
import type { SightedFolder } from './sighted';
import type { Heard } from './work';

const day = 86_400_000;
/** A calendar chain is replaced by one with a moved window after this long. */
const windowLifeMs = 7 * day;
/** What an admin decided counts for this long. */
const decisionLifeMs = day;

/** What a cycle knows while it runs. It is lost with the process; everything that must not be lost is in the partition. */
export class Session {
  fence: Fence;
  /** When the drain of this cycle began, UTC ms. */
  readonly drainedAt: number;
  readonly cursors = new Map<Feed, CursorRow>();
  /** Feeds whose cursor has a row in the partition. */
  readonly stored = new Set<Feed>();
  readonly finished = new Set<Feed>();
  readonly marks = new Map<Marked, Mark>();
  /** Feeds in which this cycle wrote: they no longer look as they did before. */
  readonly written = new Set<string>();
  readonly intents = new Map<string, Intent>();
  readonly parked = new Map<string, Parked>();
  readonly holds = new Map<string, HeldRow>();
  /** What admins decided about holds, as far as it still counts. */
  readonly decisions = new Map<string, DecisionRow>();
  /** Pairs that this cycle has taken up because an admin decided about them or wants something taken back: once is enough. */
  readonly heeded = new Set<string>();
  private readonly outdated: DecisionRow[] = [];
  /** What the brake has counted for this mailbox. */
  departures: Departures = {};
  /** How many pairs are linked, once somebody has asked. */
  linkedPairs: number | null = null;
  /** What an admin wants taken back, by pair. */
  readonly undos = new Map<string, UndoRow>();
  /** Linked items that a delta named and no slice has taken up yet. */
  readonly heard = new Map<string, { readonly key: PairKey; readonly heard: Heard }>();
  /** Cursors to save once everything that was heard is safe (promise 6). */
  readonly reached = new Map<Feed, CursorRow>();
  /** Folders as they were listed to find twins in them, by kind and feed. */
  readonly sighted = new Map<string, SightedFolder>();
  /** The natural keys of the home's open records, where an item could be the twin of one. */
  readonly homeKeys = new Map<Entity, readonly NamedRecord[]>();
  /** By how much this cycle changed the number of linked pairs. */
  pairsGained = 0;
  /** The linked pairs as a sweep counted them before anything else was done. */
  pairsSwept: number | null = null;
  /** True where both sides are only looked at: nothing is written, to no table either. */
  looksOnly = false;
  /** True once anything new was found on either side. */
  foundNews = false;
  /** How old the edits were that were carried over, in ms. */
  readonly ages: number[] = [];
  /** Tables that cannot be read as the mailbox's user, with what Dynamics said: an absence there proves nothing. */
  readonly refused = new Map<Entity, TandemError>();
  /** True while a slice goes by what Exchange just said, and not by what is left over from the slice before. */
  isFresh = false;
  /** Folders that did not answer in this cycle: nobody knows what became of their items. */
  readonly silent = new Set<Feed>();
  /** When to try again, where a service asked to be left alone or did not answer, UTC ms. */
  pauseUntil: number | null = null;
  /** The error by which a service asked to be left alone. */
  pausedBy: TandemError | null = null;
  /** Why mail could not be read, and when to try again, UTC ms; null where nothing failed. */
  mailFailure: { readonly error: TandemError; readonly due: number } | null = null;
  /** What the mailbox's user may do with secured columns, and when it was learned, UTC ms; null where it has to be asked before the next read. */
  rights: Readonly<Partial<Record<Entity, ColumnRights>>> = {};
  rightsAt: number | null = null;
  /** The settings of the integration, narrowed by those rights. */
  rules: SyncRules;
  /** When the mailbox was last proved to be ours, UTC ms. */
  provedAt = 0;

  private clearing: Promise<void> = Promise.resolve();

  private constructor(
    readonly services: CycleServices,
    readonly integration: Integration,
    readonly mailboxRow: StoredMailbox,
    readonly partition: LinkPartition,
    readonly mailbox: Mailbox,
    readonly dynamics: Dynamics,
    fence: Fence,
  ) {
    this.fence = fence;
    this.rules = integration.settings;
    if (mailboxRow.columnRights !== null) this.goBy(mailboxRow.columnRights.by, mailboxRow.columnRights.at);
    this.drainedAt = services.clock.now();
  }

  /** Opens the mailbox for a cycle, or `fromOutside` for who only looks while a cycle may be at work: then it is asked one thing at a time. */
  static async open(
    services: CycleServices,
    wholeIntegration: Integration,
    mailboxRow: StoredMailbox,
    fromOutside = false,
  ): Promise<Session> {
    const integration = asWantedBy(wholeIntegration, mailboxRow.methods);
    const partition = await services.links(mailboxRow);
    const state = await partition.state();
    const { objectId: userId, zone, deletedItems } = mailboxRow;
    const { customFields: custom, richText } = integration.settings;
    const open = keepingPrivate(
      services.exchange.mailbox({ userId, zone, deletedItems, custom, richText, fromOutside }),
      integration.settings,
    );
    const sides = { mailbox: open, dynamics: services.dynamics(integration) };
    const { mailbox, dynamics } = carryingFiles(sides, integration.settings, (ids) => itemsWithFiles(partition, ids));
    const session = new Session(services, integration, mailboxRow, partition, mailbox, dynamics, state.fence);
    for (const cursor of state.cursors) {
      session.cursors.set(cursor.feed, cursor);
      session.stored.add(cursor.feed);
    }
    for (const intent of state.intents.filter((each) => session.syncs(each))) session.intents.set(pairName(intent), intent);
    for (const parked of state.parked.filter((each) => session.syncs(each))) session.parked.set(pairName(parked), parked);
    for (const held of state.holds) session.holds.set(pairName(held), held);
    for (const decision of state.decisions.filter((each) => session.syncs(each))) {
      if (session.now - decision.at < decisionLifeMs) session.decisions.set(pairName(decision), decision);
      else session.outdated.push(decision);
    }
    session.departures = state.departures;
    for (const undo of state.undos.filter((each) => session.syncs(each))) session.undos.set(pairName(undo), undo);
    session.beginMissingChains();
    return session;
  }

  /** Whether records of this kind sync at all. What is switched off stays in the partition as it is and waits. */
  syncs({ entity }: Pick<PairKey, 'entity'>): boolean {
    return this.integration.settings.entities[entity];
  }

  get now(): number {
    return this.services.clock.now();
  }

  /** The mailbox's user, as whom records are read and written. */
  get caller(): Caller {
    return { objectId: this.mailboxRow.objectId };
  }

  get zone(): string {
    return this.mailboxRow.zone;
  }

  /** The calendar's window as it would be begun now. */
  get window(): { readonly from: number; readonly to: number } {
    const { calendarPastMs, calendarFutureMs } = this.services.settings;
    const today = Math.floor(this.now / day) * day;
    return { from: today - calendarPastMs, to: today + calendarFutureMs };
  }

  /** Feeds that still have pages in this cycle. */
  unread(): DeltaCursor[] {
    return [...this.cursors.values()]
      .filter(({ feed }) => !this.finished.has(feed))
      .map(({ feed, link, at, window }) => ({ feed, link, at, window }));
  }

  /** True where the window of a chain has grown old. Its successor is begun once it has told its last: a chain that is new tells no deletion of before. */
  isOutgrown({ window, begunAt }: Pick<CursorRow, 'window' | 'begunAt'>): boolean {
    return window !== null && this.now - begunAt > windowLifeMs;
  }

  /** Starts the chain of a folder anew. */
  beginChain(feed: Feed): void {
    const window = feed === 'calendar' ? this.window : null;
    this.cursors.set(feed, { feed, link: null, at: 'round', window, begunAt: this.now });
    this.finished.delete(feed);
  }

  /** Remembers that a table cannot be read at all, because its user may not, the environment lacks it or its filters are wrong, and returns what Dynamics said; throws any other error. */
  noteRefusal(entity: Entity, error: unknown): TandemError {
    if (!(error instanceof TandemError) || (error.code !== errorCodes.forbidden && error.code !== errorCodes.settings)) throw error;
    if (!this.refused.has(entity))
      this.services.log.warn('table-refused', { mailbox: this.mailboxRow.id, entity, detail: error.detail ?? '' });
    this.refused.set(entity, error);
    return error;
  }

  /** Removes what admins decided too long ago, with the next commit. */
  takeOutdated(): LinkChange[] {
    return this.outdated.splice(0).map((pair): LinkChange => ({ drop: 'decision', pair }));
  }

  /** True once every folder was read to its end and all that was heard has been taken up. */
  get isDrained(): boolean {
    return this.heard.size === 0 && this.silent.size === 0 && this.unread().length === 0;
  }

  /** Goes by these rights of the mailbox's user from now on. */
  goBy(rights: Readonly<Partial<Record<Entity, ColumnRights>>>, at = this.now): void {
    this.rights = rights;
    this.rightsAt = at;
    this.rules = narrowed(this.integration.settings, rights);
  }

  /** Ends the cycle after this slice and keeps the mailbox waiting, at least until then. */
  pause(until: number, error: TandemError | null): void {
    this.pauseUntil = Math.max(this.pauseUntil ?? 0, until);
    this.pausedBy ??= error;
  }

  /** Has mail read again then. A retry that waits already is not put off; a throttle rests the whole mailbox. */
  postponeMail(due: number, error: TandemError): void {
    const { nextRetryAt } = this.mailboxRow;
    if (error.code === errorCodes.throttled) this.pause(due, error);
    else this.mailFailure = { error, due: nextRetryAt !== null && nextRetryAt > this.now ? Math.min(nextRetryAt, due) : due };
  }

  /**
   * Commits groups of changes behind the fence and keeps what it now looks like. `isDrained` says that with them everything that this cycle heard is safe: only
   * then may a look that was sent before count as answered.
   */
  async commit(groups: readonly (readonly LinkChange[])[], isDrained = false): Promise<void> {
    const drainedAt = isDrained ? this.drainedAt : this.fence.drainedAt;
    this.fence = await this.partition.commit(this.fence, groups, { drainedAt });
  }

  /** Begins to remove inbox rows that were read, so that the next drain need not wait for it. */
  clearInbox(rows: readonly InboxRow[]): void {
    this.clearing = this.partition.clearInbox(rows);
    // Whoever waits for it hears of a failure; until then nobody may, and that must not end the process.
    this.clearing.catch(() => undefined);
  }

  /** Waits until they are gone; throws what kept them. */
  inboxCleared(): Promise<void> {
    return this.clearing;
  }

  private beginMissingChains(): void {
    const feeds: Feed[] = ['calendar', 'contacts', ...this.mailboxRow.taskLists.map((list): Feed => `tasks:${list}`)];
    for (const feed of feeds) if (!this.cursors.has(feed)) this.beginChain(feed);
  }
}

/** Those of the items that held files when their pair was last in step. */
async function itemsWithFiles(partition: LinkPartition, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const links = await partition.links([...(await partition.pairsOf(ids)).values()]);
  return new Set([...links.values()].flatMap(({ itemId, bases }) => (isBlank(bases?.exchange.attachments) ? [] : [itemId])));
}
