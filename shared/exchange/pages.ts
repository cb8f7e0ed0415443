import { z } from 'zod';
import type { CustomFields } from '../model/custom-fields';
import type { RunChain } from './batch';
import type { Graph, GraphPart } from './graph';
import { shaped } from './item';
import { get } from './requests';

export const pageJson = z.object({
  value: z.array(z.looseObject({ id: z.string() })),
  '@odata.nextLink': z.string().optional(),
  '@odata.deltaLink': z.string().optional(),
  '@odata.count': z.number().optional(),
});

/** One element of a list or delta; only its id is sure. */
export type Element = z.output<typeof pageJson>['value'][number];

/** A page of a list or delta as Graph wraps it. Throws `unexpected-reply`. */
export function pageOf(body: unknown): z.output<typeof pageJson> {
  return shaped(pageJson, body, 'a page');
}

/** What one mailbox's requests need. */
export interface Reach {
  readonly graph: Graph;
  readonly run: RunChain;
  /** The path of the mailbox's user. */
  readonly user: string;
  /** IANA name of the person's zone. */
  readonly zone: string;
  /** Whether the texts of events may be HTML. */
  readonly rich: boolean;
  /** The columns that an admin added to the maps. */
  readonly custom: CustomFields;
  /** The id of Deleted Items, asked for once. */
  readonly deletedItems: () => Promise<string>;
}

/** The body of one GET. Throws what Graph refused it with. */
export async function fetchOne({ run }: Pick<Reach, 'run'>, part: GraphPart): Promise<unknown> {
  const [answer] = await run([part]);
  if (answer === undefined) throw new RangeError('a chain of one part has one answer');
  if (!answer.ok) throw answer.error;
  return answer.body;
}

/** All pages of a list, one request each. */
export async function* pagesFrom(reach: Reach, first: GraphPart): AsyncIterable<readonly Element[]> {
  yield* pagesOn(reach, await fetchOne(reach, first));
}

/** A page that was read, and all that follow it. */
export async function* pagesOn(reach: Reach, first: unknown): AsyncIterable<readonly Element[]> {
  let body = first;
  for (;;) {
    const { value, '@odata.nextLink': next } = pageOf(body);
    yield value;
    if (next === undefined) return;
    body = await fetchOne(reach, get(reach.graph.relative(next)));
  }
}
