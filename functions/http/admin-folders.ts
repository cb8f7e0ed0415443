import { z } from 'zod';
import { folderRules, putFolderRules } from '../../shared/mailboxes/folder-rules';
import { IntegrationId } from '../../shared/model/integration-id';
import { body, type Handler, json, parameters, register } from './answer';

const Guid = z.guid().transform((id) => id.toLowerCase());
const One = z.object({ integration: IntegrationId, id: Guid });

/** A table's logical name becomes part of a column's name. */
const Entity = z.string().regex(/^[a-z][a-z0-9_]{0,99}$/, 'is no logical name of a table');

const Rules = z.strictObject({
  rules: z.array(
    z.strictObject({
      folderId: z.string().trim().min(1).max(500),
      regarding: z.strictObject({ entity: Entity, id: Guid }).nullable().default(null),
    }),
  ),
});

export const getFolders: Handler = async ({ request, services }) => {
  const { integration, id } = parameters(request, One);
  return json({ rules: await folderRules(services, integration, id) });
};

export const putFolders: Handler = async ({ request, services }) => {
  const { integration, id } = parameters(request, One);
  const { rules } = await body(request, Rules);
  await putFolderRules(services, integration, id, rules);
  return json({ rules });
};

register('getFolders', getFolders);
register('putFolders', putFolders);
