import { z } from 'zod';
import { IntegrationId } from '../../shared/model/integration-id';
import { entities } from '../../shared/model/values';

/** An id of Dynamics or Entra ID, in lower case however it comes. */
export const Guid = z
  .guid()
  .toLowerCase()
  .meta({ examples: ['5a5e0e00-0000-4000-8000-000000000001'] });

export const AnEntity = z.enum(entities).meta({ id: 'Entity' });

/** A moment as people and programs read it: ISO 8601, UTC, ms. */
export const IsoTime = z.iso.datetime();

/** Parameters of a path that names one mailbox: the id is that of its user in Dynamics. */
export const OneMailbox = z.object({ integration: IntegrationId, id: Guid });

/** Parameters of a path that names one integration. */
export const OneIntegration = z.object({ id: IntegrationId });

/** What a change says about the version that it changes. */
export const Preconditions = z.object({
  'if-match': z.string().optional().describe('The `ETag` of the version that is changed, or `*`. Needed for what is there.'),
  'if-none-match': z.string().optional().describe('`*` where nothing may be there yet.'),
});

/** Where to begin in a list and how much of it to give. */
export const Paging = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .transform((cursor) => cursor ?? null),
});

/** A page of a list as it is sent. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable().describe('The cursor of the next page; null at the end.') });
}
