import { guidFrom } from '../model/guid-from';
import type { SeenMail } from '../model/mail';

/**
 * The id of the row that a mail becomes, the same in whichever mailbox it is found, so that a mail to two people is one row. A mail without a message id is known
 * by its place alone.
 */
export function mailRowId(integration: string, mailbox: string, { messageId, id }: Pick<SeenMail, 'messageId' | 'id'>): string {
  return guidFrom(messageId === null ? `mail|${integration}|${mailbox}|${id}` : `mail|${integration}|${messageId}`);
}
