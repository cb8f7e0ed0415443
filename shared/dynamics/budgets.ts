import type { IntegrationConnection } from '../model/integration-connection';
import { feedsThatAreRead, type IntegrationSettings } from '../model/integration-settings';
import type { Clock } from '../platform/clock';
import { type Allowance, type Loans, termsOf } from '../platform/lending';
import { type Budget, createBudget, type KnownLoans } from './budget';

/** Half of what Dataverse allows an application user on one server ("Service protection API limits"): 52 requests at once, 6,000 in five minutes. */
const half: Allowance = { atOnce: 26, requests: 3_000, windowMs: 300_000 };

/** Where what is lent is kept, a row an integration. */
export interface LoanRows {
  read(integration: string): Promise<KnownLoans>;
  /** Throws `stale` where somebody was faster. */
  save(integration: string, loans: Loans, etag: string | null): Promise<string>;
}

interface Budgeted {
  readonly id: string;
  readonly settings: IntegrationSettings;
  readonly connection: IntegrationConnection;
}

export interface BudgetsOptions {
  readonly limits: LoanRows;
  readonly clock: Clock;
  /** The period in which each feed is looked at, ms. */
  readonly pollPeriodMs: number;
  /** The name of this instance, which no other one has. */
  readonly holder: string;
  readonly keep?: Clock['sleep'];
}

/** One budget an integration and its terms, which all clients of its environment in this process share. */
export type Budgets = (integration: Budgeted) => Budget;

export function createBudgets({ limits, clock, pollPeriodMs, holder, keep }: BudgetsOptions): Budgets {
  const known = new Map<string, Map<string, Budget>>();
  return ({ id, settings, connection: { rateLimit } }) => {
    const allowance = allowanceOf(rateLimit);
    const kinds = feedsThatAreRead(settings).length;
    const by = JSON.stringify([allowance, kinds]);
    const ofIntegration = known.get(id) ?? new Map<string, Budget>();
    known.set(id, ofIntegration);
    const there = ofIntegration.get(by);
    if (there !== undefined) return there;
    // A name of its own: requests that still run by the terms of before go on being counted under the other.
    const own = ofIntegration.size === 0 ? holder : `${holder} ${ofIntegration.size}`;
    const budget = createBudget({
      row: { read: () => limits.read(id), save: (loans, etag) => limits.save(id, loans, etag) },
      terms: termsOf(allowance, { kinds, everyMs: pollPeriodMs }),
      holder: own,
      lookEveryMs: pollPeriodMs,
      clock,
      ...(keep === undefined ? {} : { keep }),
    });
    ofIntegration.set(by, budget);
    return budget;
  };
}

function allowanceOf(rateLimit: IntegrationConnection['rateLimit']): Allowance {
  if (rateLimit === null) return half;
  return { ...half, requests: rateLimit.requests, windowMs: rateLimit.per === 'second' ? 1_000 : 60_000 };
}
