import { attachmentText, type ListedAttachment, type NewAttachment } from '../model/attachments';
import { guidFrom } from '../model/guid-from';
import { errorCodes, TandemError } from '../platform/errors';
import { annotations, type Connection, guid } from './connection';
import { isThere } from './create';
import type { Caller } from './dynamics';
import { keyIn, type Row, textIn, versionIn } from './row';
import { rowsWith } from './rows';

/** The files of appointments (table `activitymimeattachment`). Errors are those of any request. */
export interface RecordAttachments {
  /** The files of these appointments without their content, many appointments in one request, as the caller. */
  list(recordIds: readonly string[], caller: Caller): Promise<ListedAttachment[]>;
  /** The content of a file. */
  content(file: ListedAttachment, caller: Caller): Promise<Buffer>;
  /** Adds a file; one that was added before under the same request is not added again. */
  add(recordId: string, file: NewAttachment, caller: Caller): Promise<void>;
  /** Removes a file; one that is gone already is no error. */
  remove(file: ListedAttachment, caller: Caller): Promise<void>;
}

const set = 'activitymimeattachments';
const key = 'activitymimeattachmentid';
const columns = [key, '_objectid_value', 'filename', 'filesize', 'mimetype', 'versionnumber'];

export function recordAttachments(connection: Connection): RecordAttachments {
  const urlOf = (id: string, query = {}): URL => connection.url(`${set}(${guid(id)})`, query);
  return {
    async list(recordIds, caller) {
      const query = { $select: columns.join(','), where: `objecttypecode eq 'appointment'` };
      const rows = await rowsWith(connection, set, 'objectid', recordIds.map(guid), query, { caller, prefer: [annotations] });
      return rows.map(listed);
    },
    async content({ id }, caller) {
      const row = await connection.row({ url: urlOf(id, { $select: 'body' }), caller });
      return Buffer.from(textIn(row, 'body') ?? '', 'base64');
    },
    async add(recordId, { name, type, content }, caller) {
      const body = {
        filename: name,
        mimetype: type,
        body: content.toString('base64'),
        objecttypecode: 'appointment',
        'objectid_activitypointer@odata.bind': `/appointments(${guid(recordId)})`,
      };
      const url = urlOf(guidFrom(`${recordId}|${attachmentText(name, content)}`));
      try {
        await connection.send({ method: 'PATCH', url, caller, headers: { 'If-None-Match': '*' }, body });
      } catch (error) {
        if (!(error instanceof TandemError && isThere(error))) throw error;
      }
    },
    async remove({ id }, caller) {
      try {
        await connection.send({ method: 'DELETE', url: urlOf(id), caller });
      } catch (error) {
        if (!(error instanceof TandemError && error.code === errorCodes.gone)) throw error;
      }
    },
  };
}

function listed(row: Row): ListedAttachment {
  const size = row.filesize;
  return {
    id: keyIn(row, key),
    holder: (textIn(row, '_objectid_value') ?? '').toLowerCase(),
    version: versionIn(row),
    name: (textIn(row, 'filename') ?? '').trim(),
    type: textIn(row, 'mimetype') ?? 'application/octet-stream',
    size: typeof size === 'number' ? size : 0,
  };
}
