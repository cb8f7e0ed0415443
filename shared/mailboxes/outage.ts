import { groupedBy } from '../platform/groups';
import { type Health, type StoredMailbox, takesPart } from '../storage/mailboxes';
import type { Cause } from './status';

/** A trouble that came over many mailboxes of an integration at once. */
export interface Outage {
  readonly cause: Cause;
  /** The mailboxes that fail because of it. */
  readonly ids: ReadonlySet<string>;
}

/** So many mailboxes, and this share of those that take part, within this time, are no coincidence. */
const fewest = 5;
const share = 0.2;
const withinMs = 900_000;

interface Failing {
  readonly id: string;
  readonly health: Health;
}

/** The troubles that many mailboxes of an integration share. */
export function outagesIn(mailboxes: readonly StoredMailbox[]): Outage[] {
  const serving = mailboxes.filter(takesPart);
  const failing = serving.flatMap(({ id, health }): Failing[] => (health === null ? [] : [{ id, health }]));
  const needed = Math.max(fewest, Math.ceil(serving.length * share));
  return [...groupedBy(failing, ({ health }) => health.code).values()].flatMap((group) => outageIn(group, needed) ?? []);
}

/** One code: where enough of the failures began close together, everything that failed since then belongs to it. */
function outageIn(group: readonly Failing[], needed: number): Outage | null {
  const sorted = [...group].sort((left, right) => left.health.since - right.health.since);
  const begin = sorted.findIndex(({ health }, index) => {
    const last = sorted[index + needed - 1];
    return last !== undefined && last.health.since - health.since <= withinMs;
  });
  const first = sorted[begin];
  if (first === undefined) return null;
  const { code, detail, fix, since } = first.health;
  return { cause: { code, detail: detail ?? '', fix, since }, ids: new Set(sorted.slice(begin).map(({ id }) => id)) };
}
