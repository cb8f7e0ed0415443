import { itemNotFound, malformedId } from './errors';

const kinds = ['event', 'contact', 'task', 'list', 'contactFolder', 'mailFolder', 'linkedResource', 'calendar', 'message'] as const;
export type Kind = (typeof kinds)[number];

/** Which of an item's ids: the usual one, which changes when the item moves, or the one that stays. */
export type IdSpace = 'usual' | 'immutable';

/** What the simulator finds inside an id. */
export interface ParsedId {
  readonly space: IdSpace;
  readonly kind: Kind;
  readonly key: number;
  /** Grows each time the item is put into a folder; 0 in ids that do not depend on the folder. */
  readonly placement: number;
  /** For one date of a series, `yyyy-MM-dd` in its pattern; the key is then the series'. */
  readonly date?: string;
}

const prefixes: Record<IdSpace, Buffer> = { usual: Buffer.from([0, 3, 36]), immutable: Buffer.from([0, 9, 0]) };
/** Reads as `-_-_` in base64url, so that every id needs percent-encoding of nothing but survives no careless decoder. */
const mark = Buffer.from([0xfb, 0xff, 0xbf]);
const length = 3 + 36 + mark.length + 11;
const dateLength = 4;

/** The id of an item in a mailbox: opaque to clients, case-sensitive, with `-`, `_` and `=` in it. */
export function encodeId(mailboxId: string, id: ParsedId): string {
  const bytes = Buffer.alloc(length);
  prefixes[id.space].copy(bytes, 0);
  bytes.write(mailboxId, 3, 36, 'latin1');
  mark.copy(bytes, 39);
  bytes.writeUInt8(kinds.indexOf(id.kind), 42);
  bytes.writeUInt32BE(id.placement, 43);
  bytes.writeUIntBE(id.key, 47, 6);
  return `${Buffer.concat([bytes, writeDate(id.date)]).toString('base64url')}=`;
}

/**
 * Reads an id that a client sent for an item of `kind`. One that was never an id, or is of another kind, is refused with
 * ErrorInvalidIdMalformed; one of another mailbox is not found.
 */
export function decodeId(mailboxId: string, kind: Kind, text: string): ParsedId {
  const bytes = Buffer.from(text, 'base64url');
  const dated = bytes.length === length + dateLength;
  if ((bytes.length !== length && !dated) || `${bytes.toString('base64url')}=` !== text || bytes.compare(mark, 0, 3, 39, 42) !== 0)
    throw malformedId();
  const space = bytes.compare(prefixes.usual, 0, 3, 0, 3) === 0 ? 'usual' : 'immutable';
  if (bytes.compare(prefixes[space], 0, 3, 0, 3) !== 0) throw malformedId();
  if (kinds[bytes.readUInt8(42)] !== kind) throw malformedId();
  if (bytes.toString('latin1', 3, 39) !== mailboxId) throw itemNotFound();
  const item = { space, kind, placement: bytes.readUInt32BE(43), key: bytes.readUIntBE(47, 6) } as const;
  return dated ? { ...item, date: readDate(bytes.readUInt32BE(length)) } : item;
}

function writeDate(date: string | undefined): Buffer {
  if (date === undefined) return Buffer.alloc(0);
  const bytes = Buffer.alloc(dateLength);
  bytes.writeUInt32BE(Number(date.replaceAll('-', '')));
  return bytes;
}

function readDate(number: number): string {
  const text = String(number).padStart(8, '0');
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}
