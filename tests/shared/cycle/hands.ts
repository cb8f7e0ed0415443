import type { Person } from '../../../local/company/people';
import { expandOf, markerProperty } from '../../../shared/exchange/extended';
import { kindOf } from '../../../shared/model/entity';
import type { Entity } from '../../../shared/model/values';
import type { Json, World } from './world';

/** Two texts that every kind of record and item has, by neutral names; what people write into them tells later what became of it. */
export interface Texts {
  readonly first?: string;
  readonly second?: string;
}

/** A record as its table shows it. */
export interface RecordSeen {
  readonly entity: Entity;
  readonly id: string;
  readonly owner: string;
  readonly closed: boolean;
  readonly texts: Required<Texts>;
}

/** An item as its owner's mailbox shows it; what lies among the deleted is not shown. */
export interface ItemSeen {
  readonly entity: Entity;
  readonly id: string;
  /** The task list it lies in. */
  readonly list: string | null;
  /** What its marker says: the record's id, and the whole of it; null for an item that a person made. */
  readonly recordId: string | null;
  readonly marker: string | null;
  readonly closed: boolean;
  readonly texts: Required<Texts>;
}

const day = 86_400_000;
const tables = {
  task: 'tasks',
  phonecall: 'phonecalls',
  letter: 'letters',
  fax: 'faxes',
  contact: 'contacts',
  appointment: 'appointments',
  serviceappointment: 'serviceappointments',
  series: 'recurringappointmentmasters',
} as const;
const columns = {
  task: { first: 'subject', second: 'description' },
  contact: { first: 'jobtitle', second: 'mobilephone' },
  event: { first: 'subject', second: 'location' },
  series: { first: 'subject', second: 'location' },
} as const;

/** What people do and see in the two systems: the only things that an oracle may know. */
export class Hands {
  constructor(private readonly world: World) {}

  /** Makes a record that belongs to this person, and returns its id. */
  async make(who: Person, entity: Entity, texts: Required<Texts>): Promise<string> {
    const made = await this.world.crm(who, 'POST', tables[entity], { ...rowOf(entity, texts), ...this.beginning(who, entity) });
    return String(made[entity === 'contact' ? 'contactid' : 'activityid']);
  }

  async editRecord(who: Person, entity: Entity, id: string, texts: Texts): Promise<void> {
    await this.world.crm(who, 'PATCH', `${tables[entity]}(${id})`, rowOf(entity, texts));
  }

  async completeRecord(who: Person, id: string): Promise<void> {
    await this.world.crm(who, 'PATCH', `tasks(${id})`, { statecode: 1, statuscode: 5 });
  }

  async giveTo(who: Person, other: Person, entity: 'task' | 'phonecall' | 'letter' | 'fax' | 'contact', id: string): Promise<void> {
    await this.world.crm(who, 'PATCH', `${tables[entity]}(${id})`, { 'ownerid@odata.bind': `/systemusers(${other.systemUserId})` });
  }

  async deleteRecord(who: Person, entity: Entity, id: string): Promise<void> {
    await this.world.crm(who, 'DELETE', `${tables[entity]}(${id})`);
  }

  async editItem(who: Person, item: ItemSeen, texts: Texts): Promise<void> {
    await this.world.outlook(who, 'PATCH', pathOf(item), itemOf(item.entity, texts));
  }

  async completeItem(who: Person, item: ItemSeen): Promise<void> {
    await this.world.outlook(who, 'PATCH', pathOf(item), { status: 'completed' });
  }

  async deleteItem(who: Person, item: ItemSeen): Promise<void> {
    await this.world.outlook(who, 'DELETE', pathOf(item));
  }

  /** Moves a task to another list of the person, which is made at need; there the task has another id. */
  async moveToList(who: Person, item: ItemSeen, name: string): Promise<void> {
    const lists = await this.lists(who);
    const known = lists.find(({ displayName }) => displayName === name);
    const list = known ?? (await this.world.outlook(who, 'POST', 'todo/lists', { displayName: name }));
    this.world.graph.controls.moveTask?.({ user: who.objectId, taskId: item.id, toListId: String(list.id) });
  }

  /** All records of the three tables. */
  async records(who: Person): Promise<RecordSeen[]> {
    const found: RecordSeen[] = [];
    for (const entity of ['task', 'contact', 'appointment'] as const) {
      const { first, second } = columns[kindOf(entity)];
      const key = entity === 'contact' ? 'contactid' : 'activityid';
      const select = [key, first, second, 'statecode', '_ownerid_value'].join(',');
      for (const row of await this.pages((link) => this.world.crm(who, 'GET', link), `${tables[entity]}?$select=${select}`)) {
        found.push({
          entity,
          id: String(row[key]),
          owner: String(row._ownerid_value),
          closed: entity !== 'contact' && (row.statecode === 1 || row.statecode === 2),
          texts: { first: textOf(row[first]), second: textOf(row[second]) },
        });
      }
    }
    return found;
  }

