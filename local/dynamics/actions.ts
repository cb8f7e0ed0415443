import { z } from 'zod';
import type { WireReply, WireRequest } from '../serving/wire';
import { bodyOf } from './entity';
import { badPayload, missing, unsupported } from './errors';
import { readEntityUrl } from './payload';
import { replaceRecord } from './records';
import type { Table, Value } from './schema';
import { tables } from './tables';
import { timestamp } from './values';
import type { View } from './view';

const money = z.number().nullish();
const note = z.string().nullish();
const closeOpportunity = z.strictObject({
  Status: z.int(),
  OpportunityClose: z.strictObject({
    '@odata.type': z.string().optional(),
    'opportunityid@odata.bind': z.string(),
    subject: note,
    description: note,
    actualrevenue: money,
    actualend: note,
  }),
});
const closeIncident = z.strictObject({
  Status: z.int(),
  IncidentResolution: z.strictObject({
    '@odata.type': z.string().optional(),
    'incidentid@odata.bind': z.string(),
    subject: note,
    description: note,
    timespent: z.int().min(0).nullish(),
  }),
});

type Action = (view: View, request: WireRequest) => WireReply;

/** The unbound actions that close opportunities and cases; the closing activity itself is not kept. */
export const actions: Readonly<Record<string, Action>> = {
  WinOpportunity: (view, request) => endOpportunity(view, request, 1),
  LoseOpportunity: (view, request) => endOpportunity(view, request, 2),
  CloseIncident: (view, request) => {
    const { Status, IncidentResolution } = read(closeIncident, request);
    return close(view, tables.incident, IncidentResolution['incidentid@odata.bind'], 1, Status, {});
  },
};

function endOpportunity(view: View, request: WireRequest, statecode: number): WireReply {
  const { Status, OpportunityClose } = read(closeOpportunity, request);
  const { actualend, actualrevenue } = OpportunityClose;
  return close(view, tables.opportunity, OpportunityClose['opportunityid@odata.bind'], statecode, Status, {
    actualclosedate: (actualend ?? timestamp(view.now)).slice(0, 10),
    actualvalue: actualrevenue ?? null,
  });
}

/** Sets a closed state; a status of -1 is the state's default. */
function close(
  view: View,
  table: Table,
  address: string,
  statecode: number,
  status: number,
  values: Readonly<Record<string, Value>>,
): WireReply {
  const { id } = readEntityUrl(view, address);
  const row = view.store.row(table, id);
  if (row === undefined) throw missing(table, id);
  view.demandRow(table, row, 'write');
  const statuses = table.states.find((state) => state.value === statecode)?.statuses ?? [];
  const statuscode = status === -1 ? statuses[0]?.[0] : status;
  if (statuscode === undefined || !statuses.some(([value]) => value === statuscode)) throw badPayload(`${status} is not a valid Status.`);
  replaceRecord(view, table, row, { ...row.values, ...values, statecode, statuscode });
  return { status: 204 };
}

function read<T>(schema: z.ZodType<T>, request: WireRequest): T {
  const parsed = schema.safeParse(bodyOf(request));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.code === 'unrecognized_keys') throw unsupported(`'${issue.keys.join("', '")}' in an action`);
  throw badPayload(`${issue?.path.join('.')}: ${issue?.message}`);
}
