import { odata } from '@azure/data-tables';
import { z } from 'zod';
import { errorCodes, TandemError } from '../platform/errors';
import { type Card, type CardState, cardStates } from '../workspace/card';
import { recordTableNames } from '../workspace/tables';
import { fromProperties, type Shape, toProperties } from './document';
import { afterKey, encodeKey, joinKey } from './key';
import { compareVersions } from './records';
import { removeRows } from './remove-rows';
import { getRow, partitionFilter, putRow, type ReadRow, rowPages, transact, transactionRows } from './rows';
import type { Tables } from './tables';

/** Whose feed: a person's, of one integration. */
export interface FeedReader {
  readonly integration: string;
  /** Entra object id. */
  readonly objectId: string;
}

/** What one read tells of a whole feed. Times are UTC ms. */
export interface FeedState {
  /** Grows with every change of what the feed shows. */
  readonly version: number;
  /** Not later than the end of the card that ends first; null where there is none. */
  readonly nextExpiry: number | null;
  /** The microapps that she sees; null where they have to be looked up anew. */
  readonly apps: readonly string[] | null;
  /** When they were looked up. */
  readonly appsAt: number;
  /** Whether somebody may be looking them up: what she finds counts only if nothing was granted or withdrawn meanwhile. */
  readonly isAsked: boolean;
}

export interface FeedCard {
  readonly card: Card;
  readonly state: CardState;
}

/** A person's feed with everything in it, newest first. */
export interface WholeFeed {
  readonly state: FeedState;
  readonly cards: readonly FeedCard[];
}

/** People's feeds. Whatever changes one changes its version in the same transaction; every method but the reads throws `stale` after ten lost races. */
export interface Feed {
  /** One table read; null for a feed that was never looked at or written to. */
  glance(reader: FeedReader): Promise<FeedState | null>;
  /** Everything that is in it. */
  read(reader: FeedReader): Promise<{ readonly state: FeedState | null; readonly cards: readonly FeedCard[] }>;
  /** One card; null where it is not there. */
  find(reader: FeedReader, card: string): Promise<FeedCard | null>;
  /** Puts a card in; false where it is there already, in whatever state. */
  put(reader: FeedReader, card: Card, now: number): Promise<boolean>;
  /**
   * Shows a record in a newer version on a card that is there, whatever its person has done with it; false where there is no such card, or it shows that version or a
   * newer one.
   */
  revise(reader: FeedReader, card: string, shown: Pick<Card, 'version' | 'values'>, now: number): Promise<boolean>;
  /** Says what a person did with a card; null where it is not there. A state that it has changes nothing. */
  mark(reader: FeedReader, card: string, state: CardState, now: number): Promise<FeedCard | null>;
  /** Takes a card out. One that is not there is a success. */
  remove(reader: FeedReader, card: string, now: number): Promise<void>;
  /**
   * Brings a feed up to date: takes out what has ended, and the oldest of more than 500 cards, and notes which microapps she sees. `appsOf` is asked only where
   * that is unknown or older than an hour, once the reader is among those whom `forgetApps` reaches.
   */
  refresh(reader: FeedReader, now: number, appsOf: () => Promise<readonly string[]>): Promise<WholeFeed>;
  /** Has it looked up anew which microapps a person sees, or everybody whose feed was ever looked at: from then on no feed is answered from what it was. Doing it again is harmless. */
  forgetApps(integration: string, objectId: string | null, goOn: () => boolean): Promise<{ readonly complete: boolean }>;
  /** Removes all feeds of an integration, and what was remembered for them. */
  forget(integration: string): Promise<void>;
}

/** The most cards of a feed; the oldest go first. */
export const mostCards = 500;
/** How long it may take until what no call tells of is noticed: a microapp that an older release granted, for example. */
const appsHoldMs = 3_600_000;
const mostRaces = 10;

const Value = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.object({ table: z.string(), id: z.string(), name: z.string().nullable() }),
]);
const cardShape: Shape<FeedCard> = {
  version: 1,
  schema: z.object({
    card: z.object({
      id: z.string(),
      app: z.string(),
      trigger: z.enum(['new', 'existing']),
      table: z.enum(recordTableNames),
      recordId: z.string(),
      version: z.string(),
      owner: z.string(),
      systemUserId: z.string(),
      at: z.number(),
      expiresAt: z.number(),
      values: z.record(z.string(), Value),
    }),
    state: z.enum(cardStates),
  }),
};
const stateShape: Shape<FeedState> = {
  version: 1,
  schema: z.object({
    version: z.number(),
    nextExpiry: z.number().nullable(),
    apps: z.array(z.string()).nullable(),
    appsAt: z.number(),
    isAsked: z.boolean(),
  }),
};

