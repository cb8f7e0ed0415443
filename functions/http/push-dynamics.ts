import { z } from 'zod';
import { IntegrationId } from '../../shared/model/integration-id';
import { DynamicsNotification, takeDynamicsPush, webhookHeader } from '../../shared/polling/dynamics-push';
import { register } from './answer';
import { empty } from './contract';

/** Dataverse leaves the large parts of a message out where it would be longer than 256 KB (webhook documentation); what is left may be a little more than that. */
const longestBody = 1_048_576;

register(
  'pushFromDynamics',
  {
    summary: 'Take what Dynamics tells of a record',
    tag: 'Push',
    params: z.object({ integration: IntegrationId }),
    headers: z.object({ [webhookHeader]: z.string().max(200).default('') }),
    body: DynamicsNotification,
    longestBody,
    replies: { 200: empty('It is taken, or was about nothing that syncs.') },
  },
  async ({ services, params: { integration }, headers, body }) => {
    await takeDynamicsPush({ ...services, settings: services.config }, integration, headers[webhookHeader], body);
    return { status: 200 };
  },
);
