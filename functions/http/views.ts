import { z } from 'zod';
import type { Waiting } from '../../shared/mailboxes/waiting';
import type { HeldRow } from '../../shared/storage/hold-rows';
import type { JournalEntry } from '../../shared/storage/journal';
import { holdActions, holdReasons } from '../../shared/sync/decision';
import { reasons } from '../../shared/sync/reasons';
import { AnEntity, IsoTime } from './schemas';

/** A time as people and programs read it. */
export function isoTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

const Side = z.enum(['dynamics', 'exchange']);
const FieldValue = z.union([z.string(), z.boolean(), z.null(), z.array(z.string())]);
const dryActions = ['createRecord', 'createItem', 'updateItem', 'deleteItem', 'updateRecord', 'deleteRecord', 'hold', 'release', 'nothing'];

export const ReasonCode = z.enum(Object.keys(reasons)).meta({ id: 'Reason', description: 'Why something was done, or not.' });

export const HoldView = z
  .object({
    entity: AnEntity,
    recordId: z.string(),
    reason: z.enum(holdReasons),
    action: z.enum(holdActions),
    fields: z.array(z.string()).describe('Fields whose new values the item was not given.'),
    whom: z.array(z.string()).describe('Whom Exchange would write to.'),
    at: IsoTime.describe('Since when.'),
  })
  .meta({ id: 'Hold' });

const ParkedView = z.object({
  entity: AnEntity,
  recordId: z.string(),
  due: IsoTime.describe('When it is tried again.'),
  why: z.enum(['failed', 'recheck', 'check']),
  attempts: z.int(),
  code: z.string(),
  detail: z.string(),
  fix: z.string(),
  since: IsoTime,
  firstLoad: z.boolean(),
});

export const WaitingView = z
  .discriminatedUnion('kind', [ParkedView.extend({ kind: z.literal('parked') }), HoldView.extend({ kind: z.literal('held') })])
  .meta({ id: 'Waiting' });

/** A hold as people see it. */
export function holdView({ at, ...held }: HeldRow): object {
  return { ...held, at: isoTime(at) };
}

/** A pair that waits, as people see it. */
export function waitingView(waiting: Waiting): object {
  return waiting.kind === 'parked'
    ? { ...waiting, due: isoTime(waiting.due), since: isoTime(waiting.since) }
    : { ...waiting, at: isoTime(waiting.at) };
}

export const HistoryView = z
  .object({
    at: IsoTime.describe('When the losing version was made.'),
    entity: AnEntity,
    recordId: z.string().nullable(),
    itemId: z.string().nullable(),
    field: z.string().nullable().describe('The field whose value lost; null for a whole item or record.'),
    side: Side,
    version: z.string(),
    action: z.string(),
    reason: z.string(),
    winner: Side.nullable(),
    by: z.string().optional().describe('The Entra object id of the admin who decided it.'),
    cycle: IsoTime.nullable().describe('The cycle that did it; null where the entry is older than that was noted.'),
  })
  .meta({ id: 'HistoryEntry' });

export const JournalView = HistoryView.extend({ value: z.string().nullable().describe('The losing value, as JSON.') }).meta({
  id: 'JournalEntry',
});

/** An entry of the journal, with or without its value, as people see it. */
export function journalView(entry: Omit<JournalEntry, 'value'>): object {
  return { ...entry, at: isoTime(entry.at), cycle: isoTime(entry.cycle === 0 ? null : entry.cycle) };
}

export const DryPairView = z
  .object({
    entity: AnEntity,
    recordId: z.string(),
    itemId: z.string().nullable(),
    actions: z.array(z.enum(dryActions)),
    reason: ReasonCode,
    fields: z.array(z.object({ field: z.string(), side: Side, values: z.object({ before: FieldValue, after: FieldValue }).optional() })),
    mails: z.array(z.string()).describe('The addresses that Exchange would write to.'),
  })
  .meta({ id: 'PlannedPair' });