const stateKey = 'state';
const cardPrefix = 'card';

interface Kept {
  readonly state: FeedState;
  readonly etag: string | null;
}

type Action = Parameters<typeof transact>[1][number];

/**
 * Feeds in the table `feed`: a partition a person and integration, with a row a card and one row that says of which version the feed is. Those whose feed was
 * looked at are rows in the partition of the integration alone.
 */
export function tableFeed(tables: Tables): Feed {
  const table = () => tables.table('feed');

  async function stateOf(partition: string): Promise<Kept> {
    const row = await getRow(await table(), partition, stateKey);
    if (row === null) return { state: { version: 0, nextExpiry: null, apps: null, appsAt: 0, isAsked: false }, etag: null };
    return { state: fromProperties(stateShape, row), etag: row.etag };
  }

  /** The state first: a card that comes in between is then one too many for its version, and the next poll brings the right one. */
  async function whole(partition: string): Promise<Kept & { readonly cards: FeedCard[] }> {
    const kept = await stateOf(partition);
    const rows: ReadRow[] = [];
    for await (const page of rowPages(await table(), partitionFilter(partition))) rows.push(...page);
    const cards = rows.filter(({ rowKey }) => rowKey !== stateKey).map((row) => fromProperties(cardShape, row));
    return { ...kept, cards };
  }

  /** Writes rows together with the state; false where somebody else was faster. */
  async function save(partitionKey: string, { etag }: Kept, state: FeedState, actions: readonly Action[]): Promise<boolean> {
    const row = { partitionKey, rowKey: stateKey, ...toProperties(stateShape, state) };
    const noted: Action = etag === null ? ['create', row] : ['update', row, 'Replace', { etag }];
    try {
      await transact(await table(), [...actions, noted]);
      return true;
    } catch (error) {
      if (isRace(error)) return false;
      throw error;
    }
  }

  const cardRow = async (partition: string, card: string) => getRow(await table(), partition, cardKey(card));

  /** Changes a card that is there, unless `edit` says that it stays as it is; what is there then, null where it is not there. */
  const change = (reader: FeedReader, id: string, now: number, edit: (there: FeedCard) => FeedCard | null) =>
    raced<{ readonly card: FeedCard | null; readonly isChanged: boolean }>(async () => {
      const partition = partitionOf(reader);
      const kept = await stateOf(partition);
      const row = await cardRow(partition, id);
      if (row === null) return { done: { card: null, isChanged: false } };
      const there = fromProperties(cardShape, row);
      const card = edit(there);
      if (card === null) return { done: { card: there, isChanged: false } };
      const written = { partitionKey: partition, rowKey: cardKey(id), ...toProperties(cardShape, card) };
      const isSaved = await save(partition, kept, changed(kept.state, now), [['update', written, 'Replace', { etag: row.etag }]]);
      return isSaved ? { done: { card, isChanged: true } } : null;
    });

  return {
    async glance(reader) {
      const { state, etag } = await stateOf(partitionOf(reader));
      return etag === null ? null : state;
    },
    async read(reader) {
      const { state, etag, cards } = await whole(partitionOf(reader));
      return { state: etag === null ? null : state, cards };
    },
    async find(reader, id) {
      const row = await cardRow(partitionOf(reader), id);
      return row === null ? null : fromProperties(cardShape, row);
    },
    put: (reader, card, now) =>
      raced(async () => {
        const partition = partitionOf(reader);
        const kept = await stateOf(partition);
        if ((await cardRow(partition, card.id)) !== null) return { done: false };
        const nextExpiry = Math.min(kept.state.nextExpiry ?? card.expiresAt, card.expiresAt);
        const row = { partitionKey: partition, rowKey: cardKey(card.id), ...toProperties(cardShape, { card, state: 'unread' }) };
        const isSaved = await save(partition, kept, { ...changed(kept.state, now), nextExpiry }, [['create', row]]);
        return isSaved ? { done: true } : null;
      }),
    revise: async (reader, id, { version, values }, now) =>
      (
        await change(reader, id, now, (there) =>
          compareVersions(there.card.version, version) < 0 ? { ...there, card: { ...there.card, version, values } } : null,
        )
      ).isChanged,
    mark: async (reader, id, state, now) =>
      (await change(reader, id, now, (there) => (there.state === state ? null : { ...there, state }))).card,
    remove: (reader, id, now) =>
      raced(async () => {
        const partition = partitionOf(reader);
        const kept = await stateOf(partition);
        const row = await cardRow(partition, id);
        if (row === null) return { done: undefined };
        const gone: Action = ['delete', { partitionKey: partition, rowKey: row.rowKey }];
        return (await save(partition, kept, changed(kept.state, now), [gone])) ? { done: undefined } : null;
      }),
    refresh: (reader, now, appsOf) =>
      raced(async () => {
        const partition = partitionOf(reader);
        const asked = await stateOf(partition);
        if (asked.state.apps === null && !asked.state.isAsked) {
          await putRow(await table(), { partitionKey: encodeKey(reader.integration), rowKey: encodeKey(reader.objectId), v: 1 });
          if (!(await save(partition, asked, { ...asked.state, isAsked: true }, []))) return null;
        }
        const kept = await whole(partition);
        const { state } = kept;
        if (state.apps === null && !state.isAsked) return null;
        const isKnown = state.apps !== null && now - state.appsAt < appsHoldMs;
        const apps = isKnown ? state.apps : await appsOf();
        const appsAt = isKnown ? state.appsAt : now;
        const living = kept.cards.filter(({ card }) => card.expiresAt > now).slice(0, mostCards);
        const ended = kept.cards.filter((each) => !living.includes(each));
        const first = ended.slice(0, transactionRows - 1);
        const isChanged = kept.etag === null || ended.length > 0 || String(apps) !== String(state.apps);
        const left = ended.length > first.length ? now : null;
        const nextExpiry =
          left ?? living.reduce<number | null>((least, { card }) => Math.min(least ?? card.expiresAt, card.expiresAt), null);
        const fresh = { ...(isChanged ? changed(state, now) : state), nextExpiry, apps, appsAt, isAsked: false };
        const removals = first.map(({ card }): Action => ['delete', { partitionKey: partition, rowKey: cardKey(card.id) }]);
        const isSame = !isChanged && appsAt === state.appsAt && nextExpiry === state.nextExpiry;
        return isSame || (await save(partition, kept, fresh, removals)) ? { done: { state: fresh, cards: living } } : null;
      }),
    async forgetApps(integration, objectId, goOn) {
      const people = await table();
      const filter = partitionFilter(encodeKey(integration));
      const one = objectId === null ? null : await getRow(people, encodeKey(integration), encodeKey(objectId));
      if (objectId !== null && one === null) return { complete: true };
      const pages = one === null ? rowPages(people, filter, 1_000, ['PartitionKey', 'RowKey']) : [[one]];
      for await (const rows of pages) {
        for (const { rowKey } of rows) {
          if (!goOn()) return { complete: false };
          await raced(async () => {
            // Keys of both kinds hold the same encoded id.
            const partition = `${encodeKey(integration)}|${rowKey}`;
            const kept = await stateOf(partition);
            if (kept.etag !== null && kept.state.apps === null && !kept.state.isAsked) return { done: undefined };
            return (await save(partition, kept, { ...kept.state, apps: null, isAsked: false }, [])) ? { done: undefined } : null;
          });
        }
      }
      return { complete: true };
    },
    async forget(integration) {
      const own = encodeKey(integration);
      const further = odata`PartitionKey ge ${`${own}|`} and PartitionKey lt ${afterKey(own)}`;
      await removeRows(await table(), `(${odata`PartitionKey eq ${own}`}) or (${further})`);
    },
  };
}

