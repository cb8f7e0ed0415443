import type { Methods } from '../model/mailbox-standing';
import type { Integration } from '../storage/integrations';

/** The integration as it is for one mailbox: without the workloads that are not wanted there, as if they were switched off for all. */
export function asWantedBy(integration: Integration, { act, incoming }: Methods): Integration {
  if (act === 'sync' && incoming === 'sync') return integration;
  const { settings } = integration;
  const none = Object.fromEntries(Object.keys(settings.entities).map((entity) => [entity, false])) as typeof settings.entities;
  return {
    ...integration,
    settings: {
      ...settings,
      entities: act === 'none' ? none : settings.entities,
      mail: incoming === 'none' ? { ...settings.mail, track: 'off' } : settings.mail,
    },
  };
}
