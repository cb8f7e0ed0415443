import type { CycleEnd } from '../cycle/cycle';
import type { CycleServices } from '../cycle/services';
import { workFor } from '../cycle/work-for';
import type { WakeUp } from '../messaging/messages';
import type { Tested } from '../model/mailbox-standing';
import type { StepResult, TestReport } from '../model/mailbox-test';
import { asTandemError, errorCodes, TandemError } from '../platform/errors';
import type { Services } from '../services';
import { restOf, type StoredMailbox } from '../storage/mailboxes';
import { type EnableServices, enableApproved, notApproved } from './enable';
import { isPassing } from './status';
import { dynamicsSteps, exchangeSteps, tried, untried } from './test-steps';

export type TestServices = CycleServices & EnableServices & Pick<Services, 'testReports'>;

/** What fails for a passing cause is tried so often before the test fails with it. */
const mostTries = 5;
/** Whatever became of a test, so long after it its mailbox is looked through for what it may have left behind. */
const tidyAfterMs = 3_600_000;
const givenUpMs = 86_400_000;

/**
 * Runs the test that was asked for, in the mailbox's session, so that no cycle runs beside it: every step on its own, and where none fails, the mailbox is
 * switched on. A passing failure schedules another try. For a test that has ended, removes what a process that died in it may have left in the mailbox.
 */
export async function runTest(wakeUp: WakeUp, services: TestServices): Promise<CycleEnd> {
  const { messenger, clock, log, settings } = services;
  try {
    return await test(wakeUp, services);
  } catch (thrown) {
    const { code, detail = '' } = asTandemError(thrown);
    log.warn('test-interrupted', { mailbox: wakeUp.mailbox, code, detail });
    if (clock.now() - wakeUp.sentAt < givenUpMs) await messenger.wake(wakeUp, { at: clock.now() + 4 * settings.retryFirstMs });
    return 'later';
  }
}

async function test(wakeUp: WakeUp, services: TestServices): Promise<CycleEnd> {
  const { mailboxes, integrations, testReports, messenger, clock } = services;
  const mailbox = await mailboxes.get(wakeUp.integration, wakeUp.mailbox);
  const integration = await integrations.get(wakeUp.integration);
  if (mailbox === null || integration === null) return 'skipped';
  const { tested } = mailbox;
  if (tested === null) return endWithdrawn(services, mailbox);
  if (tested.endedAt !== null) return tidy(services, mailbox, tested.askedAt);
  const now = clock.now();
  // Nothing is read or written in a mailbox whose approval was taken back since the test was asked for.
  if (mailbox.approval.state !== 'approved') {
    const known = await testReports.get(mailbox);
    const begun = known?.id === tested.id ? known : blank(tested);
    const steps = [...begun.steps, await tried('switch-on', () => Promise.reject(notApproved()))];
    return end(services, mailbox, { ...begun, steps, endedAt: now });
  }
  const restsUntil = restOf(mailbox, now);
  if (restsUntil !== null) return comeBack(services, mailbox, restsUntil);

  // Sent before anything is written: whoever dies from here on has somebody who looks after it.
  await messenger.wake(workFor(mailbox, 'test', now), { id: `tidy|${tested.id}`, at: now + tidyAfterMs });
  const known = await testReports.get(mailbox);
  const tries = (known?.id === tested.id ? known.tries : 0) + 1;
  const report = { ...blank(tested), ...(known?.id === tested.id ? known : {}), tries };
  const check = services.exchange.check(mailbox.objectId);
  const inExchange = await exchangeSteps(check, integration, mailbox, now);
  await testReports.put(mailbox, { ...report, steps: inExchange });
  const inDynamics = await dynamicsSteps(services.dynamics(integration), integration, mailbox);
  const steps = await withSwitch(services, mailbox, tested, [...inExchange, ...inDynamics]);

  if (steps.some(isPassingStep) && tries < mostTries) {
    await testReports.put(mailbox, { ...report, steps });
    const { retryFirstMs, retryMostMs } = services.settings;
    return comeBack(services, mailbox, now + Math.min(retryMostMs, retryFirstMs * 2 ** tries));
  }
  return end(services, mailbox, { ...report, steps, endedAt: clock.now() });
}

/** A test that an administrator has made pointless meanwhile, by stopping the mailbox or giving its person another address: it ends as it is. */
async function endWithdrawn(services: TestServices, mailbox: StoredMailbox): Promise<CycleEnd> {
  const report = await services.testReports.get(mailbox);
  if (report === null) return 'skipped';
  if (report.endedAt !== null) return tidy(services, mailbox, report.askedAt);
  const steps = [...report.steps, await tried('switch-on', () => Promise.reject(withdrawn()))];
  return end(services, mailbox, { ...report, steps, endedAt: services.clock.now() });
}

/** The last step, where no other failed and nobody has withdrawn the test: the mailbox takes part. */
async function withSwitch(
  services: TestServices,
  { integration, id }: StoredMailbox,
  { id: test }: Tested,
  steps: StepResult[],
): Promise<StepResult[]> {
  const failure = steps.find(({ result }) => result === 'failed');
  if (failure !== undefined) return [...steps, ...untried(['switch-on'], failure.step)];
  const isWanted = ({ tested }: StoredMailbox): void => {
    if (tested?.id !== test) throw withdrawn();
  };
  return [...steps, await tried('switch-on', async () => void (await enableApproved(services, integration, id, isWanted)))];
}

function isPassingStep({ result, code }: StepResult): boolean {
  return result === 'failed' && code !== null && isPassing({ code });
}

async function end(services: TestServices, mailbox: StoredMailbox, report: TestReport): Promise<CycleEnd> {
  const { integration, id } = mailbox;
  const failures = report.steps.filter(({ result }) => result === 'failed');
  const [first] = failures;
  const failed =
    first === undefined ? null : { code: first.code ?? errorCodes.refused, detail: `${first.step}: ${first.detail}`, fix: first.fix };
  await services.testReports.put(mailbox, report);
  await services.mailboxes.update(integration, id, (there) =>
    there.tested?.id === report.id ? { ...there, tested: { ...there.tested, endedAt: report.endedAt, failed } } : there,
  );
  services.log.info('mailbox-tested', {
    integration,
    mailbox: id,
    failed: failures.map(({ step }) => step).join(' '),
    tries: report.tries,
  });
  return 'done';
}

async function tidy(services: TestServices, mailbox: StoredMailbox, askedAt: number): Promise<CycleEnd> {
  try {
    await services.exchange.check(mailbox.objectId).tidy();
    return 'done';
  } catch (thrown) {
    const { code, detail = '' } = asTandemError(thrown);
    const now = services.clock.now();
    services.log.warn('test-not-tidied', { mailbox: mailbox.id, code, detail });
    if (now - askedAt > givenUpMs) return 'done';
    return comeBack(services, mailbox, now + tidyAfterMs);
  }
}

async function comeBack({ messenger, clock }: TestServices, mailbox: StoredMailbox, at: number): Promise<CycleEnd> {
  await messenger.wake(workFor(mailbox, 'test', clock.now()), { at });
  return 'later';
}

function withdrawn(): TandemError {
  return new TandemError(errorCodes.conflict, {
    retry: 'never',
    fix: 'Test the mailbox again where it is to take part.',
    detail: 'the mailbox was stopped, or its address has changed, since the test was asked for',
  });
}

function blank({ id, askedAt, endedAt }: Tested): TestReport {
  return { id, askedAt, askedBy: '', endedAt, tries: 0, steps: [] };
}
