import fc from 'fast-check';
import { fieldsOf } from '../../../shared/model/entity';
import {
  type Direction,
  type Entity,
  elementsOf,
  type FieldRule,
  isBlank,
  type Side,
  sameValue,
  type Value,
  type Values,
} from '../../../shared/model/values';
import type { Bases } from '../../../shared/sync/link';
import { hasMoved, type Merge, merge } from '../../../shared/sync/merge';
import { bases, edited, entity, itemValues, recordValues } from './arbitraries';
import { runs } from './runs';

const usual = runs(1_000);

/** Everything that a merge is told, with real fields and with directions that an admin narrowed. */
interface Case {
  readonly entity: Entity;
  readonly bases: Bases;
  readonly record: Values;
  readonly item: Values;
  readonly winner: Side;
  readonly directions: Readonly<Record<string, Direction>>;
}

const someCase: fc.Arbitrary<Case> = entity.chain((of) =>
  bases(of).chain((agreed) =>
    fc.record({
      entity: fc.constant(of),
      bases: fc.constant(agreed),
      record: edited(agreed.dynamics, recordValues(of)),
      item: edited(agreed.exchange, itemValues(of)),
      winner: fc.constantFrom('dynamics' as const, 'exchange' as const),
      directions: fc.record(
        Object.fromEntries(
          fieldsOf(of).map(({ name, direction }) => [
            name,
            direction === 'both'
              ? fc.constantFrom<Direction>('both', 'both', 'both', 'toExchange', 'toDynamics', 'none')
              : fc.constant(direction),
          ]),
        ),
      ),
    }),
  ),
);

function mergeOf(given: Case): Merge {
  return merge({ ...given, occurrencesFrom: 0, fields: fieldsOf(given.entity), direction: ({ name }) => given.directions[name] ?? 'none' });
}

/** What both sides hold once the writes are done. */
function after(given: Case): { readonly record: Values; readonly item: Values } {
  const { toRecord, toItem } = mergeOf(given);
  return { record: { ...given.record, ...toRecord }, item: { ...given.item, ...toItem } };
}

/** Each field of a case with all that is known of it. */
interface FieldCase {
  readonly rule: FieldRule;
  readonly direction: Direction;
  readonly record: Value;
  readonly item: Value;
  readonly recordMoved: boolean;
  readonly itemMoved: boolean;
  readonly recordAfter: Value;
  readonly itemAfter: Value;
  readonly toRecord: Values;
  readonly toItem: Values;
  readonly lost: (side: Side) => readonly Value[];
}

function fieldCases(given: Case): FieldCase[] {
  const { toRecord, toItem, lost } = mergeOf(given);
  const done = { record: { ...given.record, ...toRecord }, item: { ...given.item, ...toItem } };
  return fieldsOf(given.entity).map((rule) => {
    const of = (values: Values): Value => values[rule.name] ?? null;
    return {
      rule,
      direction: given.directions[rule.name] ?? 'none',
      record: of(given.record),
      item: of(given.item),
      recordMoved: !sameValue(of(given.record), of(given.bases.dynamics)),
      itemMoved: !sameValue(of(given.item), of(given.bases.exchange)),
      recordAfter: of(done.record),
      itemAfter: of(done.item),
      toRecord,
      toItem,
      lost: (side) => lost.filter((each) => each.field === rule.name && each.side === side).map(({ value }) => value),
    };
  });
}

function forFields(check: (field: FieldCase, given: Case) => void): void {
  fc.assert(
    fc.property(someCase, (given) => {
      for (const field of fieldCases(given)) check(field, given);
    }),
    usual,
  );
}

const inExchange = ({ rule }: FieldCase, value: Value): Value => rule.inExchange?.(value) ?? (rule.inExchange === undefined ? value : null);
const inDynamics = ({ rule }: FieldCase, value: Value): Value => rule.inDynamics?.(value) ?? (rule.inDynamics === undefined ? value : null);
const travels = (direction: Direction, way: 'toExchange' | 'toDynamics'): boolean => direction === 'both' || direction === way;

test('where nothing changed nothing is written, however the sides differ (promise 4)', () => {
  fc.assert(
    fc.property(someCase, (given) => {
      const { dynamics: record, exchange: item } = given.bases;
      expect(mergeOf({ ...given, record, item })).toEqual({ toRecord: {}, toItem: {}, lost: [] });
    }),
    usual,
  );
});

