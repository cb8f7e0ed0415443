import { asFault, ServiceBusFault } from './faults';
import type { Consumer } from './lane';
import type { Queue, Settlement } from './queue';
import type { Reply } from './requests';
import type { Session } from './sessions';
import { decode, encodeStored, listOfMaps, longs, plainMap, timestamp, timestamps, toNumber, uuid, type WireMessage } from './wire';

/** The fields of all request bodies (Service Bus docs, "AMQP 1.0 request-response operations"). */
interface RequestBody {
  readonly 'lock-tokens'?: readonly Buffer[];
  readonly 'session-id'?: string;
  readonly 'session-state'?: Buffer | null;
  readonly messages?: readonly { readonly message: Buffer }[];
  readonly 'sequence-numbers'?: readonly unknown[];
  readonly 'from-sequence-number'?: unknown;
  readonly 'message-count'?: number;
  readonly 'receiver-settle-mode'?: number;
  readonly 'disposition-status'?: string;
  readonly 'deadletter-reason'?: string;
  readonly 'deadletter-description'?: string;
  readonly 'properties-to-modify'?: unknown;
}

interface Request {
  readonly queue: Queue;
  readonly body: RequestBody;
  /** The receiver link on whose behalf the client asks. */
  readonly linkName: string | undefined;
}

type Operation = (request: Request) => { body?: unknown; statusCode?: number };

const NO_CONTENT = 204;
const RECEIVE_AND_DELETE = 0;

const operations: Readonly<Record<string, Operation>> = {
  'com.microsoft:schedule-message': ({ queue, body }) => {
    const messages = (body.messages ?? []).map(({ message }) => decode(message));
    return { body: { 'sequence-numbers': longs(queue.send(messages)) } };
  },
  'com.microsoft:cancel-scheduled-message': ({ queue, body }) => {
    for (const number of sequenceNumbers(body)) queue.cancelScheduled(number);
    return {};
  },
  'com.microsoft:peek-message': ({ queue, body }) => {
    const found = queue.peek(toNumber(body['from-sequence-number'] ?? 0), body['message-count'] ?? 1, body['session-id']);
    if (found.length === 0) return { statusCode: NO_CONTENT };
    return { body: { messages: listOfMaps(found.map((message) => ({ message: encodeStored(message, undefined) }))) } };
  },
  'com.microsoft:receive-by-sequence-number': ({ queue, body, linkName }) => {
    const session = body['session-id'] === undefined ? undefined : heldSession({ queue, body, linkName });
    const mode: Consumer['mode'] = body['receiver-settle-mode'] === RECEIVE_AND_DELETE ? 'receiveAndDelete' : 'peekLock';
    const messages = queue.receiveDeferred(sequenceNumbers(body), mode, session).map((message) => ({
      message: encodeStored(message, message.lock?.until),
      ...(message.lock && { 'lock-token': uuid(message.lock.token) }),
    }));
    return { body: { messages: listOfMaps(messages) } };
  },
  'com.microsoft:update-disposition': ({ queue, body }) => {
    for (const token of body['lock-tokens'] ?? []) queue.settle(Buffer.from(token), settlementOf(body));
    return {};
  },
  'com.microsoft:renew-lock': ({ queue, body }) => {
    const ends = (body['lock-tokens'] ?? []).map((token) => queue.locks.renew(Buffer.from(token)));
    return { body: { expirations: timestamps(ends) } };
  },
  'com.microsoft:renew-session-lock': (request) => {
    const session = heldSession(request);
    return { body: { expiration: timestamp(request.queue.sessions?.renew(session) ?? 0) } };
  },
  'com.microsoft:get-session-state': (request) => ({ body: { 'session-state': heldSession(request).state ?? null } }),
  'com.microsoft:set-session-state': (request) => {
    heldSession(request).state = request.body['session-state'] ?? undefined;
    return {};
  },
};

/** Does what a `$management` request asks of the queue and tells how it went; never throws. */
export function manage(queue: Queue, request: WireMessage): Reply {
  try {
    const properties = (request.application_properties ?? {}) as { operation?: string; 'associated-link-name'?: string };
    const operation = operations[properties.operation ?? ''];
    if (operation === undefined) throw unknownOperation(properties.operation);
    const body = (request.body ?? {}) as RequestBody;
    const result = operation({ queue, body, linkName: properties['associated-link-name'] });
    return { statusCode: 200, statusDescription: 'OK', ...result };
  } catch (error) {
    const { statusCode, description, condition } = asFault(error);
    return { statusCode, statusDescription: description, errorCondition: condition };
  }
}

function heldSession({ queue, body, linkName }: Request): Session {
  if (queue.sessions === undefined) throw new ServiceBusFault('amqp:not-allowed', `'${queue.name}' has no sessions.`, 400);
  return queue.sessions.held(body['session-id'] ?? '', linkName);
}

function settlementOf(body: RequestBody): Settlement {
  const properties = plainMap(body['properties-to-modify']);
  switch (body['disposition-status']) {
    case 'completed':
      return { kind: 'complete' };
    case 'abandoned':
      return { kind: 'abandon', properties };
    case 'defered':
      return { kind: 'defer', properties };
    case 'suspended':
      return { kind: 'deadLetter', reason: body['deadletter-reason'], description: body['deadletter-description'], properties };
    default:
      throw new ServiceBusFault('amqp:not-implemented', `Unknown disposition '${body['disposition-status']}'.`, 501);
  }
}

const sequenceNumbers = (body: RequestBody): number[] => (body['sequence-numbers'] ?? []).map(toNumber);

const unknownOperation = (name: string | undefined) =>
  new ServiceBusFault('amqp:not-implemented', `The operation '${name}' is not supported.`, 501);
