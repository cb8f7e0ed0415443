import { z } from 'zod';
import type { MailCursor, SeenMail } from '../model/mail';
import type { Mark } from '../model/seen';
import { asTandemError, errorCodes, type TandemError } from '../platform/errors';
import { inGroups } from '../platform/groups';
import type { Answer } from './batch';
import { unexpected } from './errors';
import type { GraphPart } from './graph';
import { shaped } from './item';
import { mailHead, seenMail } from './mail-item';
import { markIn } from './marks';
import { pageOf, pagesFrom, type Reach } from './pages';
import { deltaPart, get, markOf } from './requests';

/** A mail folder and the one it lies in; null for one right below the root, whose own id no list shows. */
export interface MailFolder {
  readonly id: string;
  readonly parentId: string | null;
}

/** A message as the delta of its folder names it. */
export interface MailHead {
  readonly id: string;
  readonly folderId: string;
  readonly messageId: string | null;
}

/** One page of one folder's delta. What it calls removed is left out: a mail that is gone changes nothing in Dynamics. */
export type MailDrained =
  | { readonly kind: 'page'; readonly heads: readonly MailHead[]; readonly next: MailCursor }
  | { readonly kind: 'expired' | 'folderGone'; readonly cursor: MailCursor }
  | { readonly kind: 'failed'; readonly cursor: MailCursor; readonly error: TandemError };

