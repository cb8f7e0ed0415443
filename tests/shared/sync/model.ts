import type { Session } from '../../../shared/cycle/session';
import { settledChanges } from '../../../shared/cycle/settle';
import type { PairWork, ReadPair } from '../../../shared/cycle/work';
import { hasSeveralHomes, kindOf } from '../../../shared/model/entity';
import type { Feed, SeenItem, SeenRecord } from '../../../shared/model/seen';
import { type Entity, elementsOf, type Values } from '../../../shared/model/values';
import { errorCodes, TandemError } from '../../../shared/platform/errors';
import { pairName } from '../../../shared/storage/link-rows';
import type { ItemSide, Link, RecordSide } from '../../../shared/sync/link';
import type { PairPlan } from '../../../shared/sync/pair-plan';
import { planPair } from '../../../shared/sync/plan';
import type { SyncRules } from '../../../shared/sync/rules';
import { itemSide, recordSide } from '../../../shared/sync/sides';
import { type Box, type Done, type ItemModel, newBox, type Person, type RecordModel } from './model-state';
import { asDynamics, asExchange } from './model-values';

const announced = ['subject', 'body', 'location', 'time', 'importance', 'requiredAttendees', 'optionalAttendees'];
const attendees = ['requiredAttendees', 'optionalAttendees'];

const recordId = 'r1';

const refusal = new TandemError(errorCodes.refused, { retry: 'later', fix: 'Wait.' });

/** Two mailboxes and one record that can be theirs: Dynamics, Exchange and the cycle between them, without any I/O. */
export class TwoSides {
  now = Date.parse('2026-10-01T12:00:00Z');
  record: RecordModel | null;
  readonly boxes: Readonly<Record<Person, Box>> = { me: newBox('me'), you: newBox('you') };
  /** Whom Exchange wrote to. */
  readonly mailed: string[] = [];
  readonly done: Done[] = [];
  /** True where Exchange refuses the next write. */
  refusesItem = false;
  private home: Person | 'nobody' = 'nobody';
  private versions = 100;

  constructor(
    readonly entity: Entity,
    values: Values,
    readonly rules: SyncRules,
    firstLoad: boolean,
    private readonly online: boolean,
  ) {
    this.record = {
      values: asDynamics(this.entity, values, {}),
      owner: 'me',
      inactive: false,
      readable: true,
      version: 1,
      modifiedAt: this.now,
    };
    this.route();
    if (this.boxes.me.inbox !== null) this.boxes.me.inbox.firstLoad = firstLoad;
  }

  // What people do.

  editRecord(changes: Values, by: 'user' | 'sync' = 'user'): void {
    if (this.record === null) return;
    if (by === 'user' && this.isClosed(this.record)) return;
    this.record.values = asDynamics(this.entity, { ...this.record.values, ...changes }, this.record.values);
    this.touchRecord();
  }

  touchRecord(): void {
    if (this.record === null) return;
    this.record.version = ++this.versions;
    this.record.modifiedAt = this.now;
    this.route();
  }

  endRecord(status: 'completed' | 'canceled' | 'open'): void {
    if (this.record === null) return;
    if (this.entity === 'contact') this.record.inactive = status !== 'open';
    else {
      const open = kindOf(this.entity) === 'task' ? 'notStarted' : 'busy';
      this.record.values = asDynamics(
        this.entity,
        { ...this.record.values, status: status === 'open' ? open : status },
        this.record.values,
      );
    }
    this.touchRecord();
  }

  assign(owner: Person | 'nobody'): void {
    if (this.record === null) return;
    this.record.owner = owner;
    this.touchRecord();
  }

  setReadable(readable: boolean): void {
    if (this.record === null) return;
    this.record.readable = readable;
    this.touchRecord();
  }

  deleteRecord(): void {
    if (this.record === null) return;
    this.record = null;
    this.route();
  }

  editItem(who: Person, changes: Values): void {
    const item = this.liveItem(who);
    if (item === undefined) return;
    item.values = asExchange(this.entity, { ...item.values, ...changes });
    this.touchItem(who);
  }

