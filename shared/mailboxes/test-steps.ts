import type { Dynamics } from '../dynamics/dynamics';
import { type ExchangePart, type MailboxCheck, type WrittenPart, writtenParts } from '../exchange/check';
import { entitiesThatSync } from '../model/integration-settings';
import type { Methods } from '../model/mailbox-standing';
import type { StepResult, TestStep } from '../model/mailbox-test';
import { asTandemError, type ErrorCode, errorCodes, TandemError } from '../platform/errors';
import type { Integration } from '../storage/integrations';
import type { StoredMailbox } from '../storage/mailboxes';
import { personOf, skips } from './import-users';
import { privilegesFor } from './privileges';

/** What Exchange allows Tandem in a mailbox, part by part: one that is refused does not hide the others. */
export async function exchangeSteps(
  check: MailboxCheck,
  integration: Integration,
  { methods }: Pick<StoredMailbox, 'methods'>,
  now: number,
): Promise<StepResult[]> {
  const parts = partsFor(integration, methods);
  const read = await check.read(parts);
  const refusal = read.get('mailbox') ?? null;
  if (refusal !== null && isSignIn(refusal))
    return [failed('exchange-sign-in', refusal), ...untried(['mailbox', ...folders], 'exchange-sign-in')];
  const steps = [ok('exchange-sign-in')];
  if (refusal !== null) return [...steps, failed('mailbox', refusal), ...untried(folders, 'mailbox')];
  steps.push(ok('mailbox'));
  for (const part of folders) {
    const error = read.get(part) ?? null;
    if (!parts.includes(part)) steps.push(notNeeded(part));
    else if (error !== null) steps.push(failed(part, error));
    else steps.push(isWritten(part) ? await tried(part, () => check.writeAndRemove(part, now)) : ok(part));
  }
  return steps;
}

const folders = ['calendar', 'contacts', 'tasks', 'mail'] as const satisfies readonly ExchangePart[];

function isWritten(part: ExchangePart): part is WrittenPart {
  return writtenParts.some((each) => each === part);
}

/** The parts that this mailbox needs for what syncs there. */
function partsFor({ settings }: Integration, { act, incoming }: Methods): readonly ExchangePart[] {
  const synced = act === 'sync' ? entitiesThatSync(settings) : [];
  const isSynced = (...wanted: readonly string[]): boolean => synced.some((entity) => wanted.includes(entity));
  return [
    'mailbox',
    ...(isSynced('appointment', 'series', 'serviceappointment') ? (['calendar'] as const) : []),
    ...(isSynced('contact') ? (['contacts'] as const) : []),
    ...(isSynced('task', 'phonecall', 'letter', 'fax') ? (['tasks'] as const) : []),
    ...(incoming === 'sync' && settings.mail.track !== 'off' ? (['mail'] as const) : []),
  ];
}

/** What Dynamics says of the mailbox's user: who she is, whether Tandem may act for her, and every privilege that she lacks, at once. */
export async function dynamicsSteps(
  dynamics: Dynamics,
  { settings }: Integration,
  { systemUserId, objectId, methods }: StoredMailbox,
): Promise<StepResult[]> {
  const { users } = dynamics;
  const steps: StepResult[] = [];
  try {
    const user = await users.one(systemUserId);
    steps.push(ok('dynamics-sign-in'), userStep(user === null ? null : personOf(user)));
    if (user === null) return [...steps, ...untried(['act-as-user', 'privileges'], 'user')];
  } catch (thrown) {
    return [failed('dynamics-sign-in', asTandemError(thrown)), ...untried(['user', 'act-as-user', 'privileges'], 'dynamics-sign-in')];
  }
  steps.push(await tried('act-as-user', async () => expectUser(await users.actingAs({ objectId }), systemUserId)));
  const needed = privilegesFor(settings, methods);
  steps.push(await tried('privileges', async () => expectAll(needed, await users.privileges(systemUserId))));
  return steps;
}

function userStep(person: ReturnType<typeof personOf> | null): StepResult {
  if (person === null) return wrong('user', errorCodes.notFound, 'no such user', 'Add the person to the Dynamics environment.');
  if (typeof person !== 'string') return ok('user');
  return wrong('user', errorCodes.forbidden, person, `Correct it in Dynamics, then test again. ${skips[person]}`);
}

function expectUser(actual: string, expected: string): void {
  if (actual === expected) return;
  throw new TandemError(errorCodes.conflict, {
    retry: 'never',
    fix: 'Import the users again: the account belongs to another user of Dynamics.',
    detail: 'the account acts as another user',
  });
}

function expectAll(needed: readonly string[], had: ReadonlySet<string> | null): void {
  const missing = had === null ? [] : needed.filter((name) => !had.has(name));
  if (missing.length === 0) return;
  throw new TandemError(errorCodes.forbidden, {
    retry: 'never',
    fix: 'Give the user a security role that has these privileges, then test again.',
    detail: missing.join(' '),
  });
}

/** The step that a piece of work decides: what it throws is why it failed. */
export async function tried(step: TestStep, work: () => Promise<void>): Promise<StepResult> {
  try {
    await work();
    return ok(step);
  } catch (thrown) {
    return failed(step, asTandemError(thrown));
  }
}

/** Nobody was let in at all: no token, or one that counts for nothing. */
function isSignIn({ code, status }: TandemError): boolean {
  return (
    code === errorCodes.settings ||
    code === errorCodes.signInNeeded ||
    code === errorCodes.unauthorized ||
    (code === errorCodes.unavailable && status === undefined)
  );
}

function ok(step: TestStep): StepResult {
  return { step, result: 'ok', code: null, detail: '', fix: '' };
}

function failed(step: TestStep, { code, detail = '', fix }: TandemError): StepResult {
  return wrong(step, code, detail, fix);
}

function wrong(step: TestStep, code: ErrorCode, detail: string, fix: string): StepResult {
  return { step, result: 'failed', code, detail, fix };
}

function notNeeded(step: TestStep): StepResult {
  return { step, result: 'skipped', code: null, detail: 'nothing of this kind syncs here', fix: '' };
}

/** Steps that could not be tried because of another. */
export function untried(steps: readonly TestStep[], because: TestStep): StepResult[] {
  return steps.map((step) => ({ step, result: 'skipped', code: null, detail: `not tried: ${because} failed`, fix: '' }));
}
