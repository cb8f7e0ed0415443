import { z } from 'zod';
import type { Regarding, TrackedEmail } from '../model/mail';
import { errorCodes, TandemError } from '../platform/errors';
import { resolveAddresses } from './addresses';
import { annotations, type Connection, etag, guid } from './connection';
import { isThere } from './create';
import type { Caller } from './dynamics';
import { type Party, type PartyRow, partiesColumn } from './parties';
import { keyIn, lookupIn, lookupTableIn, numberIn, type Row, textIn, unexpected, versionIn } from './row';
import { rowsWith } from './rows';

/** A received e-mail as a new row. */
export interface NewEmail {
  readonly id: string;
  readonly owner: string;
  readonly subject: string;
  /** HTML. */
  readonly body: string;
  readonly messageId: string | null;
  /** The header lines that say what it answers. */
  readonly headers: string;
  readonly sender: string;
  readonly recipients: string;
  readonly trackingToken: string | null;
  readonly priority: 0 | 1 | 2;
  /** UTC ms. */
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly parties: readonly Party[];
  readonly regarding: Regarding | null;
  readonly correlatedWith: string | null;
  /** The mail before it in the conversation, where that is how it was matched. */
  readonly parent: string | null;
}

/** E-mail in Dynamics: what is tracked there, and new rows for what was received. As the caller throughout. */
export interface Emails {
  /** The mail with one of these message ids, with one of these tracking tokens, or in a conversation that begins so. */
  tracked(by: EmailTraits, caller: Caller): Promise<TrackedEmail[]>;
  /** The row that each address belongs to; see `resolveAddresses`. */
  people(addresses: readonly string[], caller: Caller): Promise<ReadonlyMap<string, PartyRow>>;
  /** Makes the row of a received mail, as received. One that is there already stays as it is, but for a beginning of ours that was cut off: that is finished. */
  receive(email: NewEmail, caller: Caller): Promise<'made' | 'there'>;
  /** Sets a mail regarding another row, where it still is regarding what it was last set to; `kept` where somebody chose otherwise or it is gone. */
  regard(id: string, before: Regarding | null, now: Regarding, caller: Caller): Promise<'set' | 'kept'>;
}

export interface EmailTraits {
  readonly messageIds: readonly string[];
  readonly tokens: readonly string[];
  readonly conversations: readonly string[];
}

/** The masks of a mail's parties: the `participationtypemask` option set. */
export const mailMasks = { from: 1, to: 2, cc: 3, bcc: 4 } as const;

const received = { statecode: 1, statuscode: 4 };
const columns = 'activityid,messageid,trackingtoken,conversationindex,directioncode,createdon,_regardingobjectid_value';
/** Conversations in one request; each is a condition of its own. */
const conversationsAtOnce = 15;

export function emailsOf(connection: Connection): Emails {
  return {
    tracked: (by, caller) => tracked(connection, by, caller),
    people: (addresses, caller) => resolveAddresses(connection, addresses, caller),
    receive: (email, caller) => receive(connection, email, caller),
    regard: (id, before, now, caller) => regard(connection, id, before, now, caller),
  };
}

async function tracked(
  connection: Connection,
  { messageIds, tokens, conversations }: EmailTraits,
  caller: Caller,
): Promise<TrackedEmail[]> {
  const call = { caller, prefer: [annotations] };
  const rows = [
    ...(await rowsWith(connection, 'emails', 'messageid', messageIds, { $select: columns }, call)),
    ...(await rowsWith(connection, 'emails', 'trackingtoken', tokens, { $select: columns }, call)),
  ];
  for (let at = 0; at < conversations.length; at += conversationsAtOnce) {
    const group = conversations.slice(at, at + conversationsAtOnce);
    const $filter = group.map((start) => `startswith(conversationindex,'${start.replaceAll("'", "''")}')`).join(' or ');
    const url = connection.url('emails', { $select: columns, $filter, $orderby: 'createdon desc' });
    rows.push(...(await connection.page({ ...call, url })).rows);
  }
  return [...new Map(rows.map((row) => [keyIn(row, 'activityid'), emailIn(row)])).values()];
}

function emailIn(row: Row): TrackedEmail {
  return {
    id: keyIn(row, 'activityid'),
    messageId: textIn(row, 'messageid'),
    trackingToken: textIn(row, 'trackingtoken'),
    conversationIndex: textIn(row, 'conversationindex'),
    isOutgoing: row.directioncode === true,
    regarding: regardingIn(row),
    createdAt: Date.parse(textIn(row, 'createdon') ?? '') || 0,
  };
}

function regardingIn(row: Row): Regarding | null {
  const [entity, id] = [lookupTableIn(row, 'regardingobjectid'), lookupIn(row, 'regardingobjectid')];
  return entity === null || id === null ? null : { entity, id };
}