  touchItem(who: Person): void {
    const item = this.liveItem(who);
    if (item === undefined) return;
    item.version = ++this.versions;
    item.modifiedAt = this.now;
  }

  deleteItem(who: Person): void {
    const item = this.liveItem(who);
    if (item !== undefined) item.goneBy = 'user';
  }

  liveItem(who: Person): ItemModel | undefined {
    return this.boxes[who].items.findLast(({ goneBy }) => goneBy === null);
  }

  // What the sync does.

  /** One cycle of one mailbox: true where it wrote anything. `all` reads both sides whatever was heard of them, as a sweep's check would. */
  cycle(who: Person, all = false): boolean {
    const box = this.boxes[who];
    const { link, inbox } = box;
    const linked = box.items.find(({ id }) => id === link?.itemId);
    const heard = link !== null && linked !== undefined && (linked.goneBy !== null || String(linked.version) !== link.itemVersion);
    box.inbox = null;
    const isNamed = inbox !== null || box.isParked || all;
    box.isParked = false;
    if (!isNamed && !heard) return false;
    const work: PairWork = {
      key: { entity: this.entity, recordId },
      link,
      heard: null,
      inbox: inbox === null ? null : { entity: this.entity, recordId, version: '', firstLoad: inbox.firstLoad, etag: '' },
      parked: null,
      intent: null,
      decision: null,
      undo: null,
    };
    const item = this.readItem(link, linked, heard, isNamed);
    const needsRecord = isNamed || (link?.state !== 'released' && (item.kind !== 'same' || link?.state === 'held'));
    const record = needsRecord ? this.readRecord(who, link) : ({ kind: 'same', record: null } as const);
    return this.carryOut(box, { work, link, record, item }, inbox?.firstLoad ?? false);
  }

  private readItem(link: Link | null, linked: ItemModel | undefined, heard: boolean, isNamed: boolean): ItemSide {
    if (link === null || linked === undefined) return { kind: 'none' };
    if (link.state === 'released' ? !isNamed : !heard && !isNamed) return { kind: 'same', item: null };
    if (linked.goneBy !== null) return { kind: 'deleted' };
    return itemSide(this.seenItem(linked), link, this.rules);
  }

  private readRecord(who: Person, link: Link | null): RecordSide {
    if (this.record === null) return { kind: 'deleted' };
    if (!this.record.readable && this.record.owner === who) return { kind: 'unreadable' };
    return recordSide(this.seenRecord(this.record), link, { systemUserId: who }, this.rules);
  }

  private carryOut(box: Box, read: ReadPair, firstLoad: boolean): boolean {
    const { key } = read.work;
    const plan = planPair(
      { ...key, link: read.link, record: read.record, item: read.item },
      { rules: this.rules, now: this.now, zone: 'UTC', firstLoad },
    );
    const item = box.items.find(({ id }) => id === read.link?.itemId);
    this.done.push({ box, read, plan, recordBefore: this.record?.values ?? null, itemBefore: item?.goneBy === null ? item.values : null });

    const record = this.writeRecord(plan);
    const error = this.refusesItem && plan.toItem.kind !== 'none' ? refusal : null;
    this.refusesItem = false;
    const written = error === null ? this.writeItem(box, plan, item) : null;
    const incarnation = plan.toItem.kind === 'create' ? (read.link?.incarnation ?? 0) + 1 : Math.max(1, read.link?.incarnation ?? 0);
    const applied = { planned: { read, plan, incarnation, obstacle: null }, record, item: written, error, unsure: false };
    for (const change of settledChanges(this.session(box), applied)) {
      if ('put' in change && change.put === 'link') box.link = change.link;
      if ('drop' in change && change.drop === 'link') box.link = null;
      if ('put' in change && change.put === 'parked') box.isParked = true;
      if ('put' in change && change.put === 'hold') box.hasHold = true;
      if ('drop' in change && change.drop === 'hold') box.hasHold = false;
    }
    return plan.toRecord.kind !== 'none' || plan.toItem.kind !== 'none';
  }

