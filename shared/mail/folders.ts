import type { FolderRule } from '../model/mail';

/** A mail folder, as far as it matters where it lies. */
export interface FolderPlace {
  readonly id: string;
  readonly parentId: string | null;
}

/** A folder that is read, and the rule that counts in it: its own, or that of the nearest folder above it that has one. */
export interface FollowedFolder {
  readonly id: string;
  readonly rule: FolderRule | null;
}

/** The folders whose mail is read: all but those that are left out and what lies below them. `leftOut` are drafts, sent, deleted and junk mail. */
export function followedFolders(
  folders: readonly FolderPlace[],
  leftOut: ReadonlySet<string>,
  rules: readonly FolderRule[],
): readonly FollowedFolder[] {
  const byId = new Map(folders.map((folder) => [folder.id, folder]));
  const ruleOf = new Map(rules.map((rule) => [rule.folderId, rule]));
  return folders.flatMap(({ id }) => {
    const path = pathOf(id, byId);
    if (path.some((each) => leftOut.has(each))) return [];
    const owner = path.find((each) => ruleOf.has(each));
    return [{ id, rule: owner === undefined ? null : (ruleOf.get(owner) ?? null) }];
  });
}

/** The folder and those above it, nearest first; a circle, which a mailbox in the middle of a move may show, is walked once. */
function pathOf(id: string, byId: ReadonlyMap<string, FolderPlace>): readonly string[] {
  const path: string[] = [];
  let at: string | null = id;
  while (at !== null && !path.includes(at)) {
    path.push(at);
    at = byId.get(at)?.parentId ?? null;
  }
  return path;
}
