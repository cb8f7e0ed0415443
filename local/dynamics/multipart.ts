import { STATUS_CODES } from 'node:http';
import { bodyText, type WireReply } from '../serving/wire';
import { badPayload } from './errors';

/** One part of a multipart body: header names in lower case. */
export interface Part {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An HTTP request inside a part. */
export interface EmbeddedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The parts of a `multipart/mixed` body. Lines have to end in CRLF, as the Web API wants it; throws its answer where they do not. */
export function readParts(contentType: string | undefined, body: string): Part[] {
  const boundary = /boundary="?([^";,]+)"?/i.exec(contentType ?? '')?.[1];
  if (boundary === undefined || !/^multipart\/mixed/i.test(contentType ?? ''))
    throw badPayload('multipart/mixed with a boundary is expected.');
  const [, ...pieces] = `\r\n${body}`.split(`\r\n--${boundary}`);
  const last = pieces.pop();
  if (!last?.startsWith('--')) throw badPayload(`The multipart body does not end with '--${boundary}--', or its lines do not end in CRLF.`);
  return pieces.map((piece) => readHead(piece.replace(/^[ \t]*\r\n/, '')));
}

/** The request that an `application/http` part holds. */
export function readRequest(part: Part): EmbeddedRequest {
  const lineEnd = part.body.indexOf('\r\n');
  const line = lineEnd < 0 ? part.body : part.body.slice(0, lineEnd);
  const match = /^([A-Z]+) (\S+) HTTP\/1\.1$/.exec(line.trimEnd());
  if (match === null) throw badPayload(`'${line}' is not a request line.`);
  const { headers, body } = readHead(lineEnd < 0 ? '' : part.body.slice(lineEnd + 2));
  return { method: match[1] ?? '', target: match[2] ?? '', headers, body };
}

/** A multipart body of these parts, each with its own headers and text. */
export function writeParts(
  boundary: string,
  parts: readonly { readonly headers: Readonly<Record<string, string>>; readonly text: string }[],
): string {
  const pieces = parts.map(({ headers, text }) => `--${boundary}\r\n${lines(headers)}\r\n${text}\r\n`);
  return `${pieces.join('')}--${boundary}--\r\n`;
}

/** A reply as the text of an `application/http` part. */
export function replyText(reply: WireReply): string {
  const { 'content-type': type, ...others } = reply.headers ?? {};
  const headers = { ...(type === undefined ? {} : { 'Content-Type': type }), ...others };
  return `HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? ''}\r\n${lines(headers)}\r\n${bodyText(reply)}`;
}

function lines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}

function readHead(text: string): Part {
  const isBare = text.startsWith('\r\n');
  const end = isBare ? 0 : text.indexOf('\r\n\r\n');
  const head = isBare ? '' : end < 0 ? text : text.slice(0, end);
  const body = isBare ? text.slice(2) : end < 0 ? '' : text.slice(end + 4);
  const headers: Record<string, string> = {};
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, body };
}
