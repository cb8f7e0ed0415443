import type { MortalQueue } from '../messaging/dead-letters';
import { type Ages, type Freshness, freshnessIn } from '../model/ages';
import { asTandemError, type ErrorCode } from '../platform/errors';
import type { Services } from '../services';
import { type State, statusOf, wantedBy } from './status';

/** How everything is, from facts that are kept anyway. Times are UTC ms. */
export interface Overview {
  readonly at: number;
  readonly freshness: Freshness;
  readonly integrations: readonly {
    readonly id: string;
    /** How many mailboxes are in each state. */
    readonly mailboxes: Readonly<Partial<Record<State, number>>>;
    readonly freshness: Freshness;
  }[];
  /** How many there are in each queue, 1,000 at most; null where that could not be read. */
  readonly deadLetters: Readonly<Record<MortalQueue, number | null>>;
  /** Since when the oldest message has waited for its cycle; null where none waits, or that could not be read. */
  readonly oldestWakeUp: number | null;
  /** What could not be read, and why. */
  readonly unread: readonly { readonly part: string; readonly code: ErrorCode; readonly fix: string }[];
}

type OverviewServices = Pick<Services, 'integrations' | 'mailboxes' | 'deadLetters' | 'clock'>;

/** Dead letters that are counted one by one. */
const mostCounted = 1_000;

/**
 * How everything is. Reads each mailbox's row once, a thousand a request; where a queue does not answer, says so and tells the rest.
 * @throws TandemError where the tables cannot be read
 */
export async function overview(services: OverviewServices): Promise<Overview> {
  const { clock, deadLetters: letters } = services;
  const unread: { part: string; code: ErrorCode; fix: string }[] = [];
  const attempt = async (part: string, read: () => Promise<number | null>): Promise<number | null> => {
    try {
      return await read();
    } catch (error) {
      const { code, fix } = asTandemError(error);
      unread.push({ part, code, fix });
      return null;
    }
  };
  const [counted, polls, wakeups, assignments, oldestWakeUp] = await Promise.all([
    census(services),
    attempt('deadLetters.polls', () => letters.count('polls', mostCounted)),
    attempt('deadLetters.wakeups', () => letters.count('wakeups', mostCounted)),
    attempt('deadLetters.assignments', () => letters.count('assignments', mostCounted)),
    attempt('oldestWakeUp', () => letters.oldestWaiting('wakeups')),
  ]);
  const now = clock.now();
  return {
    at: now,
    freshness: freshnessIn(
      counted.flatMap(({ ages }) => ages),
      now,
    ),
    integrations: counted.map(({ id, mailboxes, ages }) => ({ id, mailboxes, freshness: freshnessIn(ages, now) })),
    deadLetters: { polls, wakeups, assignments },
    oldestWakeUp,
    unread,
  };
}

interface Census {
  readonly id: string;
  readonly mailboxes: Partial<Record<State, number>>;
  readonly ages: Ages[];
}

async function census({ integrations, mailboxes, clock }: OverviewServices): Promise<Census[]> {
  const all: Census[] = [];
  for (const { id, settings } of await integrations.all()) {
    const found: Census = { id, mailboxes: {}, ages: [] };
    const wanted = wantedBy(settings);
    for await (const page of mailboxes.pages(id)) {
      for (const mailbox of page) {
        const { state } = statusOf({ ...mailbox, wanted }, clock.now()).overall;
        found.mailboxes[state] = (found.mailboxes[state] ?? 0) + 1;
        if (mailbox.ages !== undefined) found.ages.push(mailbox.ages);
      }
    }
    all.push(found);
  }
  return all;
}
