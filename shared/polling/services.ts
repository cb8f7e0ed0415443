import type { Dynamics } from '../dynamics/dynamics';
import type { Exchange } from '../exchange/exchange';
import type { Messenger } from '../messaging/senders';
import type { Clock } from '../platform/clock';
import type { Log } from '../platform/telemetry';
import type { Grants } from '../storage/grants';
import type { Homes } from '../storage/homes';
import type { Integration, Integrations } from '../storage/integrations';
import type { Journal } from '../storage/journal';
import type { LinkPartition } from '../storage/links';
import type { Mailboxes, StoredMailbox } from '../storage/mailboxes';
import type { RecordLoads } from '../storage/record-loads';
import type { Records } from '../storage/records';
import type { TimerRuns } from '../storage/timer-runs';
import type { DueIntervals } from '../sync/due';
import type { OnRecordChange } from '../workspace/record-change';

/** How often what is asked; durations in ms. */
export interface PollingSettings {
  /** The period of both poll timers. */
  readonly pollPeriodMs: number;
  readonly heartbeatPeriodMs: number;
  readonly wakeUpSlotMs: number;
  /** Where Exchange and Dynamics reach the app; null where they cannot. */
  readonly publicUrl: string | null;
  /** How long the journal is kept. */
  readonly journalKeptMs: number;
  readonly intervals: DueIntervals;
}

/** Everything that polling touches. */
export interface PollingServices {
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: PollingSettings;
  readonly integrations: Integrations;
  readonly mailboxes: Pick<Mailboxes, 'pages' | 'getMany'>;
  readonly homes: Homes;
  readonly journal: Pick<Journal, 'prune'>;
  readonly messenger: Messenger;
  readonly exchange: Exchange;
  readonly timerRuns: TimerRuns;
  readonly records: Records;
  readonly recordLoads: RecordLoads;
  readonly grants: Pick<Grants, 'any'>;
  /** Hears what loads of the record cache see. */
  readonly onRecordChange: OnRecordChange;
  links(mailbox: Pick<StoredMailbox, 'integration' | 'id'>): Promise<LinkPartition>;
  dynamics(integration: Integration): Dynamics;
}
