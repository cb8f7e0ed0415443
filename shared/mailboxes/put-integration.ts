import { errorCodes, TandemError } from '../platform/errors';
import type { Services } from '../services';
import type { Integration } from '../storage/integrations';

/**
 * Adds an integration, or changes its name and settings; true where it is new. Its address stays: links and cursors belong to one environment.
 * @throws TandemError `conflict` for another address
 */
export async function putIntegration(
  { integrations, log }: Pick<Services, 'integrations' | 'log'>,
  integration: Integration,
): Promise<boolean> {
  const before = await integrations.get(integration.id);
  if (before !== null && before.baseUrl !== integration.baseUrl) {
    throw new TandemError(errorCodes.conflict, {
      retry: 'never',
      fix: 'Make a new integration for the other environment.',
      detail: 'the integration belongs to another environment',
    });
  }
  await integrations.put(integration);
  log.info('integration-saved', { integration: integration.id });
  return before === null;
}
