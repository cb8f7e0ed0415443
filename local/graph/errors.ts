import type { WireReply } from '../serving/wire';

/** Thrown anywhere below a route; the service turns it into an error body in Graph's shape. */
export class GraphFailure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly extra: { readonly inError?: Readonly<Record<string, unknown>>; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
  }
}

/** How a request and its answer are named in logs: Graph's own id and the client's. */
export interface RequestIds {
  readonly requestId: string;
  readonly clientRequestId: string;
  /** When the request arrived, in ms. */
  readonly at: number;
}

/** An error reply as Graph writes it (Graph error responses docs). */
export function errorReply(failure: GraphFailure, ids: RequestIds): WireReply {
  return {
    status: failure.status,
    headers: { ...commonHeaders(ids), ...failure.extra.headers },
    body: {
      error: {
        code: failure.code,
        message: failure.message,
        ...failure.extra.inError,
        innerError: {
          date: new Date(ids.at).toISOString().slice(0, 19),
          'request-id': ids.requestId,
          'client-request-id': ids.clientRequestId,
        },
      },
    },
  };
}

/** The headers that every answer of Graph carries. */
export function commonHeaders(ids: RequestIds): Record<string, string> {
  return {
    'content-type': 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
    'odata-version': '4.0',
    'request-id': ids.requestId,
    'client-request-id': ids.clientRequestId,
    'x-ms-ags-diagnostic': '{"ServerInfo":{"DataCenter":"Local","Slice":"E","Ring":"0","ScaleUnit":"000","RoleInstance":"LOCAL0"}}',
  };
}

/** What this stand-in does not do, by its name: it never answers with a guess. */
export function notImplemented(what: string): GraphFailure {
  return new GraphFailure(501, 'NotImplemented', `This stand-in does not support ${what}.`);
}

export function itemNotFound(): GraphFailure {
  return new GraphFailure(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
}

export function malformedId(): GraphFailure {
  return new GraphFailure(400, 'ErrorInvalidIdMalformed', 'Id is malformed.');
}

/** The body does not fit the resource's type. */
export function badBody(message: string): GraphFailure {
  return new GraphFailure(400, 'RequestBodyRead', message);
}

/** The body fits its type, but Exchange refuses what it says. */
export function badProperty(message: string): GraphFailure {
  return new GraphFailure(400, 'ErrorPropertyValidationFailure', message);
}

/** The URL or one of its query options cannot be read. */
export function badUri(message: string): GraphFailure {
  return new GraphFailure(400, 'RequestBroker--ParseUri', message);
}

export function invalidRequest(message: string): GraphFailure {
  return new GraphFailure(400, 'ErrorInvalidRequest', message);
}
