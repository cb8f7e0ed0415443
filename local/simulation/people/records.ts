import type { Person } from '../../company/people';
import { type Entity, fieldsFollowed, type Held, isJson, type Json } from './fields';
import { type Outside, pagesOf } from './outside';

/** A record as its table shows it. */
export interface RecordSeen {
  readonly entity: Entity;
  readonly id: string;
  /** `systemuserid` of its owner. */
  readonly owner: string;
  /** `systemuserid` of a meeting's organizer; null elsewhere. */
  readonly organizer: string | null;
  /** Completed, canceled or deactivated. */
  readonly closed: boolean;
  readonly held: Readonly<Record<string, Held>>;
  /** Addresses of a meeting's attendees. */
  readonly attendees: readonly string[];
}

const tables = { task: 'tasks', contact: 'contacts', appointment: 'appointments' } as const;
const keys = { task: 'activityid', contact: 'contactid', appointment: 'activityid' } as const;
/** Participation types of activity parties (Dataverse docs). */
const parties = { attendee: 5, optional: 6, organizer: 7 } as const;

/** What people do and see in Dynamics. */
export class RecordHands {
  constructor(private readonly outside: Outside) {}

  /** Makes a record that belongs to this person, and returns its id. */
  async make(who: Person, entity: Entity, held: Readonly<Record<string, Held>>, more: Json = {}): Promise<string> {
    const own =
      entity === 'contact'
        ? { lastname: 'Winter' }
        : entity === 'appointment'
          ? { appointment_activity_parties: [organizerParty(who)] }
          : {};
    const made = await this.outside.crm(who, 'POST', tables[entity], { ...own, ...rowOf(entity, held), ...more });
    return String(made[keys[entity]]);
  }

  async edit(who: Person, { entity, id }: Pick<RecordSeen, 'entity' | 'id'>, held: Readonly<Record<string, Held>>): Promise<void> {
    await this.change(who, entity, id, rowOf(entity, held));
  }

  /** Changes columns that the oracle does not follow. */
  async change(who: Person, entity: Entity, id: string, columns: Json): Promise<void> {
    await this.outside.crm(who, 'PATCH', `${tables[entity]}(${id})`, columns);
  }

  async remove(who: Person, entity: Entity, id: string): Promise<void> {
    await this.outside.crm(who, 'DELETE', `${tables[entity]}(${id})`);
  }

  async giveTo(who: Person, other: Person, entity: Entity, id: string): Promise<void> {
    await this.change(who, entity, id, { 'ownerid@odata.bind': `/systemusers(${other.systemUserId})` });
  }

  /** Replaces a meeting's parties: who organizes it, and the addresses of who is asked to come. */
  async setParties(who: Person, id: string, organizer: Person, attendees: readonly string[]): Promise<void> {
    const asked = attendees.map((address) => ({ addressused: address, participationtypemask: parties.attendee }));
    await this.change(who, 'appointment', id, { appointment_activity_parties: [organizerParty(organizer), ...asked] });
  }

  /** The record with this id; undefined where it is gone. */
  async one(who: Person, entity: Entity, id: string): Promise<RecordSeen | undefined> {
    return (await this.all(who, entity, `${keys[entity]} eq ${id}`))[0];
  }

  /** All records of one table that fit a filter. */
  async all(who: Person, entity: Entity, filter?: string): Promise<RecordSeen[]> {
    const columns = fieldsFollowed(entity).flatMap(({ columns: names }) => names);
    const expand = '&$expand=appointment_activity_parties($select=participationtypemask,addressused,_partyid_value)';
    const select = [keys[entity], 'statecode', '_ownerid_value', ...columns].join(',');
    const query = `?$select=${select}${entity === 'appointment' ? expand : ''}${filter === undefined ? '' : `&$filter=${filter}`}`;
    const rows = await pagesOf((path) => this.outside.crm(who, 'GET', path), tables[entity] + query);
    return rows.map((row) => recordSeen(entity, row));
  }
}

function organizerParty(who: Person): Json {
  return { participationtypemask: parties.organizer, 'partyid_systemuser@odata.bind': `/systemusers(${who.systemUserId})` };
}

function recordSeen(entity: Entity, row: Json): RecordSeen {
  const all = Array.isArray(row.appointment_activity_parties) ? row.appointment_activity_parties.filter(isJson) : [];
  const organizer = all.find(({ participationtypemask }) => participationtypemask === parties.organizer);
  const asked = all.filter(({ participationtypemask: mask }) => mask === parties.attendee || mask === parties.optional);
  return {
    entity,
    id: String(row[keys[entity]]),
    owner: String(row._ownerid_value),
    organizer: organizer === undefined ? null : String(organizer._partyid_value),
    closed: row.statecode === 1 || row.statecode === 2,
    held: Object.fromEntries(fieldsFollowed(entity).map((field) => [field.name, field.fromRow(row)])),
    attendees: asked.map(({ addressused }) => String(addressused)),
  };
}

function rowOf(entity: Entity, held: Readonly<Record<string, Held>>): Json {
  return Object.assign(
    {},
    ...fieldsFollowed(entity).map((field) => (held[field.name] === undefined ? {} : field.toRow(held[field.name] ?? []))),
  );
}
