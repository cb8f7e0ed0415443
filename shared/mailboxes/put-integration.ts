import { entitiesThatSync } from '../model/integration-settings';
import { errorCodes, TandemError } from '../platform/errors';
import type { Services } from '../services';
import type { Integration } from '../storage/integrations';
import { changesScope, checkSettings, sweepAll } from './filters';
import { loadAgain } from './reload';

type PutServices = Pick<Services, 'integrations' | 'mailboxes' | 'messenger' | 'clock' | 'log' | 'dynamics'>;

/**
 * Adds an integration, or changes its name and settings; true where it is new. Its address stays: links and cursors belong to one environment. Where a kind of
 * record is switched on, every mailbox is loaded anew, so that nobody is invited to what was agreed on while it was off.
 * Where its filters or its map change, every mailbox is swept, so that they take effect.
 * @throws TandemError `conflict` for another address, `bad-request` where Dynamics does not take the filters or the added columns
 */
export async function putIntegration(services: PutServices, integration: Integration): Promise<boolean> {
  const { integrations, log } = services;
  const before = await integrations.get(integration.id);
  if (before !== null && before.baseUrl !== integration.baseUrl) {
    throw new TandemError(errorCodes.conflict, {
      retry: 'never',
      fix: 'Make a new integration for the other environment.',
      detail: 'the integration belongs to another environment',
    });
  }
  await checkSettings(services, before, integration);
  await integrations.put(integration);
  if (before !== null && switchesOn(before, integration)) await loadAll(services, integration);
  if (before !== null && changesScope(before, integration)) await sweepAll(services, integration);
  log.info('integration-saved', { integration: integration.id });
  return before === null;
}

function switchesOn(before: Integration, after: Integration): boolean {
  return entitiesThatSync(after.settings).some((entity) => !before.settings.entities[entity]);
}

async function loadAll(services: PutServices, { id }: Integration): Promise<void> {
  for await (const page of services.mailboxes.pages(id))
    for (const mailbox of page.filter(({ status }) => status === 'on')) await loadAgain(services, mailbox);
}
