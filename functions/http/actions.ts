import { z } from 'zod';
import { languageFor, say } from '../../shared/workspace/languages';
import { runAction } from '../../shared/workspace/run-action';
import { json, register } from './answer';
import { jsonOf } from './contract';
import { Guid } from './schemas';
import { Languages, WorkspaceOf } from './workspace-schemas';

const Done = z.object({
  id: Guid.describe('The record that was made or changed.'),
  version: z.string().nullable().describe('Its version now; null where you may not see it any more.'),
});

const Changed = z.object({
  code: z.literal('changed-meanwhile'),
  message: z.string(),
  record: z.object({ id: Guid, version: z.string() }).describe('What is there now.'),
  fields: z.array(
    z.object({
      field: z.string(),
      label: z.string(),
      seen: z.string().nullable().describe('What the version that you saw had; null where nobody knows any more.'),
      now: z.string(),
    }),
  ),
});

register(
  'runAction',
  {
    summary: 'Do something with a record, or make one',
    tag: 'Workspace',
    params: z.object({ app: z.string().max(100), action: z.string().max(100) }),
    query: WorkspaceOf,
    headers: Languages.extend({
      'idempotency-key': z
        .string()
        .regex(/^[\x21-\x7e]{8,200}$/)
        .describe('Chosen by the client, the same for each try of the same call.'),
    }),
    body: z.strictObject({
      // As a page gives it: the table beside them is known by the action.
      record: z
        .object({ id: Guid, version: z.string().regex(/^\d{1,20}$/) })
        .nullable()
        .default(null)
        .describe('The record that it is about, in the version that the page showed; null for a new one.'),
      values: z.record(z.string().max(200), z.unknown()).default({}).describe('By the parameters of the form.'),
    }),
    replies: { 200: jsonOf(Done), 409: jsonOf(Changed, 'Somebody changed the record since it was shown. Nothing was written.') },
  },
  async ({ params, query, headers, body, services, caller }) => {
    const language = languageFor(headers['accept-language'] ?? null);
    const visit = { objectId: caller.objectId, language, integration: query.integration, app: params.app };
    const outcome = await runAction(services, visit, { action: params.action, key: headers['idempotency-key'], ...body });
    if (outcome.kind === 'done') return json({ id: outcome.id, version: outcome.version });
    const { record, differences } = outcome;
    const message = say(language, 'page.changedMeanwhile');
    const body409 = { code: 'changed-meanwhile', message, record: { id: record.id, version: record.version }, fields: differences };
    return json(body409, 409, { 'content-language': language });
  },
);
