import type { Values } from '../model/values';
import type { LinkChange } from '../storage/link-changes';
import type { Bases, Link } from '../sync/link';
import { rewritesAfter } from '../sync/loop-breaker';
import { wishIn } from '../sync/tracked';
import { agreedItem, agreedRecord } from './agreed';
import type { AppliedPair, PlannedPair } from './apply';
import { begunBases } from './begun';
import type { Session } from './session';

/** What becomes of a link, beside what its two sides say. */
export interface LinkFacts extends Pick<Link, 'state' | 'reason' | 'withheld'> {
  readonly keepBases: boolean;
  /** Fields whose change in Dynamics still waits; their base stays, so that it goes on being a change. */
  readonly heldFields: readonly string[];
  /** Fields that the item changed and a closed record was not given; their bases stay, so that they are news once it is opened again. */
  readonly untold: readonly string[];
  /** Fields of the item that a new record could not be given at once; whatever the item holds there is news. */
  readonly again: readonly string[];
}

/** The link as it now is, under the item that its pair has now; nothing where there is no item. */
export function putLink(session: Session, applied: AppliedPair, facts: LinkFacts): LinkChange[] {
  const { planned } = applied;
  const { read, incarnation } = planned;
  const rules = session.rules;
  const item = agreedItem(applied, rules);
  if (item === null) return [];
  const record = agreedRecord(applied, rules);
  const link: Link = {
    ...read.work.key,
    itemId: item.id,
    feed: item.feed,
    state: facts.state,
    reason: facts.reason,
    incarnation,
    recordVersion: record.version,
    itemVersion: item.version,
    bases: facts.keepBases
      ? begunBases(rules, read.work.key.entity, newBases(read.link, { dynamics: record.values, exchange: item.values }, facts))
      : null,
    withheld: facts.withheld,
    ...wishIn(item.values, read.link ?? {}, session.integration.settings),
    at: session.now,
    ...rewritesIn(planned, session.now, facts.state),
  };
  return [{ put: 'link', link, formerItemId: read.work.link?.itemId ?? null }, ...followFolder(session, link)];
}

/** What the link remembers of Tandem's own writes; one that an admin thawed begins anew. */
function rewritesIn({ read, plan }: PlannedPair, now: number, state: Link['state']): Pick<Link, 'rewrites'> {
  const before = read.link === null || read.link.state === 'frozen' ? [] : (read.link.rewrites ?? []);
  const rewrites = state === 'released' ? [] : rewritesAfter(before, plan, now);
  return rewrites.length === 0 ? {} : { rewrites };
}

/**
 * What each side holds, now that they agree. A field that is held, or that a closed record was not told, keeps the base it had, so that it goes on being a change; the
 * latter on both sides, for what the record changed there did not reach the item either.
 */
function newBases(link: Link | null, agreed: Bases, { heldFields, untold, again }: LinkFacts): Bases {
  return {
    dynamics: { ...agreed.dynamics, ...pick(link?.bases?.dynamics ?? {}, [...heldFields, ...untold]) },
    exchange: { ...agreed.exchange, ...pick(link?.bases?.exchange ?? {}, untold), ...pick({}, again) },
  };
}

/** A task that was moved to another list takes that list into the sync. */
export function followFolder(session: Session, link: Link): LinkChange[] {
  if (session.cursors.has(link.feed) || link.state === 'released') return [];
  session.beginChain(link.feed);
  const cursor = session.cursors.get(link.feed);
  return cursor === undefined ? [] : [{ put: 'cursor', cursor }];
}

/** These fields of the values; one that is not there is null. */
function pick(values: Values, fields: readonly string[]): Values {
  return Object.fromEntries(fields.map((field) => [field, values[field] ?? null]));
}
