import { GraphFailure } from './errors';
import { folders, type Mailbox } from './mailbox';

/** A mail folder as it is shown, one that every mailbox has or one that a person made. */
export interface ShownMailFolder {
  readonly key: number;
  readonly displayName: string;
  /** The key of the folder that it lies in; 0 for the root. */
  readonly parent: number;
}

/** The folders that every mailbox has, by the names under which each is reached (Graph mailFolder docs). */
const wellKnown: Readonly<Record<string, ShownMailFolder>> = {
  msgfolderroot: { key: 0, displayName: 'Top of Information Store', parent: 0 },
  inbox: { key: folders.inbox, displayName: 'Inbox', parent: 0 },
  drafts: { key: folders.drafts, displayName: 'Drafts', parent: 0 },
  sentitems: { key: folders.sentItems, displayName: 'Sent Items', parent: 0 },
  outbox: { key: folders.outbox, displayName: 'Outbox', parent: 0 },
  junkemail: { key: folders.junk, displayName: 'Junk Email', parent: 0 },
  archive: { key: folders.archive, displayName: 'Archive', parent: 0 },
  deleteditems: { key: folders.deletedItems, displayName: 'Deleted Items', parent: 0 },
};

/** The folders right below one. */
export function childrenOf(mailbox: Mailbox, parent: number): ShownMailFolder[] {
  const usual = parent === 0 ? Object.values(wellKnown).filter(({ key }) => key !== 0) : [];
  const own = [...mailbox.inFolder('mailFolder', parent)].map(({ key, displayName }) => ({ key, displayName, parent }));
  return [...usual, ...own];
}

/** The folder with this id or well-known name. Refuses one that is not there as Graph does. */
export function mailFolderOf(mailbox: Mailbox, id: string): ShownMailFolder {
  const named = wellKnown[id.toLowerCase()];
  if (named !== undefined) return named;
  for (const each of Object.values(wellKnown)) if (mailbox.folderId('mailFolder', each.key) === id) return each;
  if (/^[a-z]+$/.test(id)) throw new GraphFailure(404, 'ErrorFolderNotFound', 'The specified folder could not be found in the store.');
  const { key, displayName, folder } = mailbox.find('mailFolder', id);
  return { key, displayName, parent: folder };
}
