import { z } from 'zod';

/**
 * One way to misbehave. `throttle` answers 429 with `Retry-After`; `error` answers `status`; `timeout` never answers; `cutBefore` drops the
 * connection with nothing done; `cutAfter` does the work and then drops it; `expireCursor` makes a delta link count as expired.
 */
export const faultRuleSchema = z.strictObject({
  service: z.enum(['dynamics', 'graph', 'identity', 'keyVault']),
  /** HTTP method; every method where absent. */
  method: z.string().optional(),
  /** A regular expression on path and query; every path where absent. */
  path: z.string().optional(),
  /** The first matching call that is hit, from 1. */
  from: z.int().min(1).default(1),
  /** How many matching calls are hit, one after the other. */
  times: z.int().min(1).default(1_000_000),
  /** How long the rule lives, in ms from when it was added. */
  forMs: z.int().min(1).optional(),
  kind: z.enum(['throttle', 'error', 'timeout', 'cutBefore', 'cutAfter', 'expireCursor']),
  /** The status of an `error`. */
  status: z.int().min(400).max(599).default(503),
  /** `Retry-After` of a `throttle` or an `error`, in seconds. */
  retryAfterSeconds: z.int().min(0).optional(),
});

export type FaultRule = z.output<typeof faultRuleSchema>;
export type FaultService = FaultRule['service'];
export type Fault = Pick<FaultRule, 'kind' | 'status' | 'retryAfterSeconds'>;

interface Armed {
  readonly id: number;
  readonly rule: FaultRule;
  readonly pattern: RegExp | undefined;
  readonly until: number;
  calls: number;
}

/** The faults that are armed now; every request and every batch part asks it once. */
export class Faults {
  private rules: Armed[] = [];
  private lastId = 0;
  private suspended = 0;

  constructor(private readonly now: () => number = Date.now) {}

  /** Arms a rule and returns its id. */
  add(input: z.input<typeof faultRuleSchema>): number {
    const rule = faultRuleSchema.parse(input);
    const until = rule.forMs === undefined ? Number.POSITIVE_INFINITY : this.now() + rule.forMs;
    this.rules.push({ id: ++this.lastId, rule, pattern: rule.path === undefined ? undefined : new RegExp(rule.path), until, calls: 0 });
    return this.lastId;
  }

  clear(): void {
    this.rules = [];
  }

  /** Lets every call through, uncounted, until the returned function is called. */
  suspend(): () => void {
    this.suspended += 1;
    return () => {
      this.suspended -= 1;
    };
  }

  list(): { id: number; rule: FaultRule; calls: number }[] {
    return this.rules.map(({ id, rule, calls }) => ({ id, rule, calls }));
  }

  /** The fault for this call, if a rule hits it. Counts the call against each rule that matches, up to the first that hits. */
  take(service: FaultService, method: string, pathAndQuery: string): Fault | undefined {
    if (this.suspended > 0) return undefined;
    this.rules = this.rules.filter((armed) => armed.until > this.now());
    for (const armed of this.rules) {
      const { rule } = armed;
      if (rule.service !== service || (rule.method !== undefined && rule.method !== method)) continue;
      if (armed.pattern !== undefined && !armed.pattern.test(pathAndQuery)) continue;
      armed.calls += 1;
      if (armed.calls >= rule.from && armed.calls < rule.from + rule.times) return rule;
    }
    return undefined;
  }
}
