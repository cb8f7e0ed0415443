import type { Call, Json } from './call';
import { addressNames, listNames, type StoredContact, slotNames, textNames } from './contact-item';
import { expandedIds, listExtended, showExtended } from './extended-properties';
import { folders } from './mailbox';
import type { Expand, Resource } from './query';
import { plainStamp } from './time';
import { changeKeyOf, etagOf } from './versions';

const ownNames = ['id', 'changeKey', 'createdDateTime', 'lastModifiedDateTime', 'parentFolderId', 'birthday', 'emailAddresses'];

/** Contacts as Graph shows them. */
export const contactResource: Resource<StoredContact> = {
  type: 'contact',
  names: new Set([...ownNames, ...textNames, ...listNames, ...addressNames, ...slotNames, 'singleValueExtendedProperties']),
  expandable: ['singleValueExtendedProperties'],
  show: showContact,
  field(call, contact, name) {
    switch (name) {
      case 'singleValueExtendedProperties':
        return listExtended(contact.extended);
      case 'lastModifiedDateTime':
        return new Date(contact.modified).toISOString();
      case 'emailAddresses':
        return contact.emails.filter((email) => email !== null);
      default:
        return name in contact.texts ? contact.texts[name as keyof typeof contact.texts] : showContact(call, contact, [])[name];
    }
  },
};

function showContact(call: Call, contact: StoredContact, expands: readonly Expand[]): Json {
  const { mailbox } = call;
  const owner = mailbox.person.objectId;
  const [primary, secondary, tertiary] = contact.emails;
  const shown: Json = {
    '@odata.etag': etagOf(owner, contact.version),
    id: mailbox.idOf('contact', contact, call.prefer.ids),
    createdDateTime: plainStamp(contact.created),
    lastModifiedDateTime: plainStamp(contact.modified),
    changeKey: changeKeyOf(owner, contact.version),
    parentFolderId: folderIdOf(call, contact.folder),
    birthday: contact.birthday,
    ...contact.texts,
    ...contact.lists,
    emailAddresses: contact.emails.filter((email) => email !== null),
    primaryEmailAddress: primary ?? null,
    secondaryEmailAddress: secondary ?? null,
    tertiaryEmailAddress: tertiary ?? null,
    ...contact.addresses,
  };
  for (const expand of expands) {
    const extended = showExtended(contact.extended, expandedIds(expand.filter, 'contact'));
    if (extended !== undefined) shown[expand.name] = extended;
  }
  return shown;
}

/** The id of a contact's folder: containers have one id only. */
export function folderIdOf(call: Call, folder: number): string {
  return call.mailbox.folderId(folder === folders.deletedItems ? 'mailFolder' : 'contactFolder', folder);
}
