import type { Attributes } from '@opentelemetry/api';

/** What a span or a measurement may say beside its name. Values are ids and fixed words: never a name, a subject, an address or a token. */
export type Signal =
  /** Which integration, and which mailbox of it. */
  | 'tandem.integration'
  | 'tandem.mailbox'
  /** Why something was done or held: a reason of a plan. */
  | 'tandem.reason'
  /** How a cycle ended. */
  | 'tandem.end'
  /** The service that a request went to: `dynamics` or `exchange`. */
  | 'tandem.service'
  /** The first digit of a reply, such as `2xx`; `none` where there was none. */
  | 'tandem.status'
  /** A request's path without what it is about. */
  | 'tandem.route'
  /** Whose token was asked for: `application`, `service` or `person`. */
  | 'tandem.token'
  /** The queue that messages were sent to, and how many. */
  | 'tandem.queue'
  | 'tandem.messages'
  /** The code of a TandemError. */
  | 'tandem.error'
  /** What Application Insights shows of a request. */
  | 'http.request.method'
  | 'http.response.status_code'
  /** How many pairs of a slice had this reason. */
  | `tandem.actions.${string}`;

export type Signals = Readonly<Partial<Record<Signal, string | number | boolean>>>;

/** Ids, fixed words and templates of paths. No address of a person has room in it, and nothing of several words. */
const plain = /^[\w.$:{}(),=…/-]{0,200}$/;

/** The last net, not the rule: a text that is no id and no fixed word is not told. */
export function told(signals: Signals): Attributes {
  return Object.fromEntries(
    Object.entries(signals).map(([name, value]) => [name, typeof value === 'string' && !plain.test(value) ? '[removed]' : value]),
  );
}
