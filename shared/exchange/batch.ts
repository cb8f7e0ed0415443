import { asTandemError, type TandemError } from '../platform/errors';
import { type GraphReply, graphError, stopsChain, unexpected } from './errors';
import { batchLimit, type Graph, type GraphPart } from './graph';

/** What came of one part: its body, or why it failed with the body that said so. */
export type Answer =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly error: TandemError; readonly body: unknown };

/** Runs parts one after the other; the answers are in their order. `notAfter` as in `Mailbox.write`. Never throws. */
export type RunChain = (parts: readonly GraphPart[], notAfter?: number) => Promise<Answer[]>;

/** Says, before each batch, why it must not be sent; null where it may. */
export type MaySend = () => TandemError | null;

/** The answer to a part that was sent. */
function answerTo(part: GraphPart, reply: GraphReply, now: number): Answer {
  if (reply.status >= 200 && reply.status < 300) return { ok: true, body: reply.body };
  return { ok: false, error: graphError(reply, { readsDelta: part.readsDelta === true }, now), body: reply.body };
}

interface Waiting {
  readonly part: GraphPart;
  readonly index: number;
}

/**
 * Runs any number of parts as chained batches, one batch at a time. A failed part makes Graph skip what depends on it (424): that is sent again
 * without it, unless the failure would only repeat itself (throttled, out of order, mailbox lost); then the mailbox's other parts share the error.
 */
export async function runChain(graph: Graph, parts: readonly GraphPart[], maySend: MaySend = () => null): Promise<Answer[]> {
  const answers = new Map<number, Answer>();
  const fail = (waiting: readonly Waiting[], error: TandemError) => {
    for (const { index } of waiting) answers.set(index, { ok: false, error, body: null });
  };
  let waiting: readonly Waiting[] = parts.map((part, index) => ({ part, index }));
  while (waiting.length > 0) {
    const sent = waiting.slice(0, batchLimit);
    const refusal = maySend();
    if (refusal !== null) {
      fail(waiting, refusal);
      break;
    }
    try {
      await runOnce(graph, sent, answers);
    } catch (error) {
      fail(waiting, asTandemError(error));
    }
    const isOpen = ({ index }: Waiting) => !answers.has(index);
    if (sent.every(isOpen)) fail(waiting, unexpected('no part of a batch was carried out'));
    for (const { part, index } of sent) {
      const answer = answers.get(index);
      if (answer?.ok !== false || !stopsChain(answer.error)) continue;
      fail(
        waiting.filter((other) => isOpen(other) && sameMailbox(other.part, part)),
        answer.error,
      );
    }
    waiting = waiting.filter(isOpen);
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

/** Sends one chained batch and notes the answers of the parts that were carried out. */
async function runOnce(graph: Graph, sent: readonly Waiting[], answers: Map<number, Answer>): Promise<void> {
  const parts = sent.map(({ part }) => part);
  const replies = await graph.batch(parts, 'chained');
  for (const [place, { part, index }] of sent.entries()) {
    const reply = replies[place] ?? null;
    if (reply !== null && reply.status !== 424) answers.set(index, answerTo(part, reply, graph.now()));
  }
}

/** Every path of Tandem's begins with `/users/{id}`. */
function sameMailbox(left: GraphPart, right: GraphPart): boolean {
  return left.url.split('/')[2] === right.url.split('/')[2];
}
