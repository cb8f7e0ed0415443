import type { Person } from '../../company/people';
import { type DateSeen, dateColumns, dateOfRow, heldWithDates } from './dates';
import { type Entity, fieldsFollowed, type Held } from './fields';
import { isJson, type Json } from './json';
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
  /** The dates of a series at which people look; none elsewhere. */
  readonly dates: readonly DateSeen[];
}

const tables = {
  ...{ task: 'tasks', phonecall: 'phonecalls', letter: 'letters', fax: 'faxes', contact: 'contacts' },
  ...{ appointment: 'appointments', series: 'recurringappointmentmasters' },
} as const;
const partiesOf = { appointment: 'appointment_activity_parties', series: 'recurringappointmentmaster_activity_parties' } as const;
/** Participation types of activity parties (Dataverse docs). */
const parties = { attendee: 5, optional: 6, organizer: 7 } as const;

/** What people do and see in Dynamics. */
export class RecordHands {
  constructor(private readonly outside: Outside) {}

  /** Makes a record that belongs to this person, and returns its id. */
  async make(who: Person, entity: Entity, held: Readonly<Record<string, Held>>, more: Json = {}): Promise<string> {
    const own = entity === 'contact' ? { lastname: 'Winter' } : isMeeting(entity) ? { [partiesOf[entity]]: [organizerParty(who)] } : {};
    const made = await this.outside.crm(who, 'POST', tables[entity], { ...own, ...rowOf(entity, held), ...more });
    return String(made[keyOf(entity)]);
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
  async setParties(
    who: Person,
    id: string,
    organizer: Person,
    attendees: readonly string[],
    entity: 'appointment' | 'series' = 'appointment',
  ): Promise<void> {
    const asked = attendees.map((address) => ({ addressused: address, participationtypemask: parties.attendee }));
    await this.change(who, entity, id, { [partiesOf[entity]]: [organizerParty(organizer), ...asked] });
  }

  /** Changes one date of a series, which is a row of its own. */
  async editDate(who: Person, { id }: DateSeen, columns: Json): Promise<void> {
    await this.change(who, 'appointment', id, columns);
  }

  /** Takes one date out of a series. */
  async removeDate(who: Person, { id }: DateSeen): Promise<void> {
    await this.remove(who, 'appointment', id);
  }

  /** The record with this id; undefined where it is gone. */
  async one(who: Person, entity: Entity, id: string): Promise<RecordSeen | undefined> {
    return (await this.all(who, entity, id))[0];
  }

  /** All records of one kind, or the one with this id. */
  async all(who: Person, entity: Entity, id?: string): Promise<RecordSeen[]> {
    const filters = [...(id === undefined ? [] : [`${keyOf(entity)} eq ${id}`]), ...(entity === 'appointment' ? ['seriesid eq null'] : [])];
    const filter = filters.length === 0 ? undefined : filters.join(' and ');
    const columns = fieldsFollowed(entity).flatMap(({ columns: names }) => names);
    const expand = isMeeting(entity) ? `&$expand=${partiesOf[entity]}($select=participationtypemask,addressused,_partyid_value)` : '';
    const select = [keyOf(entity), 'statecode', '_ownerid_value', ...columns].join(',');
    const query = `?$select=${select}${expand}${filter === undefined ? '' : `&$filter=${filter}`}`;
    const rows = await pagesOf((path) => this.outside.crm(who, 'GET', path), tables[entity] + query);
    const dates = entity === 'series' && rows.length > 0 ? await this.dates(who, id) : new Map<string, DateSeen[]>();
    return rows.map((row) => recordSeen(entity, row, dates.get(String(row[keyOf(entity)])) ?? []));
  }

  /** The dates of series, by the id of the series. */
  private async dates(who: Person, id: string | undefined): Promise<Map<string, DateSeen[]>> {
    const query = `appointments?$select=${dateColumns.join(',')}&$filter=seriesid ${id === undefined ? 'ne null' : `eq ${id}`}`;
    const rows = await pagesOf((path) => this.outside.crm(who, 'GET', path), query);
    const found = new Map<string, DateSeen[]>();
    for (const row of rows) {
      const date = dateOfRow(row);
      if (date !== undefined) found.set(String(row.seriesid), [...(found.get(String(row.seriesid)) ?? []), date]);
    }
    return new Map([...found].map(([series, dates]) => [series, dates.sort((left, right) => (left.on < right.on ? -1 : 1))]));
  }
}

function organizerParty(who: Person): Json {
  return { participationtypemask: parties.organizer, 'partyid_systemuser@odata.bind': `/systemusers(${who.systemUserId})` };
}

function keyOf(entity: Entity): 'contactid' | 'activityid' {
  return entity === 'contact' ? 'contactid' : 'activityid';
}

export function isMeeting(entity: Entity): entity is 'appointment' | 'series' {
  return entity === 'appointment' || entity === 'series';
}

function recordSeen(entity: Entity, row: Json, dates: readonly DateSeen[]): RecordSeen {
  const parted = isMeeting(entity) ? row[partiesOf[entity]] : undefined;
  const all = Array.isArray(parted) ? parted.filter(isJson) : [];
  const held = Object.fromEntries(fieldsFollowed(entity).map((field) => [field.name, field.fromRow(row)]));
  const organizer = all.find(({ participationtypemask }) => participationtypemask === parties.organizer);
  const asked = all.filter(({ participationtypemask: mask }) => mask === parties.attendee || mask === parties.optional);
  return {
    entity,
    id: String(row[keyOf(entity)]),
    owner: String(row._ownerid_value),
    organizer: organizer === undefined ? null : String(organizer._partyid_value),
    closed: row.statecode === 1 || row.statecode === 2,
    held: heldWithDates(held, dates),
    attendees: asked.map(({ addressused }) => String(addressused)),
    dates,
  };
}

function rowOf(entity: Entity, held: Readonly<Record<string, Held>>): Json {
  return Object.assign(
    {},
    ...fieldsFollowed(entity).map((field) => (held[field.name] === undefined ? {} : field.toRow(held[field.name] ?? []))),
  );
}
