import { errorCodes, TandemError } from '../platform/errors';
import type { LinkChange } from '../storage/link-changes';
import { pairName } from '../storage/link-rows';
import { askBrake, type BrakeAnswer, type BrakeLimits, braked, counted, countOf, departureOf, letGoAsIs, roomFor } from '../sync/brake';
import type { PlannedPair } from './apply';
import type { Session } from './session';

/** What the brake made of a slice's plans. */
export interface Braked {
  readonly planned: readonly PlannedPair[];
  /** What has to be committed before, or together with, anything that departs. */
  readonly counting: readonly LinkChange[];
}

/** A departure that was counted and did not come about is not counted again for this long. */
const countStandsMs = 24 * 3_600_000;
const mostRaces = 10;

/**
 * Holds back what departs beyond what the settings let go within 24 hours, in this mailbox and in its integration (promise 8). What goes on is reserved first:
 * for the integration here, under the etag of its row; for the mailbox in the slice's first transaction. So two instances never pass on the same room, and a
 * crash in between counts too much, never too little.
 */
export async function brake(session: Session, planned: readonly PlannedPair[]): Promise<Braked> {
  const asked = planned.map((each) => ({ each, answer: askBrake(each.plan, factsOf(session, each)) }));
  const wanted = asked.filter(({ answer }) => answer.kind === 'counts').length;
  const inMailbox = await mailboxRoom(session, wanted);
  const granted = await reserve(session, Math.min(wanted, inMailbox.room));
  if (granted < wanted) trip(session, granted < inMailbox.room ? 'integration' : 'mailbox', wanted - granted);
  let left = granted;
  const judged = asked.map(({ each, answer }) =>
    answer.kind === 'counts' ? (left-- > 0 ? countedPair(session, each) : stoppedPair(each)) : judgedPair(each, answer),
  );
  if (granted === 0) return { planned: judged, counting: [] };
  session.departures = counted(session.departures, granted, session.now);
  if (session.linkedPairs !== null) session.linkedPairs -= granted;
  return { planned: judged, counting: [{ put: 'departures', departures: session.departures }] };
}

/** A plan as far as it is decided already: what the brake holds of it, and what an admin wants. Nothing is counted. */
export function asHeld(session: Session, each: PlannedPair): PlannedPair {
  return judgedPair(each, askBrake(each.plan, factsOf(session, each)));
}

function factsOf(session: Session, { read }: PlannedPair): Parameters<typeof askBrake>[1] {
  const held = session.holds.get(pairName(read.work.key));
  const countedAt = read.link?.countedAt;
  return {
    decision: read.work.decision ?? undefined,
    held: held?.reason === 'brake' ? held.action : null,
    isCounted: countedAt !== undefined && session.now - countedAt < countStandsMs,
  };
}

function judgedPair(each: PlannedPair, answer: BrakeAnswer): PlannedPair {
  switch (answer.kind) {
    case 'goes':
    case 'counts':
      return each;
    case 'stops':
      return { ...each, plan: braked(each.plan, answer.action) };
    case 'lets go':
      return { ...each, plan: letGoAsIs(each.plan) };
  }
}

function stoppedPair(each: PlannedPair): PlannedPair {
  const action = departureOf(each.plan);
  return action === null ? each : { ...each, plan: braked(each.plan, action) };
}

function countedPair(session: Session, each: PlannedPair): PlannedPair {
  return { ...each, countedAt: session.now };
}

/** How many more may depart from this mailbox. Its links are counted once a cycle, and only where the number alone would stop somebody. */
async function mailboxRoom(session: Session, wanted: number): Promise<{ readonly room: number }> {
  const limits = limitsOf(session, 'mailbox');
  const departed = countOf(session.departures, session.now);
  if (departed + wanted <= limits.number) return { room: wanted };
  session.linkedPairs ??= await session.partition.countLinks();
  return { room: roomFor(limits, departed, session.linkedPairs) };
}

/** Reserves room for so many departures in the integration, or for as many as there is room for. Throws `stale` after ten lost races. */
async function reserve(session: Session, wanted: number): Promise<number> {
  if (wanted === 0) return 0;
  const { integrations } = session.services;
  const { id } = session.integration;
  const limits = limitsOf(session, 'integration');
  for (let race = 1; ; race += 1) {
    const { departures, etag } = await integrations.readDepartures(id);
    const departed = countOf(departures, session.now);
    const room = departed + wanted <= limits.number ? wanted : roomFor(limits, departed, await linkedInAll(session));
    const granted = Math.min(wanted, room);
    if (granted === 0) return 0;
    try {
      await integrations.saveDepartures(id, counted(departures, granted, session.now), etag);
      return granted;
    } catch (error) {
      if (!(error instanceof TandemError) || error.code !== errorCodes.stale || race === mostRaces) throw error;
    }
  }
}

/** The linked pairs of all mailboxes, as each of them last noted. */
async function linkedInAll({ services, integration }: Session): Promise<number> {
  let sum = 0;
  for await (const page of services.mailboxes.pages(integration.id)) for (const { pairs = 0 } of page) sum += pairs;
  return sum;
}

function limitsOf({ integration }: Session, of: 'mailbox' | 'integration'): BrakeLimits {
  const { mailboxNumber, mailboxPercent, integrationNumber, integrationPercent } = integration.settings.brake;
  return of === 'mailbox' ? { number: mailboxNumber, percent: mailboxPercent } : { number: integrationNumber, percent: integrationPercent };
}

function trip(session: Session, scope: 'mailbox' | 'integration', held: number): void {
  const { services, integration, mailboxRow, departures, now } = session;
  services.log.warn('brake-tripped', {
    integration: integration.id,
    mailbox: mailboxRow.id,
    scope,
    held,
    departed: countOf(departures, now),
  });
}
