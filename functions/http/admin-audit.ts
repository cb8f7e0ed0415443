import { z } from 'zod';
import { type AuditEntry, auditOutcomes } from '../../shared/storage/audit';
import { json, register } from './answer';
import { jsonOf } from './contract';
import { IsoTime, Paging, pageOf } from './schemas';
import { isoTime } from './views';

const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]).optional();

const AuditView = z
  .object({
    id: z.string(),
    at: IsoTime,
    by: z.string().describe('The Entra object id of the admin.'),
    route: z.string().describe('The `operationId` of what was asked for.'),
    targets: z.record(z.string(), z.string()).describe('The ids of what it was about.'),
    fields: z.array(z.string()).describe('The fields that were sent.'),
    outcome: z.enum(auditOutcomes).describe('`intended` where nobody lived to say what became of it.'),
    endedAt: IsoTime.nullable(),
    status: z.int().nullable(),
    code: z.string().nullable(),
    changes: z
      .array(z.object({ field: z.string(), before: Value, after: Value }))
      .nullable()
      .describe('What it changed, with values where those are neither secret nor written by people; null where that is not told.'),
  })
  .meta({ id: 'Act' });

const Range = Paging.extend({
  from: z.iso.datetime().optional().describe('The earliest time; all there is where it is left out.'),
  to: z.iso.datetime().optional().describe('The time before which it was; now where it is left out.'),
});

register(
  'listAudit',
  { summary: 'List what admins did, newest first', tag: 'Operations', query: Range, replies: { 200: jsonOf(pageOf(AuditView)) } },
  async ({ query: { from, to, ...page }, services }) => {
    const range = { from: from === undefined ? 0 : Date.parse(from), to: to === undefined ? services.clock.now() + 1 : Date.parse(to) };
    const { items, next } = await services.audit.read(range, page);
    return json({ items: items.map(view), next });
  },
);

function view({ at, endedAt, ...entry }: AuditEntry): object {
  return { ...entry, at: isoTime(at), endedAt: isoTime(endedAt) };
}
