import { z } from 'zod';
import { noIntegration } from '../../shared/mailboxes/enable';
import type { LoggedRequest } from '../../shared/storage/request-log';
import { json, register } from './answer';
import { jsonOf } from './contract';
import { IsoTime, OneIntegration, Paging, pageOf } from './schemas';
import { isoTime } from './views';

const RequestView = z
  .object({
    at: IsoTime,
    method: z.string(),
    path: z.string().describe('With its ids, and with the names of the options of the query.'),
    status: z.int().nullable().describe('Null where there was no answer.'),
    ms: z.int().describe('Until the head of the answer came.'),
    requestId: z.string().nullable().describe('By what Dynamics finds it in its own logs.'),
    lost: z.int().describe('So many before it were not kept.'),
  })
  .meta({ id: 'LoggedRequest' });

register(
  'listRequests',
  {
    summary: 'List the requests to an environment, newest first',
    tag: 'Operations',
    params: OneIntegration,
    query: Paging,
    replies: { 200: jsonOf(pageOf(RequestView), 'Those of the last 24 hours in which `connection.logRequests` was on.') },
  },
  async ({ params: { id }, query, services }) => {
    if ((await services.integrations.get(id)) === null) throw noIntegration(id);
    const { items, next } = await services.requestLog.read(id, query);
    return json({ items: items.map(view), next });
  },
);

function view(request: LoggedRequest): object {
  return { ...request, at: isoTime(request.at) };
}
