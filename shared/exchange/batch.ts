import { asTandemError, type TandemError } from '../platform/errors';
import { type GraphReply, graphError, stopsChain, unexpected } from './errors';
import { batchLimit, type Graph, type GraphPart } from './graph';

/** What came of one part: its body, or why it failed with the body that said so. */
export type Answer =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly error: TandemError; readonly body: unknown };

/** Runs parts one after the other; the answers are in their order. Never throws. */
export type RunChain = (parts: readonly GraphPart[]) => Promise<Answer[]>;

/** The answer to a part that was sent. */
function answerTo(part: GraphPart, reply: GraphReply, now: number): Answer {
  if (reply.status >= 200 && reply.status < 300) return { ok: true, body: reply.body };
  return { ok: false, error: graphError(reply, { readsDelta: part.readsDelta === true }, now), body: reply.body };
}

/**
 * Runs any number of parts as chained batches, one batch at a time. A failed part makes Graph skip what depends on it (424): that is sent again
 * without it, unless the failure would only repeat itself (throttled, out of order, mailbox lost); then the rest shares the error.
 */
export async function runChain(graph: Graph, parts: readonly GraphPart[]): Promise<Answer[]> {
  const answers = new Map<number, Answer>();
  let waiting = parts.map((part, index) => ({ part, index }));
  while (waiting.length > 0) {
    const sent = waiting.slice(0, batchLimit);
    const stop = await runOnce(graph, sent, answers);
    waiting = waiting.filter(({ index }) => !answers.has(index));
    if (stop === undefined) continue;
    for (const { index } of waiting) answers.set(index, { ok: false, error: stop, body: null });
    break;
  }
  return parts.map((_, index) => answers.get(index) ?? { ok: false, error: unexpected('a part of a batch has no answer'), body: null });
}

/** Runs up to twenty parts that do not depend on each other as one batch. Never throws. */
export async function runParallel(graph: Graph, parts: readonly GraphPart[]): Promise<Answer[]> {
  const lost = (error: TandemError): Answer => ({ ok: false, error, body: null });
  try {
    const replies = await graph.batch(parts, 'parallel');
    return parts.map((part, index) => {
      const reply = replies[index] ?? null;
      return reply === null ? lost(unexpected('a part of a batch has no answer')) : answerTo(part, reply, graph.now());
    });
  } catch (error) {
    return parts.map(() => lost(asTandemError(error)));
  }
}

/** Sends one batch and notes its answers; returns the error that ends the chain, if there is one. */
async function runOnce(
  graph: Graph,
  sent: readonly { readonly part: GraphPart; readonly index: number }[],
  answers: Map<number, Answer>,
): Promise<TandemError | undefined> {
  let replies: (GraphReply | null)[];
  try {
    replies = await graph.batch(
      sent.map(({ part }) => part),
      'chained',
    );
  } catch (error) {
    return asTandemError(error);
  }
  let stop: TandemError | undefined;
  let answered = 0;
  for (const [place, { part, index }] of sent.entries()) {
    const reply = replies[place] ?? null;
    if (reply === null || reply.status === 424) continue;
    const answer = answerTo(part, reply, graph.now());
    answers.set(index, answer);
    answered += 1;
    if (!answer.ok && stopsChain(answer.error)) stop = answer.error;
  }
  return answered === 0 ? unexpected('no part of a batch was carried out') : stop;
}
