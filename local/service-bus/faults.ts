/** A refusal the client is told about. `condition` is the AMQP error condition, from which the client derives its error code. */
export class ServiceBusFault extends Error {
  constructor(
    readonly condition: string,
    readonly description: string,
    /** Status of a reply on `$management`. */
    readonly statusCode: number,
  ) {
    super(description);
    this.name = 'ServiceBusFault';
  }
}

export const entityNotFound = (address: string) =>
  new ServiceBusFault('amqp:not-found', `The messaging entity '${address}' could not be found.`, 404);

export const notAllowed = (description: string) => new ServiceBusFault('amqp:not-allowed', description, 400);

export const messageNotFound = (sequenceNumber: number) =>
  new ServiceBusFault(
    'com.microsoft:message-not-found',
    `There is no message with sequence number ${sequenceNumber} that this can be done to.`,
    404,
  );

export const messageTooLarge = (size: number, limit: number) =>
  new ServiceBusFault('amqp:link:message-size-exceeded', `The message has ${size} bytes; the limit is ${limit} bytes.`, 403);

export const messageLockLost = () =>
  new ServiceBusFault(
    'com.microsoft:message-lock-lost',
    'The lock is not valid: it has expired, or the message is no longer in the queue.',
    410,
  );

export const sessionLockLost = () =>
  new ServiceBusFault('com.microsoft:session-lock-lost', 'The lock on the session has expired or was given up.', 410);

export const sessionTaken = (sessionId: string) =>
  new ServiceBusFault('com.microsoft:session-cannot-be-locked', `Session '${sessionId}' cannot be accepted: another receiver has it.`, 409);

export const noSessionInTime = () =>
  new ServiceBusFault('com.microsoft:timeout', 'No session with messages became free within the time allotted.', 408);

/** Anything else that went wrong, as the service reports its own failures. */
export function asFault(error: unknown): ServiceBusFault {
  return error instanceof ServiceBusFault ? error : new ServiceBusFault('amqp:internal-error', String(error), 500);
}
