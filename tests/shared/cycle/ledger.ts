import type { Person } from '../../../local/company/people';
import type { Entity } from '../../../shared/model/values';
import type { Hands, ItemSeen, RecordSeen, Texts } from './hands';
import { wrongLinks } from './story';
import { anna, ben, type World } from './world';

type Side = 'record' | 'item';
type Field = keyof Required<Texts>;

/** One value that a person wrote. No two values are the same, so each can be found again wherever it is. */
interface Edit {
  readonly side: Side;
  readonly field: Field;
  readonly value: string;
  /** True once a person who saw it replaced it or deleted what held it. */
  givenUp: boolean;
}

/** What people did about one record and its item. */
interface Entry {
  readonly entity: Entity;
  readonly id: string;
  readonly edits: Edit[];
  /** Everything that people saw on each side when they did something there. */
  readonly shown: Readonly<Record<Side, Set<string>>>;
  deleted: Set<Side>;
  isClosed: boolean;
  hasMoved: boolean;
}

/** An oracle that knows only what people did and saw, and what Tandem promises. */
export class Ledger {
  private readonly entries = new Map<string, Entry>();
  private values = 0;

  constructor(
    private readonly world: World,
    private readonly hands: Hands,
    private readonly tag: string,
  ) {}

  get ids(): string[] {
    return [...this.entries.keys()];
  }

  entry(id: string): Entry {
    const entry = this.entries.get(id);
    if (entry === undefined) throw new Error('nobody made this record');
    return entry;
  }

  newValue(): string {
    this.values += 1;
    return `${this.tag}v${this.values}x`;
  }

  made(entity: Entity, id: string, texts: Required<Texts>): void {
    const shown = { record: new Set<string>(), item: new Set<string>() };
    const entry: Entry = { entity, id, edits: [], shown, deleted: new Set(), isClosed: false, hasMoved: false };
    this.entries.set(id, entry);
    for (const field of ['first', 'second'] as const) entry.edits.push({ side: 'record', field, value: texts[field], givenUp: false });
  }

  edited(id: string, side: Side, seen: Required<Texts>, field: Field, value: string): void {
    const entry = this.entry(id);
    this.looked(entry, side, seen);
    for (const edit of entry.edits) if (edit.field === field && edit.value === seen[field]) edit.givenUp = true;
    entry.edits.push({ side, field, value, givenUp: false });
  }

  deleted(id: string, side: Side, seen: Required<Texts>): void {
    const entry = this.entry(id);
    this.looked(entry, side, seen);
    for (const edit of entry.edits) if (Object.values(seen).includes(edit.value)) edit.givenUp = true;
    entry.deleted.add(side);
  }

  closed(id: string): void {
    this.entry(id).isClosed = true;
  }

  moved(id: string): void {
    this.entry(id).hasMoved = true;
  }

  /** Everything that is wrong now that all is settled, in words. */
  async wrongs(): Promise<string[]> {
    const records = new Map((await this.hands.records(anna)).map((record) => [record.id, record]));
    const items = (await Promise.all([anna, ben].map(async (who) => (await this.hands.items(who)).map((item) => ({ who, item }))))).flat();
    const entries = (await Promise.all([anna, ben].map((who) => this.world.journal(who)))).flat();
    const textOf = (action?: string): string =>
      entries.flatMap((each) => (action === undefined || each.action === action ? [each.value] : [])).join(' ');
    const journal: Journal = { all: textOf(), replaced: textOf('replaced') };
    const found = await wrongLinks(this.world, items);
    for (const entry of this.entries.values()) {
      const own = items.filter(({ item }) => item.recordId === entry.id);
      const wrong = wrongsOf(entry, records.get(entry.id), own, journal);
      found.push(...wrong.map((each) => `${entry.entity} ${entry.edits[0]?.value ?? ''}: ${each}`));
    }
    return found;
  }

  private looked(entry: Entry, side: Side, seen: Required<Texts>): void {
    for (const value of Object.values(seen)) entry.shown[side].add(value);
  }
}

