import type { Person } from '../company/people';
import type { Entity, Held } from './people/fields';

export type Side = 'record' | 'item';
export type AllHeld = Readonly<Record<string, Held>>;

/** One value that a person wrote. No two values are the same, so each can be found again wherever it is. */
export interface Edit {
  readonly side: Side;
  readonly field: string;
  readonly value: string;
  /** True once a person who saw it replaced it or deleted what held it. */
  givenUp: boolean;
}

/** What people did about one record and its item. */
export interface Entry {
  /** How the story calls it, such as `e3`. */
  readonly name: string;
  readonly entity: Entity;
  /** The record's id; empty while nobody has seen the record that Tandem is to make of an item. */
  id: string;
  readonly edits: Edit[];
  /** Everything that people saw on each side when they did something there. */
  readonly shown: Readonly<Record<Side, Set<string>>>;
  /** On which sides a person deleted it. */
  readonly deleted: Set<Side>;
  /** Completed, canceled or deactivated at any time. */
  wasClosed: boolean;
  /** Given to somebody else at any time. */
  hasMoved: boolean;
  /** Taken out of Deleted Items again: whether Tandem saw it there is chance. */
  wasRestored: boolean;
  /** The item lies, or lay, in another folder or calendar than the default one. */
  wasElsewhere: boolean;
  /** Something was done to the item that no followed field shows: whoever deletes the record has not seen it. */
  wasMarked: boolean;
  /** A meeting to which somebody is asked: what Exchange would announce may wait for an admin. */
  mayBeHeld: boolean;
  /** Dates of a series that a person deleted, where, and everything that people had seen on that side by then. */
  readonly datesDeleted: { readonly side: Side; readonly on: string; readonly shown: ReadonlySet<string> }[];
  /** A series that got another rule or time at any time: both systems make all its dates anew by that. */
  wasRecast: boolean;
  /** How often anybody did anything to it. */
  touches: number;
  /** Whose item it was before it had a record; null for what was made in Dynamics. */
  readonly beganWith: Person | null;
  /** True while its item carries the tracking category. */
  isWished: boolean;
  /** Somebody took the tracking category off. */
  wasUntracked: boolean;
  /** Its record was deleted while the category was on again and Tandem had not taken that up: nobody can tell which came first, so its item may get another record. */
  mayBeMadeAnew: boolean;
  /** What stands now in the column by which filters go. */
  mark: Mark;
  /** It may have been outside the filters at any time. */
  mayHaveLeft: boolean;
  /** Somebody saw its item when it left the filters. */
  staysInExchange: boolean;
}

/** What people write into the column by which filters go. */
export type Mark = null | 'out' | 'kept';

/** An item that a person made in Exchange by herself: nothing of it is Tandem's to change. */
export interface OwnItem {
  readonly name: string;
  readonly entity: Entity;
  readonly who: Person;
  /** Tasks get another one when they are moved. */
  id: string;
  held: AllHeld;
  isGone: boolean;
}

/** All that the oracle knows: what people did and saw, in the order in which they did it. */
export class Ledger {
  readonly entries = new Map<string, Entry>();
  readonly own = new Map<string, OwnItem>();
  /** Every value that anybody ever wrote, to look for where none may be. */
  readonly values = new Set<string>();

  made(name: string, entity: Entity, id: string, held: AllHeld): void {
    this.begun(name, entity, id, null, held);
  }

  /** An item that a person wants to have in Dynamics. */
  tracked(name: string, entity: Entity, who: Person, held: AllHeld): void {
    this.begun(name, entity, '', who, held);
  }

  private begun(name: string, entity: Entity, id: string, beganWith: Person | null, held: AllHeld): void {
    const shown = { record: new Set<string>(), item: new Set<string>() };
    const entry: Entry = {
      ...{ name, entity, id, edits: [], shown, deleted: new Set(), datesDeleted: [], wasRecast: false },
      ...{ wasClosed: false, hasMoved: false, wasRestored: false, wasElsewhere: false, wasMarked: false, mayBeHeld: false, touches: 0 },
      ...{ beganWith, isWished: beganWith !== null, wasUntracked: false, mayBeMadeAnew: false },
      ...{ mark: null, mayHaveLeft: false, staysInExchange: false },
    };
    this.entries.set(name, entry);
    for (const [field, values] of Object.entries(held))
      for (const value of values) this.note(entry, beganWith === null ? 'record' : 'item', field, value);
  }

  madeOwn(item: Omit<OwnItem, 'isGone'>): void {
    this.own.set(item.name, { ...item, isGone: false });
    for (const value of Object.values(item.held).flat()) this.values.add(value);
  }

  /** A person who saw `seen` put `next` into a field: what it replaces is given up, and what is new is hers. */
  edited({ name }: Entry, side: Side, seen: AllHeld, field: string, next: Held): void {
    const entry = this.entry(name);
    this.looked(entry, side, seen);
    const before = seen[field] ?? [];
    for (const edit of entry.edits)
      if (edit.field === field && before.includes(edit.value) && !next.includes(edit.value)) edit.givenUp = true;
    for (const value of next) if (!before.includes(value)) this.note(entry, side, field, value);
    if (side === 'item' && next.length < before.length) entry.wasMarked = true;
    if (entry.entity === 'series' && (field === 'rule' || field === 'time')) recast(entry, seen);
  }

  /** A person who saw `seen` took one date out of a series. */
  dateDeleted({ name }: Entry, side: Side, seen: AllHeld, on: string): void {
    const entry = this.entry(name);
    this.looked(entry, side, seen);
    for (const edit of entry.edits) if (isOn(edit, on) && seen[edit.field]?.includes(edit.value)) edit.givenUp = true;
    entry.datesDeleted.push({ side, on, shown: new Set(entry.shown[side]) });
    if (side === 'item') entry.wasMarked = true;
  }

  /** A person who saw `seen` deleted what held it. */
  deleted({ name }: Entry, side: Side, seen: AllHeld): void {
    const entry = this.entry(name);
    this.looked(entry, side, seen);
    const values = Object.values(seen).flat();
    for (const edit of entry.edits) if (values.includes(edit.value)) edit.givenUp = true;
    entry.deleted.add(side);
  }

  /** The ids of what people made in Exchange by hand. */
  ownIds(): ReadonlySet<string> {
    return new Set([...this.own.values()].map(({ id }) => id));
  }

  /** How the story calls the record with this id. */
  nameOf(recordId: string | null): string {
    return [...this.entries.values()].find(({ id }) => id === recordId)?.name ?? 'a record that nobody made';
  }

  looked(entry: Entry, side: Side, seen: AllHeld): void {
    for (const value of Object.values(seen).flat()) entry.shown[side].add(value);
  }

  private note(entry: Entry, side: Side, field: string, value: string): void {
    this.values.add(value);
    entry.edits.push({ side, field, value, givenUp: false });
  }

  private entry(name: string): Entry {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new Error('nobody made this record');
    return entry;
  }
}

/** True for what a person wrote into one date of a series; any date where none is named. */
export function isOn({ field }: Pick<Edit, 'field'>, on = ''): boolean {
  return on === '' ? field.includes('@') : field.endsWith(`@${on}`);
}

/** Whoever gives a series another rule or time knows that this makes its dates anew: what she saw of them is given up. */
function recast(entry: Entry, seen: AllHeld): void {
  for (const edit of entry.edits) if (isOn(edit) && seen[edit.field]?.includes(edit.value)) edit.givenUp = true;
  entry.wasRecast = true;
}