async function receive(connection: Connection, email: NewEmail, caller: Caller): Promise<'made' | 'there'> {
  const url = connection.url(`emails(${guid(email.id)})`);
  const body = { ...ownColumns(email), ...(await lookups(connection, email)), ...partiesColumn(email.parties, 'email_activity_parties') };
  try {
    await connection.send({ method: 'PATCH', url, caller, headers: { 'If-None-Match': '*' }, body });
  } catch (error) {
    if (!(error instanceof TandemError) || !isThere(error)) throw error;
    await finish(connection, email, caller);
    return 'there';
  }
  // A row begins open; that it was received is a change of its state (Dataverse, email state and status values).
  await connection.send({ method: 'PATCH', url, caller, headers: { 'If-Match': '*' }, body: received });
  return 'made';
}

/** A row that is still a draft and has the message id was begun by a worker that was cut off, or is just being made by another: either way it was received. */
async function finish(connection: Connection, { id, messageId }: NewEmail, caller: Caller): Promise<void> {
  const row = await unlessGone(() =>
    connection.row({ url: connection.url(`emails(${guid(id)})`, { $select: 'activityid,messageid,statecode' }), caller }),
  );
  if (row === null || numberIn(row, 'statecode') !== 0 || textIn(row, 'messageid') !== messageId) return;
  const headers = { 'If-Match': etag(versionIn(row)) };
  await unlessGone(() => connection.send({ method: 'PATCH', url: connection.url(`emails(${guid(id)})`), caller, headers, body: received }));
}

async function regard(
  connection: Connection,
  id: string,
  before: Regarding | null,
  now: Regarding,
  caller: Caller,
): Promise<'set' | 'kept'> {
  const url = connection.url(`emails(${guid(id)})`, { $select: 'activityid,_regardingobjectid_value' });
  const row = await unlessGone(() => connection.row({ url, caller, prefer: [annotations] }));
  if (row === null || !isSame(regardingIn(row), before)) return 'kept';
  const done = await unlessGone(async () => {
    const headers = { 'If-Match': etag(versionIn(row)) };
    const body = await regardingColumn(connection, now);
    await connection.send({ method: 'PATCH', url: connection.url(`emails(${guid(id)})`), caller, headers, body });
    return 'set' as const;
  });
  return done ?? 'kept';
}

export function isSame(left: Regarding | null, right: Regarding | null): boolean {
  return left?.entity === right?.entity && left?.id.toLowerCase() === right?.id.toLowerCase();
}

/** What came of a request about a row; null where the row is gone, closed to the caller, or was changed by somebody meanwhile. */
async function unlessGone<T>(request: () => Promise<T>): Promise<T | null> {
  try {
    return await request();
  } catch (error) {
    const gone: readonly string[] = [errorCodes.gone, errorCodes.notFound, errorCodes.forbidden, errorCodes.stale];
    if (error instanceof TandemError && gone.includes(error.code)) return null;
    throw error;
  }
}

function ownColumns(email: NewEmail): Row {
  return {
    subject: email.subject.slice(0, 800),
    description: email.body,
    mimetype: 'text/html',
    directioncode: false,
    prioritycode: email.priority,
    messageid: email.messageId,
    internetmessageheaders: email.headers === '' ? null : email.headers,
    sender: email.sender.slice(0, 250),
    torecipients: email.recipients,
    trackingtoken: email.trackingToken,
    actualstart: new Date(email.sentAt).toISOString(),
    actualend: new Date(email.receivedAt).toISOString(),
    'ownerid@odata.bind': `/systemusers(${guid(email.owner)})`,
  };
}

async function lookups(connection: Connection, { regarding, correlatedWith, parent }: NewEmail): Promise<Row> {
  return {
    ...(regarding === null ? {} : await regardingColumn(connection, regarding)),
    ...(correlatedWith === null ? {} : { 'CorrelatedActivityId_Email@odata.bind': `/emails(${guid(correlatedWith)})` }),
    ...(parent === null ? {} : { 'parentactivityid@odata.bind': `/emails(${guid(parent)})` }),
  };
}

const entitySets: Readonly<Record<string, string>> = {
  account: 'accounts',
  contact: 'contacts',
  lead: 'leads',
  opportunity: 'opportunities',
  incident: 'incidents',
};

async function regardingColumn(connection: Connection, { entity, id }: Regarding): Promise<Row> {
  return { [`regardingobjectid_${entity}_email@odata.bind`]: `/${entitySets[entity] ?? (await setOf(connection, entity))}(${guid(id)})` };
}

/** The entity set of a table that Tandem does not know by itself. */
async function setOf(connection: Connection, entity: string): Promise<string> {
  const url = connection.url('EntityDefinitions', {
    $select: 'EntitySetName',
    $filter: `LogicalName eq '${entity.replaceAll("'", "''")}'`,
  });
  const [row] = (await connection.page({ url, caller: 'service' })).rows;
  const parsed = z.object({ EntitySetName: z.string() }).safeParse(row);
  if (!parsed.success) throw unexpected('a table has no entity set');
  return parsed.data.EntitySetName;
}
