import type { Table } from '../schema';
import { activityParty, appointment, task } from './activities';
import { activityMimeAttachment } from './attachments';
import { fax, letter, phoneCall } from './communications';
import { account, contact } from './customers';
import { email } from './emails';
import { sdkMessage, sdkMessageFilter, sdkMessageProcessingStep, serviceEndpoint } from './messages';
import { annotation } from './notes';
import { organization, systemUser, team, teamMembership, timeZoneDefinition, transactionCurrency, userSettings } from './organization';
import { incident, lead, opportunity } from './sales';
import { recurringAppointmentMaster } from './series';
import { equipment, serviceAppointment } from './service';

/**
 * The tables of the demo organization. Columns, lengths and navigation properties follow Microsoft's table reference, state and status values its
 * published option sets. Only columns that Tandem or its demo data may touch are here.
 */
export const tables = {
  account,
  contact,
  lead,
  opportunity,
  incident,
  task,
  phoneCall,
  letter,
  fax,
  email,
  appointment,
  serviceAppointment,
  equipment,
  recurringAppointmentMaster,
  activityParty,
  activityMimeAttachment,
  annotation,
  systemUser,
  team,
  teamMembership,
  userSettings,
  timeZoneDefinition,
  transactionCurrency,
  organization,
  sdkMessage,
  sdkMessageFilter,
  serviceEndpoint,
  sdkMessageProcessingStep,
} as const;

export const allTables: readonly Table[] = Object.values(tables);
const byLogicalName = new Map(allTables.map((each) => [each.logicalName, each]));
const bySet = new Map(allTables.map((each) => [each.set, each]));

export const tableOfSet = (set: string): Table | undefined => bySet.get(set);
export const tableNamed = (logicalName: string): Table | undefined => byLogicalName.get(logicalName);
