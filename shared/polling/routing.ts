import type { FeedRow } from '../dynamics/dynamics';
import { hasSeveralHomes, isMeeting } from '../model/entity';
import type { Entity } from '../model/values';
import { atOnce } from '../platform/at-once';
import { claimFree, type Home } from '../storage/homes';
import type { Integration } from '../storage/integrations';
import type { InboxRow } from '../storage/link-rows';
import { takesPart } from '../storage/mailboxes';
import type { PollingServices } from './services';
import { wakeForLook } from './wake';

/** What one changed row means: whose inbox it goes to, and what its home row becomes. */
export interface Route {
  readonly id: string;
  readonly version: string;
  /** Mailboxes that have to hear of it: the home it had and the home it has. */
  readonly hear: readonly string[];
  /** The home row afterwards; null to delete it. */
  readonly home: Home | null;
}

/** A row of a feed that is a record of its own. */
export type RecordRow = Exclude<FeedRow, { kind: 'occurrence' }>;

/** Facts of one row that was read from a feed. */
export interface RouteFacts {
  readonly row: RecordRow;
  readonly before: Home | undefined;
  /** The people who decide about the home: the owner, for meetings the organizer, for service activities each resource. */
  readonly people: readonly string[];
  /** Their mailboxes, as far as they take part. */
  readonly mailboxes: readonly string[];
  /** The full round under way; null for an ordinary reading. */
  readonly round: string | null;
}

/** Where a changed row goes. Null: it concerns nobody here. */
export function routeOf({ row, before, people, mailboxes: own, round }: RouteFacts, entity: Entity): Route | null {
  const had = before?.homes ?? [];
  // A meeting whose organizer does not take part lives where it was tracked.
  const mailboxes = own.length === 0 && before?.meeting !== undefined ? had : own;
  if (row.kind === 'deleted') return before === undefined ? null : { id: row.id, version: '', hear: had, home: null };
  if (had.length === 0 && mailboxes.length === 0) return null;
  const home: Home | null =
    mailboxes.length === 0
      ? null
      : {
          id: row.id,
          homes: mailboxes,
          owner: row.owner,
          organizer: isMeeting(entity) && !hasSeveralHomes(entity) ? (people[0] ?? null) : null,
          version: row.version,
          round: round ?? before?.round ?? null,
          ...(before?.meeting === undefined ? {} : { meeting: before.meeting }),
        };
  const isKnown =
    round !== null &&
    before?.version === row.version &&
    new Set([...had, ...mailboxes]).size === had.length &&
    had.length === mailboxes.length;
  const hear = isKnown ? [] : [...new Set([...had, ...mailboxes])];
  return { id: row.id, version: row.version, hear, home };
}

/**
 * Routes the rows of a feed, in this order: look up each home, work out the home now, note the new home beside the old one where it is another, write inbox rows to
 * both, wake both, write the home rows. So whoever is told of a record hears of its end too, although this may be cut off anywhere: all that a feed says of a record
 * that has been deleted since is its id. The caller saves the feed's cursor last.
 */
export async function routeRows(
  services: PollingServices,
  integration: Integration,
  entity: Entity,
  feed: readonly FeedRow[],
  round: string | null,
): Promise<void> {
  if (feed.length === 0) return;
  const { entities: on } = integration.settings;
  const rows = on[entity] ? feed.filter((row): row is RecordRow => row.kind !== 'occurrence') : [];
  const ids = rows.map(({ id }) => id);
  const before = await services.homes.getMany(integration.id, entity, ids);
  const mailboxes = await takingPart(services, integration);
  const people = await peopleOf(services, integration, entity, rows);
  if (isMeeting(entity) && !hasSeveralHomes(entity)) warnOfNobodys(services, integration, entity, people);
  const routes = rows.flatMap((row) => {
    const own = people.get(row.id) ?? [];
    const facts = { row, before: before.get(row.id), people: own, mailboxes: own.flatMap((person) => mailboxes.get(person) ?? []), round };
    return routeOf(facts, entity) ?? [];
  });
  await services.homes.upsertMany(
    integration.id,
    entity,
    routes.flatMap((route) => joined(route, before.get(route.id))),
  );
  const letters = routes.map(({ id, version, hear }) => ({ entity, recordId: id, version, firstLoad: false, hear }));
  await deliver(services, integration, [...letters, ...(await lettersToSeries(services, integration, feed, mailboxes))]);
  await services.homes.upsertMany(
    integration.id,
    entity,
    routes.flatMap(({ home }) => home ?? []),
  );
  await services.homes.deleteMany(
    integration.id,
    entity,
    routes.filter(({ home }) => home === null).map(({ id }) => id),
  );
}

