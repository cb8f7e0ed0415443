import { z } from 'zod';
import { type Explanation, explain, type Question } from '../../shared/mailboxes/explain';
import { IntegrationId } from '../../shared/model/integration-id';
import { entities } from '../../shared/model/values';
import { cycleServicesOf, type Services } from '../../shared/services';
import { type Handler, json, parameters, query, register } from './answer';
import { isoTime, journalView, waitingView } from './views';

const Guid = z.guid().transform((id) => id.toLowerCase());
const Integration = z.object({ id: IntegrationId });
const Mailbox = z.object({ integration: IntegrationId, id: Guid });
const RecordQuery = z.object({ entity: z.enum(entities), record: Guid });
const ItemQuery = z.object({ item: z.string().min(1).max(1_000) });

/** Why a record syncs as it does, or not at all; looked for in every mailbox of the integration. */
export const explainRecord: Handler = async ({ request, services }) => {
  const { id } = parameters(request, Integration);
  const { entity, record } = query(request, RecordQuery);
  return json(await answered(services, id, { by: 'record', entity, recordId: record }));
};

/** The same of an Exchange item of one mailbox. */
export const explainItem: Handler = async ({ request, services }) => {
  const { integration, id } = parameters(request, Mailbox);
  const { item } = query(request, ItemQuery);
  return json(await answered(services, integration, { by: 'item', mailbox: id, itemId: item }));
};

async function answered(services: Services, integration: string, question: Question): Promise<object> {
  return view(await explain({ ...cycleServicesOf(services), ...services }, integration, question));
}

function view({ at, waiting, history, ...rest }: Explanation): object {
  return {
    ...rest,
    at: isoTime(at),
    waiting: waiting.map(waitingView),
    history: history.map(journalView),
  };
}

register('explainRecord', explainRecord);
register('explainItem', explainItem);
