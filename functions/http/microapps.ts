import { z } from 'zod';
import { IntegrationId } from '../../shared/model/integration-id';
import { appsOf, integrationOf, nothingHere } from '../../shared/workspace/grants';
import { languageFor, say } from '../../shared/workspace/languages';
import { json, register } from './answer';
import { jsonOf } from './contract';
import { Languages, WorkspaceOf } from './workspace-schemas';

register(
  'listMicroapps',
  {
    summary: 'List the microapps that you were granted',
    tag: 'Workspace',
    query: WorkspaceOf,
    headers: Languages,
    replies: {
      200: jsonOf(
        z.object({
          integration: IntegrationId,
          items: z.array(
            z.object({
              id: z.string(),
              title: z.string(),
              about: z.string(),
              icon: z.string().describe('The name of an icon.'),
              start: z.string().describe('The page on which it begins.'),
            }),
          ),
        }),
      ),
    },
  },
  async ({ query, headers, services, caller }) => {
    const language = languageFor(headers['accept-language'] ?? null);
    const integration = await integrationOf(services, caller.objectId, query.integration);
    const apps = await appsOf(services, integration.id, caller.objectId);
    if (apps.length === 0) throw nothingHere();
    const items = apps.map(({ id, title, about, icon, start }) => ({
      id,
      title: say(language, title),
      about: say(language, about),
      icon,
      start,
    }));
    return json({ integration: integration.id, items }, 200, { 'content-language': language, vary: 'Authorization, Accept-Language' });
  },
);
