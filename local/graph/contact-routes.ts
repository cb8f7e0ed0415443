import { z } from 'zod';
import type { WireReply } from '../serving/wire';
import { type Call, context, parameter, readWrite, reply, type Writable } from './call';
import { emptyContact, type StoredContact, type StoredContactFolder, writableContact, writeContact } from './contact-item';
import { contactResource, folderIdOf } from './contact-view';
import { type DeltaSource, deltaReply } from './delta';
import { GraphFailure, invalidRequest } from './errors';
import { folders } from './mailbox';
import { checkOptions, listReply, pick, type Resource, readSelect, showOne } from './query';
import { findItem, requireMatch } from './reach';
import type { Route } from './router';

const writableFolder = {
  type: 'contactFolder',
  schema: z.strictObject({ displayName: z.string().min(1) }),
  readOnly: ['id', 'parentFolderId'],
  unsupported: ['childFolders', 'contacts', 'singleValueExtendedProperties', 'multiValueExtendedProperties'],
} satisfies Writable<z.ZodType>;

const defaultFolder = { key: folders.contacts, displayName: 'Contacts' };
type ShownFolder = Pick<StoredContactFolder, 'key' | 'displayName'>;

const folderResource: Resource<ShownFolder> = {
  type: 'contactFolder',
  names: new Set(['id', 'displayName', 'parentFolderId']),
  expandable: [],
  show: (call, folder) => ({
    id: call.mailbox.folderId('contactFolder', folder.key),
    parentFolderId: call.mailbox.folderId('mailFolder', 0),
    displayName: folder.displayName,
  }),
  field: (_call, folder, name) => (name === 'displayName' ? folder.displayName : undefined),
};

/** Contacts and contact folders. The default folder is reached by its id or as `contacts`; no list shows it. */
export const contactRoutes: readonly Route[] = [
  { method: 'GET', path: 'users/{}/contacts', handle: (call) => listContacts(call, folders.contacts) },
  { method: 'POST', path: 'users/{}/contacts', handle: (call) => createContact(call, folders.contacts) },
  { method: 'GET', path: 'users/{}/contacts/{}', handle: getContact },
  { method: 'PATCH', path: 'users/{}/contacts/{}', handle: patchContact },
  { method: 'DELETE', path: 'users/{}/contacts/{}', handle: deleteContact },
  { method: 'POST', path: 'users/{}/contacts/{}/permanentDelete', handle: removeContact },
  { method: 'GET', path: 'users/{}/contactFolders', handle: listFolders },
  { method: 'POST', path: 'users/{}/contactFolders', handle: createFolder },
  { method: 'GET', path: 'users/{}/contactFolders/{}', handle: getFolder },
  { method: 'PATCH', path: 'users/{}/contactFolders/{}', handle: patchFolder },
  { method: 'DELETE', path: 'users/{}/contactFolders/{}', handle: deleteFolder },
  { method: 'GET', path: 'users/{}/contactFolders/{}/contacts', handle: (call) => listContacts(call, folderOf(call).key) },
  { method: 'POST', path: 'users/{}/contactFolders/{}/contacts', handle: (call) => createContact(call, folderOf(call).key) },
  { method: 'GET', path: 'users/{}/contactFolders/{}/contacts/delta', handle: deltaOfContacts },
];

function listContacts(call: Call, folder: number): WireReply {
  return listReply(call, contactResource, call.mailbox.inFolder('contact', folder), context(call, 'contacts'));
}

function createContact(call: Call, folder: number): WireReply {
  const contact = call.mailbox.add('contact', folder, writeContact(emptyContact, readWrite(call, writableContact)));
  return reply(call, 201, whole(call, contact));
}

function getContact(call: Call): WireReply {
  const contact = findItem(call, 'contact');
  return reply(call, 200, { '@odata.context': context(call, 'contacts/$entity'), ...showOne(call, contactResource, contact) });
}

function patchContact(call: Call): WireReply {
  const contact = findItem(call, 'contact');
  requireMatch(call, contact);
  Object.assign(contact, writeContact(contact, readWrite(call, writableContact)));
  call.mailbox.changed('contact', contact);
  return reply(call, 200, whole(call, contact));
}

function deleteContact(call: Call): WireReply {
  const contact = findItem(call, 'contact');
  requireMatch(call, contact);
  call.mailbox.discard('contact', contact);
  return reply(call, 204);
}

function removeContact(call: Call): WireReply {
  call.mailbox.remove('contact', findItem(call, 'contact'));
  return reply(call, 204);
}

function whole(call: Call, contact: StoredContact): object {
  return { '@odata.context': context(call, 'contacts/$entity'), ...contactResource.show(call, contact, []) };
}

function listFolders(call: Call): WireReply {
  return listReply(call, folderResource, call.mailbox.all('contactFolder'), context(call, 'contactFolders'));
}

function createFolder(call: Call): WireReply {
  const { displayName } = readWrite(call, writableFolder);
  for (const folder of call.mailbox.all('contactFolder')) {
    if (folder.displayName.toLowerCase() === displayName.toLowerCase())
      throw new GraphFailure(409, 'ErrorFolderExists', 'A folder with the specified name already exists.');
  }
  return folderReply(call, 201, call.mailbox.add('contactFolder', 0, { displayName }));
}

function getFolder(call: Call): WireReply {
  const folder = folderOf(call);
  return reply(call, 200, { '@odata.context': context(call, 'contactFolders/$entity'), ...showOne(call, folderResource, folder) });
}

function patchFolder(call: Call): WireReply {
  const folder = ownFolderOf(call);
  folder.displayName = readWrite(call, writableFolder).displayName;
  call.mailbox.changed('contactFolder', folder);
  return folderReply(call, 200, folder);
}

/** A deleted folder takes its contacts along to Deleted Items. */
function deleteFolder(call: Call): WireReply {
  const folder = ownFolderOf(call);
  for (const contact of [...call.mailbox.inFolder('contact', folder.key)]) call.mailbox.discard('contact', contact);
  call.mailbox.remove('contactFolder', folder);
  return reply(call, 204);
}

function folderReply(call: Call, status: number, folder: ShownFolder): WireReply {
  return reply(call, status, { '@odata.context': context(call, 'contactFolders/$entity'), ...folderResource.show(call, folder, []) });
}

function folderOf(call: Call): ShownFolder {
  const id = parameter(call, 0);
  if (id.toLowerCase() === 'contacts' || id === folderIdOf(call, folders.contacts)) return defaultFolder;
  return call.mailbox.find('contactFolder', id);
}

function ownFolderOf(call: Call): StoredContactFolder {
  if (folderOf(call) === defaultFolder) throw invalidRequest('The default contacts folder cannot be changed.');
  return call.mailbox.find('contactFolder', parameter(call, 0));
}

function deltaOfContacts(call: Call): WireReply {
  const folder = folderOf(call).key;
  const { mailbox } = call;
  const source: DeltaSource = {
    kind: 'contact',
    scope: `contact:${folder}`,
    feed: mailbox.feed('contact', folder),
    type: 'contact',
    open() {
      checkOptions(call, ['$select', '$deltatoken']);
      const select = readSelect(call, contactResource);
      return select === undefined ? {} : { select };
    },
    has: (key) => mailbox.get('contact', key)?.folder === folder,
    show(key, { select }) {
      const contact = mailbox.get('contact', key);
      return contact === undefined ? [] : [pick(contactResource.show(call, contact, []), select, [])];
    },
  };
  return deltaReply(call, source);
}
