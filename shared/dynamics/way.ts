import type { IntegrationConnection } from '../model/integration-connection';
import { trustingFetch } from '../platform/trusting-fetch';
import type { ConnectionOptions } from './connection';

type OfConnection = Pick<IntegrationConnection, 'onPremises' | 'timeoutSeconds'>;

const trusting = new Map<string, typeof fetch>();

/** What sends requests to an environment and to its sign-in service: it trusts the private authorities of this integration alone. */
export function fetchOf({ onPremises }: Pick<IntegrationConnection, 'onPremises'>): typeof fetch {
  const bundle = onPremises?.caBundle ?? null;
  if (bundle === null) return globalThis.fetch;
  const known = trusting.get(bundle) ?? trustingFetch(bundle);
  trusting.set(bundle, known);
  return known;
}

/** How requests to an environment are sent. On premises the Web API ends with v9.1; v9.2 is Dynamics 365 online alone ("Web API types and operations", Microsoft). */
export function wayTo(connection: OfConnection): Required<Pick<ConnectionOptions, 'fetch' | 'timeoutMs' | 'webApi'>> {
  return {
    fetch: fetchOf(connection),
    timeoutMs: connection.timeoutSeconds * 1_000,
    webApi: connection.onPremises === null ? 'v9.2' : 'v9.1',
  };
}
