import { type Person, people, tandemApplication } from '../../company/people';
import type { Access } from '../access';
import { createRecord, updateRecord } from '../records';
import type { Table, Value } from '../schema';
import type { Row } from '../shelf';
import type { Store } from '../store';
import { View } from '../view';
import { seedActivities } from './activities';
import { seedCustomers } from './customers';
import { seedPeople } from './people';
import type { Plant } from './plant';

const createdBeforeMs = 14 * 24 * 60 * 60 * 1_000;

/**
 * Fills an empty organization: its users, its application user and a team, and for `company` customers, sales, cases and activities of the demo company too,
 * with dates around `now` (ms).
 */
export function seedOrganization(
  world: { readonly store: Store; readonly access: Access },
  now: number,
  kind: 'company' | 'empty-company',
  users: readonly Person[],
): void {
  const { store, access } = world;
  seedPeople(store, users, now - createdBeforeMs);
  access.setActOnBehalf(tandemApplication.systemUserId, true);
  if (kind === 'empty-company') return;
  const viewOf = (userId: string) => new View(store, access, { userId }, now - createdBeforeMs, '');
  const plant: Plant = (owner, table, id, values, parties) =>
    createRecord(
      viewOf(owner),
      table,
      { values: new Map(Object.entries(values)), parties: (parties ?? []).map((party) => new Map(Object.entries(party))) },
      id,
    );
  const close = (owner: string, table: Table, row: Row, values: Readonly<Record<string, Value>>) =>
    updateRecord(viewOf(owner), table, row, { values: new Map(Object.entries(values)) });
  seedCustomers(plant, now);
  for (const [index, person] of people.entries()) seedActivities(plant, close, person, index, now);
}
