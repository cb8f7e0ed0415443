import { z } from 'zod';
import { noIntegration } from '../../shared/mailboxes/enable';
import { type MailboxStatus, type State, states, statusOf, type WorkloadStatus, wantedBy } from '../../shared/mailboxes/status';
import { Filters } from '../../shared/model/filter';
import { approvalStates, Methods } from '../../shared/model/mailbox-standing';
import type { Services } from '../../shared/services';
import type { Push, StoredMailbox } from '../../shared/storage/mailboxes';
import { holdReasons } from '../../shared/sync/decision';
import { IsoTime } from './schemas';
import { isoTime } from './views';

const CauseView = z.object({ code: z.string(), detail: z.string(), fix: z.string(), since: IsoTime }).meta({ id: 'Cause' });

const StateView = z.object({
  state: z.enum(Object.keys(states) as [State, ...State[]]),
  sentence: z.string(),
  cause: CauseView.nullable().describe('Why it is not in step, and what helps.'),
});

export const MailboxView = z
  .object({
    integration: z.string(),
    id: z.string().describe('The id of its user in Dynamics.'),
    systemUserId: z.string(),
    objectId: z.string().describe('The Entra object id of its user.'),
    email: z.string(),
    name: z.string(),
    zone: z.string().describe('The name of a time zone, as IANA gives it.'),
    state: StateView.extend({
      act: StateView.describe('Appointments, contacts and tasks.'),
      incoming: StateView.describe('Incoming e-mail.'),
    }).describe('How it is: worked out from everything else, and set by nobody.'),
    status: z.enum(['off', 'loading', 'on', 'paused']),
    approval: z.object({ state: z.enum(approvalStates), by: z.string().nullable(), at: IsoTime.nullable() }),
    methods: Methods,
    profile: z.string().nullable(),
    tested: z
      .object({
        id: z.string(),
        askedAt: IsoTime,
        endedAt: IsoTime.nullable(),
        failed: CauseView.omit({ since: true }).nullable(),
      })
      .nullable()
      .describe('The last test.'),
    enabledAt: IsoTime,
    filters: Filters,
    lastChangeAt: IsoTime.nullable(),
    nextRetryAt: IsoTime.nullable(),
    lastCycleAt: IsoTime.nullable(),
    health: z
      .object({
        code: z.string(),
        detail: z.string().nullable(),
        fix: z.string(),
        failures: z.int(),
        since: IsoTime,
        about: z.enum(['act', 'incoming']).optional(),
      })
      .nullable(),
    push: z
      .object({
        until: IsoTime.nullable().describe(
          'Until when Exchange tells of changes by itself, unless that is renewed; null while it does not.',
        ),
        failure: z
          .object({ code: z.string(), detail: z.string().nullable(), fix: z.string(), failures: z.int(), retryAt: IsoTime })
          .nullable(),
      })
      .optional(),
    pairs: z.int().optional().describe('About how many pairs are linked.'),
    held: z.partialRecord(z.enum(holdReasons), z.int()).optional().describe('How much waits for an admin to decide, by reason.'),
  })
  .meta({ id: 'Mailbox' });

/**
 * How mailboxes of an integration are shown: whether a workload is wanted at all is the integration's.
 * @throws TandemError `not-found`
 */
export async function mailboxViewIn({ integrations, clock }: Services, id: string): Promise<(mailbox: StoredMailbox) => object> {
  const integration = await integrations.get(id);
  if (integration === null) throw noIntegration(id);
  const wanted = wantedBy(integration.settings);
  return (mailbox) => ({ ...plainView(mailbox), state: statusView(statusOf({ ...mailbox, wanted }, clock.now())) });
}

/** A mailbox without what only a cycle needs. */
function plainView({
  marks: _marks,
  columnRights: _rights,
  deletedItems: _deleted,
  taskLists: _lists,
  ages: _ages,
  loads: _loads,
  health,
  approval,
  tested,
  push,
  held,
  ...mailbox
}: StoredMailbox): object {
  return {
    ...mailbox,
    approval: { ...approval, at: isoTime(approval.at) },
    tested: tested === null ? null : { ...tested, askedAt: isoTime(tested.askedAt), endedAt: isoTime(tested.endedAt) },
    enabledAt: isoTime(mailbox.enabledAt),
    lastChangeAt: isoTime(mailbox.lastChangeAt),
    nextRetryAt: isoTime(mailbox.nextRetryAt),
    lastCycleAt: isoTime(mailbox.lastCycleAt),
    health: health === null ? null : { ...health, since: isoTime(health.since) },
    ...(held === undefined ? {} : { held: Object.fromEntries(Object.entries(held).map(([reason, { count }]) => [reason, count])) }),
    ...(push === undefined ? {} : { push: pushView(push) }),
  };
}

function pushView({ subscriptions, failure }: Push): object {
  const ends = subscriptions.map(({ until }) => until);
  return {
    until: isoTime(ends.length === 0 ? null : Math.min(...ends)),
    failure: failure === null ? null : { ...failure, retryAt: isoTime(failure.retryAt) },
  };
}

function statusView({ overall, act, incoming }: MailboxStatus): object {
  return { ...workloadView(overall), act: workloadView(act), incoming: workloadView(incoming) };
}

function workloadView({ state, cause }: WorkloadStatus): object {
  return { state, sentence: states[state], cause: cause === null ? null : { ...cause, since: isoTime(cause.since) } };
}