/** The home row with the mailboxes that are about to hear of the record for the first time; as nothing was routed yet, with the version of before. */
function joined({ home, hear }: Route, before: Home | undefined): Home[] {
  if (home === null || hear.every((mailbox) => before?.homes.includes(mailbox) === true)) return [];
  return [{ ...home, homes: hear, version: before?.version ?? '' }];
}

/** Ids that one line of the log names at most. */
const mostNamed = 10;

/** A meeting that no user organizes belongs to nobody and does not sync. Code that makes such rows has to set the organizer, so an admin is told which they are. */
function warnOfNobodys(
  { log }: PollingServices,
  { id: integration }: Integration,
  entity: Entity,
  people: ReadonlyMap<string, readonly string[]>,
): void {
  const nobodys = [...people].filter(([, organizers]) => organizers.length === 0).map(([id]) => id);
  if (nobodys.length === 0) return;
  log.warn('no-organizer', { integration, entity, count: nobodys.length, records: nobodys.slice(0, mostNamed).join(' ') });
}

/** An inbox row, and the mailboxes that it goes to. */
interface Letter extends Omit<InboxRow, 'etag'> {
  readonly hear: readonly string[];
}

/**
 * A date of a series that was changed wakes its series, at its home. The series itself may be as it was: its inbox row names no version and says that what
 * belongs to it has changed. Its home row is the business of the feed of the series; but where that has not told of the series yet, whoever hears of it here is noted
 * first, for of its deletion the feed tells no more than the id.
 */
async function lettersToSeries(
  services: PollingServices,
  integration: Integration,
  feed: readonly FeedRow[],
  mailboxes: ReadonlyMap<string, string>,
): Promise<Letter[]> {
  const ids = [...new Set(feed.flatMap((row) => (row.kind === 'occurrence' ? row.series : [])))];
  if (ids.length === 0 || !integration.settings.entities.series) return [];
  const homes = await services.homes.getMany(integration.id, 'series', ids);
  const organizers = await services.dynamics(integration).organizers('series', ids);
  return atOnce(homesAtOnce, ids, async (recordId) => {
    const organizer = organizers.get(recordId) ?? null;
    const now = mailboxes.get(organizer ?? '');
    const had = homes.get(recordId)?.homes;
    const hear = [...new Set([...(had ?? []), ...(now === undefined ? [] : [now])])];
    const home = { id: recordId, homes: hear, owner: null, organizer, version: '', round: null };
    if (had === undefined && hear.length > 0) await claimFree(services.homes, integration.id, 'series', home);
    else if (had !== undefined && hear.length > had.length) await services.homes.handOver(integration.id, 'series', recordId, had, hear);
    return { entity: 'series', recordId, version: '', partsChanged: true, firstLoad: false, hear };
  });
}

const homesAtOnce = 4;

/** The mailboxes that take part, by the person whose they are. */
async function takingPart(services: PollingServices, integration: Integration): Promise<ReadonlyMap<string, string>> {
  const mailboxes = new Map<string, string>();
  for await (const page of services.mailboxes.pages(integration.id))
    for (const mailbox of page) if (takesPart(mailbox)) mailboxes.set(mailbox.systemUserId, mailbox.id);
  return mailboxes;
}

async function deliver(services: PollingServices, integration: Integration, letters: readonly Letter[]): Promise<void> {
  const inboxes = new Map<string, Omit<InboxRow, 'etag'>[]>();
  for (const { hear, ...row } of letters) for (const mailbox of hear) inboxes.set(mailbox, [...(inboxes.get(mailbox) ?? []), row]);
  for (const [mailbox, rows] of inboxes) {
    const partition = await services.links({ integration: integration.id, id: mailbox });
    await partition.addInbox(rows);
  }
  if (inboxes.size > 0) await wakeForLook(services, integration.id, [...inboxes.keys()]);
}

/** Who decides about each row's home. A tracked feed cannot expand parties, so organizers and resources are read for many rows at once. */
async function peopleOf(
  services: PollingServices,
  integration: Integration,
  entity: Entity,
  rows: readonly RecordRow[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const changed = rows.filter((row): row is Extract<RecordRow, { kind: 'changed' }> => row.kind === 'changed');
  if (changed.length === 0) return new Map();
  const ids = changed.map(({ id }) => id);
  const dynamics = services.dynamics(integration);
  if (hasSeveralHomes(entity)) return dynamics.resources(ids);
  const one = isMeeting(entity) ? await dynamics.organizers(entity, ids) : new Map(changed.map(({ id, owner }) => [id, owner]));
  return new Map([...one].map(([id, person]) => [id, person === null ? [] : [person]]));
}
