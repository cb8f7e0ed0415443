import { kindOf } from '../../../shared/model/entity';
import { type Entity, entities } from '../../../shared/model/values';
import type { Link } from '../../../shared/sync/link';
import type { PairPlan, PlanContext } from '../../../shared/sync/pair-plan';
import { planPair } from '../../../shared/sync/plan';
import { type Reason, reasons } from '../../../shared/sync/reasons';
import type { SyncRules } from '../../../shared/sync/rules';
import {
  agreed,
  context,
  type ItemKind,
  itemKinds,
  itemSideOf,
  link,
  pair,
  type RecordKind,
  recordKinds,
  recordSideOf,
  rules,
  under,
} from './pairs';

/** A plan in a line: what the record gets, what the item gets, how the link ends, and why. */
function summary(plan: PairPlan): string {
  const ending =
    plan.ending.kind === 'released'
      ? `released ${plan.ending.reason}`
      : plan.ending.kind === 'linked' && plan.ending.hold !== null
        ? 'held'
        : plan.ending.kind;
  return [plan.toRecord.kind, plan.toItem.kind, ending, plan.reason].map((part) => (part === 'none' ? '-' : part)).join(' | ');
}

interface Row {
  readonly entity: Entity;
  readonly record: RecordKind;
  readonly item: ItemKind;
  readonly rest: readonly string[];
}

/**
 * Rows of a table: entity, record side, item side, and what follows. The word `any` stands for each entity or item side, `tasks` for all
 * that are tasks in Exchange, `meetings` for appointments and series, `one-way` for service activities and `two-way` for everything else.
 */
function rowsOf(table: string): Row[] {
  return table
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.length > 3)
    .flatMap(([entity = '', record = '', item = '', ...rest]) =>
      entitiesNamed(entity).flatMap((of) =>
        (item === 'any' ? itemKinds : (item.split(' ') as ItemKind[])).map((kind) => ({
          entity: of,
          record: record as RecordKind,
          item: kind,
          rest,
        })),
      ),
    );
}

/** True where nothing that happens in Exchange may reach the record. */
function isOneWay(entity: Entity): boolean {
  return entity === 'serviceappointment';
}

function entitiesNamed(name: string): readonly Entity[] {
  if (name === 'any') return entities;
  if (name === 'one-way') return entities.filter(isOneWay);
  if (name === 'two-way') return entities.filter((entity) => !isOneWay(entity));
  if (name === 'meetings') return ['appointment', 'series'];
  return name === 'tasks' ? entities.filter((entity) => kindOf(entity) === 'task') : [name as Entity];
}

/** entity | record | item | written to the record | written to the item | the link ends | because */
const linkedTable = `
  any         | same        | none same | -      | -      | untouched                    | agreed
  two-way     | same        | changed   | update | -      | linked                       | item-edited
  one-way     | same        | changed   | -      | -      | linked                       | agreed
  any         | changed     | none same | -      | update | linked                       | record-edited
  two-way     | changed     | changed   | update | update | linked                       | both-edited
  one-way     | changed     | changed   | -      | update | linked                       | both-edited
  any         | created     | none same | -      | update | linked                       | record-edited
  two-way     | created     | changed   | update | update | linked                       | both-edited
  one-way     | created     | changed   | -      | update | linked                       | both-edited
  tasks       | same        | deleted   | delete | -      | forgotten                    | item-deleted
  meetings    | same        | deleted   | delete | -      | forgotten                    | item-deleted
  one-way     | same        | deleted   | -      | -      | released deleted-in-exchange | deleted-in-exchange
  contact     | same        | deleted   | -      | -      | released deleted-in-exchange | deleted-in-exchange
  tasks       | changed     | deleted   | -      | -      | released deleted-but-edited  | deleted-but-edited
  meetings    | changed     | deleted   | -      | -      | released deleted-but-edited  | deleted-but-edited
  one-way     | changed     | deleted   | -      | -      | released deleted-in-exchange | deleted-in-exchange
  contact     | changed     | deleted   | -      | -      | released deleted-in-exchange | deleted-in-exchange
  tasks       | created     | deleted   | -      | -      | released deleted-but-edited  | deleted-but-edited
  meetings    | created     | deleted   | -      | -      | released deleted-but-edited  | deleted-but-edited
  one-way     | created     | deleted   | -      | -      | released deleted-in-exchange | deleted-in-exchange
  contact     | created     | deleted   | -      | -      | released deleted-in-exchange | deleted-in-exchange
  tasks       | deleted     | none same | -      | delete | forgotten                    | record-deleted
  meetings    | deleted     | none same | -      | delete | forgotten                    | record-deleted
  one-way     | deleted     | none same | -      | delete | forgotten                    | record-deleted
  contact     | deleted     | none same | -      | -      | released deleted-in-dynamics | deleted-in-dynamics
  any         | deleted     | changed   | -      | -      | released deleted-but-edited  | deleted-but-edited
  any         | deleted     | deleted   | -      | -      | forgotten                    | both-gone
  any         | filteredOut | none same | -      | -      | released left-filter         | left-filter
  two-way     | filteredOut | changed   | update | -      | released left-filter         | left-filter
  one-way     | filteredOut | changed   | -      | -      | released left-filter         | left-filter
  any         | filteredOut | deleted   | -      | -      | released left-filter         | left-filter
  any         | movedHome   | none same | -      | delete | released moved-home          | moved-home
  two-way     | movedHome   | changed   | update | delete | released moved-home          | moved-home
  one-way     | movedHome   | changed   | -      | delete | released moved-home          | moved-home
  any         | movedHome   | deleted   | -      | -      | released moved-home          | moved-home
  any         | closed      | none same | -      | update | released closed              | closed
  any         | closed      | changed   | -      | update | released closed              | closed
  any         | closed      | deleted   | -      | -      | released closed              | closed
  any         | unreadable  | any       | -      | -      | released unreadable          | unreadable
`;

