import { badPayload, unsupported } from './errors';
import type { Reference, Table, Value } from './schema';
import type { Row } from './shelf';
import { tables } from './tables';
import type { View } from './view';

const attachments = tables.activityMimeAttachment;

/** What a new attachment has to say, and the size that follows from its content. */
export function attachmentWrite(table: Table, values: Record<string, Value>): void {
  if (table !== attachments) return;
  if (values.objecttypecode !== 'appointment') throw unsupported(`attachments of '${String(values.objecttypecode)}'`);
  if ((values.objectid ?? null) === null) throw badPayload('An attachment needs an objectid.');
  if ((values.filename ?? null) === null) throw badPayload('An attachment needs a filename.');
  const body = typeof values.body === 'string' ? values.body : '';
  const content = Buffer.from(body, 'base64');
  if (content.toString('base64') !== body) throw badPayload('The body of an attachment has to be base64.');
  values.filesize = content.length;
}

/** An appointment counts its attachments, and so has a new version whenever one comes or goes. */
export function attachmentsChanged(view: View, table: Table, row: Row): void {
  if (table !== attachments) return;
  const { id } = row.values.objectid as Reference;
  const holder = view.store.row(tables.appointment, id);
  if (holder !== undefined) view.store.put(tables.appointment, { ...holder, version: view.store.nextVersion() });
}

/** An appointment takes its attachments with it. */
export function attachmentsGo(view: View, table: Table, row: Row): void {
  if (table !== tables.appointment) return;
  for (const each of [...view.store.shelf(attachments).rows.values()])
    if ((each.values.objectid as Reference | null)?.id === row.id) view.store.remove(attachments, each.id);
}
