import type { HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { IntegrationId } from '../../shared/model/integration-id';
import { GraphNotifications, takePush } from '../../shared/polling/graph-push';
import type { Services } from '../../shared/services';
import { register } from './answer';
import { empty, textOf } from './contract';
import { Guid } from './schemas';

/** A thousand notifications with room to spare. */
const longestBody = 2_097_152;

const PushQuery = z.object({
  integration: IntegrationId,
  mailbox: Guid,
  validationToken: z
    .string()
    .max(2_000)
    .regex(/^[^\p{Cc}]*$/u, 'has control characters')
    .optional()
    .describe('What Graph wants to hear back before it subscribes.'),
});

const contract = {
  tag: 'Push',
  query: PushQuery,
  body: GraphNotifications.optional(),
  longestBody,
  replies: { 200: textOf('text/plain', 'The validation token.'), 202: empty('They are taken, or were none of ours.') },
} as const;

/** Graph counts every answer that comes late or is no 2xx against the address, so nothing is done here but waking. */
async function take(
  services: Services,
  query: z.output<typeof PushQuery>,
  body: GraphNotifications | undefined,
): Promise<HttpResponseInit> {
  if (query.validationToken !== undefined) return echo(query.validationToken);
  const ref = { integration: query.integration, id: query.mailbox };
  if (body !== undefined) await takePush({ ...services, settings: services.config }, ref, body.value);
  return { status: 202 };
}

/** Exactly the token, as text that no browser takes for a page. */
function echo(token: string): HttpResponseInit {
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'no-store',
  };
  return { status: 200, headers, body: token };
}

register('pushFromGraph', { ...contract, summary: 'Take what Exchange tells of a mailbox' }, ({ services, query, body }) =>
  take(services, query, body),
);

register(
  'lifecycleFromGraph',
  { ...contract, summary: 'Take what Graph tells of its subscriptions to a mailbox' },
  ({ services, query, body }) => take(services, query, body),
);
