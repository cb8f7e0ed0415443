import { z } from 'zod';
import { type Alert, type AlertKind, alertKinds, alertLevels } from '../../shared/mailboxes/alerts';
import { listAlerts } from '../../shared/mailboxes/read-alerts';
import { IntegrationId } from '../../shared/model/integration-id';
import { json, register } from './answer';
import { jsonOf } from './contract';
import { Guid, IsoTime, Paging, pageOf } from './schemas';
import { isoTime } from './views';

const AlertView = z
  .object({
    id: z.string(),
    kind: z.enum(Object.keys(alertKinds) as [AlertKind, ...AlertKind[]]),
    level: z.enum(alertLevels),
    sentence: z.string().describe('What an alert of this kind means.'),
    integration: z.string(),
    mailbox: z.string().nullable().describe('Null where it is about the integration.'),
    code: z.string(),
    detail: z.string(),
    fix: z.string().describe('What helps.'),
    since: IsoTime,
    count: z.int().describe('How many mailboxes or pairs it is about.'),
  })
  .meta({ id: 'Alert' });

const Query = Paging.extend({
  integration: IntegrationId.optional(),
  mailbox: Guid.optional(),
  level: z.enum(alertLevels).optional(),
});

register(
  'listAlerts',
  {
    summary: 'List what needs attention, with cause and cure',
    tag: 'Operations',
    query: Query,
    replies: { 200: jsonOf(pageOf(AlertView)) },
  },
  async ({ query: { integration = null, mailbox = null, level = null, ...page }, services }) => {
    const { items, next } = await listAlerts(services, { integration, mailbox, level, ...page });
    return json({ items: items.map(view), next });
  },
);

function view({ since, ...alert }: Alert): object {
  return { ...alert, sentence: alertKinds[alert.kind], since: isoTime(since) };
}
