import type { ProbedFolder } from '../exchange/exchange';
import type { Marked } from '../model/seen';
import { restOf, type StoredMailbox } from '../storage/mailboxes';
import type { PollingServices } from './services';
import { wakeForLook } from './wake';

/** A retry that is overdue by this long was lost, so the probe asks for it again. */
const lostRetryMs = 60_000;

/**
 * Asks again for retries that were lost, then compares each folder of a group of mailboxes with its mark and wakes those in which something is different. Writes
 * nothing and reads no delta link.
 */
export async function probeMailboxes(
  services: PollingServices,
  integration: string,
  ids: readonly string[],
  only: 'tasks' | null = null,
): Promise<void> {
  const now = services.clock.now();
  const mailboxes = (await services.mailboxes.getMany(integration, ids)).filter(
    (mailbox) => mailbox.status === 'on' && restOf(mailbox, now) === null,
  );
  const overdue = mailboxes.filter(({ nextRetryAt }) => nextRetryAt !== null && nextRetryAt + lostRetryMs < now);
  if (overdue.length > 0)
    await services.messenger.wakeMany(
      overdue.map(({ id }) => ({ wakeUp: { kind: 'work', integration, mailbox: id, reason: 'retry', sentAt: now } })),
    );
  const probed = await services.exchange.probe(mailboxes.map((mailbox) => ({ userId: mailbox.objectId, feeds: feedsOf(mailbox, only) })));
  const different = mailboxes.filter((mailbox) => isDifferent(mailbox, probed.get(mailbox.objectId) ?? []));
  if (different.length > 0)
    await wakeForLook(
      services,
      integration,
      different.map(({ id }) => id),
    );
}

/** The folders of a mailbox that are synced, and its mail where a cycle has left a mark of it: only those do that track mail. */
export function feedsOf(mailbox: StoredMailbox, only: 'tasks' | null = null): Marked[] {
  const tasks = mailbox.taskLists.map((list): Marked => `tasks:${list}`);
  if (only === 'tasks') return tasks;
  const mail: Marked[] = mailbox.marks.mail === undefined ? [] : ['mail'];
  return ['calendar', 'contacts', ...tasks, ...mail];
}

function isDifferent({ marks }: StoredMailbox, folders: readonly ProbedFolder[]): boolean {
  return folders.some(({ feed, mark }) => marks[feed]?.newest !== mark.newest || marks[feed]?.count !== mark.count);
}
