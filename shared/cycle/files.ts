import { attachmentName, attachmentText, type ListedAttachment, largestAttachment, type NewAttachment } from '../model/attachments';
import { errorCodes, TandemError } from '../platform/errors';

/** Where the files of one kind of holder live. */
export interface FileStore {
  content(file: ListedAttachment): Promise<Buffer>;
  add(holder: string, file: NewAttachment): Promise<void>;
  remove(file: ListedAttachment): Promise<void>;
}

/** A file with the element that it is in the list of its holder. */
export interface KnownFile {
  readonly text: string;
  readonly file: ListedAttachment;
}

/** Exchange counts more than the content of a file; whatever is not larger than this is read to be measured. Bytes. */
const largestListed = largestAttachment + 500_000;

/** Files that one write adds; the rest follow when the pair is planned anew. */
const filesInWrite = 10;

/** The files of one side as far as a cycle has read them: each content is read once, to be told by its hash, and not kept. */
export class SideFiles {
  private readonly texts = new Map<string, string | null>();
  private readonly places = new Map<string, ListedAttachment>();

  /** The files that can travel, of those that were listed: such as have a name and are not too large. */
  async known(files: readonly ListedAttachment[], content: FileStore['content']): Promise<KnownFile[]> {
    const known: KnownFile[] = [];
    for (const file of files) {
      const text = await this.textOf(file, content);
      if (text === null) continue;
      this.places.set(text, file);
      known.push({ text, file });
    }
    return known;
  }

  /** The content of an element that this side was seen to hold, read now. Throws `stale` where it is not there any more. */
  async read(text: string, content: FileStore['content']): Promise<NewAttachment> {
    const file = this.places.get(text);
    const bytes = file === undefined ? null : await content(file);
    if (file === undefined || bytes === null || attachmentText(file.name, bytes) !== text) throw notThere();
    return { name: attachmentName(text), type: file.type, content: bytes };
  }

  private async textOf(file: ListedAttachment, content: FileStore['content']): Promise<string | null> {
    const key = [file.holder, file.id, file.version].join(' ');
    const known = this.texts.get(key);
    if (known !== undefined) return known;
    const bytes = file.name === '' || file.size > largestListed ? null : await content(file);
    const text = bytes === null || bytes.length > largestAttachment ? null : attachmentText(file.name, bytes);
    this.texts.set(key, text);
    return text;
  }
}

/** The sorted elements of a holder's files. */
export function elementsIn(files: readonly KnownFile[]): string[] {
  return [...new Set(files.map(({ text }) => text))].sort();
}

export interface FilesChange {
  readonly holder: string;
  /** What the holder held as the change was planned: nothing else is removed. */
  readonly before: readonly string[];
  readonly wanted: readonly string[];
  readonly there: readonly KnownFile[];
}

/** Adds and then removes what makes the holder's files those that are wanted. Throws what kept it; what was done until then stays. */
export async function writeFiles(store: FileStore, change: FilesChange, source: (text: string) => Promise<NewAttachment>): Promise<void> {
  const { holder, before, wanted, there } = change;
  const missing = wanted.filter((text) => !there.some((each) => each.text === text));
  for (const text of missing.slice(0, filesInWrite)) await store.add(holder, await source(text));
  for (const { text, file } of there) if (before.includes(text) && !wanted.includes(text)) await store.remove(file);
  if (missing.length > filesInWrite) throw more();
}

function notThere(): TandemError {
  return new TandemError(errorCodes.stale, {
    retry: 'now',
    fix: 'Nothing to do: both sides are read again. A file that neither side holds any more has to be attached again.',
    detail: 'an attachment that was to be copied is not there any more',
  });
}

function more(): TandemError {
  return new TandemError(errorCodes.stale, {
    retry: 'now',
    fix: 'Nothing to do: the rest follows.',
    detail: 'there are more attachments to copy',
  });
}