  /** All items of a person's calendar, contacts and task lists. */
  async items(who: Person): Promise<ItemSeen[]> {
    const get = (path: string): Promise<Json[]> => this.pages((link) => this.world.outlook(who, 'GET', link), path);
    const expand = `$top=100&$expand=${encodeURIComponent(expandOf([markerProperty]))}`;
    const found: ItemSeen[] = [];
    for (const event of await get(`events?${expand}`))
      found.push({ ...marked('appointment', event, extendedMarker(event)), texts: textsOf(event.subject, nameOf(event.location)) });
    for (const contact of await get(`contacts?${expand}`))
      found.push({ ...marked('contact', contact, extendedMarker(contact)), texts: textsOf(contact.jobTitle, contact.mobilePhone) });
    for (const list of await this.lists(who)) {
      for (const task of await get(`todo/lists/${String(list.id)}/tasks?$top=100&$expand=linkedResources`)) {
        const [link] = (task.linkedResources ?? []) as Json[];
        const marker = link === undefined ? null : String(link.externalId);
        const texts = textsOf(task.title, (task.body as Json | undefined)?.content);
        found.push({ ...marked('task', task, marker), list: String(list.id), closed: task.status === 'completed', texts });
      }
    }
    return found;
  }

  private async lists(who: Person): Promise<Json[]> {
    return (await this.world.outlook(who, 'GET', 'todo/lists?$top=100')).value as Json[];
  }

  private async pages(get: (link: string) => Promise<Json>, first: string): Promise<Json[]> {
    const found: Json[] = [];
    for (let link: string | undefined = first; link !== undefined; ) {
      const page: Json = await get(link);
      found.push(...(page.value as Json[]));
      const next = page['@odata.nextLink'];
      link = typeof next === 'string' ? next.replace(/^.*?\/(v9\.2|v1\.0\/(me|users\/[^/]+))\//, '') : undefined;
    }
    return found;
  }

  private beginning(who: Person, entity: Entity): Json {
    if (entity === 'contact') return { lastname: 'Winter' };
    if (kindOf(entity) === 'task') return {};
    const start = Math.ceil(this.world.clock.now() / day) * day + 30 * day;
    const mask = entity === 'serviceappointment' ? 10 : 7;
    return {
      scheduledstart: new Date(start).toISOString(),
      scheduledend: new Date(start + 3_600_000).toISOString(),
      [`${entity}_activity_parties`]: [
        { participationtypemask: mask, 'partyid_systemuser@odata.bind': `/systemusers(${who.systemUserId})` },
      ],
    };
  }
}

function rowOf(entity: Entity, { first, second }: Texts): Json {
  const names = columns[kindOf(entity)];
  return { ...(first === undefined ? {} : { [names.first]: first }), ...(second === undefined ? {} : { [names.second]: second }) };
}

function itemOf(entity: Entity, { first, second }: Texts): Json {
  const one =
    first === undefined ? {} : { [{ task: 'title', contact: 'jobTitle', event: 'subject', series: 'subject' }[kindOf(entity)]]: first };
  if (second === undefined) return one;
  switch (kindOf(entity)) {
    case 'task':
      return { ...one, body: { contentType: 'text', content: second } };
    case 'contact':
      return { ...one, mobilePhone: second };
    case 'event':
    case 'series':
      return { ...one, location: { displayName: second } };
  }
}

function pathOf({ entity, id, list }: ItemSeen): string {
  switch (kindOf(entity)) {
    case 'event':
    case 'series':
      return `events/${id}`;
    case 'contact':
      return `contacts/${id}`;
    case 'task':
      return `todo/lists/${String(list)}/tasks/${id}`;
  }
}

function marked(entity: Entity, { id }: Json, marker: string | null): Omit<ItemSeen, 'texts'> {
  return { entity, id: String(id), list: null, recordId: marker?.split('/')[2] ?? null, marker, closed: false };
}

function extendedMarker(item: Json): string | null {
  const [property] = (item.singleValueExtendedProperties ?? []) as Json[];
  return property === undefined ? null : String(property.value);
}

function nameOf(location: unknown): unknown {
  return (location as Json | null | undefined)?.displayName;
}

function textsOf(first: unknown, second: unknown): Required<Texts> {
  return { first: textOf(first), second: textOf(second) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