test('what was merged is settled: from what each side then holds nothing more is written (promise 4)', () => {
  fc.assert(
    fc.property(someCase, (given) => {
      const { record, item } = after(given);
      expect(mergeOf({ ...given, record, item, bases: { dynamics: record, exchange: item } })).toEqual({
        toRecord: {},
        toItem: {},
        lost: [],
      });
    }),
    usual,
  );
});

test('a side is given only what it can hold and what it does not have', () => {
  forFields((field) => {
    const { toRecord, toItem } = field;
    const { name } = field.rule;
    if (name in toRecord) {
      expect(toRecord[name]).toEqual(inDynamics(field, toRecord[name] ?? null));
      expect(sameValue(toRecord[name], field.record)).toBe(false);
    }
    if (name in toItem) {
      expect(toItem[name]).toEqual(inExchange(field, toItem[name] ?? null));
      expect(sameValue(toItem[name], field.item)).toBe(false);
    }
  });
});

test('what changed on one side only arrives on the other, as far as it can hold it', () => {
  forFields((field) => {
    const { rule, direction, record, item, recordMoved, itemMoved, recordAfter, itemAfter } = field;
    if (rule.merge !== 'whole' || recordMoved === itemMoved) return;
    if (recordMoved && travels(direction, 'toExchange')) expect(sameValue(itemAfter, inExchange(field, record))).toBe(true);
    if (itemMoved && travels(direction, 'toDynamics')) expect(sameValue(recordAfter, inDynamics(field, item))).toBe(true);
  });
});

test('an element that was added arrives on the other side, as far as it has room; one that was removed goes there too', () => {
  forFields((field, given) => {
    const { rule, direction, recordAfter, itemAfter, lost } = field;
    if (rule.merge !== 'elements') return;
    const [record, item, recordBase, itemBase] = [given.record, given.item, given.bases.dynamics, given.bases.exchange].map((values) =>
      elementsOf(values[rule.name]),
    ) as [string[], string[], string[], string[]];
    const without = (list: readonly string[], other: readonly string[]) => list.filter((each) => !other.includes(each));
    const isFull = !sameValue(inDynamics(field, [...elementsOf(recordAfter), 'one more']), [...elementsOf(recordAfter), 'one more']);
    const isItemFull = !sameValue(inExchange(field, [...elementsOf(itemAfter), 'one more']), [...elementsOf(itemAfter), 'one more']);
    if (travels(direction, 'toExchange')) {
      for (const each of without(record, recordBase))
        if (!isItemFull && !lost('dynamics').includes(each)) expect(itemAfter).toContain(each);
      for (const each of without(recordBase, record)) if (!without(item, itemBase).includes(each)) expect(itemAfter).not.toContain(each);
    }
    if (travels(direction, 'toDynamics')) {
      for (const each of without(item, itemBase)) if (!isFull && !lost('exchange').includes(each)) expect(recordAfter).toContain(each);
      for (const each of without(itemBase, item)) if (!without(record, recordBase).includes(each)) expect(recordAfter).not.toContain(each);
    }
  });
});

test('lists that were the same and changed on one side only are the same again, order included, as far as there is room', () => {
  forFields((field, given) => {
    const { rule, direction, record, item, recordMoved, itemMoved, recordAfter, itemAfter } = field;
    const [recordBase, itemBase] = [given.bases.dynamics[rule.name] ?? null, given.bases.exchange[rule.name] ?? null];
    if (rule.merge !== 'elements' || recordMoved === itemMoved || direction !== 'both') return;
    if (recordMoved && sameValue(itemBase, inExchange(field, recordBase)))
      expect(sameValue(itemAfter, inExchange(field, record))).toBe(true);
    if (itemMoved && sameValue(recordBase, inDynamics(field, itemBase))) expect(sameValue(recordAfter, inDynamics(field, item))).toBe(true);
  });
});

test('an edit that is overwritten is named as lost, whichever side and whatever policy (promise 1)', () => {
  forFields((field) => {
    const { rule, record, item, recordMoved, itemMoved, recordAfter, itemAfter, lost } = field;
    if (rule.merge !== 'whole') return;
    if (recordMoved && !isBlank(record) && !sameValue(recordAfter, record)) expect(lost('dynamics')).toEqual([record]);
    if (itemMoved && !isBlank(item) && !sameValue(itemAfter, item)) expect(lost('exchange')).toEqual([item]);
  });
});

