import type { Person } from '../../company/people';
import { type DateSeen, dateOfItem, heldWithDates } from './dates';
import { type Entity, fieldsFollowed, type Held, itemKindOf } from './fields';
import { isJson, type Json } from './json';
import { type Outside, pagesOf } from './outside';
import { firstDate, lastDate } from './series-rule';

/** An item as its owner's mailbox shows it; what lies among the deleted is not shown. */
export interface ItemSeen {
  readonly entity: Entity;
  readonly id: string;
  /** The task list, contact folder or calendar it lies in; null for the default folder of contacts and the default calendar. */
  readonly folder: string | null;
  /** True where it lies where such items usually lie. */
  readonly isUsual: boolean;
  /** What its marker says: the record's id, and the whole of it; null for an item that a person made. */
  readonly recordId: string | null;
  readonly marker: string | null;
  readonly closed: boolean;
  /** False for an attendee's copy of somebody else's meeting. */
  readonly isOwn: boolean;
  readonly held: Readonly<Record<string, Held>>;
  readonly attendees: readonly string[];
  readonly categories: readonly string[];
  /** The dates of a series at which people look; none elsewhere. */
  readonly dates: readonly DateSeen[];
}

/** By this category people say that an item is to be in Dynamics (docs/settings.md). */
export const trackingCategory = 'Tracked to Dynamics 365';

/** The extended property by which Tandem knows its items again (docs/operations.md). */
const markerId = 'String {7a9de300-1111-4b6e-9d2e-0a5c6a3b7e10} Name TandemLink';
const expand = `$top=100&$expand=${encodeURIComponent(`singleValueExtendedProperties($filter=id eq '${markerId}')`)}`;
/** Everything that a calendar holds, for a calendar besides the default one shows nothing but windows. */
const wide = 'startDateTime=2000-01-01T00:00:00Z&endDateTime=2100-01-01T00:00:00Z';

/** What people do and see in Exchange. */
export class ItemHands {
  constructor(private readonly outside: Outside) {}

  /** Makes an item in the person's default folder and returns its id. */
  async make(who: Person, entity: Entity, held: Readonly<Record<string, Held>>, more: Json = {}): Promise<string> {
    const kind = itemKindOf(entity);
    const path = kind === 'task' ? `todo/lists/${await this.listNamed(who, null)}/tasks` : kind === 'contact' ? 'contacts' : 'events';
    const own = entity === 'contact' ? { surname: 'Own' } : {};
    const made = await this.outside.outlook(who, 'POST', path, { ...own, ...itemOf(entity, held), ...more });
    return String(made.id);
  }

  async edit(who: Person, item: ItemSeen, held: Readonly<Record<string, Held>>): Promise<void> {
    await this.change(who, item, itemOf(item.entity, held));
  }

  /** Changes properties that the oracle does not follow. */
  async change(who: Person, item: ItemSeen, properties: Json): Promise<void> {
    await this.outside.outlook(who, 'PATCH', pathOf(item), properties);
  }

  async remove(who: Person, item: ItemSeen): Promise<void> {
    await this.outside.outlook(who, 'DELETE', pathOf(item));
  }

  /** Changes one date of a series. */
  async editDate(who: Person, { id }: DateSeen, properties: Json): Promise<void> {
    await this.outside.outlook(who, 'PATCH', `events/${encodeURIComponent(id)}`, properties);
  }

  /** Takes one date out of a series. */
  async removeDate(who: Person, { id }: DateSeen): Promise<void> {
    await this.outside.outlook(who, 'DELETE', `events/${encodeURIComponent(id)}`);
  }

  /** Takes an event or a contact out of Deleted Items again. */
  async restore(who: Person, item: ItemSeen): Promise<void> {
    await this.moveTo(who, item, null);
  }

  /** Moves an item to a list, folder or calendar of the person's, which is made at need; null is the default one. A task gets another id by that. */
  async moveTo(who: Person, { entity, id }: Pick<ItemSeen, 'entity' | 'id'>, name: string | null): Promise<string> {
    const user = who.objectId;
    switch (itemKindOf(entity)) {
      case 'task': {
        const moved = this.outside.control('graph', 'moveTask', { user, taskId: id, toListId: await this.listNamed(who, name) });
        return isJson(moved) ? String(moved.id) : id;
      }
      case 'contact':
        this.outside.control('graph', 'moveContact', { user, contactId: id, toFolderId: await this.contactFolder(who, name) });
        return id;
      case 'appointment':
      case 'series':
        this.outside.control('graph', 'moveEvent', { user, eventId: id, toCalendarId: await this.calendarNamed(who, name) });
        return id;
    }
  }

  /** Copies an event or a contact as Outlook does, with everything that hangs on it, and returns the copy's id. To Do offers no copies. */
  copy(who: Person, { entity, marker, categories }: ItemSeen, held: Readonly<Record<string, Held>>): Promise<string> {
    const marked = marker === null ? {} : { categories, singleValueExtendedProperties: [{ id: markerId, value: marker }] };
    return this.make(who, entity, held, itemKindOf(entity) === 'task' ? {} : marked);
  }

