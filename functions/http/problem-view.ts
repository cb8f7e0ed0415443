import { z } from 'zod';
import { errorCodes } from '../../shared/platform/errors';

/** Problem details (RFC 9457), as every refusal is told. */
export const ProblemView = z
  .object({
    type: z.string().describe('Names the kind of problem, and leads to a page about it.'),
    title: z.string(),
    status: z.int(),
    code: z
      .enum(Object.values(errorCodes))
      .optional()
      .describe('What a program decides by; stable. Missing where nobody foresaw what happened.'),
    detail: z.string().optional(),
    fix: z.string().optional().describe('What a person can do about it.'),
    errors: z
      .array(z.object({ field: z.string().describe('Where it is: the part of the request and the path in it.'), rule: z.string() }))
      .optional()
      .describe('Of a request that does not fit: each field with the rule that it breaks.'),
    instance: z.string().describe('Names this one occurrence, so that it can be found in the log.'),
  })
  .meta({ id: 'Problem' });
