import type { Dynamics } from '../dynamics/dynamics';
import { noIntegration } from '../mailboxes/enable';
import { feedsThatAreRead } from '../model/integration-settings';
import { asTandemError, errorCodes, TandemError } from '../platform/errors';
import { agreeOnTls, reach } from '../platform/reach';
import type { Services } from '../services';
import type { Integration } from '../storage/integrations';
import { servicePrivileges } from './service-privileges';

/** What is tried, in this order. */
export const testSteps = ['address', 'tls', 'signIn', 'whoAmI', 'version', 'changeTracking', 'rights'] as const;
export type TestStepName = (typeof testSteps)[number];

export interface TestStep {
  readonly step: TestStepName;
  readonly outcome: 'ok' | 'failed' | 'skipped';
  /** How long it took. */
  readonly ms: number;
  /** What was found, or why it failed or was skipped; holds no secret. */
  readonly detail: string | null;
  /** What a person can do; null where nothing need be done. */
  readonly fix: string | null;
}

/** What a step found; `skip` where it has nothing to look at here. */
interface Found {
  readonly skip?: true;
  readonly detail: string | null;
}

interface Step {
  readonly step: TestStepName;
  /** Steps without which this one can say nothing. */
  readonly needs: readonly TestStepName[];
  run(): Promise<Found>;
}

type TestServices = Pick<Services, 'integrations' | 'clock' | 'tokensOf' | 'dynamics'>;

/** Each step is given up after this, so that all of them end before Azure's front end gives the request up (230 s). */
const stepMs = 20_000;
const requestSeconds = 15;

/**
 * Tries a connection as it is saved, step by step, and tells what each came to. What another step needs is skipped once that has failed; everything else is tried, so that
 * all that is wrong is told at once. Writes nothing anywhere.
 * @throws TandemError `not-found`
 */
export async function testIntegration(services: TestServices, id: string): Promise<readonly TestStep[]> {
  const integration = await services.integrations.get(id);
  if (integration === null) throw noIntegration(id);
  return runSteps(stepsOf(services, integration), services.clock.now);
}

function stepsOf({ tokensOf, dynamics: dynamicsOf }: TestServices, integration: Integration): readonly Step[] {
  const { baseUrl, connection, settings } = integration;
  const door = { url: baseUrl, caBundle: connection.onPremises?.caBundle ?? null, timeoutMs: requestSeconds * 1_000 };
  const timeoutSeconds = Math.min(connection.timeoutSeconds, requestSeconds);
  const dynamics = dynamicsOf({ ...integration, connection: { ...connection, timeoutSeconds } });
  return [
    { step: 'address', needs: [], run: () => nothing(reach(door)) },
    {
      step: 'tls',
      needs: ['address'],
      run: async () => (baseUrl.startsWith('http:') ? { skip: true, detail: 'the address is on this machine' } : nothing(agreeOnTls(door))),
    },
    { step: 'signIn', needs: [], run: () => nothing(tokensOf(integration).service()) },
    { step: 'whoAmI', needs: ['address', 'tls', 'signIn'], run: async () => ({ detail: await dynamics.users.actingAs('service') }) },
    { step: 'version', needs: ['whoAmI'], run: async () => ({ detail: supported(await dynamics.environment.version()) }) },
    {
      step: 'changeTracking',
      needs: ['whoAmI'],
      run: async () => tracked(await dynamics.environment.withoutTracking(feedsThatAreRead(settings))),
    },
    { step: 'rights', needs: ['whoAmI'], run: () => holdsAll(dynamics, servicePrivileges(settings)) },
  ];
}

async function runSteps(steps: readonly Step[], now: () => number): Promise<readonly TestStep[]> {
  const done: TestStep[] = [];
  /** What failed, and what could not be tried because of that. */
  const inTheWay = new Set<TestStepName>();
  for (const { step, needs, run } of steps) {
    const missing = needs.find((each) => inTheWay.has(each));
    const startedAt = now();
    const result = missing === undefined ? await outcomeOf(run) : { outcome: 'skipped' as const, detail: `needs ${missing}`, fix: null };
    if (missing !== undefined || result.outcome === 'failed') inTheWay.add(step);
    done.push({ step, ms: Math.max(0, now() - startedAt), ...result });
  }
  return done;
}

async function outcomeOf(run: Step['run']): Promise<Pick<TestStep, 'outcome' | 'detail' | 'fix'>> {
  try {
    const { skip, detail } = await within(run());
    return { outcome: skip === true ? 'skipped' : 'ok', detail, fix: null };
  } catch (error) {
    const { code, detail, fix } = asTandemError(error);
    return { outcome: 'failed', detail: detail === undefined ? code : `${code}: ${detail}`, fix };
  }
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow()), stepMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function nothing(work: Promise<unknown>): Promise<Found> {
  await work;
  return { detail: null };
}

/** The Web API that Tandem uses is there since version 9.1. */
function supported(version: string): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 9 || (major === 9 && minor >= 1)) return version;
  throw new TandemError(errorCodes.settings, {
    retry: 'never',
    fix: 'Bring the environment to version 9.1 or later.',
    detail: `version ${version}`,
  });
}

function tracked(without: readonly string[]): Found {
  if (without.length === 0) return { detail: null };
  throw new TandemError(errorCodes.settings, {
    retry: 'never',
    fix: 'Switch change tracking on for their tables, or switch these kinds of records off in the settings of the integration.',
    detail: `off, or no such table: ${without.join(', ')}`,
  });
}

async function holdsAll({ users }: Dynamics, needed: readonly string[]): Promise<Found> {
  const held = await users.privileges(await users.actingAs('service'));
  if (held === null) return { skip: true, detail: 'the environment does not name the privileges of a user' };
  const lower = new Set([...held].map((name) => name.toLowerCase()));
  const missing = needed.filter((name) => !lower.has(name.toLowerCase()));
  if (missing.length === 0) return { detail: null };
  throw new TandemError(errorCodes.forbidden, {
    retry: 'never',
    fix: 'Give the account by which Tandem signs in a security role that has them, at the level of the organization and not through a team.',
    detail: `lacks ${missing.join(', ')}`,
  });
}

function tooSlow(): TandemError {
  return new TandemError(errorCodes.timeout, {
    retry: 'later',
    fix: 'Try again. If it stays, see what stands between Tandem and the environment.',
    detail: `no answer within ${stepMs / 1_000} seconds`,
  });
}
