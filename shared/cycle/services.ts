import type { Dynamics } from '../dynamics/dynamics';
import type { Exchange } from '../exchange/exchange';
import type { Messenger } from '../messaging/senders';
import type { Clock } from '../platform/clock';
import type { Sealer } from '../platform/seal';
import type { Log } from '../platform/telemetry';
import type { Homes } from '../storage/homes';
import type { Integration, Integrations } from '../storage/integrations';
import type { Journal } from '../storage/journal';
import type { LinkPartition } from '../storage/links';
import type { Mailboxes, StoredMailbox } from '../storage/mailboxes';

/** The bounds of a cycle; durations in ms. */
export interface CycleSettings {
  /** Pairs a slice takes up at most. */
  readonly sliceActions: number;
  /** After this long a cycle schedules its own continuation and returns. */
  readonly cycleMs: number;
  /** How long one request may take; an intent is left alone for twice as long. */
  readonly requestTimeoutMs: number;
  /** How long a missing task has to stay missing before it counts as deleted. */
  readonly taskRecheckMs: number;
  readonly retryFirstMs: number;
  readonly retryMostMs: number;
  readonly calendarPastMs: number;
  readonly calendarFutureMs: number;
  /** Where Exchange reaches the app; null where it cannot. */
  readonly publicUrl: string | null;
}

/** Everything that a cycle touches. */
export interface CycleServices {
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: CycleSettings;
  readonly integrations: Pick<Integrations, 'get' | 'readDepartures' | 'saveDepartures'>;
  readonly mailboxes: Pick<Mailboxes, 'get' | 'update' | 'pages'>;
  readonly homes: Pick<Homes, 'getMany' | 'handOver' | 'insert' | 'upsertMany'>;
  readonly journal: Pick<Journal, 'write'>;
  readonly messenger: Pick<Messenger, 'wake' | 'reject'>;
  readonly exchange: Exchange;
  /** Keeps secrets unreadable at rest. */
  readonly sealer: () => Promise<Sealer>;
  links(mailbox: Pick<StoredMailbox, 'integration' | 'id'>): Promise<LinkPartition>;
  dynamics(integration: Integration): Dynamics;
}
