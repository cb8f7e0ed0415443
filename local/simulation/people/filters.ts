import { Filters } from '../../../shared/model/filter';
import type { IntegrationSettings } from '../../../shared/model/integration-settings';
import type { Mark } from '../ledger';
import type { Entity } from './fields';
import type { Json } from './json';

/** The column by which filters go, of the kinds of records that are ever filtered; it syncs to nowhere. */
const columns: Partial<Record<Entity, string>> = { task: 'subcategory', contact: 'employeeid', appointment: 'subcategory' };

/** Which filters are in force, as an admin sees it, and which ever were. */
export class FiltersInForce {
  /** Kinds of which the integration lets through what is not marked. */
  readonly system = new Set<Entity>();
  /** By `systemuserid` the kinds of which a person lets through what is marked as kept. */
  readonly own = new Map<string, ReadonlySet<Entity>>();
  /** Kinds of which the integration, or a person, has ever filtered anything. */
  readonly everSystem = new Set<Entity>();
  readonly everOwn = new Set<Entity>();

  /** True where a record with this mark syncs in this mailbox: any filter that lets it through is enough. */
  letThrough(entity: Entity, mark: Mark, home: string | null): boolean {
    const own = home !== null && this.own.get(home)?.has(entity) === true;
    if (!own && !this.system.has(entity)) return true;
    return (this.system.has(entity) && mark === null) || (own && mark === 'kept');
  }

  /** True where a record with this mark may have been left out at any time. */
  mayLeaveOut(entity: Entity, mark: Mark): boolean {
    return this.everOwn.has(entity) || (this.everSystem.has(entity) && mark !== null);
  }
}

export function canBeFiltered(entity: Entity): boolean {
  return columns[entity] !== undefined;
}

export function markColumns(entity: Entity, mark: Mark): Json {
  const column = columns[entity];
  return column === undefined ? {} : { [column]: mark };
}

/** The filters of the integration. */
export function systemFilters(entities: ReadonlySet<Entity>): FilterSettings {
  return filtersBy(entities, (column) => ({ column, operator: 'null' }));
}

/** The filters of a person. */
export function ownFilters(entities: ReadonlySet<Entity>): FilterSettings {
  return filtersBy(entities, (column) => ({ column, operator: 'eq', value: 'kept' }));
}

type FilterSettings = IntegrationSettings['filters'];

type FilterRow = { readonly column: string } & ({ readonly operator: 'null' } | { readonly operator: 'eq'; readonly value: string });

function filtersBy(entities: ReadonlySet<Entity>, row: (column: string) => FilterRow): FilterSettings {
  const named = [...entities].flatMap((entity) => {
    const column = columns[entity];
    return column === undefined ? [] : [[entity, [{ name: 'To sync', filter: row(column) }]]];
  });
  return Filters.parse(Object.fromEntries(named));
}