  /** As much of a session as settling a pair asks for. */
  private session(box: Box): Session {
    const holds = new Map(box.hasHold ? [[pairName({ entity: this.entity, recordId }), { fields: [], whom: [] }]] : []);
    const cursors = new Map([[this.feed, {}]]);
    const services = { settings: { retryFirstMs: 1, retryMostMs: 1 } };
    const { rules } = this;
    const part = {
      now: this.now,
      services,
      rules,
      integration: { settings: rules },
      pauseUntil: null,
      holds,
      cursors,
      parked: new Map(),
      intents: new Map(),
      decisions: new Map(),
      undos: new Map(),
    };
    return part as unknown as Session;
  }

  private writeRecord({ toRecord }: PairPlan): SeenRecord | null {
    if (toRecord.kind === 'create') throw new Error('No item of this model is tracked.');
    if (toRecord.kind === 'none' || this.record === null) return null;
    if (toRecord.kind === 'delete') {
      this.deleteRecord();
      return null;
    }
    this.editRecord(toRecord.changes, 'sync');
    return this.seenRecord(this.record);
  }

  private writeItem(box: Box, { toItem }: PairPlan, item: ItemModel | undefined): SeenItem | null {
    if (toItem.kind === 'create') {
      const values = asExchange(this.entity, {
        ...(this.entity === 'appointment' ? { organizedHere: true, online: this.online } : {}),
        ...toItem.values,
      });
      const made: ItemModel = {
        id: `${box.who}-${box.items.length}`,
        values,
        version: ++this.versions,
        modifiedAt: this.now,
        goneBy: null,
        reminder: toItem.derived,
      };
      this.mail(made.values);
      box.items.push(made);
      return this.seenItem(made);
    }
    if (toItem.kind === 'none' || item === undefined || item.goneBy !== null) return null;
    if (toItem.kind === 'delete') {
      this.mail(item.values);
      item.goneBy = 'sync';
      return null;
    }
    if (announced.some((field) => field in toItem.changes)) this.mail(item.values);
    item.values = asExchange(this.entity, { ...item.values, ...toItem.changes });
    if (attendees.some((field) => field in toItem.changes)) this.mail(item.values);
    item.reminder = { ...item.reminder, ...toItem.derived };
    item.version = ++this.versions;
    item.modifiedAt = this.now;
    return this.seenItem(item);
  }

  /** Exchange writes to everybody who is invited to what was made, changed or deleted. */
  private mail(values: Values): void {
    if (this.entity === 'appointment') for (const field of [...attendees, 'resources']) this.mailed.push(...elementsOf(values[field]));
  }

  /** The poller: whoever had the record and whoever has it now hear of a change. */
  private route(): void {
    const next = this.record?.owner ?? 'nobody';
    for (const who of new Set([this.home, next])) if (who !== 'nobody') this.boxes[who].inbox = { firstLoad: false };
    this.home = next;
  }

  private isClosed(record: RecordModel): boolean {
    return record.values.status === 'completed' || record.values.status === 'canceled';
  }

  private seenRecord(record: RecordModel): SeenRecord {
    return {
      entity: this.entity,
      id: recordId,
      version: String(record.version),
      modifiedAt: Math.floor(record.modifiedAt / 1000) * 1000,
      owner: record.owner,
      organizer: this.entity === 'appointment' ? record.owner : null,
      ...(hasSeveralHomes(this.entity) ? { resources: [record.owner] } : {}),
      standing: this.isClosed(record) ? 'closed' : record.inactive ? 'inactive' : 'open',
      values: record.values,
    };
  }

  private seenItem(item: ItemModel): SeenItem {
    const { id, version, modifiedAt, values } = item;
    return { kind: kindOf(this.entity), id, feed: this.feed, version: String(version), modifiedAt, marker: null, values };
  }

  private get feed(): Feed {
    return kindOf(this.entity) === 'task' ? 'tasks:1' : this.entity === 'contact' ? 'contacts' : 'calendar';
  }
}
