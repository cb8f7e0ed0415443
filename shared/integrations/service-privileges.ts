import { entitiesThatSync, type IntegrationSettings } from '../model/integration-settings';

const rights = ['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo'];
const on = (table: string, verbs: readonly string[] = rights): string[] => verbs.map((verb) => `prv${verb}${table}`);

/**
 * The privileges that the account needs by which Tandem itself signs in. It acts for people, and Dataverse lets it do only what both may; it is not said here at which level,
 * which is the whole organization. Kinds of activities share theirs ("Security roles and privileges" and "Impersonate another user", Dataverse documentation).
 */
export function servicePrivileges(settings: IntegrationSettings): readonly string[] {
  const kinds = entitiesThatSync(settings);
  const withActivities = kinds.some((kind) => kind !== 'contact') || settings.mail.track !== 'off';
  return [
    ...on('User', ['Read']),
    ...on('UserSettings', ['Read']),
    'prvActOnBehalfOfAnotherUser',
    ...(withActivities ? on('Activity') : []),
    ...(kinds.includes('contact') ? on('Contact') : []),
    ...(kinds.length > 0 ? on('Account', ['Read']) : []),
  ];
}
