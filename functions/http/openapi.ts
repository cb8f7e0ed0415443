import { z } from 'zod';
import { endpoints, json, register } from './answer';
import { jsonOf } from './contract';
import { type ApiDescription, describeApi } from './description';

let described: ApiDescription | undefined;

/** Anybody may read it: it tells how to ask, and nothing of anybody. */
register(
  'openapi',
  {
    summary: 'This description',
    tag: 'Health',
    replies: { 200: jsonOf(z.looseObject({ openapi: z.string() }), 'OpenAPI 3.1.') },
  },
  async () => {
    described ??= describeApi(endpoints().values());
    return json(described);
  },
);