/** Whether what one read told still holds for certain: nothing has ended since, and what she may see is known. */
export function holdsStill({ apps, appsAt, nextExpiry }: FeedState, now: number): boolean {
  return apps !== null && apps.length > 0 && now - appsAt < appsHoldMs && (nextExpiry === null || now < nextExpiry);
}

function changed(state: FeedState, now: number): FeedState {
  // Of a feed that was removed and begins anew nobody may take an old version for the new one.
  return { ...state, version: Math.max(state.version + 1, now) };
}

function partitionOf({ integration, objectId }: FeedReader): string {
  return joinKey(integration, objectId);
}

function cardKey(card: string): string {
  return joinKey(cardPrefix, card);
}

async function raced<T>(attempt: () => Promise<{ readonly done: T } | null>): Promise<T> {
  for (let race = 1; race <= mostRaces; race += 1) {
    const ended = await attempt();
    if (ended !== null) return ended.done;
  }
  throw new TandemError(errorCodes.stale, { retry: 'now', fix: 'Wait: it is tried again.', detail: 'a feed changes too often' });
}

function isRace(error: unknown): boolean {
  if (!(error instanceof TandemError)) return false;
  return error.code === errorCodes.duplicate || error.code === errorCodes.stale || error.code === errorCodes.gone;
}
