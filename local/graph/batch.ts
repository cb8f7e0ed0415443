import { z } from 'zod';
import type { Service } from '../serving/service';
import { bodyText, type WireReply, type WireRequest } from '../serving/wire';
import { commonHeaders, GraphFailure, type RequestIds } from './errors';

const partSchema = z.object({
  id: z.string().min(1),
  method: z.string().transform((method) => method.toUpperCase()),
  url: z.string().min(1),
  headers: z.record(z.string(), z.string()).nullish(),
  body: z.unknown().optional(),
  dependsOn: z.array(z.string()).nullish(),
});
type Part = z.output<typeof partSchema>;
const envelopeSchema = z.object({ requests: z.array(partSchema).min(1) });

interface Answer {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const mostParts = 20;
/** Outlook runs this many parts of a batch at once. */
const partsAtOnce = 4;

/** Serves `$batch` (JSON batching docs): each part is a request of its own; a part whose predecessor failed gets 424. */
export async function serveBatch(
  request: WireRequest,
  service: Service,
  ids: RequestIds,
  order: 'asSent' | 'reversed',
): Promise<WireReply> {
  const parts = readEnvelope(request);
  const running: Promise<Answer>[] = [];
  const byId = new Map<string, Promise<Answer>>();
  for (const [index, part] of parts.entries()) {
    const before = (part.dependsOn ?? []).flatMap((id) => byId.get(id.toLowerCase()) ?? []);
    const answer = runPart(request, service, part, running[index - partsAtOnce], before);
    running.push(answer);
    byId.set(part.id.toLowerCase(), answer);
  }
  const settled = await Promise.allSettled(running);
  const answers = settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
  return { status: 200, headers: commonHeaders(ids), body: { responses: order === 'asSent' ? answers : answers.reverse() } };
}

async function runPart(
  envelope: WireRequest,
  service: Service,
  part: Part,
  lane: Promise<Answer> | undefined,
  before: readonly Promise<Answer>[],
): Promise<Answer> {
  const [, ...needed] = await Promise.allSettled([lane, ...before]);
  if (needed.some((each) => each.status === 'rejected' || each.value === undefined || each.value.status >= 400))
    return failedDependency(part);
  const reply = await service.serve({
    method: part.method,
    url: new URL(`${service.url}/v1.0/${part.url.replace(/^\//, '')}`),
    headers: headersOf(envelope, part),
    body: part.body === undefined || part.body === null ? '' : typeof part.body === 'string' ? part.body : JSON.stringify(part.body),
    part: true,
  });
  const headers = Object.fromEntries(Object.entries(reply.headers ?? {}).map(([name, value]) => [wireName(name), value]));
  if (reply.body === undefined) return { id: part.id, status: reply.status, headers };
  const body = typeof reply.body === 'string' ? Buffer.from(bodyText(reply)).toString('base64') : reply.body;
  return { id: part.id, status: reply.status, headers, body };
}

/** A part has headers of its own; of the envelope's, only the sign-in holds for it. */
function headersOf(envelope: WireRequest, part: Part): Record<string, string> {
  const own = Object.entries(part.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const { authorization } = envelope.headers;
  return { ...(authorization === undefined ? {} : { authorization }), ...Object.fromEntries(own) };
}

function failedDependency(part: Part): Answer {
  const message = 'The request was not performed, because a request that it depends on failed.';
  return { id: part.id, status: 424, headers: {}, body: { error: { code: 'FailedDependency', message } } };
}

function readEnvelope(request: WireRequest): Part[] {
  let json: unknown;
  try {
    json = JSON.parse(request.body);
  } catch {
    throw malformed('Invalid batch payload format.');
  }
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) throw malformed('Invalid batch payload format.');
  const parts = envelope.data.requests;
  if (parts.length > mostParts) throw malformed(`Number of batch request steps exceeds the maximum value of ${mostParts}.`);
  const seen = new Set<string>();
  for (const part of parts) {
    const id = part.id.toLowerCase();
    if (seen.has(id)) throw malformed(`Request Id ${part.id} has to be unique in a batch.`);
    const missing = (part.dependsOn ?? []).find((other) => !seen.has(other.toLowerCase()));
    if (missing !== undefined) throw malformed(`Request Id ${part.id} depends on ${missing}, which does not stand before it.`);
    const typed = Object.keys(part.headers ?? {}).some((name) => name.toLowerCase() === 'content-type');
    if (part.body !== undefined && part.body !== null && !typed)
      throw malformed(`Write request id : ${part.id} does not contain Content-Type header or body.`);
    if (/^[a-z]+:\/\//i.test(part.url) || /^\/?\$batch/i.test(part.url)) throw malformed(`The url of request Id ${part.id} is invalid.`);
    seen.add(id);
  }
  return parts;
}

function malformed(message: string): GraphFailure {
  return new GraphFailure(400, 'BadRequest', message);
}

const wireNames = new Map<string, string>();

function wireName(name: string): string {
  const known = wireNames.get(name) ?? name.replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase());
  wireNames.set(name, known);
  return known;
}
