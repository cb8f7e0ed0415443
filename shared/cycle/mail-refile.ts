import { isSame } from '../dynamics/emails';
import type { FolderRule, TrackedMail } from '../model/mail';
import type { Session } from './session';

/**
 * A mail that is known was moved to another folder: where a rule names what that folder is about, its row is set regarding that, unless somebody has chosen
 * otherwise in Dynamics. Where it lies still, nothing is done, whatever stands in its row. Returns what is to be kept of it; null where nothing changed.
 */
export async function refile(
  session: Session,
  before: TrackedMail,
  folderId: string,
  rule: FolderRule | null,
): Promise<TrackedMail | null> {
  if (before.folderId === folderId) return null;
  const moved = { ...before, folderId };
  const now = rule?.regarding ?? null;
  if (now === null || isSame(now, before.regarding)) return moved;
  const outcome = await session.dynamics.emails.regard(before.id, before.regarding, now, session.caller);
  return outcome === 'set' ? { ...moved, regarding: now } : moved;
}
