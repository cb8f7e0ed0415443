import type { WireReply } from '../serving/wire';

/** The headers of a reply: names in lower case, found in any. */
class PlainHeaders implements Iterable<[string, string]> {
  private readonly values: Map<string, string>;

  constructor(headers: Readonly<Record<string, string>>) {
    this.values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  }

  get(name: string): string | null {
    return this.values.get(name.toLowerCase()) ?? null;
  }

  [Symbol.iterator](): Iterator<[string, string]> {
    return this.values.entries();
  }
}

/**
 * A response with what the clients here read of one: status, headers and text. The platform's own is a stream under the hood, which takes longer than the whole
 * request; whoever reaches for anything else fails at once.
 */
export function plainResponse({ status, headers, body }: WireReply, text: string): Response {
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  const response = {
    status,
    ok: status >= 200 && status < 300,
    headers: new PlainHeaders({ ...(body === undefined ? {} : { 'content-type': type }), ...headers }),
    text: async () => text,
    json: async (): Promise<unknown> => JSON.parse(text),
  };
  return response as unknown as Response;
}
