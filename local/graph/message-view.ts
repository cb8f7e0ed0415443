import type { Call, Json } from './call';
import { showBody } from './html';
import type { MailAddress, StoredMessage } from './message-item';
import type { Resource } from './query';
import { plainStamp } from './time';
import { changeKeyOf, etagOf } from './versions';

const names = [
  'id',
  'changeKey',
  'createdDateTime',
  'lastModifiedDateTime',
  'receivedDateTime',
  'sentDateTime',
  'internetMessageId',
  'internetMessageHeaders',
  'subject',
  'bodyPreview',
  'body',
  'from',
  'sender',
  'toRecipients',
  'ccRecipients',
  'bccRecipients',
  'replyTo',
  'importance',
  'isDraft',
  'isRead',
  'categories',
  'conversationId',
  'conversationIndex',
  'parentFolderId',
  'hasAttachments',
] as const;

/** Messages as Graph shows them; their headers only to who selects them (message resource docs). */
export const messageResource: Resource<StoredMessage> = {
  type: 'message',
  names: new Set(names),
  expandable: [],
  show(call, message) {
    const { internetMessageHeaders, ...shown } = showMessage(call, message);
    const asked = (call.query.get('$select') ?? '').split(',').some((name) => name.trim() === 'internetMessageHeaders');
    return asked ? { ...shown, internetMessageHeaders } : shown;
  },
  field: (call, message, name) =>
    name === 'lastModifiedDateTime' ? new Date(message.modified).toISOString() : showMessage(call, message)[name],
};

function showMessage(call: Call, message: StoredMessage): Json {
  const { mailbox } = call;
  const owner = mailbox.person.objectId;
  return {
    '@odata.etag': etagOf(owner, message.version),
    id: mailbox.idOf('message', message, call.prefer.ids),
    createdDateTime: plainStamp(message.created),
    lastModifiedDateTime: plainStamp(message.modified),
    changeKey: changeKeyOf(owner, message.version),
    receivedDateTime: plainStamp(message.received),
    sentDateTime: plainStamp(message.received),
    internetMessageId: message.internetMessageId,
    internetMessageHeaders: message.headers,
    subject: message.subject,
    bodyPreview: message.body.preview,
    body: showBody(message.body, call.prefer.bodyType ?? 'html'),
    from: recipient(message.from),
    sender: recipient(message.from),
    toRecipients: message.toRecipients.map(recipient),
    ccRecipients: message.ccRecipients.map(recipient),
    bccRecipients: [],
    replyTo: [],
    importance: message.importance,
    isDraft: message.isDraft,
    isRead: message.isRead,
    categories: message.categories,
    conversationId: message.conversationId,
    conversationIndex: message.conversationIndex,
    parentFolderId: mailbox.folderId('mailFolder', message.folder),
    hasAttachments: false,
  };
}

function recipient(emailAddress: MailAddress): Json {
  return { emailAddress };
}
