import { createExchange } from '../../../shared/exchange/client';
import { createGraph } from '../../../shared/exchange/graph';
import { systemClock } from '../../../shared/platform/clock';

/** A batch part as it went over the wire. */
export interface SentPart {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly dependsOn?: readonly string[];
}

export interface PartReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const base = { baseUrl: 'https://graph.example', getToken: async () => 'token', timeoutMs: 5_000, clock: systemClock };

/** A Graph that answers parts as `reply` says and skips what depends on a failure; `sent` holds the batches that came. */
export function fakeGraph(reply: (part: SentPart) => PartReply) {
  const sent: SentPart[][] = [];
  const headers: Headers[] = [];
  const answer: typeof fetch = async (_url, init) => {
    const { requests } = JSON.parse(String(init?.body)) as { requests: SentPart[] };
    sent.push(requests);
    headers.push(new Headers(init?.headers));
    const failed = new Set<string>();
    const responses = requests.map((part) => {
      const skipped = (part.dependsOn ?? []).some((id) => failed.has(id));
      const { status, ...rest } = skipped ? { status: 424 } : reply(part);
      if (status >= 400) failed.add(part.id);
      return { id: part.id, status, ...rest };
    });
    // Graph answers in any order.
    return Response.json({ responses: responses.reverse() });
  };
  return { sent, headers, graph: createGraph({ ...base, fetch: answer }), exchange: createExchange({ ...base, fetch: answer }) };
}

/** A Graph whose every request ends as `answer` does. */
export function brokenGraph(answer: () => Promise<Response>) {
  return createGraph({ ...base, fetch: answer });
}

export function refusal(status: number, code: string, headers: Readonly<Record<string, string>> = {}): PartReply {
  return { status, headers, body: { error: { code, message: 'Refused.' } } };
}