test('an element leaves a side only where the other removed it, still holds it, or won over it (promise 1)', () => {
  forFields((field, given) => {
    const { rule, record, item, recordAfter, itemAfter, lost } = field;
    if (rule.merge !== 'elements') return;
    const removed = (base: Values, now: Value) => elementsOf(base[rule.name]).filter((each) => !elementsOf(now).includes(each));
    for (const each of elementsOf(record))
      if (!elementsOf(recordAfter).includes(each))
        expect([...removed(given.bases.exchange, item), ...elementsOf(itemAfter), ...lost('dynamics')]).toContain(each);
    for (const each of elementsOf(item))
      if (!elementsOf(itemAfter).includes(each))
        expect([...removed(given.bases.dynamics, record), ...elementsOf(recordAfter), ...lost('exchange')]).toContain(each);
  });
});

test('nothing is named as lost that is still there or was never there', () => {
  forFields(({ rule, record, item, recordAfter, itemAfter, lost }) => {
    if (rule.merge !== 'whole') {
      for (const each of lost('dynamics'))
        expect([elementsOf(record).includes(String(each)), elementsOf(recordAfter).includes(String(each))]).toEqual([true, false]);
      for (const each of lost('exchange'))
        expect([elementsOf(item).includes(String(each)), elementsOf(itemAfter).includes(String(each))]).toEqual([true, false]);
    } else {
      for (const each of lost('dynamics')) expect([each, sameValue(recordAfter, each)]).toEqual([record, false]);
      for (const each of lost('exchange')) expect([each, sameValue(itemAfter, each)]).toEqual([item, false]);
    }
  });
});

test('a field that both changed goes to the winner, and only the winner’s value is written', () => {
  forFields((field, given) => {
    const { rule, direction, record, item, recordMoved, itemMoved, recordAfter, itemAfter } = field;
    if (rule.merge !== 'whole' || !recordMoved || !itemMoved || direction !== 'both') return;
    const agree = sameValue(inExchange(field, record), item) || sameValue(inDynamics(field, item), record);
    if (agree) expect([recordAfter, itemAfter]).toEqual([record, item]);
    else if (given.winner === 'dynamics') expect([recordAfter, itemAfter]).toEqual([record, inExchange(field, record)]);
    else expect([recordAfter, itemAfter]).toEqual([inDynamics(field, item), item]);
  });
});

test('a field travels only where its direction leads', () => {
  forFields(({ rule, direction, toRecord, toItem }) => {
    if (!travels(direction, 'toDynamics')) expect(rule.name in toRecord).toBe(false);
    if (!travels(direction, 'toExchange')) expect(rule.name in toItem).toBe(false);
  });
});

/** True where what one side said of a date was never told, because the other had it deleted. */
function deletedOnOneSide({ dynamics, exchange }: Bases): boolean {
  const [left, right] = [dynamics, exchange].map(({ occurrences }) =>
    elementsOf(occurrences).filter((each) => each.endsWith('|deleted|true')),
  );
  return left?.join() !== right?.join();
}

test('a field that was not read counts as unchanged and is never written as blank', () => {
  const withUnread = someCase.chain((given) =>
    fc.record({ given: fc.constant(given), unread: fc.subarray(Object.keys(given.record)), side: fc.constantFrom('record', 'item') }),
  );
  fc.assert(
    fc.property(withUnread, ({ given, unread, side }) => {
      const without = (values: Values) => Object.fromEntries(Object.entries(values).filter(([name]) => !unread.includes(name)));
      const cut = side === 'record' ? { ...given, record: without(given.record) } : { ...given, item: without(given.item) };
      const base = side === 'record' ? given.bases.dynamics : given.bases.exchange;
      const restored = Object.fromEntries(unread.map((name) => [name, base[name] ?? null]));
      const same =
        side === 'record' ? { ...given, record: { ...given.record, ...restored } } : { ...given, item: { ...given.item, ...restored } };
      expect(mergeOf(cut)).toEqual(mergeOf(same));
      const { toRecord, toItem } = mergeOf(cut);
      const written = side === 'record' ? toItem : toRecord;
      const untold = deletedOnOneSide(given.bases) ? ['occurrences'] : [];
      for (const name of unread) if (!untold.includes(name)) expect(written).not.toHaveProperty(name);
    }),
    usual,
  );
});

test('a side has moved where a field that was read differs from its own base, and nowhere else', () => {
  fc.assert(
    fc.property(someCase, ({ entity: of, bases: { dynamics }, record }) => {
      const rules = fieldsOf(of);
      const differs = rules.some(({ name }) => !sameValue(record[name], dynamics[name]));
      expect(hasMoved(rules, dynamics, record)).toBe(differs);
      expect(hasMoved(rules, dynamics, {})).toBe(false);
      expect(hasMoved([], dynamics, record)).toBe(false);
    }),
    usual,
  );
});
