import type { WireReply } from '../serving/wire';
import { type Call, context, type Json, reply } from './call';
import { notImplemented } from './errors';
import { checkOptions, pick } from './query';
import type { Route } from './router';

const userNames = ['id', 'displayName', 'givenName', 'surname', 'jobTitle', 'mail', 'userPrincipalName'];

/** The person behind a mailbox: the directory's entry and the mailbox settings. */
export const personRoutes: readonly Route[] = [
  { method: 'GET', path: 'users/{}', handle: getUser },
  { method: 'GET', path: 'users/{}/mailboxSettings', handle: getSettings },
  { method: 'GET', path: 'users/{}/mailboxSettings/timeZone', handle: getTimeZone },
];

function getUser(call: Call): WireReply {
  checkOptions(call, ['$select']);
  const { objectId, firstName, lastName, title, email } = call.mailbox.person;
  const user: Json = {
    '@odata.context': `${call.origin}/v1.0/$metadata#users/$entity`,
    id: objectId,
    displayName: `${firstName} ${lastName}`,
    givenName: firstName,
    surname: lastName,
    jobTitle: title,
    mail: email,
    userPrincipalName: email,
  };
  const chosen = call.query
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());
  const unknown = chosen?.find((name) => !userNames.includes(name));
  if (unknown !== undefined) throw notImplemented(`the property '${unknown}' of user`);
  if (chosen === undefined) return reply(call, 200, user);
  const kept = pick(user, chosen, []);
  return reply(call, 200, chosen.includes('id') ? kept : Object.fromEntries(Object.entries(kept).filter(([name]) => name !== 'id')));
}

function getSettings(call: Call): WireReply {
  return reply(call, 200, {
    '@odata.context': context(call, 'mailboxSettings'),
    timeZone: call.mailbox.person.timeZone,
    dateFormat: 'yyyy-MM-dd',
    timeFormat: 'HH:mm',
    language: { locale: 'en-US', displayName: 'English (United States)' },
  });
}

function getTimeZone(call: Call): WireReply {
  return reply(call, 200, { '@odata.context': context(call, 'mailboxSettings/timeZone'), value: call.mailbox.person.timeZone });
}
