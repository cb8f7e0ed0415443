import { z } from 'zod';
import { mostNamed } from '../../shared/mailboxes/many';
import { IntegrationId } from '../../shared/model/integration-id';
import { jsonOf } from './contract';
import { Guid } from './schemas';

/** Parameters of what is about one integration. */
export const OfIntegration = z.object({ integration: IntegrationId });

/** A result for each of several mailboxes. */
export const Results = z.object({
  results: z.array(
    z.discriminatedUnion('ok', [
      z.object({ id: z.string(), ok: z.literal(true) }),
      z.object({ id: z.string(), ok: z.literal(false), code: z.string(), detail: z.string(), fix: z.string() }),
    ]),
  ),
});

/** What routes have in common that do something to each of several mailboxes. */
export const ofMany = {
  tag: 'Mailboxes',
  params: OfIntegration,
  body: z.strictObject({ ids: z.array(Guid).min(1).max(mostNamed) }),
  replies: { 200: jsonOf(Results, 'What became of each.') },
} as const;