  /** All items of one kind in all folders of a person. */
  async all(who: Person, entity: Entity): Promise<ItemSeen[]> {
    const get = (path: string): Promise<Json[]> => pagesOf((next) => this.outside.outlook(who, 'GET', next), path);
    switch (itemKindOf(entity)) {
      case 'series': {
        const masters = (await get(`events?${expand}`)).filter(({ type }) => type === 'seriesMaster');
        return Promise.all(
          masters.map(async (event) => withDates(itemSeen(entity, event, null, extendedMarker(event)), await this.dates(who, event))),
        );
      }
      case 'appointment': {
        const singles = (await get(`events?${expand}`)).filter(({ type }) => type === 'singleInstance');
        const found = singles.map((event) => itemSeen(entity, event, null, extendedMarker(event)));
        for (const { id } of (await get('calendars')).filter(({ isDefaultCalendar }) => isDefaultCalendar !== true)) {
          const inside = await get(`calendars/${String(id)}/calendarView?${wide}&${expand}`);
          found.push(...inside.map((event) => itemSeen(entity, event, String(id), extendedMarker(event))));
        }
        return found;
      }
      case 'contact': {
        const found = (await get(`contacts?${expand}`)).map((contact) => itemSeen(entity, contact, null, extendedMarker(contact)));
        for (const { id } of await get('contactFolders')) {
          const inside = await get(`contactFolders/${String(id)}/contacts?${expand}`);
          found.push(...inside.map((contact) => itemSeen(entity, contact, String(id), extendedMarker(contact))));
        }
        return found;
      }
      case 'task': {
        const found: ItemSeen[] = [];
        for (const { id, wellknownListName } of await this.lists(who)) {
          const inside = await get(`todo/lists/${String(id)}/tasks?$top=100&$expand=linkedResources`);
          found.push(...inside.map((task) => itemSeen(entity, task, String(id), linkedMarker(task), wellknownListName === 'defaultList')));
        }
        return found;
      }
    }
  }

  private async dates(who: Person, { id }: Json): Promise<DateSeen[]> {
    const window = `startDateTime=${firstDate}T00:00:00Z&endDateTime=${lastDate}T23:00:00Z`;
    const path = `events/${encodeURIComponent(String(id))}/instances?${window}&$top=1000`;
    const found = await pagesOf((next) => this.outside.outlook(who, 'GET', next), path);
    return found.flatMap((event) => dateOfItem(event) ?? []);
  }

  private lists(who: Person): Promise<Json[]> {
    return pagesOf((path) => this.outside.outlook(who, 'GET', path), 'todo/lists?$top=100');
  }

  private async listNamed(who: Person, name: string | null): Promise<string> {
    const lists = await this.lists(who);
    const known = lists.find(({ displayName, wellknownListName }) =>
      name === null ? wellknownListName === 'defaultList' : displayName === name,
    );
    return String((known ?? (await this.outside.outlook(who, 'POST', 'todo/lists', { displayName: name ?? 'Tasks' }))).id);
  }

  private async calendarNamed(who: Person, name: string | null): Promise<string> {
    const calendars = await pagesOf((path) => this.outside.outlook(who, 'GET', path), 'calendars');
    const known = calendars.find((each) => (name === null ? each.isDefaultCalendar === true : each.name === name));
    return String((known ?? (await this.outside.outlook(who, 'POST', 'calendars', { name: name ?? 'Calendar' }))).id);
  }

  private async contactFolder(who: Person, name: string | null): Promise<string> {
    if (name === null) return 'contacts';
    const folders = await pagesOf((path) => this.outside.outlook(who, 'GET', path), 'contactFolders');
    const known = folders.find(({ displayName }) => displayName === name);
    return String((known ?? (await this.outside.outlook(who, 'POST', 'contactFolders', { displayName: name }))).id);
  }
}

function itemSeen(entity: Entity, item: Json, folder: string | null, marker: string | null, isUsual = folder === null): ItemSeen {
  return {
    entity,
    id: String(item.id),
    folder,
    isUsual,
    marker,
    recordId: marker?.split('/')[2] ?? null,
    closed: item.status === 'completed',
    isOwn: item.isOrganizer !== false,
    held: Object.fromEntries(fieldsFollowed(entity).map((field) => [field.name, field.fromItem(item)])),
    attendees: Array.isArray(item.attendees) ? item.attendees.filter(isJson).map(addressOf) : [],
    categories: Array.isArray(item.categories) ? item.categories.map(String) : [],
    dates: [],
  };
}

function withDates(item: ItemSeen, dates: readonly DateSeen[]): ItemSeen {
  return { ...item, held: heldWithDates(item.held, dates), dates };
}

function addressOf({ emailAddress }: Json): string {
  return isJson(emailAddress) ? String(emailAddress.address).toLowerCase() : '';
}

function extendedMarker(item: Json): string | null {
  const properties = Array.isArray(item.singleValueExtendedProperties) ? item.singleValueExtendedProperties.filter(isJson) : [];
  return typeof properties[0]?.value === 'string' ? properties[0].value : null;
}

function linkedMarker(task: Json): string | null {
  const links = Array.isArray(task.linkedResources) ? task.linkedResources.filter(isJson) : [];
  return typeof links[0]?.externalId === 'string' ? links[0].externalId : null;
}

function pathOf({ entity, id, folder }: ItemSeen): string {
  switch (itemKindOf(entity)) {
    case 'appointment':
    case 'series':
      return `events/${id}`;
    case 'contact':
      return `contacts/${id}`;
    case 'task':
      return `todo/lists/${String(folder)}/tasks/${id}`;
  }
}

function itemOf(entity: Entity, held: Readonly<Record<string, Held>>): Json {
  return Object.assign(
    {},
    ...fieldsFollowed(entity).map((field) => (held[field.name] === undefined ? {} : field.toItem(held[field.name] ?? []))),
  );
}
