import type { Person } from '../../../local/company/people';
import type { Entity } from '../../../shared/model/values';
import { Hands, type ItemSeen, type Texts } from './hands';
import { anna, ben, type World } from './world';

/** What has to be true of one record and its item once all is settled; worked out from what people did, and from nothing else. */
export interface Expected {
  readonly what: string;
  readonly entity: Entity;
  readonly id: string;
  readonly record: 'open' | 'closed' | 'gone';
  /** Whose mailbox holds the one item; null where there must be none. */
  readonly item: Person | null;
  readonly texts: Required<Texts>;
  /** A value that lost and has to be in the journal. */
  readonly journaled?: string;
}

/** Many stories in one day delete more than the brake lets pass; what it holds is a test of its own. */
export const withoutBrake = {
  brake: { mailboxNumber: 1_000_000, mailboxPercent: 100, integrationNumber: 1_000_000, integrationPercent: 100 },
};

const kinds = [
  'untouchedTask',
  'untouchedContact',
  'untouchedAppointment',
  'editedRecord',
  'editedItem',
  'deletedRecord',
  'deletedItem',
  'movedHome',
  'editedAndMovedHome',
  'conflict',
  'bothEdited',
  'deletedContact',
  'movedAppointment',
  'deletedAppointment',
  'completedItem',
  'movedList',
] as const;
type Kind = (typeof kinds)[number];

/** One mixed story: pairs that are in step, then everything that people can do to them before the next round. */
export class Story {
  private readonly ids = new Map<Kind, string>();
  private readonly hands: Hands;

  constructor(
    private readonly world: World,
    private readonly tag: string,
  ) {
    this.hands = new Hands(world);
  }

  /** Makes the records; the world has to settle before `act`. */
  async prepare(): Promise<void> {
    for (const kind of kinds) this.ids.set(kind, await this.hands.make(anna, entityOf(kind), this.texts(kind)));
  }

  /** What people do in both systems, five seconds apart, so that no two edits tie. */
  async act(): Promise<Expected[]> {
    const { hands, world } = this;
    const items = new Map((await hands.items(anna)).map((item) => [item.recordId, item]));
    const item = (kind: Kind): ItemSeen => {
      const found = items.get(this.id(kind));
      if (found === undefined) throw new Error(`${kind} has no item`);
      return found;
    };
    const steps: (() => Promise<void>)[] = [
      () => hands.editRecord(anna, 'task', this.id('editedRecord'), { first: this.edited('editedRecord') }),
      () => hands.editItem(anna, item('editedItem'), { first: this.edited('editedItem') }),
      () => hands.deleteRecord(anna, 'task', this.id('deletedRecord')),
      () => hands.deleteItem(anna, item('deletedItem')),
      () => hands.giveTo(anna, ben, 'task', this.id('movedHome')),
      () => hands.editItem(anna, item('editedAndMovedHome'), { first: this.edited('editedAndMovedHome') }),
      () => hands.giveTo(anna, ben, 'contact', this.id('editedAndMovedHome')),
      () => hands.editRecord(anna, 'contact', this.id('conflict'), { first: `${this.tag} loser` }),
      () => hands.editItem(anna, item('conflict'), { first: this.edited('conflict') }),
      () => hands.editRecord(anna, 'contact', this.id('bothEdited'), { first: this.edited('bothEdited') }),
      () => hands.editItem(anna, item('bothEdited'), { second: '+49 30 2' }),
      () => hands.deleteItem(anna, item('deletedContact')),
      () => hands.editItem(anna, item('movedAppointment'), { first: this.edited('movedAppointment') }),
      () => hands.deleteRecord(anna, 'appointment', this.id('deletedAppointment')),
      () => hands.completeItem(anna, item('completedItem')),
      () => hands.editItem(anna, item('movedList'), { first: this.edited('movedList') }),
      () => hands.moveToList(anna, item('movedList'), 'Later'),
    ];
    for (const step of steps) {
      world.advance(5_000);
      await step();
    }
    const made: Expected[] = [];
    for (const entity of ['task', 'contact', 'appointment'] as const) {
      const texts = { first: `${this.tag} new ${entity}`, second: '+49 30 1' };
      const id = await hands.make(anna, entity, texts);
      made.push({ what: `new ${entity}`, entity, id, record: 'open', item: anna, texts });
    }
    return [...kinds.map((kind) => this.expected(kind)), ...made];
  }

