import { type Person, people, tandemApplication } from '../../company/people';
import type { Reference, Table, Value } from '../schema';
import type { Store } from '../store';
import { tables } from '../tables';
import { timestamp } from '../values';
import { businessUnit, organizationId } from '../view';
import { seedId } from './plant';

/** The team that owns cases nobody has taken yet. */
export const serviceDesk: Reference = { table: 'team', id: seedId('7ea40000', 1) };
/** The environment's own money, and another. */
export const euro: Reference = { table: 'transactioncurrency', id: seedId('c0440000', 1) };
const dollar: Reference = { table: 'transactioncurrency', id: seedId('c0440000', 2) };
const deskMembers = ['greta', 'hugo', 'ines', 'jack'];

/** Dataverse's time zone codes with their Windows names and minutes west of UTC. */
const zones: readonly (readonly [number, string, number])[] = [
  [4, 'Pacific Standard Time', 480],
  [10, 'Mountain Standard Time', 420],
  [20, 'Central Standard Time', 360],
  [35, 'Eastern Standard Time', 300],
  [85, 'GMT Standard Time', 0],
  [92, 'UTC', 0],
  [95, 'Central Europe Standard Time', -60],
  [100, 'Central European Standard Time', -60],
  [105, 'Romance Standard Time', -60],
  [110, 'W. Europe Standard Time', -60],
  [125, 'FLE Standard Time', -120],
  [190, 'India Standard Time', -330],
  [210, 'China Standard Time', -480],
  [235, 'Tokyo Standard Time', -540],
  [255, 'AUS Eastern Standard Time', -600],
];

/** Users with their settings, the application user, one team, and the time zones. */
export function seedPeople(store: Store, users: readonly Person[], at: number): void {
  const put = (table: Table, id: string, values: Readonly<Record<string, Value>>) =>
    store.put(table, { id, version: store.nextVersion(), values: { createdon: timestamp(at), modifiedon: timestamp(at), ...values } });
  for (const person of users) {
    put(tables.systemUser, person.systemUserId, {
      firstname: person.firstName,
      lastname: person.lastName,
      fullname: `${person.firstName} ${person.lastName}`,
      internalemailaddress: person.email,
      domainname: person.email,
      title: person.title,
      azureactivedirectoryobjectid: person.objectId,
      isdisabled: false,
      accessmode: 0,
      islicensed: true,
      businessunitid: businessUnit,
    });
    put(tables.userSettings, person.systemUserId, {
      timezonecode: person.timeZoneCode,
      uilanguageid: 1033,
      localeid: 1033,
      synccontactcompany: true,
    });
  }
  put(tables.systemUser, tandemApplication.systemUserId, {
    firstname: '#',
    lastname: 'Tandem',
    fullname: '# Tandem',
    applicationid: tandemApplication.clientId,
    azureactivedirectoryobjectid: tandemApplication.objectId,
    isdisabled: false,
    accessmode: 4,
    islicensed: false,
    businessunitid: businessUnit,
  });
  put(tables.userSettings, tandemApplication.systemUserId, {
    timezonecode: 92,
    uilanguageid: 1033,
    localeid: 1033,
    synccontactcompany: true,
  });
  put(tables.team, serviceDesk.id, { name: 'Service Desk', teamtype: 0, isdefault: false, businessunitid: businessUnit });
  for (const [index, member] of people.filter(({ key }) => deskMembers.includes(key)).entries())
    put(tables.teamMembership, seedId('7ea4e4be', index + 1), { teamid: serviceDesk.id, systemuserid: member.systemUserId });
  for (const [code, name, bias] of zones)
    put(tables.timeZoneDefinition, seedId('717e2000', code), { timezonecode: code, standardname: name, userinterfacename: name, bias });
  for (const [{ id }, currencyname, isocurrencycode, currencysymbol] of [
    [euro, 'Euro', 'EUR', '€'],
    [dollar, 'US Dollar', 'USD', '$'],
  ] as const)
    put(tables.transactionCurrency, id, { currencyname, isocurrencycode, currencysymbol, currencyprecision: 2 });
  put(tables.organization, organizationId, { name: 'Contoso', languagecode: 1033, basecurrencyid: euro });
}
