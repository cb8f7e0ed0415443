import { changesScope, sweepAll } from '../mailboxes/filters';
import { loadAgain } from '../mailboxes/reload';
import { entitiesThatSync } from '../model/integration-settings';
import type { Services } from '../services';
import type { Integration } from '../storage/integrations';
import { takesPart } from '../storage/mailboxes';

type EffectServices = Pick<Services, 'integrations' | 'mailboxes' | 'messenger' | 'clock' | 'log' | 'dynamics'>;

/**
 * Has mailboxes served as a changed integration asks for. Where a kind of record is switched on, every mailbox is loaded anew, so that nobody is invited to what
 * was agreed on while it was off. Where its filters or its map change, every mailbox is swept.
 */
export async function takeEffect(services: EffectServices, before: Integration, after: Integration): Promise<void> {
  if (switchesOn(before, after)) await loadAll(services, after);
  if (changesScope(before, after)) await sweepAll(services, after);
}

function switchesOn(before: Integration, after: Integration): boolean {
  return entitiesThatSync(after.settings).some((entity) => !before.settings.entities[entity]);
}

async function loadAll(services: EffectServices, { id }: Integration): Promise<void> {
  for await (const page of services.mailboxes.pages(id)) for (const mailbox of page.filter(takesPart)) await loadAgain(services, mailbox);
}