describe('a linked pair', () => {
  const rows = rowsOf(linkedTable);

  test.each(rows)('$entity: record $record, item $item', ({ entity, record, item, rest }) => {
    const plan = planPair(pair(entity, link(entity), recordSideOf(record, entity), itemSideOf(item, entity)), context);
    expect(summary(plan)).toBe(rest.join(' | '));
  });

  test('the table names every combination of entity and sides once', () => {
    const named = rows.map(({ entity, record, item }) => `${entity} ${record} ${item}`).sort();
    const all = entities.flatMap((entity) => recordKinds.flatMap((record) => itemKinds.map((item) => `${entity} ${record} ${item}`)));
    expect(named).toEqual(all.sort());
  });

  test('nothing is written about a frozen one, whatever happens', () => {
    for (const { entity, record, item } of rows) {
      const plan = planPair(
        pair(entity, link(entity, { state: 'frozen' }), recordSideOf(record, entity), itemSideOf(item, entity)),
        context,
      );
      expect(summary(plan)).toBe('- | - | untouched | frozen');
    }
  });
});

describe('a record without a link', () => {
  const table = `
  any | created     | any | - | create | linked    | new-record
  any | movedHome   | any | - | -      | untouched | not-mine
  any | same        | any | - | -      | untouched | not-syncing
  any | changed     | any | - | -      | untouched | not-syncing
  any | deleted     | any | - | -      | untouched | not-syncing
  any | filteredOut | any | - | -      | untouched | not-syncing
  any | closed      | any | - | -      | untouched | not-syncing
  any | unreadable  | any | - | -      | untouched | not-syncing
`;
  test.each(rowsOf(table))('$entity: record $record, item $item', ({ entity, record, item, rest }) => {
    const plan = planPair(pair(entity, null, recordSideOf(record, entity), itemSideOf(item, entity)), context);
    expect(summary(plan)).toBe(rest.join(' | '));
  });
});

describe('a released pair whose record is open and at home again', () => {
  /** why it was released | item now | written to the record | to the item | the link ends | because */
  const table = `
  moved-home          | none      | -      | create | linked    | came-back
  moved-home          | deleted   | -      | create | linked    | came-back
  moved-home          | same      | -      | -      | linked    | came-back
  moved-home          | changed   | -      | -      | linked    | came-back
  closed              | none      | -      | -      | untouched | released
  closed              | deleted   | -      | -      | untouched | released
  closed              | same      | -      | update | linked    | came-back
  closed              | changed   | update | update | linked    | came-back
  left-filter         | none      | -      | -      | untouched | released
  left-filter         | deleted   | -      | -      | untouched | released
  left-filter         | same      | -      | -      | linked    | came-back
  left-filter         | changed   | -      | -      | linked    | came-back
  unreadable          | none      | -      | -      | untouched | released
  unreadable          | deleted   | -      | -      | untouched | released
  unreadable          | same      | -      | -      | linked    | came-back
  unreadable          | changed   | -      | -      | linked    | came-back
  deleted-but-edited  | any       | -      | -      | untouched | released
  deleted-in-dynamics | any       | -      | -      | untouched | released
  deleted-in-exchange | any       | -      | -      | untouched | released
`;
  const rows = table
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.length > 3)
    .flatMap(([reason = '', item = '', ...rest]) =>
      (item === 'any' ? itemKinds : [item as ItemKind]).flatMap((kind) =>
        entities.map((entity) => {
          const [toRecord = '', ...others] = rest;
          return { reason: reason as Reason, item: kind, entity, expected: [isOneWay(entity) ? '-' : toRecord, ...others].join(' | ') };
        }),
      ),
    );
  const released = (entity: Entity, reason: Reason): Link =>
    link(entity, { state: 'released', reason, bases: reason === 'closed' ? agreed[entity] : null });

  test.each(rows)('$entity released because $reason, item $item', ({ reason, item, entity, expected }) => {
    const plan = planPair(pair(entity, released(entity, reason), recordSideOf('created', entity), itemSideOf(item, entity)), context);
    expect(summary(plan)).toBe(expected);
  });

  test('what is anything but open and at home again is left alone', () => {
    for (const { reason, item, entity } of rows)
      for (const kind of recordKinds.filter((each) => each !== 'created')) {
        const plan = planPair(pair(entity, released(entity, reason), recordSideOf(kind, entity), itemSideOf(item, entity)), context);
        expect(summary(plan)).toBe('- | - | untouched | released');
      }
  });
});

