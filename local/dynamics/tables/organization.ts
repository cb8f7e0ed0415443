import { choice, guid, integer, lookup, memo, readOnly, table, text, yesNo } from '../schema';

const longest = 2_147_483_647;

const organizationOwned = { ownership: 'organization' } as const;

export const systemUser = table('systemuser', {
  ...organizationOwned,
  set: 'systemusers',
  objectTypeCode: 8,
  key: 'systemuserid',
  nameColumn: 'fullname',
  writable: ['update'],
  columns: [
    ...text(256, 'firstname', 'lastname'),
    ...readOnly(text(200, 'fullname')),
    ...text(100, 'internalemailaddress'),
    ...text(1_024, 'domainname'),
    ...text(128, 'title'),
    ...text(64, 'address1_telephone1'),
    ...readOnly(guid('azureactivedirectoryobjectid', 'applicationid')),
    ...yesNo(false, 'isdisabled'),
    ...choice('accessmode', { 0: 'Read-Write', 1: 'Administrative', 2: 'Read', 4: 'Non-interactive' }, 0),
    ...readOnly(yesNo(false, 'islicensed')),
    ...readOnly(lookup('businessunitid', 'businessunit')),
  ],
});

export const team = table('team', {
  ...organizationOwned,
  set: 'teams',
  objectTypeCode: 9,
  key: 'teamid',
  nameColumn: 'name',
  columns: [
    ...text(160, 'name'),
    ...text(100, 'emailaddress'),
    ...memo(2_000, 'description'),
    ...choice('teamtype', { 0: 'Owner', 1: 'Access', 2: 'Security Group', 3: 'Office Group' }, 0),
    ...yesNo(false, 'isdefault'),
    ...readOnly(lookup('businessunitid', 'businessunit')),
    ...lookup('administratorid', 'systemuser'),
  ],
});

export const teamMembership = table('teammembership', {
  ...organizationOwned,
  set: 'teammemberships',
  objectTypeCode: 23,
  key: 'teammembershipid',
  nameColumn: 'teammembershipid',
  writable: [],
  columns: readOnly(guid('teamid', 'systemuserid')),
});

export const userSettings = table('usersettings', {
  ...organizationOwned,
  set: 'usersettingscollection',
  objectTypeCode: 150,
  key: 'systemuserid',
  nameColumn: 'systemuserid',
  writable: ['update'],
  columns: [...integer(0, 1_500, 'timezonecode'), ...integer(0, longest, 'uilanguageid', 'localeid'), ...yesNo(true, 'synccontactcompany')],
});

export const timeZoneDefinition = table('timezonedefinition', {
  ...organizationOwned,
  set: 'timezonedefinitions',
  objectTypeCode: 4810,
  key: 'timezonedefinitionid',
  nameColumn: 'userinterfacename',
  writable: [],
  columns: [...integer(0, 1_500, 'timezonecode'), ...text(100, 'standardname', 'userinterfacename'), ...integer(-1_500, 1_500, 'bias')],
});

/** Money of a kind; the environment's own is the first. */
export const transactionCurrency = table('transactioncurrency', {
  ...organizationOwned,
  set: 'transactioncurrencies',
  objectTypeCode: 9105,
  key: 'transactioncurrencyid',
  nameColumn: 'currencyname',
  columns: [
    ...text(100, 'currencyname'),
    ...text(5, 'isocurrencycode'),
    ...text(13, 'currencysymbol'),
    ...integer(0, 4, 'currencyprecision'),
  ],
});

/** The environment itself: it has one row. */
export const organization = table('organization', {
  ...organizationOwned,
  set: 'organizations',
  objectTypeCode: 1019,
  key: 'organizationid',
  nameColumn: 'name',
  writable: ['update'],
  columns: [...text(160, 'name'), ...readOnly(integer(0, longest, 'languagecode')), ...lookup('basecurrencyid', 'transactioncurrency')],
});