/** The mail of one person's mailbox. Nothing here writes. */
export interface MailReader {
  /** The newest change and the count of all mail; null where Exchange does not tell. */
  mark(): Promise<Mark | null>;
  /** All mail folders, and the ids of those whose mail is not incoming or not wanted: drafts, sent, deleted and junk mail. */
  folders(): Promise<{ readonly folders: readonly MailFolder[]; readonly leftOut: ReadonlySet<string> }>;
  /** A page of each folder's delta, all in one chain; one that fails does not stop the others. */
  drain(cursors: readonly MailCursor[]): Promise<MailDrained[]>;
  /** Messages by id, without their bodies. Absent in the reply: not found. */
  read(ids: readonly string[]): Promise<SeenMail[]>;
  /** The bodies of messages by id, as HTML. */
  bodies(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

const leftOutNames = ['drafts', 'sentitems', 'outbox', 'deleteditems', 'junkemail', 'conversationhistory', 'syncissues'] as const;
const folderPage = 100;
/** Bodies in one chain: each may be megabytes, and an answer to a batch is one text. */
const bodiesAtOnce = 4;

const headFields = 'id,internetMessageId';
const mailFields = [
  ...['id', 'parentFolderId', 'internetMessageId', 'subject', 'from', 'toRecipients', 'ccRecipients', 'bccRecipients', 'isDraft'],
  ...['importance', 'conversationIndex', 'sentDateTime', 'receivedDateTime', 'internetMessageHeaders'],
].join(',');

export function createMailReader(reach: Reach): MailReader {
  return {
    mark: async () => markIn((await reach.run([markOf(reach.user, 'mail')]))[0]),
    folders: () => folders(reach),
    drain: (cursors) => drain(reach, cursors),
    read: async (ids) => (await readAll(reach, ids, 20, (id) => get(`${messageUrl(reach, id)}?$select=${mailFields}`))).map(seenMail),
    async bodies(ids) {
      const bodies = await readAll(reach, ids, bodiesAtOnce, (id) => asHtml(`${messageUrl(reach, id)}?$select=id,body`));
      return new Map(bodies.map((body) => shaped(bodyJson, body, 'a message')).map(({ id, body }) => [id, body?.content ?? '']));
    },
  };
}

const bodyJson = z.object({ id: z.string(), body: z.object({ content: z.string().nullish() }).nullish() });
const folderJson = z.looseObject({ id: z.string(), childFolderCount: z.number().nullish() });

async function folders(reach: Reach): Promise<{ folders: MailFolder[]; leftOut: ReadonlySet<string> }> {
  const named = await reach.run(leftOutNames.map((name) => get(`${reach.user}/mailFolders/${name}?$select=id`)));
  const leftOut = new Set<string>();
  for (const answer of named) {
    if (answer.ok) leftOut.add(shaped(folderJson, answer.body, 'a mail folder').id);
    // Not every mailbox has every one of them.
    else if (answer.error.code !== errorCodes.gone) throw answer.error;
  }
  const found: MailFolder[] = [];
  let level: { readonly id: string | null; readonly path: string }[] = [{ id: null, path: `${reach.user}/mailFolders` }];
  while (level.length > 0) {
    const below: typeof level = [];
    for (const { id: parentId, path } of level) {
      for await (const page of pagesFrom(reach, get(`${path}?$select=id,childFolderCount&$top=${folderPage}`))) {
        for (const element of page) {
          const { id, childFolderCount } = shaped(folderJson, element, 'a mail folder');
          if (found.some((folder) => folder.id === id)) continue;
          found.push({ id, parentId });
          if ((childFolderCount ?? 0) > 0 && !leftOut.has(id))
            below.push({ id, path: `${reach.user}/mailFolders/${encodeURIComponent(id)}/childFolders` });
        }
      }
    }
    level = below;
  }
  return { folders: found, leftOut };
}

async function drain(reach: Reach, cursors: readonly MailCursor[]): Promise<MailDrained[]> {
  const answers = await reach.run(cursors.map((cursor) => deltaPart(cursor.link ?? firstDelta(reach, cursor))));
  return cursors.map((cursor, index) => drainedFrom(reach, cursor, answers[index]));
}

function drainedFrom(reach: Reach, cursor: MailCursor, answer: Answer | undefined): MailDrained {
  if (answer === undefined) return { kind: 'failed', cursor, error: unexpected('a part of a chain has no answer') };
  if (answer.ok) {
    try {
      return pageFrom(reach, cursor, answer.body);
    } catch (error) {
      return { kind: 'failed', cursor, error: asTandemError(error) };
    }
  }
  const { error } = answer;
  // Whoever is refused without having sent a link has not sent one that is too old.
  if (error.code === errorCodes.cursorExpired && cursor.link !== null) return { kind: 'expired', cursor };
  return error.code === errorCodes.gone ? { kind: 'folderGone', cursor } : { kind: 'failed', cursor, error };
}

function pageFrom(reach: Reach, cursor: MailCursor, body: unknown): MailDrained {
  const page = pageOf(body);
  const { '@odata.nextLink': next, '@odata.deltaLink': end } = page;
  const link = next ?? end;
  if (link === undefined) throw unexpected('a delta page leads nowhere');
  const heads = new Map(
    page.value.filter((each) => each['@removed'] === undefined).map((each) => [each.id, mailHead(each, cursor.folderId)]),
  );
  return {
    kind: 'page',
    heads: [...heads.values()],
    next: { ...cursor, link: reach.graph.relative(link), at: next === undefined ? 'end' : 'round' },
  };
}

/** The first page of a folder's delta; of filters it takes only one on the time of receipt, which its links remember (Graph message delta docs). */
function firstDelta({ user }: Reach, { folderId, from }: MailCursor): string {
  const filter = from === null ? '' : `&$filter=${encodeURIComponent(`receivedDateTime ge ${new Date(from).toISOString()}`)}`;
  return `${user}/mailFolders/${encodeURIComponent(folderId)}/messages/delta?$select=${headFields}${filter}`;
}

/** The answers to one GET for each id, so many in a chain; what is not found is left out, any other failure throws. */
async function readAll(reach: Reach, ids: readonly string[], atOnce: number, part: (id: string) => GraphPart): Promise<unknown[]> {
  const bodies: unknown[] = [];
  for (const group of inGroups(ids, atOnce)) {
    for (const answer of await reach.run(group.map(part))) {
      if (answer.ok) bodies.push(answer.body);
      else if (answer.error.code !== errorCodes.gone && answer.error.code !== errorCodes.notFound) throw answer.error;
    }
  }
  return bodies;
}

function messageUrl({ user }: Reach, id: string): string {
  return `${user}/messages/${encodeURIComponent(id)}`;
}

function asHtml(url: string): GraphPart {
  return { method: 'GET', url, headers: { Prefer: 'IdType="ImmutableId", outlook.body-content-type="html"' } };
}
