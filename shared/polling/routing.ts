import type { FeedRow } from '../dynamics/dynamics';
import type { Entity } from '../model/values';
import type { Home } from '../storage/homes';
import type { Integration } from '../storage/integrations';
import type { PairKey } from '../storage/link-rows';
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

/** Facts of one row that was read from a feed. */
export interface RouteFacts {
  readonly row: FeedRow;
  readonly before: Home | undefined;
  /** The person who decides about the home: the owner, or for appointments the organizer. */
  readonly person: string | null;
  /** The mailbox of that person, if it takes part. */
  readonly mailbox: string | null;
  /** The full round under way; null for an ordinary reading. */
  readonly round: string | null;
}

/** Where a changed row goes. Null: it concerns nobody here. */
export function routeOf({ row, before, person, mailbox, round }: RouteFacts, entity: Entity): Route | null {
  const hadHome = before?.home ?? null;
  if (row.kind === 'deleted')
    return before === undefined ? null : { id: row.id, version: '', hear: hadHome === null ? [] : [hadHome], home: null };
  if (hadHome === null && mailbox === null) return null;
  const home: Home | null =
    mailbox === null
      ? null
      : {
          id: row.id,
          home: mailbox,
          owner: row.owner,
          organizer: entity === 'appointment' ? person : null,
          version: row.version,
          round: round ?? before?.round ?? null,
        };
  const isKnown = round !== null && before?.version === row.version && hadHome === mailbox;
  const hear = isKnown ? [] : [...new Set([hadHome, mailbox])].filter((each): each is string => each !== null);
  return { id: row.id, version: row.version, hear, home };
}

/**
 * Routes the rows of a feed, in this order: look up each home, work out the home now, write inbox rows to the old and the new home, wake both, write the
 * home rows. The caller saves the feed's cursor last.
 */
export async function routeRows(
  services: PollingServices,
  integration: Integration,
  entity: Entity,
  rows: readonly FeedRow[],
  round: string | null,
): Promise<void> {
  if (rows.length === 0) return;
  const before = await services.homes.getMany(
    integration.id,
    entity,
    rows.map(({ id }) => id),
  );
  const mailboxes = new Map<string, string>();
  for await (const page of services.mailboxes.pages(integration.id)) {
    for (const mailbox of page) if (mailbox.status !== 'paused') mailboxes.set(mailbox.systemUserId, mailbox.id);
  }
  const people = await peopleOf(services, integration, entity, rows);
  const routes = rows.flatMap((row) => {
    const person = people.get(row.id) ?? null;
    const facts = { row, before: before.get(row.id), person, mailbox: person === null ? null : (mailboxes.get(person) ?? null), round };
    return routeOf(facts, entity) ?? [];
  });
  await deliver(services, integration, entity, routes);
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

async function deliver(services: PollingServices, integration: Integration, entity: Entity, routes: readonly Route[]): Promise<void> {
  const letters = new Map<string, (PairKey & { readonly version: string; readonly firstLoad: boolean })[]>();
  for (const { id, version, hear } of routes) {
    for (const mailbox of hear)
      letters.set(mailbox, [...(letters.get(mailbox) ?? []), { entity, recordId: id, version, firstLoad: false }]);
  }
  for (const [mailbox, rows] of letters) {
    const partition = await services.links({ integration: integration.id, id: mailbox });
    await partition.addInbox(rows);
  }
  if (letters.size > 0) await wakeForLook(services, integration.id, [...letters.keys()]);
}

/** Who decides about each row's home. A tracked feed cannot expand parties, so organizers are read for many rows at once. */
async function peopleOf(
  services: PollingServices,
  integration: Integration,
  entity: Entity,
  rows: readonly FeedRow[],
): Promise<ReadonlyMap<string, string | null>> {
  const changed = rows.filter((row): row is Extract<FeedRow, { kind: 'changed' }> => row.kind === 'changed');
  if (entity === 'appointment')
    return changed.length === 0 ? new Map() : services.dynamics(integration).organizers(changed.map(({ id }) => id));
  return new Map(changed.map(({ id, owner }) => [id, owner]));
}
