import { type Language, say } from '../languages';
import type { ActionName, TextKey } from '../microapp';
import type { RecordValue, WorkspaceRecord } from '../record';
import { isReference } from '../shown';
import { type RecordTableName, recordTables } from '../tables';
import type { Wish } from './check';
import { changedColumns } from './columns';
import type { Offer } from './offer';

/** One request to the Web API, as data. */
export interface ActionRequest {
  readonly method: 'POST' | 'PATCH';
  /** Under the root of the Web API. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether the answer is the record as it then is (`Prefer: return=representation`). */
  readonly returns: 'record' | 'nothing';
}

/** What an action is done with. */
export interface Doing {
  /** The one it is about, in the version that the person saw; null where it makes one. */
  readonly record: WorkspaceRecord | null;
  /** The id of a row that is made: always the same for the same call, so that a repeated call makes no second one. */
  readonly newId: string;
  readonly language: Language;
}

type Act = (wish: Wish, doing: Doing & { readonly table: RecordTableName }) => ActionRequest | null;
type OnRecord = (wish: Wish, record: WorkspaceRecord, doing: Doing) => ActionRequest | null;

/** The request that does what was asked for; null where nothing is to be changed. Its wish has been checked. */
export function requestOf({ action, table }: Offer, wish: Wish, doing: Doing): ActionRequest | null {
  return acts[action](wish, { ...doing, table });
}

const create: Act = (wish, { table, newId }) => ({
  method: 'PATCH',
  path: `${recordTables[table].set}(${newId})`,
  headers: { 'If-None-Match': '*' },
  body: changedColumns(table, wish, {}),
  returns: 'record',
});

const on =
  (act: OnRecord): Act =>
  (wish, { record, ...doing }) =>
    record === null ? null : act(wish, record, { record, ...doing });

const update = on((wish, record) => {
  const body = changedColumns(record.table, wish, record.values);
  return Object.keys(body).length === 0 ? null : patch(record, body);
});

/** Columns of a record, if it still is in the version that the person saw. */
function patch(record: WorkspaceRecord, body: ActionRequest['body']): ActionRequest {
  return { method: 'PATCH', path: addressOf(record), headers: { 'If-Match': `W/"${record.version}"` }, body, returns: 'record' };
}

function message(path: string, body: ActionRequest['body']): ActionRequest {
  return { method: 'POST', path, headers: {}, body, returns: 'nothing' };
}

function addressOf({ table, id }: Pick<WorkspaceRecord, 'table' | 'id'>): string {
  return `${recordTables[table].set}(${id})`;
}

/** Only what was given: Dynamics fills in the rest by itself. */
function filledOf(values: Readonly<Record<string, RecordValue | undefined>>): Record<string, RecordValue> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined || value === null ? [] : [[name, value]])),
  );
}

/** What an activity that Dynamics makes is called, in the words of the person who made it. */
function subjectOf(what: TextKey, { values }: WorkspaceRecord, language: Language): string {
  return `${say(language, what)}: ${String(values.name ?? '')}`.replace(/: $/, '').slice(0, 200);
}

const closeOpportunity = (path: 'WinOpportunity' | 'LoseOpportunity', what: TextKey, status?: number): Act =>
  on((wish, record, { language }) => {
    const { actualend, actualrevenue, description } = wish;
    return message(path, {
      Status: status ?? wish.status,
      OpportunityClose: {
        subject: subjectOf(what, record, language),
        ...filledOf({ actualend, actualrevenue, description }),
        'opportunityid@odata.bind': `/${addressOf(record)}`,
      },
    });
  });

interface StateColumns {
  readonly statecode: number;
  readonly statuscode: number;
}

/** The states in which activities end. Source: the choices `statecode` and `statuscode` of each table, Dataverse table reference. */
const ends: Readonly<Partial<Record<RecordTableName, { done: (record: WorkspaceRecord) => StateColumns; canceled: StateColumns }>>> = {
  task: { done: () => ({ statecode: 1, statuscode: 5 }), canceled: { statecode: 2, statuscode: 6 } },
  appointment: { done: () => ({ statecode: 1, statuscode: 3 }), canceled: { statecode: 2, statuscode: 4 } },
  phonecall: {
    // Made, or received where somebody else called.
    done: ({ values }) => ({ statecode: 1, statuscode: values.directioncode === false ? 4 : 2 }),
    canceled: { statecode: 2, statuscode: 3 },
  },
};

const acts: Readonly<Record<ActionName, Act>> = {
  createAccount: create,
  updateAccount: update,
  createContact: create,
  updateContact: update,
  createLead: create,
  updateLead: update,
  createOpportunity: create,
  updateOpportunity: update,
  closeOpportunityWon: closeOpportunity('WinOpportunity', 'page.closeAsWon', 3),
  closeOpportunityLost: closeOpportunity('LoseOpportunity', 'page.closeAsLost'),
  createCase: create,
  updateCase: update,
  resolveCase: on(({ status, subject, timespent, description }, record) =>
    message('CloseIncident', {
      Status: status,
      IncidentResolution: {
        ...filledOf({ subject, timespent, description }),
        'incidentid@odata.bind': `/${addressOf(record)}`,
      },
    }),
  ),
  createAppointment: create,
  updateAppointment: update,
  createPhoneCall: create,
  updatePhoneCall: update,
  createTask: create,
  updateTask: update,
  markComplete: on((_, record) => {
    const end = ends[record.table];
    return end === undefined ? null : patch(record, { ...end.done(record) });
  }),
  cancel: on((_, record) => {
    const end = ends[record.table];
    return end === undefined ? null : patch(record, { ...end.canceled });
  }),
  assign: on(({ owner }, record) => {
    const isHers = isReference(record.owner) && record.owner.id === owner;
    return isHers ? null : patch(record, { 'ownerid@odata.bind': `/systemusers(${String(owner)})` });
  }),
  // An account is made only of a company that has a name. Source: `QualifyLead`, Dynamics 365 Web API reference.
  qualifyLead: on((_, record) =>
    message(`${addressOf(record)}/Microsoft.Dynamics.CRM.QualifyLead`, {
      CreateAccount: (record.values.companyname ?? null) !== null,
      CreateContact: true,
      CreateOpportunity: true,
      Status: 3,
    }),
  ),
  disqualifyLead: on(({ reason }, record) => patch(record, { statecode: 2, statuscode: reason })),
  addNote: on(({ subject, notetext }, record, { newId }) => ({
    method: 'PATCH',
    path: `annotations(${newId})`,
    headers: { 'If-None-Match': '*' },
    body: { ...filledOf({ subject, notetext }), [`objectid_${record.table}@odata.bind`]: `/${addressOf(record)}` },
    returns: 'nothing',
  })),
};
