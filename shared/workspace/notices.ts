import { isDeepStrictEqual } from 'node:util';
import type { Notices } from '../model/integration-connection';
import { type Card, cardId, cardValues, noticingApp, type Trigger } from './card';
import type { WorkspaceRecord } from './record';
import type { RecordChange } from './record-change';
import { isOpen } from './tables';

/** Somebody whom a card can reach: her ids in Entra and in Dynamics. */
export interface Recipient {
  readonly objectId: string;
  readonly systemUserId: string;
}

/** What is known when a record may have become somebody's. */
export interface NoticeFacts {
  /** Who had the record before; null for one that nobody knew. */
  readonly before: { readonly owner: string | null } | null;
  /** What was seen to happen; null where the record left the cache. */
  readonly seen: { readonly owner: string | null; readonly version: string; readonly actor: string | null; readonly at: number } | null;
  /** The record as it is now; null where it is gone. */
  readonly record: WorkspaceRecord | null;
  /** The people behind the owner that it has now: the user herself, or the members of the team. */
  readonly behindOwner: readonly Recipient[];
  /** The object ids of those who have a card about it. */
  readonly told: readonly string[];
  readonly settings: Notices;
  /** UTC ms. */
  readonly now: number;
}

/** Why nobody gets a card. */
export type Silence = 'gone' | 'closed' | 'nobodys' | 'same-owner' | 'not-new' | 'moved-on' | 'teams-off' | 'no-microapp';

export interface NoticePlan {
  readonly send: readonly { readonly to: string; readonly card: Card }[];
  /** Object ids of people whose card goes. */
  readonly takeBack: readonly string[];
  /** Object ids of everybody whom the record concerns now. */
  readonly audience: readonly string[];
  /** What the cards of people who keep theirs show from now on; null where nobody keeps one. */
  readonly revise: ({ readonly people: readonly string[] } & Pick<Card, 'version' | 'values'>) | null;
  /** Null where cards are sent, or would be but for who did it. */
  readonly silence: Silence | null;
}

const hourMs = 3_600_000;

/** True for a change that may send a card, take one back, or be seen on one. What a first load sees is where things stand, and no news. */
export function isNews({ before, now, isFirstLoad }: RecordChange): boolean {
  if (isFirstLoad) return false;
  if (now === null) return before !== null;
  if (before === null) return isOpen(now);
  if (before.owner?.id !== now.owner?.id) return true;
  if (!isOpen(before)) return false;
  return !isOpen(now) || !isDeepStrictEqual(cardValues(before), cardValues(now));
}

/** Whose doing a change was: who made a record that is new, or changed one last. */
export function actorOf({ before, now }: RecordChange): string | null {
  return (before === null ? now?.createdBy : now?.modifiedBy) ?? null;
}

/**
 * Who gets a card about a record, and whose card goes. A record that nobody knew is new as long as a card about it would live; an older one has come into
 * sight again, or for the first time, and that is no news. A card goes with its reason: the record closed, is gone, or belongs to somebody else; until then it
 * shows the record as it is.
 */
export function planNotices(facts: NoticeFacts): NoticePlan {
  const { record, seen, behindOwner, told, settings } = facts;
  const isLive = record !== null && isOpen(record);
  const audience = isLive ? audienceOf(record, behindOwner, settings) : [];
  const reached = audience.map(({ objectId }) => objectId);
  const takeBack = told.filter((person) => !reached.includes(person));
  const people = told.filter((person) => reached.includes(person));
  const revise = record === null || people.length === 0 ? null : { people, version: record.version, values: cardValues(record) };
  const rest = { takeBack, audience: reached, revise };
  if (record === null || seen === null) return { ...rest, send: [], silence: 'gone' };
  const silence = silenceOf(facts, record);
  const app = noticingApp(record.table);
  if (silence !== null || app === undefined) return { ...rest, send: [], silence: silence ?? 'no-microapp' };
  const trigger: Trigger = facts.before === null ? 'new' : 'existing';
  const others = audience.filter(({ systemUserId }) => settings.toOneself || systemUserId !== seen.actor);
  const send = others
    .filter(({ objectId }) => !told.includes(objectId))
    .map(({ objectId, systemUserId }) => {
      const event = { table: record.table, recordId: record.id, trigger, version: seen.version, at: seen.at };
      const owner = record.owner?.id ?? '';
      const expiresAt = facts.now + settings.hours * hourMs;
      return {
        to: objectId,
        card: {
          ...event,
          version: record.version,
          id: cardId(event),
          app: app.id,
          owner,
          systemUserId,
          expiresAt,
          values: cardValues(record),
        },
      };
    });
  return { ...rest, send, silence: null };
}

function silenceOf({ before, seen, settings, now }: NoticeFacts, record: WorkspaceRecord): Silence | null {
  if (!isOpen(record)) return 'closed';
  if (record.owner === null) return 'nobodys';
  if (record.owner.id !== seen?.owner) return 'moved-on';
  if (before !== null && before.owner === record.owner.id) return 'same-owner';
  if (before === null && record.createdAt < now - settings.hours * hourMs) return 'not-new';
  return record.owner.table === 'team' && !settings.toTeams ? 'teams-off' : null;
}

function audienceOf(record: WorkspaceRecord, behindOwner: readonly Recipient[], { toTeams }: Notices): readonly Recipient[] {
  return record.owner?.table === 'team' && !toTeams ? [] : behindOwner;
}
