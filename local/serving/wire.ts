/** One request as a stand-in sees it: header names in lower case, the body read whole. */
export interface WireRequest {
  readonly method: string;
  /** The URL as the client sent it, on this stand-in's own origin. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** True for a part inside a `$batch`; its envelope was counted and traced as a request of its own. */
  readonly part: boolean;
}

/** What a stand-in answers. An object body is sent as JSON unless `headers` names another content type. */
export interface WireReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
}

export type Handler = (request: WireRequest) => Promise<WireReply> | WireReply;

/** Thrown to drop the connection without an answer: the client cannot tell whether anything happened. */
export class CutConnection extends Error {}

/** Thrown by a handler to answer with an error reply from deep inside. */
export class Refusal extends Error {
  constructor(readonly reply: WireReply) {
    super(`refused with ${reply.status}`);
  }
}

/** The body as JSON, or undefined where there is none. A body that does not parse throws `Refusal` with `malformed`. */
export function jsonBody(request: WireRequest, malformed: WireReply): unknown {
  if (request.body === '') return undefined;
  try {
    return JSON.parse(request.body);
  } catch {
    throw new Refusal(malformed);
  }
}

/** The text of a reply's body, as it goes on the wire. */
export function bodyText(reply: WireReply): string {
  if (reply.body === undefined) return '';
  return typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
}
