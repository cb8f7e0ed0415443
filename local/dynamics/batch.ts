import type { WireReply, WireRequest } from '../serving/wire';
import { badPayload } from './errors';
import type { Gate } from './gate';
import { type Part, readParts, readRequest, replyText, writeParts } from './multipart';
import { preferencesOf } from './prefer';
import { apiBase, apiPath } from './routes';
import type { Store } from './store';
import { tableOfSet } from './tables';

const limit = 1_000;
const inherited = ['authorization', 'callerobjectid', 'mscrmcallerid'] as const;

export interface BatchRunner {
  /** Serves one part as the wire would: with faults, counters and delay. */
  readonly serve: (request: WireRequest) => Promise<WireReply>;
  readonly store: Store;
  readonly gate: Gate;
  /** Tells the borders between parts from what is in them. */
  readonly newId: () => string;
}

interface Answer {
  readonly reply: WireReply;
  readonly contentId?: string;
}

/** What became of a part of the batch: an answer, or the answers of a changeset. */
type Outcome = { readonly kind: 'single'; readonly answer: Answer } | { readonly kind: 'changeset'; readonly answers: readonly Answer[] };

/**
 * Runs a `$batch`: parts in order, a changeset all or nothing. The first failure ends it and its status becomes the batch's, with that part alone in the
 * reply, unless `Prefer: odata.continue-on-error` was sent (Web API, batch operations).
 */
export async function runBatch(runner: BatchRunner, request: WireRequest): Promise<WireReply> {
  const parts = readParts(request.headers['content-type'], request.body);
  const goesOn = preferencesOf(request).continueOnError;
  const outcomes: Outcome[] = [];
  let operations = 0;
  for (const part of parts) {
    const members = isChangeset(part) ? readParts(part.headers['content-type'], part.body) : undefined;
    operations += members?.length ?? 1;
    if (operations > limit)
      throw badPayload(
        `The current batch message contains too many parts. Only batch messages with a maximum number of ${limit} parts are allowed.`,
      );
    const outcome = members === undefined ? await runSingle(runner, request, part) : await runChangeset(runner, request, members);
    const failure = failed(outcome);
    if (failure !== undefined && !goesOn) return reply(runner, failure.status, [outcome]);
    outcomes.push(outcome);
  }
  return reply(runner, 200, outcomes);
}

async function runSingle(runner: BatchRunner, batch: WireRequest, part: Part): Promise<Outcome> {
  return { kind: 'single', answer: { reply: await runner.serve(partRequest(batch, part, new Map())), ...contentIdOf(part) } };
}

/** Runs the members inside one transaction, alone; a failure undoes them and is the only answer. */
function runChangeset(runner: BatchRunner, batch: WireRequest, members: readonly Part[]): Promise<Outcome> {
  return runner.gate.alone(async () => {
    const references = new Map<string, string>();
    const answers: Answer[] = [];
    runner.store.begin();
    let isDone = false;
    try {
      for (const member of members) {
        const request = partRequest(batch, member, references);
        if (request.method === 'GET') throw badPayload('A changeset cannot contain a GET request.');
        const answer = { reply: await runner.serve(request), ...contentIdOf(member) };
        if (answer.reply.status >= 400) return { kind: 'single', answer };
        const address = answer.reply.headers?.['OData-EntityId'] ?? addressOf(request, answer.reply);
        if (answer.contentId !== undefined && address !== undefined) references.set(answer.contentId, address);
        answers.push(answer);
      }
      isDone = true;
      return { kind: 'changeset', answers };
    } finally {
      if (isDone) runner.store.commit();
      else runner.store.rollback();
    }
  });
}

function partRequest(batch: WireRequest, part: Part, references: ReadonlyMap<string, string>): WireRequest {
  if (isChangeset(part)) throw badPayload('A changeset or batch cannot be nested here.');
  const embedded = readRequest(part);
  const target = embedded.target.replace(/^\/?\$(\w+)(?=$|[/?])/, (whole, id: string) => references.get(id) ?? whole);
  const url = new URL(target, apiBase(batch.url));
  if (url.origin !== batch.url.origin) throw badPayload(`'${embedded.target}' is not an address of this organization.`);
  const headers: Record<string, string> = {};
  for (const name of inherited) if (batch.headers[name] !== undefined) headers[name] = batch.headers[name];
  const body = embedded.body.replace(/("[^"]+@odata\.bind"\s*:\s*")\/?\$(\w+)"/g, (whole, start: string, id: string) => {
    const address = references.get(id);
    return address === undefined ? whole : `${start}${address}"`;
  });
  return { method: embedded.method, url, headers: { ...headers, ...embedded.headers }, body: body.trimEnd(), part: true };
}

/** Where the row lives that a part has written and shown. */
function addressOf(request: WireRequest, answer: WireReply): string | undefined {
  const path = apiPath(request.url) ?? '';
  if (path.endsWith(')')) return `${apiBase(request.url)}${path}`;
  const key = tableOfSet(path)?.key;
  const id =
    key === undefined || typeof answer.body !== 'object' ? undefined : Object.entries(answer.body).find(([name]) => name === key)?.[1];
  return id === undefined ? undefined : `${apiBase(request.url)}${path}(${String(id)})`;
}

function failed(outcome: Outcome): WireReply | undefined {
  return outcome.kind === 'single' && outcome.answer.reply.status >= 400 ? outcome.answer.reply : undefined;
}

function reply({ newId }: BatchRunner, status: number, outcomes: readonly Outcome[]): WireReply {
  const boundary = `batchresponse_${newId()}`;
  const parts = outcomes.map((outcome) => {
    if (outcome.kind === 'single') return singlePart(outcome.answer);
    const inner = `changesetresponse_${newId()}`;
    const text = writeParts(inner, outcome.answers.map(singlePart));
    return { headers: { 'Content-Type': `multipart/mixed; boundary=${inner}` }, text };
  });
  return { status, headers: { 'content-type': `multipart/mixed; boundary=${boundary}` }, body: writeParts(boundary, parts) };
}

function singlePart({ reply: answer, contentId }: Answer): { headers: Record<string, string>; text: string } {
  const headers = { 'Content-Type': 'application/http', 'Content-Transfer-Encoding': 'binary' };
  return { headers: { ...headers, ...(contentId === undefined ? {} : { 'Content-ID': contentId }) }, text: replyText(answer) };
}

function contentIdOf(part: Part): { contentId?: string } {
  const contentId = part.headers['content-id'];
  return contentId === undefined ? {} : { contentId };
}

function isChangeset(part: Part): boolean {
  return /^multipart\/mixed/i.test(part.headers['content-type'] ?? '');
}
