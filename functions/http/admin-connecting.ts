import { z } from 'zod';
import { EnvironmentUrl } from '../../shared/integrations/create-body';
import { Template, templates } from '../../shared/integrations/templates';
import { testIntegration, testSteps } from '../../shared/integrations/test';
import { json, register } from './answer';
import { jsonOf } from './contract';
import { IsoTime, OneIntegration, pageOf } from './schemas';

const TemplatesQuery = z.object({ baseUrl: EnvironmentUrl.optional().describe('The address of the environment, to be filled in.') });

const TestReport = z.object({
  at: IsoTime,
  ok: z.boolean().describe('Whether no step failed.'),
  steps: z.array(
    z.object({
      step: z.enum(testSteps),
      outcome: z.enum(['ok', 'failed', 'skipped']),
      ms: z.number(),
      detail: z.string().nullable().describe('What was found, or why it failed or was skipped.'),
      fix: z.string().nullable().describe('What a person can do.'),
    }),
  ),
});

register(
  'listTemplates',
  {
    summary: 'List the templates for a new integration',
    tag: 'Integrations',
    query: TemplatesQuery,
    replies: { 200: jsonOf(pageOf(Template)) },
  },
  async ({ query: { baseUrl = null }, services: { config } }) => {
    const { authorityUrl, tenantId } = config;
    return json({ items: templates({ authorityUrl, tenantId, baseUrl }), next: null });
  },
);

register(
  'testIntegration',
  {
    summary: 'Try the connection of an integration, step by step',
    tag: 'Integrations',
    params: OneIntegration,
    replies: { 200: jsonOf(TestReport, 'What each step came to, whether it failed or not.') },
  },
  async ({ params: { id }, services }) => {
    const steps = await testIntegration(services, id);
    return json({ at: new Date(services.clock.now()).toISOString(), ok: steps.every(({ outcome }) => outcome !== 'failed'), steps });
  },
);
