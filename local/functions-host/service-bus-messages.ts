import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import type { TypedData } from './core-module';
import type { Invocation } from './invocation';

/**
 * A received message as the trigger's input. Without `dataType: 'binary'` the body reaches the library as text, which parses it as JSON where
 * it is JSON. Needs a receiver with `skipParsingBodyAsJson`.
 */
export function messageInvocation(bindingName: string, message: ServiceBusReceivedMessage, isBinary: boolean): Invocation {
  return {
    inputData: [{ name: bindingName, data: bodyData(message.body, isBinary) }],
    triggerMetadata: triggerMetadata(message),
  };
}

function bodyData(body: unknown, isBinary: boolean): TypedData {
  if (isBytes(body)) return isBinary ? { bytes: body } : { string: Buffer.from(body).toString('utf8') };
  return typeof body === 'string' ? { string: body } : { json: JSON.stringify(body ?? null) };
}

/**
 * Source: "Azure Service Bus trigger for Azure Functions", message metadata. The delivery count is that of .NET, which counts from 1, where
 * the JavaScript SDK counts from 0; the library lower-cases the first letter of every key.
 */
function triggerMetadata(message: ServiceBusReceivedMessage): Record<string, TypedData> {
  const values: Record<string, unknown> = {
    MessageId: message.messageId === undefined ? undefined : String(message.messageId),
    SessionId: message.sessionId,
    CorrelationId: message.correlationId === undefined ? undefined : String(message.correlationId),
    Subject: message.subject,
    Label: message.subject,
    ContentType: message.contentType,
    To: message.to,
    ReplyTo: message.replyTo,
    ReplyToSessionId: message.replyToSessionId,
    PartitionKey: message.partitionKey,
    LockToken: message.lockToken,
    DeadLetterSource: message.deadLetterSource,
    DeliveryCount: (message.deliveryCount ?? 0) + 1,
    SequenceNumber: message.sequenceNumber === undefined ? undefined : Number(message.sequenceNumber),
    EnqueuedTimeUtc: message.enqueuedTimeUtc,
    ExpiresAtUtc: message.expiresAtUtc,
    ApplicationProperties: message.applicationProperties ?? {},
  };
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? { string: value } : { json: JSON.stringify(value) }]),
  );
}

function isBytes(body: unknown): body is Uint8Array {
  return body instanceof Uint8Array;
}
