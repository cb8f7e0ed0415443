import { Client, type Context, ResponseType } from '@microsoft/microsoft-graph-client';
import { z } from 'zod';
import { type Clock, timeoutOf } from '../platform/clock';
import { count } from '../platform/metrics';
import { tracedFetch } from '../platform/traced-fetch';
import { type GraphReply, graphError, noAnswer, unexpected } from './errors';

/** A request to Graph as a part of a batch. */
export interface GraphPart {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path and query below the version root, with a leading slash. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: object;
  /** True where the URL is a delta link, so that its refusals can mean that it is too old. */
  readonly readsDelta?: boolean;
}

/** `chained`: each part waits for the one before and counts as one request at a time; `parallel`: Exchange runs up to four at once. */
export type BatchOrder = 'chained' | 'parallel';

export interface GraphOptions {
  /** Where Graph answers, such as `https://graph.microsoft.com`. */
  readonly baseUrl: string;
  /** An access token for Graph as the application. */
  readonly getToken: () => Promise<string>;
  /** How long one HTTP request may take, in ms. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
}

export interface Graph {
  /** Sends up to twenty parts in one request; the replies are in the order of the parts, null where Graph left one out. Throws a TandemError where the whole request fails. */
  batch(parts: readonly GraphPart[], order: BatchOrder): Promise<(GraphReply | null)[]>;
  /** A next or delta link as a path below the version root. One that leads to another origin throws `unexpected-reply`. */
  relative(link: string): string;
  /** Now, UTC ms. */
  now(): number;
}

/** The most parts that one batch may have (Graph JSON batching docs). */
export const batchLimit = 20;

const version = 'v1.0';

const batchReply = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.number(),
      headers: z.record(z.string(), z.string()).nullish(),
      body: z.unknown().optional(),
    }),
  ),
});

/**
 * The way to Graph: every request is a batch, for parts of one mailbox belong together and one way of failing is enough. Never retries: a 429 is
 * the caller's to wait for.
 */
export function createGraph(options: GraphOptions): Graph {
  const root = new URL(options.baseUrl).origin;
  const send = tracedFetch('exchange', options.fetch ?? fetch);
  // The library's own authentication sends no token to a plain http address, which is where stand-ins listen; so the header is set here.
  const client = Client.initWithMiddleware({
    baseUrl: `${root}/`,
    defaultVersion: version,
    middleware: {
      async execute(context: Context) {
        context.response = await send(context.request, context.options);
      },
    },
  });

  async function post(content: object): Promise<GraphReply> {
    // The time for a token counts as well: a request that began late must not end late.
    const signal = timeoutOf(options.clock, options.timeoutMs);
    const token = await options.getToken();
    try {
      const response: Response = await client
        .api('/$batch')
        .header('Authorization', `Bearer ${token}`)
        .option('signal', signal)
        .responseType(ResponseType.RAW)
        .post(content);
      return { status: response.status, headers: Object.fromEntries(response.headers), body: parsed(await response.text()) };
    } catch (error) {
      throw noAnswer(error, signal.aborted);
    }
  }

  return {
    now: () => options.clock.now(),

    async batch(parts, order) {
      const reply = await post({ requests: parts.map((part, index) => wirePart(part, index, order)) });
      if (reply.status !== 200) throw graphError(reply, { readsDelta: false }, options.clock.now());
      const { success, data } = batchReply.safeParse(reply.body);
      if (!success) throw unexpected('the answer to a batch has no responses');
      const throttled = data.responses.filter(({ status }) => status === 429).length;
      if (throttled > 0) count('tandem.throttled', { 'tandem.service': 'exchange' }, throttled);
      const byId = new Map(data.responses.map((response) => [response.id, response]));
      return parts.map((_, index) => {
        const response = byId.get(idOf(index));
        if (response === undefined) return null;
        return { status: response.status, headers: lowerNames(response.headers ?? {}), body: response.body };
      });
    },

    relative(link) {
      const prefix = `${root}/${version}/`;
      if (link.startsWith('/')) return link;
      if (!link.startsWith(prefix)) throw unexpected('a link leads away from Graph');
      return link.slice(prefix.length - 1);
    },
  };
}

function wirePart(part: GraphPart, index: number, order: BatchOrder): object {
  return {
    id: idOf(index),
    method: part.method,
    url: part.url,
    headers: part.body === undefined ? part.headers : { ...part.headers, 'Content-Type': 'application/json' },
    ...(part.body === undefined ? {} : { body: part.body }),
    ...(order === 'chained' && index > 0 ? { dependsOn: [idOf(index - 1)] } : {}),
  };
}

function idOf(index: number): string {
  return String(index + 1);
}

function lowerNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
