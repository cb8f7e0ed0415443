import type { Dynamics } from '../dynamics/dynamics';
import type { ReadColumn } from '../dynamics/record-columns';
import type { Clock } from '../platform/clock';
import { keptAwhile } from '../platform/kept-awhile';
import type { Integration } from '../storage/integrations';
import type { OptionLabels } from './record';
import type { RecordTableName } from './tables';

/** What an environment says about a table, whoever looks at it. */
export interface TableWords {
  readonly labels: OptionLabels;
  readonly columns: readonly ReadColumn[];
}

export interface Money {
  /** The language id of the environment; null where nobody knows. */
  readonly baseLanguage: number | null;
  readonly currencies: Readonly<Record<string, string>>;
}

/** Somebody as a user of an environment. */
export interface Member {
  readonly systemUserId: string;
  /** Whose records are hers: her own id, and the teams that she is a member of. */
  readonly owners: readonly string[];
}

/** What is the same for many pages: labels, currencies, and who a person is. Kept for some minutes, so that a page costs no more requests than it shows. */
export interface Surroundings {
  /** What is cached of a table and how its choices are called. */
  words(integration: Integration, dynamics: Dynamics, table: RecordTableName): Promise<TableWords>;
  money(integration: string, dynamics: Dynamics): Promise<Money>;
  /** Null for somebody who is no user there, or no longer. */
  member(integration: string, dynamics: Dynamics, objectId: string): Promise<Member | null>;
}

const minute = 60_000;

/** Asks the environment as the service. */
export function createSurroundings(clock: Pick<Clock, 'now'>): Surroundings {
  const words = keptAwhile<TableWords>(clock, 60 * minute, 1_000);
  const money = keptAwhile<Money>(clock, 60 * minute, 200);
  // A new member of a team sees its records that much later.
  const members = keptAwhile<Member | null>(clock, 5 * minute, 5_000);
  return {
    words({ id, connection }, dynamics, table) {
      const more = connection.tables[table]?.columns ?? [];
      return words.get(JSON.stringify([id, table, more]), () => wordsOf(dynamics, table, more));
    },
    money: (integration, dynamics) => money.get(integration, () => dynamics.records.locale()),
    member: (integration, dynamics, objectId) => members.get(`${integration}|${objectId}`, () => memberOf(dynamics, objectId)),
  };
}

async function wordsOf({ records }: Dynamics, table: RecordTableName, more: readonly string[]): Promise<TableWords> {
  const { columns, choices } = await records.facts(table, more);
  const labels: Record<string, OptionLabels[string]> = {};
  for (const choice of choices) labels[`${table}.${choice.name}`] = await records.labels(table, choice);
  return { labels, columns };
}

async function memberOf({ workspace, records }: Dynamics, objectId: string): Promise<Member | null> {
  const systemUserId = await workspace.user(objectId);
  if (systemUserId === null) return null;
  return { systemUserId, owners: [systemUserId, ...(await records.memberships('systemuserid', systemUserId))] };
}