/** The values in the journal; `replaced` are those that policy gave up before anything was deleted. */
interface Journal {
  readonly all: string;
  readonly replaced: string;
}

type Held = readonly { readonly who: Person; readonly item: ItemSeen }[];

function wrongsOf(entry: Entry, record: RecordSeen | undefined, items: Held, journal: Journal): string[] {
  return [
    ...lostEdits(entry, record, items, journal),
    ...wrongRecord(entry, record, journal),
    ...wrongItems(entry, record, items, journal),
    ...disagreements(entry, record, items),
  ];
}

/** Promise 1: what a person wrote stands somewhere, or in the journal, or a person who saw it gave it up. */
function lostEdits(entry: Entry, record: RecordSeen | undefined, items: Held, journal: Journal): string[] {
  const standing = [record?.texts, ...items.map(({ item }) => item.texts)].flatMap((texts) => Object.values(texts ?? {}));
  return entry.edits
    .filter(({ value, givenUp }) => !givenUp && !standing.includes(value) && !journal.all.includes(value))
    .map(({ side, value }) => `'${value}', written to the ${side}, is lost`);
}

/** Promises 1 and 3: a record is gone only where a person deleted it, or deleted its item and had seen every edit of it. */
function wrongRecord(entry: Entry, record: RecordSeen | undefined, journal: Journal): string[] {
  if (entry.deleted.has('record')) return record === undefined ? [] : ['the record came back'];
  if (record !== undefined) return [];
  if (!entry.deleted.has('item') || entry.entity === 'contact') return ['the record is gone and nobody deleted it'];
  return unseenEdits(entry, 'record', journal).map(({ value }) => `the record was deleted with '${value}', which the deleter had not seen`);
}

/** Promise 5: one copy at the most, in the mailbox of its owner, and none of what people removed. */
function wrongItems(entry: Entry, record: RecordSeen | undefined, items: Held, journal: Journal): string[] {
  const inEach = [anna, ben].map((who) => items.filter((held) => held.who === who).length);
  // A task that was completed while it changed hands stays with both: with who completed it, and with who had already got it.
  const most = entry.isClosed && entry.hasMoved ? 2 : 1;
  if (items.length > most || Math.max(...inEach) > 1) return [`there are ${inEach.join(' and ')} copies`];
  if (entry.isClosed) return [];
  if (entry.deleted.has('record')) {
    const hasUnseen = unseenEdits(entry, 'item', journal).length > 0;
    return items.length > 0 && entry.entity !== 'contact' && !hasUnseen ? ['the copy of a deleted record stayed'] : [];
  }
  if (entry.deleted.has('item')) return items.length > 0 && !entry.hasMoved ? ['what was removed came back'] : [];
  if (record === undefined) return [];
  const holder = items[0]?.who;
  return holder?.systemUserId === record.owner ? [] : [`${holder?.key ?? 'nobody'} holds the copy`];
}

/** Edits of one side that were still standing there and that nobody saw who looked at the other. */
function unseenEdits({ edits, shown }: Entry, side: Side, journal: Journal): Edit[] {
  const seen = shown[side === 'record' ? 'item' : 'record'];
  return edits.filter((edit) => edit.side === side && !edit.givenUp && !seen.has(edit.value) && !journal.replaced.includes(edit.value));
}

/** Both sides of a living pair say the same, and nothing that nobody wrote. */
function disagreements(entry: Entry, record: RecordSeen | undefined, items: Held): string[] {
  const [held] = items;
  if (record === undefined || held === undefined || entry.isClosed || entry.deleted.size > 0) return [];
  return (['first', 'second'] as const).flatMap((field) => {
    const [one, other] = [record.texts[field], held.item.texts[field]];
    if (one !== other) return [`the record says '${one}' and the item '${other}'`];
    const last = entry.edits.findLast((edit) => edit.field === field && edit.value === one);
    if (last === undefined) return [`nobody wrote '${one}'`];
    return last.givenUp ? [`'${one}' is back, which had been replaced`] : [];
  });
}
