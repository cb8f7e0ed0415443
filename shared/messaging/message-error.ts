import { isServiceBusError } from '@azure/service-bus';
import { type ErrorCode, errorCodes, type Retry, TandemError } from '../platform/errors';

/** A failed send in Tandem's words. Whether the message arrived may be unknown; message ids and idempotent cycles make sending again safe. */
export function messageError(error: unknown): TandemError {
  if (error instanceof TandemError) return error;
  const reason = isServiceBusError(error) ? error.code : undefined;
  const [code, retry, fix] = verdict(reason);
  return new TandemError(code, {
    retry,
    fix,
    detail: ['Service Bus', reason].filter((word) => word !== undefined).join(': '),
    cause: error,
  });
}

function verdict(reason: string | undefined): readonly [ErrorCode, Retry, string] {
  switch (reason) {
    case 'MessagingEntityNotFound':
    case 'MessagingEntityDisabled':
      return [
        errorCodes.settings,
        'later',
        `Create and enable the queues 'polls', 'wakeups', 'assignments' and 'rejected' in the namespace.`,
      ];
    case 'UnauthorizedAccess':
      return [errorCodes.settings, 'later', 'Give the app the role "Azure Service Bus Data Sender" on the namespace.'];
    case 'ServiceBusy':
    case 'QuotaExceeded':
      return [errorCodes.throttled, 'later', 'Wait: it is tried again.'];
    case 'MessageSizeExceeded':
      return [errorCodes.refused, 'never', 'The message is too long; report it.'];
    case 'ServiceTimeout':
      return [errorCodes.timeout, 'later', 'Wait: it is tried again.'];
    default:
      return [
        errorCodes.unavailable,
        'later',
        'Wait: it is tried again. If it stays, see whether the Service Bus namespace can be reached.',
      ];
  }
}
