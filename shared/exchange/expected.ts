import { z } from 'zod';
import type { SeenItem } from '../model/seen';
import { inGroups } from '../platform/groups';
import type { Answer } from './batch';
import { gravest } from './errors';
import { spanOf } from './event';
import type { ExpectedItem } from './exchange';
import { batchLimit, type GraphPart } from './graph';
import { shaped } from './item';
import { pageOf, type Reach } from './pages';
import { wholeItemOf } from './read-item';
import { wholeEvents, wholeItem } from './requests';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * The items that are where they were expected. A deleted event or contact goes on answering by its immutable id, so an event is looked for where the default
 * calendar shows it, and a contact tells its folder. Throws what passes, such as a throttle; whatever else is refused is left out.
 */
export async function readExpected(reach: Reach, expected: readonly ExpectedItem[]): Promise<SeenItem[]> {
  const asked = expected.flatMap((each) => {
    const part = partFor(reach, each);
    return part === null ? [] : [{ each, part }];
  });
  const parts = asked.map(({ part }) => part);
  const answers = (await Promise.all(inGroups(parts, batchLimit).map((group) => reach.run(group)))).flat();
  const error = gravest(answers.flatMap((answer) => (!answer.ok && answer.error.retry === 'later' ? [answer.error] : [])));
  if (error !== undefined) throw error;
  const items: SeenItem[] = [];
  for (const [index, { each }] of asked.entries()) {
    const json = await jsonIn(reach, each, answers[index]);
    if (json !== null) items.push(wholeItemOf(json, each.ref.feed, reach));
  }
  return items;
}

function partFor({ user, custom }: Reach, { ref, time }: ExpectedItem): GraphPart | null {
  if (ref.kind === 'series') return null;
  if (ref.kind !== 'event') return wholeItem(user, ref, custom);
  const span = spanOf(time);
  if (span === null) return null;
  // Only around its start, so that few others are read along; a whole day begins somewhere in two.
  const isWholeDay = time?.includes('T') === false;
  return wholeEvents(user, { from: span.from, to: Math.min(span.to, span.from + (isWholeDay ? 3 * dayMs : 2 * minuteMs)) }, custom);
}

async function jsonIn(reach: Reach, { ref }: ExpectedItem, answer: Answer | undefined): Promise<unknown> {
  if (answer?.ok !== true) return null;
  if (ref.kind === 'event') return pageOf(answer.body).value.find(({ id }) => id === ref.id) ?? null;
  if (ref.kind !== 'contact') return answer.body;
  const { parentFolderId } = shaped(z.object({ parentFolderId: z.string().nullish() }), answer.body, 'a contact');
  return parentFolderId === (await reach.deletedItems()) ? null : answer.body;
}
