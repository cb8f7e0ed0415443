import type { IntegrationSettings } from '../../shared/model/integration-settings';
import type { Person } from '../company/people';
import { members } from './cast';
import { type Entry, Ledger } from './ledger';
import { holdsAny, isItemOf } from './pairing';
import { type Entity, entitiesFollowed, type FollowedField, type Held } from './people/fields';
import { FiltersInForce, systemFilters } from './people/filters';
import { ItemHands, type ItemSeen } from './people/items';
import { RecordHands, type RecordSeen } from './people/records';
import { clockOn, firstDate, ruleNumber } from './people/series-rule';
import type { Tandem } from './tandem';
import type { World } from './world';

/** Where a story takes place: both systems, what people do there, what is remembered of it, and Tandem between them. */
export class Scene {
  readonly ledger = new Ledger();
  readonly records: RecordHands;
  readonly items: ItemHands;
  /** What happened, a line each, for whoever reads a story. */
  readonly lines: string[] = [];
  /** Mailings that people caused with their own hands, by their place among all. */
  readonly ownMail = new Set<number>();
  readonly filters = new FiltersInForce();
  /** Every value that a setting has had, as text, by its name. */
  readonly everSet = new Map<string, Set<string>>();

  constructor(
    readonly seed: number,
    readonly world: World,
    readonly tandem: Tandem,
    /** How the services behave throughout. */
    readonly ways: Readonly<Record<string, number>>,
    /** What the story is about. */
    readonly entities: readonly Entity[] = entitiesFollowed,
  ) {
    this.records = new RecordHands(world);
    this.items = new ItemHands(world);
    this.noteSettings();
  }

  readonly say = (line: string): void => {
    this.lines.push(`${new Date(this.world.clock.now()).toISOString().slice(0, 19)} ${line}`);
  };

  /** Lets people act: faults are Tandem's, not theirs, and mail that they cause is their own. */
  async byHand<Result>(act: () => Promise<Result>): Promise<Result> {
    const resume = this.world.faults.suspend();
    const before = this.mail().length;
    try {
      return await act();
    } finally {
      for (let at = before; at < this.mail().length; at += 1) this.ownMail.add(at);
      resume();
    }
  }

  /** Has an admin save the integration's filters as they are in force now, and every mailbox swept. */
  async filter(): Promise<void> {
    const settings = { ...this.world.integration.settings, filters: systemFilters(this.filters.system) };
    await this.tandem.save(settings);
    // Whom the service refuses tries again until it is saved, if need be without the sweep.
    await this.configure(settings);
  }

  async configure(settings: Partial<IntegrationSettings>): Promise<void> {
    await this.world.configure(settings);
    this.noteSettings();
  }

  private noteSettings(): void {
    for (const [name, value] of Object.entries(this.world.integration.settings)) {
      const known = this.everSet.get(name) ?? new Set();
      this.everSet.set(name, known.add(JSON.stringify(value)));
    }
  }

  /** Everything that Exchange would have mailed so far. */
  mail(): readonly MailSeen[] {
    return (this.world.control('graph', 'mail') as { entries: readonly MailSeen[] }).entries;
  }

  /** The record of an entry as anybody sees it; undefined where it is gone, or not there yet. */
  async record(entry: Entry): Promise<RecordSeen | undefined> {
    if (entry.id !== '') return this.records.one(reader, entry.entity, entry.id);
    const record = (await this.records.all(reader, entry.entity)).find((each) => holdsAny(each, entry));
    if (record !== undefined) entry.id = record.id;
    return record;
  }

  /** The item of an entry and whose it is; a copy that somebody made by hand is not it. */
  async item(entry: Entry): Promise<Holding | undefined> {
    const copies = new Set([...this.ledger.own.values()].map((own) => own.id));
    for (const who of this.tandem.everServed) {
      const item = (await this.items.all(who, entry.entity)).find((each) => isItemOf(entry, each, copies));
      if (item !== undefined) return { who, item };
    }
    return undefined;
  }

  /** True while Tandem links the record of an entry to an item, of whomever. */
  async isLinked({ entity, id }: Entry): Promise<boolean> {
    for (const who of this.tandem.everServed) {
      const links = await (await this.world.partition(who)).links([{ entity, recordId: id }]);
      if ([...links.values()].some(({ state }) => state !== 'released')) return true;
    }
    return false;
  }

  /** A value that nobody has ever written. */
  value(kind: FollowedField['kind'], number: number): Held {
    switch (kind) {
      case 'text':
        return [`v${this.seed}x${number} ${texts[number % texts.length] ?? ''}`.trim()];
      case 'list':
        return [`+49 30 ${this.seed % 100_000}-${number}`];
      case 'day':
        return [new Date(firstDay + number * day).toISOString().slice(0, 10)];
      case 'hour':
        return [new Date(firstDay + number * 2 * hour).toISOString().replace('.000', '')];
      case 'clock':
        return [clockOn(firstDate, number)];
      case 'rule':
        return [ruleNumber(number)];
    }
  }
}

export interface Holding {
  readonly who: Person;
  readonly item: ItemSeen;
}

export interface MailSeen {
  readonly at: string;
  readonly kind: 'invitation' | 'update' | 'cancellation';
  readonly from: string;
  readonly to: readonly string[];
  readonly id: string;
  readonly iCalUId: string;
}

const hour = 3_600_000;
const day = 24 * hour;
/** The first day that anybody writes down: behind every story's end. */
const firstDay = Date.parse('2026-11-02T09:00:00Z');
const reader = members[0] as Person;

/** What people's texts look like besides being unlike all others. */
const texts = ['', 'déjà vu', '“quoted” & <tagged>', "it's 100 %", '日本', 'a  b'];
