import { randomUUID } from 'node:crypto';
import { workFor } from '../cycle/work-for';
import type { Tested } from '../model/mailbox-standing';
import type { TestReport } from '../model/mailbox-test';
import type { Services } from '../services';
import type { StoredMailbox } from '../storage/mailboxes';
import { noMailbox } from './disable';
import { notApproved } from './enable';
import { lostTestMs } from './status';

type AskServices = Pick<Services, 'clock' | 'log' | 'mailboxes' | 'messenger' | 'testReports'>;

/** Who asks for a test, of which mailbox, and how long after the first of several, ms: tests of many are spread out. */
export interface Asking {
  readonly integration: string;
  readonly id: string;
  readonly by: string;
  readonly afterMs?: number;
}

/**
 * Asks for a test of a mailbox, which switches it on where it succeeds. It runs behind everything that the mailbox is busy with. While one is under way, asking
 * again is the same test.
 * @throws TandemError `not-found`, or `conflict` for a mailbox that nobody has approved
 */
export async function askForTest(services: AskServices, { integration, id, by, afterMs = 0 }: Asking): Promise<TestReport> {
  const { mailboxes, messenger, testReports, clock, log } = services;
  const now = clock.now();
  const fresh: Tested = { id: randomUUID(), askedAt: now, endedAt: null, failed: null };
  const mailbox = await mailboxes.update(integration, id, (there) =>
    there.approval.state !== 'approved' || isUnderWay(there, now) ? there : { ...there, tested: fresh },
  );
  if (mailbox === null) throw noMailbox(integration, id);
  if (mailbox.approval.state !== 'approved' || mailbox.tested === null) throw notApproved();
  const { tested } = mailbox;
  const known = await testReports.get(mailbox);
  const begun: TestReport = { id: tested.id, askedAt: tested.askedAt, askedBy: by, endedAt: tested.endedAt, tries: 0, steps: [] };
  const report = known?.id === tested.id ? known : begun;
  if (report !== known) await testReports.put(mailbox, report);
  // The id of the test makes one wake-up of several, and brings it back where the first was never sent.
  await messenger.wake(workFor(mailbox, 'test', now), { id: `test|${tested.id}`, at: now + afterMs });
  log.info('test-asked', { integration, mailbox: id });
  return report;
}

/** The last test of a mailbox. Throws TandemError `not-found` where there is no mailbox, or none of its tests. */
export async function readTest(
  { mailboxes, testReports }: Pick<Services, 'mailboxes' | 'testReports'>,
  integration: string,
  id: string,
): Promise<TestReport> {
  const report = (await mailboxes.get(integration, id)) === null ? null : await testReports.get({ integration, id });
  if (report === null) throw noMailbox(integration, id);
  return report;
}

function isUnderWay({ tested }: StoredMailbox, now: number): boolean {
  return tested !== null && tested.endedAt === null && now - tested.askedAt < lostTestMs;
}