describe('settings decide', () => {
  const deleteContacts: Partial<SyncRules> = { contactDeletedInDynamics: 'delete' };
  const keepTasks: Partial<SyncRules> = { taskDeletedInExchange: 'release' };
  const keepAppointments: Partial<SyncRules> = { appointmentDeletedInExchange: 'release' };
  const cases: [string, Entity, RecordKind, ItemKind, Partial<SyncRules>, string][] = [
    ['a deleted contact’s copy goes too', 'contact', 'deleted', 'same', deleteContacts, '- | delete | forgotten | record-deleted'],
    [
      'but not one that was edited',
      'contact',
      'deleted',
      'changed',
      deleteContacts,
      '- | - | released deleted-but-edited | deleted-but-edited',
    ],
    [
      'a task stays although its copy went',
      'task',
      'same',
      'deleted',
      keepTasks,
      '- | - | released deleted-in-exchange | deleted-in-exchange',
    ],
    ['so does an edited one', 'task', 'changed', 'deleted', keepTasks, '- | - | released deleted-in-exchange | deleted-in-exchange'],
    [
      'an appointment stays although its copy went',
      'appointment',
      'same',
      'deleted',
      keepAppointments,
      '- | - | released deleted-in-exchange | deleted-in-exchange',
    ],
    ['each setting is about its own entity', 'task', 'same', 'deleted', keepAppointments, 'delete | - | forgotten | item-deleted'],
  ];
  test.each(cases)('%s', (_title, entity, record, item, settings, expected) => {
    const plan = planPair(pair(entity, link(entity), recordSideOf(record, entity), itemSideOf(item, entity)), under(settings));
    expect(summary(plan)).toBe(expected);
  });
});

test('every combination of link, sides, settings and entity has a plan with a reason, and none throws', () => {
  const settings: SyncRules[] = [
    rules,
    { ...rules, attendeeMail: 'invite', taskDeletedInExchange: 'release', contactDeletedInDynamics: 'delete' },
    {
      ...rules,
      conflict: { ...rules.conflict, task: 'exchange', contact: 'dynamics', appointment: 'exchange', series: 'exchange' },
      appointmentDeletedInExchange: 'release',
    },
    { ...rules, directions: { task: { subject: 'none', status: 'toDynamics' }, appointment: { time: 'toExchange' } } },
  ];
  const contexts: PlanContext[] = settings.flatMap((chosen) =>
    [true, false].map((firstLoad) => ({ ...context, rules: chosen, firstLoad, zone: 'Nowhere/Land' })),
  );
  let combinations = 0;
  for (const entity of entities) {
    const links = [
      null,
      ...(['linked', 'held', 'frozen'] as const).flatMap((state) => [
        link(entity, { state }),
        link(entity, { state, bases: null }),
        link(entity, { state, withheld: true }),
      ]),
      ...(Object.keys(reasons) as Reason[]).flatMap((reason) => [
        link(entity, { state: 'released', reason }),
        link(entity, { state: 'released', reason, bases: null }),
      ]),
    ];
    const records = [...recordKinds.map((kind) => recordSideOf(kind, entity)), { kind: 'same', record: null } as const];
    const items = [...itemKinds.map((kind) => itemSideOf(kind, entity)), { kind: 'same', item: null } as const];
    for (const of of links)
      for (const record of records)
        for (const item of items)
          for (const each of contexts) {
            const plan = planPair(pair(entity, of, record, item), each);
            expect(reasons[plan.reason]).toBeDefined();
            combinations += 1;
          }
  }
  expect(combinations).toBeGreaterThan(10_000);
});
