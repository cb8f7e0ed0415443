import type { Microapp, NoticeKind } from './microapp';
import { microapps } from './microapps';
import type { RecordValue, WorkspaceRecord } from './record';
import { type RecordTableName, recordTables } from './tables';

/** What a person has done with a card. Who dismissed it does not see it again; what is done is still shown as such. */
export const cardStates = ['unread', 'read', 'done', 'dismissed'] as const;
export type CardState = (typeof cardStates)[number];

/** Why a card was sent: a record was made for somebody, or given to her. */
export type Trigger = NoticeKind['trigger'];

/** One notification in a person's feed: what its texts are made of, in no language. Times are UTC ms. */
export interface Card {
  /** The same for the same event, however often it is seen; the newest comes first in the order of ids. Nothing in it must be escaped in an address. */
  readonly id: string;
  /** The microapp that sends it, and decides who sees it. */
  readonly app: string;
  readonly trigger: Trigger;
  readonly table: RecordTableName;
  /** Of the record. */
  readonly recordId: string;
  /** In which `values` were read. */
  readonly version: string;
  /** The user or team that got the record. */
  readonly owner: string;
  /** The person's own id in Dynamics. */
  readonly systemUserId: string;
  /** When it became hers. */
  readonly at: number;
  readonly expiresAt: number;
  /** Of the cached record, so nothing secured: only what the card shows. */
  readonly values: Readonly<Record<string, RecordValue>>;
}

/** The columns that a card shows beside the record's name: when it is due, how urgent it is, whom it is about. */
export const cardColumns: Readonly<Record<RecordTableName, readonly string[]>> = {
  account: [],
  contact: ['parentcustomerid'],
  lead: [],
  opportunity: ['estimatedclosedate', 'customerid'],
  incident: ['prioritycode', 'customerid'],
  appointment: ['scheduledstart', 'prioritycode', 'regardingobjectid'],
  phonecall: ['scheduledend', 'prioritycode', 'regardingobjectid'],
  task: ['scheduledend', 'prioritycode', 'regardingobjectid'],
};

const latest = 9_999_999_999_999;

/** The id of the card of an event. */
export function cardId(event: Pick<Card, 'table' | 'recordId' | 'trigger' | 'version' | 'at'>): string {
  const inverted = String(latest - Math.min(Math.max(Math.trunc(event.at), 0), latest)).padStart(13, '0');
  return [inverted, event.table, event.recordId, event.trigger, event.version].join('.');
}

/** The microapp that tells of the records of a table. */
export function noticingApp(table: RecordTableName): Microapp | undefined {
  return microapps.find((app) => app.table === table && app.notices.length > 0);
}

/** What a card keeps of a record. */
export function cardValues(record: WorkspaceRecord): Card['values'] {
  const names = record.table === 'lead' ? ['firstname', 'lastname', 'companyname'] : [];
  const shown = [recordTables[record.table].title, ...names, ...cardColumns[record.table]];
  return Object.fromEntries(shown.flatMap((name) => (record.values[name] === undefined ? [] : [[name, record.values[name]]])));
}
