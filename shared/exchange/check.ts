import { z } from 'zod';
import type { TandemError } from '../platform/errors';
import { type Answer, runChain } from './batch';
import { filterOf } from './extended';
import type { Graph, GraphPart } from './graph';
import { shaped } from './item';
import { pageOf } from './pages';
import { deletedItemsFolder, get, userPath, write } from './requests';

/** What of a mailbox can be tried on its own. */
export const exchangeParts = ['mailbox', 'calendar', 'contacts', 'tasks', 'mail'] as const;
export type ExchangePart = (typeof exchangeParts)[number];

/** The folders in which an item is written and removed: of those it can be found again by its mark. */
export const writtenParts = ['calendar', 'contacts'] as const satisfies readonly ExchangePart[];
export type WrittenPart = (typeof writtenParts)[number];

/** Tries what a mailbox allows. Every request is a part of one chain; nothing is tried twice. */
export interface MailboxCheck {
  /** Reads a little of each part; null for what can be read, otherwise why not. */
  read(parts: readonly ExchangePart[]): Promise<ReadonlyMap<ExchangePart, TandemError | null>>;
  /**
   * Writes a marked item that concerns nobody, far outside what syncs, and removes it. Whatever an earlier try has left behind goes first. Throws why it could
   * not; what was written may then be there still, until the next try or `tidy`.
   */
  writeAndRemove(part: WrittenPart, now: number): Promise<void>;
  /** Removes every item that a try has left behind. Throws why it could not. */
  tidy(): Promise<void>;
}

/** By this an item of a test is known. It is none of a link's, so that no cycle takes it for a pair. */
const testProperty = 'String {7a9de300-1111-4b6e-9d2e-0a5c6a3b7e10} Name TandemTest';
const testMark = 'connection-test';
const title = 'Tandem connection test';
/** No calendar window reaches so far. */
const farAheadMs = 3_650 * 86_400_000;
const quarterMs = 900_000;
/** So many leftovers go at once; there is one where a process died, and none otherwise. */
const mostLeft = 20;

export function createCheck(graph: Graph, userId: string): MailboxCheck {
  const user = userPath(userId);
  const run = (parts: readonly GraphPart[]): Promise<Answer[]> => runChain(graph, parts);

  async function one(part: GraphPart): Promise<unknown> {
    const [answer] = await run([part]);
    if (answer === undefined) throw new RangeError('a chain of one part has one answer');
    if (!answer.ok) throw answer.error;
    return answer.body;
  }

  async function remove(part: WrittenPart): Promise<void> {
    const marked = `?$filter=${encodeURIComponent(filterOf(testProperty, testMark))}&$select=id&$top=${mostLeft}`;
    const { value } = pageOf(await one(get(folder(user, part) + marked)));
    for (const { id } of value) await one(write('DELETE', `${folder(user, part)}/${encodeURIComponent(id)}`, undefined, null));
  }

  return {
    async read(parts) {
      const answers = await run(parts.map((part) => probeOf(user, part)));
      return new Map(parts.map((part, index) => [part, errorIn(answers[index])]));
    },
    async writeAndRemove(part, now) {
      await remove(part);
      const { id } = shaped(
        z.looseObject({ id: z.string() }),
        await one(write('POST', folder(user, part), itemOf(part, now), null)),
        'an item',
      );
      await one(write('DELETE', `${folder(user, part)}/${encodeURIComponent(id)}`, undefined, null));
    },
    async tidy() {
      for (const part of writtenParts) await remove(part);
    },
  };
}

function folder(user: string, part: WrittenPart): string {
  return part === 'calendar' ? `${user}/events` : `${user}/contacts`;
}

function probeOf(user: string, part: ExchangePart): GraphPart {
  switch (part) {
    case 'mailbox':
      return deletedItemsFolder(user);
    case 'calendar':
    case 'contacts':
      return get(`${folder(user, part)}?$select=id&$top=1`);
    case 'tasks':
      return get(`${user}/todo/lists?$top=1`);
    case 'mail':
      return get(`${user}/messages?$select=id&$top=1`);
  }
}

function errorIn(answer: Answer | undefined): TandemError | null {
  return answer === undefined || answer.ok ? null : answer.error;
}

/** Nobody is invited, nobody is reminded, and no time is taken. */
function itemOf(part: WrittenPart, now: number): object {
  const singleValueExtendedProperties = [{ id: testProperty, value: testMark }];
  if (part === 'contacts') return { givenName: title, singleValueExtendedProperties };
  const start = Math.floor((now + farAheadMs) / quarterMs) * quarterMs;
  return {
    subject: title,
    start: utc(start),
    end: utc(start + quarterMs),
    showAs: 'free',
    sensitivity: 'private',
    isReminderOn: false,
    singleValueExtendedProperties,
  };
}

function utc(at: number): object {
  return { dateTime: new Date(at).toISOString().slice(0, 19), timeZone: 'UTC' };
}
