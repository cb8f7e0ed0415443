import type { TraceLine } from '../local/serving/trace';

/**
 * What an operation, that is an HTTP request or a part of a batch, is for:
 * - `write`: everything that changes something;
 * - `poll`: a reading of change tracking in Dynamics, or a mark (newest change and count of a folder) that a probe asks for;
 * - `drain`: a delta reading of a folder in Exchange, and the marks that are asked for in the same batch;
 * - `read`: every other read, whatever it is good for: records, whole items, organizers, what has become of something.
 */
export type Kind = 'write' | 'read' | 'drain' | 'poll';

export interface Operation {
  readonly service: 'dynamics' | 'graph';
  readonly kind: Kind;
  readonly method: string;
  /** Path and query below the service's root. */
  readonly path: string;
  readonly body: string;
}

/** One HTTP request of the app. It counts as what the gravest of its operations is: write, read, drain, poll. */
export interface AppRequest {
  /** When it was answered, UTC ms. */
  readonly at: number;
  readonly kind: Kind;
  readonly operations: readonly Operation[];
}

/** Requests with this header are made by the benchmark, in the place of people, and are not the app's. */
export const ownHeader = 'x-bench';

const gravest: readonly Kind[] = ['write', 'read', 'drain', 'poll'];

/** A request of the app to Dynamics or Exchange, taken apart; null for any other line of a trace. */
export function requestOf(line: TraceLine): AppRequest | null {
  if (line.requestHeaders[ownHeader] !== undefined) return null;
  if (line.service === 'dynamics') return request(line, [dynamicsOperation(line)]);
  if (line.service === 'graph') return request(line, graphOperations(line));
  return null;
}

function request({ at }: TraceLine, operations: readonly Operation[]): AppRequest {
  const kind = gravest.find((each) => operations.some((operation) => operation.kind === each)) ?? 'read';
  return { at: Date.parse(at), kind, operations };
}

function dynamicsOperation({ method, url, requestHeaders, requestBody }: TraceLine): Operation {
  const { pathname, search } = new URL(url);
  if (pathname.endsWith('/$batch')) throw new Error('The app sends batches to Dynamics, which this benchmark cannot take apart yet.');
  const tracked =
    /[?&](\$|%24)deltatoken=/i.test(search) || /istracking/i.test(search) || /track-changes/i.test(requestHeaders.prefer ?? '');
  const kind = method !== 'GET' ? 'write' : tracked ? 'poll' : 'read';
  return { service: 'dynamics', kind, method, path: pathname.replace(/^\/api\/data\/v[\d.]+\//, '') + search, body: requestBody };
}

function graphOperations(line: TraceLine): Operation[] {
  const { pathname, search } = new URL(line.url);
  const parts = pathname.endsWith('/$batch')
    ? partsOf(line)
    : [{ method: line.method, url: pathname.replace(/^\/v1\.0/, '') + search, body: line.requestBody }];
  const drains = parts.some(({ url }) => isDelta(url));
  return parts.map(({ method, url, body }): Operation => {
    const kind = method !== 'GET' ? 'write' : isDelta(url) ? 'drain' : isMark(url) ? (drains ? 'drain' : 'poll') : 'read';
    return { service: 'graph', kind, method, path: url, body };
  });
}

interface Part {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

/** The parts of a batch that were carried out; those that failed with what they depend on (424) never ran. */
function partsOf({ requestBody, responseBody }: TraceLine): Part[] {
  const asked = (JSON.parse(requestBody) as { requests: readonly { id: string; method: string; url: string; body?: unknown }[] }).requests;
  const answers = (JSON.parse(responseBody) as { responses?: readonly { id: string; status: number }[] }).responses ?? [];
  const statuses = new Map(answers.map(({ id, status }) => [id, status]));
  return asked
    .filter(({ id }) => statuses.get(id) !== 424)
    .map(({ method, url, body }) => ({ method, url, body: body === undefined ? '' : JSON.stringify(body) }));
}

function isDelta(url: string): boolean {
  return /\/(microsoft\.graph\.)?delta(\(\))?(\?|$)/i.test(url);
}

function isMark(url: string): boolean {
  const query = new URLSearchParams(url.split('?')[1] ?? '');
  return query.get('$top') === '1' && query.get('$count') === 'true' && query.get('$orderby') === 'lastModifiedDateTime desc';
}

/** How many operations and HTTP requests there were of each kind. */
export type Tally = Readonly<Record<Kind, { readonly operations: number; readonly requests: number }>>;

export function tally(requests: readonly AppRequest[]): Tally {
  const of = (kind: Kind) => ({
    operations: requests.flatMap(({ operations }) => operations).filter((operation) => operation.kind === kind).length,
    requests: requests.filter((each) => each.kind === kind).length,
  });
  return { write: of('write'), read: of('read'), drain: of('drain'), poll: of('poll') };
}
