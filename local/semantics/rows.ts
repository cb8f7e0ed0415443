import { hasSeveralHomes, isMeeting, kindOf } from '../../shared/model/entity';
import { type Entity, entities } from '../../shared/model/values';
import { type Reason, reasons } from '../../shared/sync/reasons';
import { type Circumstance, circumstances } from './circumstances';
import type { Section } from './tables';

export const recordStates = ['same', 'changed', 'created', 'deleted', 'filteredOut', 'movedHome', 'closed', 'unreadable'] as const;
export const itemStates = ['none', 'same', 'changed', 'deleted'] as const;
/** Besides those of a pair that is or was one: a record that nobody has made yet, and an item that its user tracks. */
export type RecordState = (typeof recordStates)[number] | 'unmade';
export type ItemState = (typeof itemStates)[number] | 'tracked';

/** What is the case besides the states of both sides. */
export interface Given {
  readonly circumstances: readonly Circumstance[];
  /** Settings that differ from their defaults, by name. */
  readonly settings: Readonly<Record<string, string>>;
  /** Why a pair was let go. */
  readonly after: Reason | null;
}

/** One case of a table. */
export interface Row {
  readonly section: string;
  readonly link: Section['link'];
  readonly entity: Entity;
  readonly record: RecordState;
  readonly item: ItemState;
  readonly given: Given;
  /** What is written to each side, what becomes of the pair, and why: as the table has it. */
  readonly expected: readonly [toRecord: string, toItem: string, ending: string, reason: string];
}

/** A line of a table before it is told apart. */
export interface Line {
  readonly of: string;
  readonly record: string;
  readonly item: string;
  readonly given: string;
  readonly expected: Row['expected'];
}

/** The lines of a section. Throws where one has too few cells. */
export function linesOf({ title, rows }: Section): Line[] {
  return rows
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([first]) => first !== undefined && first !== '')
    .map((cells) => {
      const [of, record, item, given, toRecord, toItem, ending, reason] = cells;
      if (of === undefined || record === undefined || item === undefined || given === undefined) throw malformed(title, cells);
      if (toRecord === undefined || toItem === undefined || ending === undefined || reason === undefined) throw malformed(title, cells);
      return { of, record, item, given, expected: [toRecord, toItem, ending, reason] };
    });
}

/** Every case of a section. Throws where a line uses a word that is none. */
export function rowsOf(section: Section): Row[] {
  return linesOf(section).flatMap(({ of, record, item, given, expected }) =>
    entitiesNamed(of).flatMap((entity) =>
      named<RecordState>(record, recordStates, ['unmade']).flatMap((recordState) =>
        named<ItemState>(item, itemStates, ['tracked']).map((itemState) => ({
          section: section.title,
          link: section.link,
          entity,
          record: recordState,
          item: itemState,
          given: givenOf(given),
          expected,
        })),
      ),
    ),
  );
}

/** What the fourth cell of a line says. */
export function givenOf(cell: string): Given {
  const words = cell === '-' ? [] : cell.split(',').map((word) => word.trim());
  const settings = words.filter((word) => word.includes('=')).map((word) => word.split('=') as [string, string]);
  const [after] = words.filter((word) => word.startsWith('after:')).map((word) => word.slice('after:'.length));
  const plain = words.filter((word) => !word.includes('=') && !word.startsWith('after:'));
  const unknown = plain.find((word) => !(word in circumstances)) ?? (after !== undefined && !(after in reasons) ? after : undefined);
  if (unknown !== undefined) throw new Error(`The tables know no ${unknown}.`);
  return { circumstances: plain as Circumstance[], settings: Object.fromEntries(settings), after: (after as Reason | undefined) ?? null };
}

/** The entities that a word of the first cell stands for. */
function entitiesNamed(cell: string): Entity[] {
  return cell.split(' ').flatMap((word) => {
    const meant = groups[word]?.() ?? entities.filter((entity) => entity === word);
    if (meant.length === 0) throw new Error(`The tables know no ${word}.`);
    return meant;
  });
}

const groups: Readonly<Record<string, () => readonly Entity[]>> = {
  any: () => entities,
  tasks: () => entities.filter((entity) => kindOf(entity) === 'task'),
  meetings: () => entities.filter((entity) => isMeeting(entity) && !isOneWay(entity)),
  events: () => entities.filter((entity) => isMeeting(entity) || isOneWay(entity)),
  'one-way': () => entities.filter(isOneWay),
  'two-way': () => entities.filter((entity) => !isOneWay(entity)),
};

/** True where nothing that happens in Exchange may reach the record. */
function isOneWay(entity: Entity): boolean {
  return hasSeveralHomes(entity);
}

function named<T extends string>(cell: string, all: readonly T[], others: readonly T[]): readonly T[] {
  if (cell === 'any') return all;
  return cell.split(' ').map((word) => {
    const found = [...all, ...others].find((each) => each === word);
    if (found === undefined) throw new Error(`The tables know no ${word}.`);
    return found;
  });
}

function malformed(title: string, cells: readonly string[]): Error {
  return new Error(`A line of "${title}" has ${cells.length} cells: ${cells.join(' | ')}`);
}
