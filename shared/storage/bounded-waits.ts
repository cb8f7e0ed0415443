import type { TableServiceClientOptions } from '@azure/data-tables';

type Policies = NonNullable<TableServiceClientOptions['additionalPolicies']>;

/** Client options that give up each try of a request after a while; by themselves Azure's libraries wait for an answer for ever. */
export function boundedWaits(timeoutMs: number): { additionalPolicies: Policies } {
  const policy: Policies[number]['policy'] = {
    name: 'boundedWaits',
    sendRequest(request, next) {
      request.timeout = timeoutMs;
      return next(request);
    },
  };
  return { additionalPolicies: [{ policy, position: 'perRetry' }] };
}
