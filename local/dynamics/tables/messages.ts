import { choice, integer, lookup, memo, polymorphic, table, text, yesNo } from '../schema';

/** What happens in the organization by name, and for which tables steps may be registered: both are the platform's own. */
export const sdkMessage = table('sdkmessage', {
  set: 'sdkmessages',
  objectTypeCode: 4606,
  key: 'sdkmessageid',
  nameColumn: 'name',
  ownership: 'organization',
  writable: [],
  columns: text(256, 'name'),
});

export const sdkMessageFilter = table('sdkmessagefilter', {
  set: 'sdkmessagefilters',
  objectTypeCode: 4607,
  key: 'sdkmessagefilterid',
  nameColumn: 'primaryobjecttypecode',
  ownership: 'organization',
  writable: [],
  columns: [
    ...text(256, 'primaryobjecttypecode'),
    ...lookup('sdkmessageid', 'sdkmessage'),
    ...yesNo(true, 'iscustomprocessingstepallowed'),
  ],
});

/** Where messages are sent; here webhooks alone are called. */
export const serviceEndpoint = table('serviceendpoint', {
  set: 'serviceendpoints',
  objectTypeCode: 4618,
  key: 'serviceendpointid',
  nameColumn: 'name',
  ownership: 'organization',
  columns: [
    ...text(160, 'name'),
    ...text(2_000, 'url'),
    ...memo(2_000, 'description'),
    ...choice('contract', {
      1: 'OneWay',
      2: 'Queue',
      3: 'Rest',
      4: 'TwoWay',
      5: 'Topic',
      6: 'Queue (Persistent)',
      7: 'Event Hub',
      8: 'Webhook',
    }),
    ...choice('authtype', { 1: 'ACS', 2: 'SASKey', 3: 'SASToken', 4: 'WebhookKey', 5: 'HttpHeader', 6: 'HttpQueryString' }),
    ...choice('messageformat', { 1: 'Binary XML', 2: 'Json', 3: 'Text XML' }, 2),
    ...choice('userclaim', { 1: 'None', 2: 'UserId', 3: 'UserInfo' }, 1),
    ...choice('connectionmode', { 1: 'Normal', 2: 'Federated' }, 1),
    ...memo(2_000, 'authvalue').map((column) => ({ ...column, writeOnly: true })),
  ],
});

export const sdkMessageProcessingStep = table('sdkmessageprocessingstep', {
  set: 'sdkmessageprocessingsteps',
  objectTypeCode: 4608,
  key: 'sdkmessageprocessingstepid',
  nameColumn: 'name',
  ownership: 'organization',
  states: [
    { value: 0, label: 'Enabled', statuses: [[1, 'Enabled']] },
    { value: 1, label: 'Disabled', statuses: [[2, 'Disabled']] },
  ],
  columns: [
    ...text(256, 'name', 'description'),
    ...memo(100_000, 'filteringattributes', 'configuration'),
    ...choice('mode', { 0: 'Synchronous', 1: 'Asynchronous' }, 0),
    ...choice('stage', { 10: 'Pre-validation', 20: 'Pre-operation', 40: 'Post-operation' }, 40),
    ...choice('supporteddeployment', { 0: 'Server Only', 1: 'Microsoft Dynamics 365 Client for Outlook Only', 2: 'Both' }, 0),
    ...integer(0, 2_147_483_647, 'rank'),
    ...yesNo(false, 'asyncautodelete'),
    ...lookup('sdkmessageid', 'sdkmessage'),
    ...lookup('sdkmessagefilterid', 'sdkmessagefilter'),
    ...polymorphic('Lookup', 'eventhandler', ['serviceendpoint']),
  ],
});
