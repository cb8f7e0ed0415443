import { z } from 'zod';
import { absences, type Explanation, explain, type Question } from '../../shared/mailboxes/explain';
import { cycleServicesOf, type Services } from '../../shared/services';
import { reasons } from '../../shared/sync/reasons';
import { json, register } from './answer';
import { jsonOf } from './contract';
import { AnEntity, Guid, IsoTime, OneIntegration, OneMailbox } from './schemas';
import { DryPairView, HistoryView, isoTime, journalView, WaitingView, waitingView } from './views';

const ExplanationView = z
  .object({
    entity: AnEntity.nullable(),
    recordId: z.string().nullable(),
    itemId: z.string().nullable(),
    mailbox: z.string().nullable().describe('The mailbox that it is synced with; null where there is none.'),
    state: z.enum(['tracking', 'linked', 'held', 'frozen', 'released', 'unlinked']),
    reason: z.enum([...Object.keys(reasons), ...Object.keys(absences)]),
    sentence: z.string(),
    at: IsoTime.nullable().describe('When Tandem last did something about the pair.'),
    waiting: z.array(WaitingView),
    next: DryPairView.extend({ sentence: z.string() })
      .nullable()
      .describe('What the next cycle would do; null where it cannot be judged yet.'),
    differences: z.array(z.string()).describe('Fields that both sides could share and in which they differ now.'),
    history: z.array(HistoryView),
  })
  .meta({ id: 'Explanation' });

/** Why a record syncs as it does, or not at all; looked for in every mailbox of the integration. */
register(
  'explainRecord',
  {
    summary: 'Explain a record',
    tag: 'Explaining',
    params: OneIntegration,
    query: z.object({ entity: AnEntity, record: Guid }),
    replies: { 200: jsonOf(ExplanationView) },
  },
  async ({ params: { id }, query: { entity, record }, services }) =>
    json(await answered(services, id, { by: 'record', entity, recordId: record })),
);

/** The same of an Exchange item of one mailbox. */
register(
  'explainItem',
  {
    summary: 'Explain an item of a mailbox',
    tag: 'Explaining',
    params: OneMailbox,
    query: z.object({ item: z.string().min(1).max(1_000) }),
    replies: { 200: jsonOf(ExplanationView) },
  },
  async ({ params: { integration, id }, query: { item }, services }) =>
    json(await answered(services, integration, { by: 'item', mailbox: id, itemId: item })),
);

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
