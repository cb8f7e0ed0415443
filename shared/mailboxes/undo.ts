import { type DryPair, dryPair } from '../cycle/dry-run';
import { preview } from '../cycle/preview';
import type { CycleServices } from '../cycle/services';
import { Session } from '../cycle/session';
import { workFor } from '../cycle/work-for';
import { type Entity, isValue, type Values } from '../model/values';
import { groupedBy, inGroups } from '../platform/groups';
import type { Services } from '../services';
import type { UndoRow } from '../storage/hold-rows';
import type { JournalEntry } from '../storage/journal';
import { type PairKey, pairName } from '../storage/link-rows';
import type { StoredMailbox } from '../storage/mailboxes';
import { type Done, type Obstacle, obstacles } from '../sync/undo';
import { noMailbox } from './disable';
import { noIntegration } from './enable';

/** What is to be taken back: the last that Tandem did to one pair, or all that one cycle did to a mailbox. */
export type UndoWish =
  | { readonly of: 'pair'; readonly entity: Entity; readonly recordId: string }
  /** The cycle by its name in the journal: when its drain began, UTC ms. */
  | { readonly of: 'cycle'; readonly cycle: number };

/** What will be done, and what stands in the way of the rest. */
export interface UndoAnswer {
  readonly undoing: readonly DryPair[];
  readonly refused: readonly (PairKey & { readonly obstacle: Obstacle; readonly sentence: string })[];
}

export type UndoServices = CycleServices & Pick<Services, 'integrations' | 'mailboxes' | 'journal' | 'messenger'>;

const pageOfJournal = 200;
/** Pages that are looked through at most: 10,000 entries. They stand in the order of the versions that lost, so a part of them does not tell what was done last. */
const mostPages = 50;
const pairsAtOnce = 90;

/**
 * Asks for what Tandem did to be taken back, where nothing newer would be lost; a cycle does it at once. With `isPreview` nothing is asked for.
 * @throws TandemError `not-found` for an unknown integration or mailbox
 */
export async function undo(
  services: UndoServices,
  ref: { readonly integration: string; readonly id: string },
  wish: UndoWish,
  isPreview: boolean,
): Promise<UndoAnswer> {
  const integration = await services.integrations.get(ref.integration);
  if (integration === null) throw noIntegration(ref.integration);
  const mailbox = await services.mailboxes.get(ref.integration, ref.id);
  if (mailbox === null) throw noMailbox(ref.integration, ref.id);

  const { pairs, complete } = await pairsIn(services, mailbox, wish);
  const { rows, refused } = complete ? wanted(pairs, wish, services.clock.now()) : { rows: [], refused: unknown(pairs, wish) };
  const session = await Session.open(services, integration, mailbox, true);
  const undoing: DryPair[] = [];
  const able: UndoRow[] = [];
  const hindered = [...refused];
  for (const group of inGroups(rows, pairsAtOnce)) {
    const { planned, later } = await preview(session, group, false, group);
    for (const { work } of later) hindered.push(refusal(work.key, 'under-way'));
    for (const each of planned) {
      const { key, undo: row } = each.read.work;
      if (each.obstacle !== null) hindered.push(refusal(key, each.obstacle));
      else if (row !== null) {
        undoing.push(dryPair(each, false));
        able.push(row);
      }
    }
  }
  if (!isPreview && able.length > 0) {
    await session.partition.addUndos(able);
    await services.messenger.wake(workFor(mailbox, 'undo', services.clock.now()));
  }
  return { undoing, refused: hindered };
}

interface Found {
  readonly pairs: ReadonlyMap<string, readonly JournalEntry[]>;
  /** False where the journal holds more than was looked through: what was done last may stand in the rest. */
  readonly complete: boolean;
}

/** The entries of the pairs that the wish is about. Those of before cycles were noted say nothing of what belongs together. */
async function pairsIn(services: UndoServices, mailbox: StoredMailbox, wish: UndoWish): Promise<Found> {
  const found: JournalEntry[] = [];
  let cursor: string | null = null;
  let complete = false;
  for (let pages = 0; pages < mostPages && !complete; pages += 1) {
    const page: Awaited<ReturnType<UndoServices['journal']['read']>> = await services.journal.read(mailbox, {
      limit: pageOfJournal,
      cursor,
    });
    found.push(...page.items.filter(({ cycle }) => cycle > 0));
    complete = page.next === null;
    cursor = page.next;
  }
  const byPair = groupedBy(
    found.filter(({ recordId }) => recordId !== null),
    ({ entity, recordId }) => pairName({ entity, recordId: recordId ?? '' }),
  );
  const isWanted = (name: string, entries: readonly JournalEntry[]): boolean =>
    wish.of === 'pair' ? name === pairName(wish) : entries.some(({ cycle }) => cycle === wish.cycle);
  return { pairs: new Map([...byPair].filter(([name, entries]) => isWanted(name, entries))), complete };
}

/** What is refused because nobody can tell what was done last. */
function unknown(pairs: Found['pairs'], wish: UndoWish): UndoAnswer['refused'] {
  if (wish.of === 'pair') return [refusal(wish, 'long-journal')];
  return [...pairs.values()].flatMap(([first]) =>
    first === undefined ? [] : [refusal({ entity: first.entity, recordId: first.recordId ?? '' }, 'long-journal')],
  );
}

function wanted(pairs: Found['pairs'], wish: UndoWish, now: number): { readonly rows: UndoRow[]; readonly refused: UndoAnswer['refused'] } {
  if (wish.of === 'pair' && pairs.size === 0) return { rows: [], refused: [refusal(wish, 'nothing-done')] };
  const rows: UndoRow[] = [];
  const refused: UndoAnswer['refused'][number][] = [];
  for (const entries of pairs.values()) {
    const [first] = entries;
    if (first === undefined) continue;
    const key = { entity: first.entity, recordId: first.recordId ?? '' };
    const newest = Math.max(...entries.map(({ cycle }) => cycle));
    if (wish.of === 'cycle' && newest !== wish.cycle) refused.push(refusal(key, 'newer-work'));
    else rows.push({ ...key, cycle: newest, done: doneIn(entries.filter(({ cycle }) => cycle === newest)), at: now });
  }
  return { rows, refused };
}

/** What a cycle did to a pair, oldest first. */
function doneIn(entries: readonly JournalEntry[]): Done[] {
  return [...entries].sort((left, right) => left.at - right.at).flatMap((entry) => doneOf(entry) ?? []);
}

function doneOf({ action, side, field, value }: JournalEntry): Done | null {
  const content: unknown = value === null ? null : JSON.parse(value);
  switch (action) {
    case 'created':
      return { action, side };
    case 'deleted':
      return { action, side, values: valuesOf(content) };
    case 'replaced':
      return field !== null && isValue(content) ? { action, side, field, value: content } : null;
    default:
      return null;
  }
}

function valuesOf(content: unknown): Values {
  if (typeof content !== 'object' || content === null) return {};
  return Object.fromEntries(Object.entries(content).filter(([, value]) => isValue(value)));
}

function refusal({ entity, recordId }: PairKey, obstacle: Obstacle): UndoAnswer['refused'][number] {
  return { entity, recordId, obstacle, sentence: obstacles[obstacle] };
}
