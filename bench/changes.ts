import { type Json, valuesOf } from '../local/walkthrough/desk';
import type { Hands } from './hands';
import { type EntitySet, entitySets, makeRecord } from './records';

/** One pair that is in step: the record's id, and the path of its item in her mailbox. */
export interface Pair {
  readonly set: EntitySet;
  readonly recordId: string;
  readonly itemPath: string;
}

/** A change that a person makes in one system. */
export interface Change {
  readonly name: string;
  /** The reads that the goal allows beside the drain. */
  readonly reads: number;
  /** The writes that it leads to. */
  readonly writes: 0 | 1;
  readonly make: (hands: Hands) => Promise<unknown>;
}

/** A column and a property that hold plain text on both sides, and do not tell one record from another. */
const columns: Readonly<Record<EntitySet, string>> = { contacts: 'jobtitle', tasks: 'description', appointments: 'location' };
const properties: Readonly<Record<EntitySet, (text: string) => Json>> = {
  contacts: (jobTitle) => ({ jobTitle }),
  tasks: (content) => ({ body: { content, contentType: 'text' } }),
  appointments: (displayName) => ({ location: { displayName } }),
};
const keys: Readonly<Record<EntitySet, string>> = { contacts: 'contactid', tasks: 'activityid', appointments: 'activityid' };

/** The pairs of a person, found by the names of their records and items. */
export async function pairsOf(hands: Hands): Promise<Readonly<Record<EntitySet, readonly Pair[]>>> {
  const list = `${await hands.taskList()}/tasks`;
  return {
    contacts: await pairsIn(hands, 'contacts', 'lastname', 'contacts', 'surname'),
    tasks: await pairsIn(hands, 'tasks', 'subject', list, 'title'),
    appointments: await pairsIn(hands, 'appointments', 'subject', 'events', 'subject'),
  };
}

async function pairsIn(hands: Hands, set: EntitySet, column: string, folder: string, property: string): Promise<Pair[]> {
  const rows = valuesOf(await hands.dynamics('GET', `${set}?$select=${keys[set]},${column}&$orderby=${column}`));
  const items = new Map((await hands.all(folder)).map((item) => [String(item[property]), String(item.id)]));
  return rows.flatMap((row) => {
    const item = items.get(String(row[column]));
    return item === undefined ? [] : [{ set, recordId: String(row[keys[set]]), itemPath: `${folder}/${item}` }];
  });
}

export function changeRecord(hands: Hands, { set, recordId }: Pair, text: string): Promise<Json> {
  return hands.dynamics('PATCH', `${set}(${recordId})`, { [columns[set]]: text });
}

export function changeItem(hands: Hands, { set, itemPath }: Pair, text: string): Promise<Json> {
  return hands.outlook('PATCH', itemPath, properties[set](text));
}

/** Every kind of single change, one of each: made, changed and deleted in Dynamics, changed in Exchange. `next` is a number that no record has yet. */
export function singleChanges(pairs: Readonly<Record<EntitySet, readonly Pair[]>>, next: number): Change[] {
  return entitySets.flatMap((set): Change[] => {
    const what = set.slice(0, -1);
    const [changed, deleted] = [pairs[set].at(-1), pairs[set].at(-2)];
    if (changed === undefined || deleted === undefined) throw new Error(`There are not enough ${set} to change.`);
    return [
      { name: `${what} created in Dynamics`, reads: 2, writes: 1, make: (hands) => makeRecord(hands, set, next) },
      {
        name: `${what} changed in Dynamics`,
        reads: 1,
        writes: 1,
        make: (hands) => changeRecord(hands, changed, 'Changed alone in Dynamics'),
      },
      {
        name: `${what} changed in Exchange`,
        reads: 1,
        writes: 1,
        make: (hands) => changeItem(hands, changed, 'Changed alone in Exchange'),
      },
      // A contact in Exchange outlives its record.
      {
        name: `${what} deleted in Dynamics`,
        reads: 1,
        writes: set === 'contacts' ? 0 : 1,
        make: (hands) => hands.dynamics('DELETE', `${set}(${deleted.recordId})`),
      },
    ];
  });
}

/** Twenty contacts, twenty tasks and ten appointments. */
export function burstOf(pairs: Readonly<Record<EntitySet, readonly Pair[]>>): Pair[] {
  const chosen = [...pairs.contacts.slice(0, 20), ...pairs.tasks.slice(0, 20), ...pairs.appointments.slice(0, 10)];
  if (chosen.length !== 50) throw new Error('A burst needs twenty contacts, twenty tasks and ten appointments that are in step.');
  return chosen;
}
