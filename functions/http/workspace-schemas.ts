import { z } from 'zod';
import { IntegrationId } from '../../shared/model/integration-id';

/** Whose Workspace. */
export const WorkspaceOf = z.object({
  integration: IntegrationId.optional().describe('May be left out by who takes part in one only.'),
});

/** In which language to answer. */
export const Languages = z.object({
  'accept-language': z.string().max(1_000).optional().describe('The languages that you read: de, en, es, fr, it, ja, nl, pt-BR, zh-CN.'),
});
