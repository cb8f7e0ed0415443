import { z } from 'zod';
import type { WireReply, WireRequest } from '../serving/wire';
import { bodyOf } from './entity';
import { badPayload, invalidArgument, missing } from './errors';
import { createRecord, replaceRecord } from './records';
import type { Reference, Table, Value } from './schema';
import { tables } from './tables';
import type { View } from './view';

export const qualifying = /^Microsoft\.Dynamics\.CRM\.QualifyLead$/;

const body = z.strictObject({
  CreateAccount: z.boolean(),
  CreateContact: z.boolean(),
  CreateOpportunity: z.boolean(),
  Status: z.int(),
});

/** Makes of a lead what the caller asks for and closes it (`QualifyLead`, Dynamics 365 Web API reference). An account has to have a name. */
export function qualifyLead(view: View, id: string, request: WireRequest): WireReply {
  const parsed = body.safeParse(bodyOf(request));
  if (!parsed.success) throw badPayload(`${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`);
  const lead = view.store.row(tables.lead, id);
  if (lead === undefined) throw missing(tables.lead, id);
  view.demandRow(tables.lead, lead, 'write');
  if (lead.values.statecode !== 0) throw invalidArgument(`The lead with Id ${id} is already closed.`);
  if (!tables.lead.states.some(({ value, statuses }) => value === 1 && statuses.some(([status]) => status === parsed.data.Status)))
    throw badPayload(`${parsed.data.Status} is not a valid Status.`);
  const made: { table: Table; id: string }[] = [];
  const make = (table: Table, values: Readonly<Record<string, Value>>): Reference => {
    const row = createRecord(view, table, { values: new Map(Object.entries(values)) });
    made.push({ table, id: row.id });
    return { table: table.logicalName, id: row.id };
  };
  const { companyname = null, subject = null, firstname = null, lastname = null, emailaddress1 = null, telephone1 = null } = lead.values;
  if (parsed.data.CreateAccount && companyname === null) throw invalidArgument('The account needs a name.');
  const account = parsed.data.CreateAccount ? make(tables.account, { name: companyname }) : null;
  const contact = parsed.data.CreateContact
    ? make(tables.contact, { firstname, lastname, emailaddress1, telephone1, parentcustomerid: account })
    : null;
  const opportunity = parsed.data.CreateOpportunity ? make(tables.opportunity, { name: subject, customerid: account ?? contact }) : null;
  replaceRecord(view, tables.lead, lead, {
    ...lead.values,
    parentaccountid: account,
    parentcontactid: contact,
    qualifyingopportunityid: opportunity,
    statecode: 1,
    statuscode: parsed.data.Status,
  });
  const value = made.map((each) => ({ '@odata.type': `#Microsoft.Dynamics.CRM.${each.table.logicalName}`, [each.table.key]: each.id }));
  return { status: 200, body: { '@odata.context': `${view.base}$metadata#Collection(Microsoft.Dynamics.CRM.crmbaseentity)`, value } };
}
