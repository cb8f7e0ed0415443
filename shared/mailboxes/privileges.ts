import { entitiesThatSync, type IntegrationSettings } from '../model/integration-settings';
import type { Methods } from '../model/mailbox-standing';

/** By these the tasks, phone calls, letters, faxes, meetings and e-mails of a person are read and written: all kinds of activities share them (Dataverse, "Security roles and privileges"). */
const activity = ['prvReadActivity', 'prvCreateActivity', 'prvWriteActivity', 'prvAppendActivity', 'prvAppendToActivity'];
const deletion = ['prvDeleteActivity'];
const contact = ['prvReadContact', 'prvCreateContact', 'prvWriteContact', 'prvAppendContact', 'prvAppendToContact'];
/** Whose company a contact belongs to, and what an activity is about. */
const around = ['prvReadAccount', 'prvAppendToAccount', 'prvReadUser'];

/** The privileges that a mailbox's user needs for what syncs there: Tandem reads and writes as her. */
export function privilegesFor(settings: IntegrationSettings, { act, incoming }: Methods): readonly string[] {
  const synced = act === 'sync' ? entitiesThatSync(settings) : [];
  const withActivities = synced.some((entity) => entity !== 'contact');
  const withMail = incoming === 'sync' && settings.mail.track !== 'off';
  return [
    ...(withActivities || withMail ? activity : []),
    ...(withActivities && settings.taskDeletedInExchange === 'delete' ? deletion : []),
    ...(synced.includes('contact') ? contact : []),
    ...(synced.length > 0 || withMail ? around : []),
  ];
}
