import { message as codec, types } from 'rhea';
import type { ServiceBusFault } from './faults';
import type { StoredMessage } from './stored-message';

/** An AMQP message as the library decodes it: header and properties flat, maps and body apart. */
export interface WireMessage {
  message_id?: unknown;
  group_id?: string;
  reply_to?: string;
  correlation_id?: unknown;
  /** ms. */
  ttl?: number;
  delivery_count?: number;
  message_annotations?: Readonly<Record<string, unknown>>;
  application_properties?: Readonly<Record<string, unknown>>;
  body?: unknown;
}

/** An encoded delivery outcome. */
export type Outcome = object;

/** What a client said about a delivery. */
export interface RemoteOutcome {
  readonly undeliverable_here?: boolean;
  readonly message_annotations?: unknown;
  readonly error?: { readonly info?: unknown };
}

interface DescribedOutcome {
  described(): Outcome;
}

/** The outcome constructors, which the library's typings leave out. */
interface OutcomeCodec {
  accepted(): DescribedOutcome;
  rejected(fields: { error: { condition: string; description: string } }): DescribedOutcome;
}

const outcomes = codec as unknown as OutcomeCodec;

/** One transfer that carries several encoded messages as data sections (Service Bus docs, AMQP protocol guide). */
export const BATCH_FORMAT = 0x80013700;

export const SESSION_FILTER = 'com.microsoft:session-filter';
export const SCHEDULED_TIME = 'x-opt-scheduled-enqueue-time';
export const DEAD_LETTER_SOURCE = 'x-opt-deadletter-source';

const STATE_CODES = { active: 0, deferred: 1, scheduled: 2 } as const;
const ARRAY_OF_LONG = 0x81;
const ARRAY_OF_TIMESTAMP = 0x83;
/** .NET ticks (100 ns) at the Unix epoch. */
const EPOCH_TICKS = 621_355_968_000_000_000n;

export const accepted = (): Outcome => outcomes.accepted().described();

export const rejected = (fault: ServiceBusFault): Outcome =>
  outcomes.rejected({ error: { condition: fault.condition, description: fault.description } }).described();

export const decode = (buffer: Buffer): WireMessage => codec.decode(buffer) as unknown as WireMessage;

export const encode = (message: WireMessage): Buffer => codec.encode(message);

/** The messages in one transfer: a plain message comes decoded, a batch as bytes. */
export function unpack(message: unknown, format: number | undefined): WireMessage[] {
  if (format !== BATCH_FORMAT || !Buffer.isBuffer(message)) return [message as WireMessage];
  const { content } = decode(message).body as { content: Buffer | Buffer[] };
  return (Array.isArray(content) ? content : [content]).map(decode);
}

/** Bytes of a batch, or of the body of a plain message: the library no longer has the rest of it by then. */
export function sizeOf(message: unknown): number {
  if (Buffer.isBuffer(message)) return message.length;
  const { body } = message as { body?: { content?: unknown } | null };
  return Buffer.isBuffer(body?.content) ? body.content.length : 0;
}

/** Everything that a message holds, bytes as the text that they are. */
export function asText(message: WireMessage): string {
  return JSON.stringify(message, (_name, value: unknown) => (isBytes(value) ? Buffer.from(value.data).toString('utf8') : value));
}

/** As `JSON.stringify` sees a buffer. */
function isBytes(value: unknown): value is { readonly data: readonly number[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    value.type === 'Buffer' &&
    'data' in value &&
    Array.isArray(value.data)
  );
}

/** The message as a client sees it. `lockedUntil` (UTC, ms) where the client gets the lock on it. */
export function encodeStored(stored: StoredMessage, lockedUntil: number | undefined): Buffer {
  const annotations: Record<string, unknown> = {
    ...stored.wire.message_annotations,
    'x-opt-sequence-number': types.wrap_long(stored.sequenceNumber),
    'x-opt-enqueue-sequence-number': types.wrap_long(stored.originalSequenceNumber),
    'x-opt-enqueued-time': types.wrap_timestamp(stored.enqueuedAt),
    'x-opt-message-state': types.wrap_int(STATE_CODES[stored.state]),
  };
  if (lockedUntil !== undefined) annotations['x-opt-locked-until'] = types.wrap_timestamp(lockedUntil);
  return encode({ ...stored.wire, delivery_count: stored.deliveryCount, message_annotations: annotations });
}

/** When the sender wants the message to become active (UTC, ms); undefined for now. */
export function scheduledFor(message: WireMessage): number | undefined {
  const time = message.message_annotations?.[SCHEDULED_TIME];
  return time instanceof Date || typeof time === 'number' ? new Date(time).getTime() : undefined;
}

/** A lock token as `$management` writes it, from a delivery tag, and the other way round: the byte order of a .NET Guid. */
export function swapGuidOrder(guid: Buffer): Buffer {
  const swapped = Buffer.from(guid);
  swapped.subarray(0, 4).reverse();
  swapped.subarray(4, 6).reverse();
  swapped.subarray(6, 8).reverse();
  return swapped;
}

/** A time as a signed 64-bit count of .NET ticks. */
export function ticks(timeMs: number): unknown {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(timeMs) * 10_000n + EPOCH_TICKS);
  return types.wrap_long(bytes);
}

/** A 64-bit number that the library left as bytes because it may not fit. */
export const toNumber = (value: unknown): number => (Buffer.isBuffer(value) ? Number(value.readBigInt64BE()) : Number(value));

export const int = (value: number): unknown => types.wrap_int(value);
export const uuid = (bytes: Buffer): unknown => types.wrap_uuid(bytes);
export const timestamp = (timeMs: number): unknown => types.wrap_timestamp(timeMs);
export const timestamps = (timesMs: readonly number[]): unknown => types.wrap_array(timesMs, ARRAY_OF_TIMESTAMP, undefined);
export const longs = (values: readonly number[]): unknown => types.wrap_array(values, ARRAY_OF_LONG, undefined);
export const listOfMaps = (maps: readonly object[]): unknown => types.wrap_list(maps.map((map) => types.wrap_map(map)));

/** A map from the client as plain values; absent or empty fields are left out. */
export function plainMap(map: unknown): Record<string, unknown> {
  const entries = Object.entries((map ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.map(([key, value]) => [key, unwrapped(value)] as const).filter(([, value]) => value != null));
}

function unwrapped(value: unknown): unknown {
  const isTyped = typeof value === 'object' && value !== null && 'type' in value && 'value' in value;
  return isTyped ? types.unwrap(value) : value;
}
