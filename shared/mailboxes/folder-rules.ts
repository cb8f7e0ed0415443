import { type FolderRule, mostFolderRules } from '../model/mail';
import { errorCodes, TandemError } from '../platform/errors';
import type { Services } from '../services';
import { cycleServicesOf } from '../services';
import { takesPart } from '../storage/mailboxes';
import { noMailbox } from './disable';
import { syncNow } from './sync-now';

/**
 * The rules of a mailbox's mail folders.
 * @throws TandemError `not-found`
 */
export async function folderRules(services: Services, integration: string, id: string): Promise<readonly FolderRule[]> {
  if ((await services.mailboxes.get(integration, id)) === null) throw noMailbox(integration, id);
  return (await (await cycleServicesOf(services).links({ integration, id })).mail()).rules;
}

/**
 * Replaces the rules of a mailbox's mail folders and has it served soon. A folder that gets a rule is read from its beginning; what a rule no longer names stays
 * in Dynamics as it is.
 * @throws TandemError `not-found`, or `bad-request` for too many rules or two about one folder
 */
export async function putFolderRules(services: Services, integration: string, id: string, rules: readonly FolderRule[]): Promise<void> {
  const mailbox = await services.mailboxes.get(integration, id);
  if (mailbox === null) throw noMailbox(integration, id);
  if (rules.length > mostFolderRules)
    throw unfit(
      `${rules.length} folder rules, and a mailbox may have ${mostFolderRules}`,
      'Name a folder above several of them: a rule counts below it too.',
    );
  if (new Set(rules.map(({ folderId }) => folderId)).size < rules.length)
    throw unfit('two rules about one folder', 'Leave one of them out.');
  await (await cycleServicesOf(services).links({ integration, id })).putFolderRules(rules);
  services.log.info('folder-rules-saved', { integration, mailbox: id, rules: rules.length });
  if (takesPart(mailbox)) await syncNow(services, integration, id);
}

function unfit(detail: string, fix: string): TandemError {
  return new TandemError(errorCodes.badRequest, { retry: 'never', fix, detail });
}
