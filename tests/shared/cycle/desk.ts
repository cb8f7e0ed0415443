import type { Person } from '../../../local/company/people';
import { contactExpand } from '../../../shared/exchange/contact';
import { eventExpand } from '../../../shared/exchange/event';
import { markerProperty } from '../../../shared/exchange/extended';
import type { Json, World } from './world';

export type Table =
  | 'tasks'
  | 'phonecalls'
  | 'letters'
  | 'faxes'
  | 'contacts'
  | 'appointments'
  | 'recurringappointmentmasters'
  | 'serviceappointments';

/** The navigation property of the people of a meeting. */
const partiesOf: Partial<Record<Table, string>> = {
  appointments: 'appointment_activity_parties',
  recurringappointmentmasters: 'recurringappointmentmaster_activity_parties',
};

const keyOf = (table: Table): string => (table === 'contacts' ? 'contactid' : 'activityid');

/** A series of five dates, every ninth day, to come. */
export const everyNinthDay: Json = {
  recurrencepatterntype: 0,
  interval: 9,
  patternstartdate: '2026-12-01T00:00:00Z',
  patternendtype: 2,
  occurrences: 5,
  starttime: '2026-12-01T08:00:00Z',
  endtime: '2026-12-01T08:30:00Z',
};

/** What one person does and sees in Dynamics and in Outlook. Items are found by the marker that Tandem leaves on them, so a second copy is noticed. */
export class Desk {
  constructor(
    private readonly world: World,
    readonly who: Person,
  ) {}

  /** Makes a record that is hers (an appointment: that she organizes), and returns its id. */
  async make(table: Table, columns: Json): Promise<string> {
    const user = `/systemusers(${this.who.systemUserId})`;
    const organizer = { 'partyid_systemuser@odata.bind': user, participationtypemask: 7 };
    const { parties = [], ...rest } = columns;
    const navigation = partiesOf[table];
    const own = navigation === undefined ? {} : { [navigation]: [organizer, ...(parties as Json[])] };
    const row = await this.world.crm(this.who, 'POST', table, { 'ownerid@odata.bind': user, ...own, ...rest });
    return String(row[keyOf(table)]);
  }

  /** Makes a record and lets the world settle. */
  async inStep(table: Table, columns: Json): Promise<string> {
    const id = await this.make(table, columns);
    await this.world.settle();
    return id;
  }

  record(table: Table, id: string): Promise<Json> {
    return this.world.crm(this.who, 'GET', `${table}(${id})`);
  }

  change(table: Table, id: string, columns: Json): Promise<Json> {
    return this.world.crm(this.who, 'PATCH', `${table}(${id})`, columns);
  }

  async drop(table: Table, id: string): Promise<void> {
    await this.world.crm(this.who, 'DELETE', `${table}(${id})`);
  }

  async hasRecord(table: Table, id: string): Promise<boolean> {
    const { value } = await this.world.crm(this.who, 'GET', `${table}?$select=${keyOf(table)}&$filter=${keyOf(table)} eq ${id}`);
    return (value as Json[]).length === 1;
  }

  /** The item of a record; null where there is none. Fails where there are several. */
  async item(table: Table, id: string): Promise<Json | null> {
    const found = (await this.items(table)).filter((item) => markersOf(item).some((marker) => marker.includes(id)));
    if (found.length > 1) throw new Error(`${this.who.key} has ${found.length} items of one record.`);
    return found[0] ?? null;
  }

  /** The item of a record that has one. */
  async itemOf(table: Table, id: string): Promise<Json> {
    const item = await this.item(table, id);
    if (item === null) throw new Error(`${this.who.key} has no item of ${table} ${id}.`);
    return item;
  }

  async items(table: Table): Promise<Json[]> {
    switch (table) {
      case 'tasks':
      case 'phonecalls':
      case 'letters':
      case 'faxes': {
        const lists = await this.lists();
        const pages = await Promise.all(
          lists.map(({ id }) => this.list(`todo/lists/${String(id)}/tasks?$top=100&$expand=linkedResources`)),
        );
        return pages.flatMap((page, index) => page.map((task) => ({ ...task, listId: lists[index]?.id })));
      }
      case 'contacts': {
        const others = (await this.list('contactFolders')).map(({ id }) => `contactFolders/${String(id)}/contacts`);
        const query = `?$top=100&$expand=${encodeURIComponent(contactExpand)}`;
        return (await Promise.all(['contacts', ...others].map((path) => this.list(path + query)))).flat();
      }
      case 'appointments':
      case 'recurringappointmentmasters':
      case 'serviceappointments':
        return this.list(`events?$top=100&$expand=${encodeURIComponent(eventExpand)}`);
    }
  }

  async lists(): Promise<Json[]> {
    return this.list('todo/lists?$top=100');
  }

  /** Edits the item of a record in Outlook. */
  async edit(table: Table, id: string, changes: Json): Promise<void> {
    await this.world.outlook(this.who, 'PATCH', pathOf(table, await this.itemOf(table, id)), changes);
  }

  /** Deletes the item of a record in Outlook. */
  async discard(table: Table, id: string): Promise<void> {
    await this.world.outlook(this.who, 'DELETE', pathOf(table, await this.itemOf(table, id)));
  }

  outlook(method: string, path: string, body?: Json): Promise<Json> {
    return this.world.outlook(this.who, method, path, body);
  }

  private async list(path: string): Promise<Json[]> {
    const found: Json[] = [];
    const root = `${this.world.graph.url}/v1.0/me/`;
    for (let next: string | undefined = path; next !== undefined; ) {
      const page: Json = await this.world.outlook(this.who, 'GET', next);
      found.push(...(page.value as Json[]));
      next = (page['@odata.nextLink'] as string | undefined)?.slice(root.length);
    }
    return found;
  }
}

export function pathOf(table: Table, item: Json): string {
  const id = encodeURIComponent(String(item.id));
  switch (table) {
    case 'tasks':
    case 'phonecalls':
    case 'letters':
    case 'faxes':
      return `todo/lists/${encodeURIComponent(String(item.listId))}/tasks/${id}`;
    case 'contacts':
      return `contacts/${id}`;
    case 'appointments':
    case 'recurringappointmentmasters':
    case 'serviceappointments':
      return `events/${id}`;
  }
}

/** What an extended property of an item holds; null where it is not there. */
export function extended(item: Json, tag: string): string | null {
  const properties = (item.singleValueExtendedProperties ?? []) as { id: string; value: string }[];
  return properties.find(({ id }) => id.toLowerCase() === tag.toLowerCase())?.value ?? null;
}

function markersOf(item: Json): string[] {
  const linked = (item.linkedResources ?? []) as Json[];
  return [extended(item, markerProperty) ?? '', ...linked.map(({ externalId }) => String(externalId))];
}

/** Longer than the two seconds within which two edits are a tie, ms. */
export const aMoment = 5_000;

/** The columns that make a record hers. */
export function bindOwner(who: Person): Json {
  return { 'ownerid@odata.bind': `/systemusers(${who.systemUserId})` };
}