  private expected(kind: Kind): Expected {
    const texts = this.texts(kind);
    const plain: Expected = { what: kind, entity: entityOf(kind), id: this.id(kind), record: 'open', item: anna, texts };
    const edited = { ...texts, first: this.edited(kind) };
    switch (kind) {
      case 'untouchedTask':
      case 'untouchedContact':
      case 'untouchedAppointment':
        return plain;
      case 'editedRecord':
      case 'editedItem':
      case 'movedAppointment':
      case 'movedList':
        return { ...plain, texts: edited };
      case 'deletedRecord':
      case 'deletedItem':
      case 'deletedAppointment':
        return { ...plain, record: 'gone', item: null };
      case 'movedHome':
        return { ...plain, item: ben };
      case 'editedAndMovedHome':
        return { ...plain, item: ben, texts: edited };
      case 'conflict':
        return { ...plain, texts: edited, journaled: `${this.tag} loser` };
      case 'bothEdited':
        return { ...plain, texts: { ...edited, second: '+49 30 2' } };
      case 'deletedContact':
        return { ...plain, item: null };
      case 'completedItem':
        return { ...plain, record: 'closed' };
    }
  }

  private id(kind: Kind): string {
    return this.ids.get(kind) ?? '';
  }

  private texts(kind: Kind): Required<Texts> {
    return { first: `${this.tag} ${kind}`, second: '+49 30 1' };
  }

  private edited(kind: Kind): string {
    return `${this.tag} ${kind} edited`;
  }
}

function entityOf(kind: Kind): Entity {
  switch (kind) {
    case 'untouchedContact':
    case 'editedAndMovedHome':
    case 'conflict':
    case 'bothEdited':
    case 'deletedContact':
      return 'contact';
    case 'untouchedAppointment':
    case 'movedAppointment':
    case 'deletedAppointment':
      return 'appointment';
    default:
      return 'task';
  }
}

/** What is wrong, in words; nothing where both systems are as people left them (promises 1, 3 and 5). */
export async function wrongs(world: World, expected: readonly Expected[]): Promise<string[]> {
  const hands = new Hands(world);
  const records = new Map((await hands.records(anna)).map((record) => [record.id, record]));
  const items = await Promise.all([anna, ben].map(async (who) => (await hands.items(who)).map((item) => ({ who, item }))));
  const journal = JSON.stringify(await Promise.all([anna, ben].map((who) => world.journal(who))));
  const found: string[] = [];
  for (const { what, id, record, item: holder, texts, journaled } of expected) {
    const seen = records.get(id);
    const state = seen === undefined ? 'gone' : seen.closed ? 'closed' : 'open';
    if (state !== record) found.push(`${what}: the record is ${state}, not ${record}`);
    const own = items.flat().filter(({ item }) => item.recordId === id);
    const holders = own.map(({ who }) => who.key).join('+') || 'nobody';
    if (holders !== (holder?.key ?? 'nobody')) found.push(`${what}: ${holders} holds the item, not ${holder?.key ?? 'nobody'}`);
    if (seen !== undefined) found.push(...differing(`${what}: the record`, seen.texts, texts));
    for (const { item } of own) found.push(...differing(`${what}: the item`, item.texts, texts));
    if (journaled !== undefined && !journal.includes(journaled)) found.push(`${what}: '${journaled}' is not in the journal`);
  }
  found.push(...(await wrongLinks(world, items.flat())));
  return found;
}

function differing(what: string, now: Required<Texts>, wanted: Required<Texts>): string[] {
  return (['first', 'second'] as const)
    .filter((name) => now[name] !== wanted[name])
    .map((name) => `${what} says '${now[name]}', not '${wanted[name]}'`);
}

/** Every living link names an item that is there and carries its marker, and every marked item has one link, in its own mailbox. */
export async function wrongLinks(world: World, items: readonly { readonly who: Person; readonly item: ItemSeen }[]): Promise<string[]> {
  const found: string[] = [];
  for (const who of [anna, ben]) {
    const linked = new Map<string, string>();
    const released = new Set<string>();
    for await (const page of (await world.partition(who)).allLinks()) {
      for (const link of page) {
        if (linked.has(link.itemId)) found.push(`${who.key}: an item has two links`);
        linked.set(link.itemId, link.recordId);
        if (link.state === 'released') released.add(link.recordId);
        const item = items.find((each) => each.who === who && each.item.id === link.itemId);
        if (link.state !== 'released' && item === undefined) found.push(`${who.key}: a link of a ${link.entity} has no item`);
        if (item !== undefined && item.item.recordId !== link.recordId) found.push(`${who.key}: a link names another's item`);
      }
    }
    for (const { item } of items.filter((each) => each.who === who && each.item.marker !== null))
      if (linked.get(item.id) !== item.recordId && !released.has(item.recordId ?? ''))
        found.push(`${who.key}: the item '${item.texts.first}' has no link`);
  }
  return found;
}
