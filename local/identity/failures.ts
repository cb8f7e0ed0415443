import { z } from 'zod';
import { StsError } from './sts-error';

/** Failures on order: the next `times` requests to an endpoint answer with this error. `times: 0` takes every order back. */
export const failureSchema = z.strictObject({
  error: z.string().min(1),
  /** The AADSTS number. */
  code: z.int().positive(),
  times: z.int().min(0).default(1),
  endpoint: z.enum(['token', 'authorize']).default('token'),
  /** The `grant_type` that fails; every one where absent. */
  grant: z.string().optional(),
  text: z.string().default('This failure was ordered.'),
  status: z.int().min(400).max(599).optional(),
  suberror: z.string().optional(),
  claims: z.string().optional(),
});

type Order = z.output<typeof failureSchema>;

export class Failures {
  private orders: Order[] = [];

  order(body: unknown): { pending: number } {
    const order = failureSchema.parse(body);
    this.orders = order.times === 0 ? [] : [...this.orders, order];
    return { pending: this.orders.reduce((sum, { times }) => sum + times, 0) };
  }

  /** Throws the first failure on order for this endpoint and grant type, and counts it off. */
  check(endpoint: Order['endpoint'], grant?: string): void {
    const order = this.orders.find((each) => each.endpoint === endpoint && (each.grant === undefined || each.grant === grant));
    if (order === undefined) return;
    order.times -= 1;
    this.orders = this.orders.filter(({ times }) => times > 0);
    const { status, suberror, claims } = order;
    throw new StsError(order.error, order.code, order.text, { status, suberror, claims });
  }
}
