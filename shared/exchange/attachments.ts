import { z } from 'zod';
import type { ListedAttachment, NewAttachment } from '../model/attachments';
import { errorCodes, TandemError } from '../platform/errors';
import type { GraphPart } from './graph';
import { shaped } from './item';
import { fetchOne, pagesFrom, type Reach } from './pages';
import { get, itemUrl, write } from './requests';

/** The files of events. Attachments that are items, links, or shown within the text are no files. Errors are those of any request. */
export interface EventAttachments {
  /** The files of an event without their content. */
  list(eventId: string): Promise<ListedAttachment[]>;
  /** The content of a file. */
  content(file: ListedAttachment): Promise<Buffer>;
  /** Adds a file, not after `notAfter` (as in `Mailbox.write`). */
  add(eventId: string, file: NewAttachment, notAfter?: number): Promise<void>;
  /** Removes a file; one that is gone already is no error. */
  remove(file: ListedAttachment, notAfter?: number): Promise<void>;
}

const fileType = '#microsoft.graph.fileAttachment';

const attachmentJson = z.looseObject({
  '@odata.type': z.string().nullish(),
  id: z.string(),
  name: z.string().nullish(),
  contentType: z.string().nullish(),
  size: z.number().nullish(),
  isInline: z.boolean().nullish(),
  lastModifiedDateTime: z.string().nullish(),
});

const contentJson = z.looseObject({ contentBytes: z.string().nullish() });

export function eventAttachments(reach: Reach): EventAttachments {
  const all = (eventId: string): string => `${itemUrl(reach.user, 'calendar', eventId)}/attachments`;
  const one = ({ holder, id }: ListedAttachment): string => `${all(holder)}/${encodeURIComponent(id)}`;
  const send = async (part: GraphPart, notAfter: number | undefined): Promise<void> => {
    const [answer] = await reach.run([part], notAfter);
    if (answer?.ok === false) throw answer.error;
  };
  return {
    async list(eventId) {
      const files: ListedAttachment[] = [];
      const columns = 'id,name,contentType,size,isInline,lastModifiedDateTime';
      for await (const elements of pagesFrom(reach, get(`${all(eventId)}?$select=${columns}`))) {
        for (const element of elements) {
          const json = shaped(attachmentJson, element, 'an attachment');
          if (json['@odata.type'] === fileType && json.isInline !== true) files.push(listed(eventId, json));
        }
      }
      return files;
    },
    async content(file) {
      const { contentBytes } = shaped(contentJson, await fetchOne(reach, get(one(file))), 'an attachment');
      return Buffer.from(contentBytes ?? '', 'base64');
    },
    async add(eventId, { name, type, content }, notAfter) {
      const body = { '@odata.type': fileType, name, contentType: type, contentBytes: content.toString('base64') };
      await send(write('POST', all(eventId), body, null), notAfter);
    },
    async remove(file, notAfter) {
      try {
        await send(write('DELETE', one(file), undefined, null), notAfter);
      } catch (error) {
        if (!(error instanceof TandemError && (error.code === errorCodes.gone || error.code === errorCodes.notFound))) throw error;
      }
    },
  };
}

function listed(holder: string, { id, name, contentType, size, lastModifiedDateTime }: z.output<typeof attachmentJson>): ListedAttachment {
  return {
    id,
    holder,
    version: lastModifiedDateTime ?? '',
    name: (name ?? '').trim(),
    type: contentType ?? 'application/octet-stream',
    size: size ?? 0,
  };
}
