import fc from 'fast-check';
import { fieldsOf } from '../../../shared/model/entity';
import { elementsOf, type FieldRule, isBlank, sameValue, type Value, type Values } from '../../../shared/model/values';
import { attendeeFields } from '../../../shared/sync/mail-gate';
import type { PairPlan } from '../../../shared/sync/pair-plan';
import { directionOf } from '../../../shared/sync/rules';
import { TwoSides } from './model';
import type { Done, Person } from './model-state';
import { runs } from './runs';
import { anyMail, round, type Script, type Step, script, settled, take } from './scripts';

const usual = runs(2_000);

test('after two rounds nothing more is written, not even where everything is read again (promise 4)', () => {
  fc.assert(
    fc.property(script(anyMail, 'some'), (given) => {
      const world = settled(given);
      expect(round(world)).toBe(false);
      const waits = Object.values(world.boxes).some(({ hasHold }) => hasHold);
      if (round(world, true)) expect(waits).toBe(true);
      expect(round(world, true)).toBe(false);
    }),
    runs(10_000),
  );
});

test('a mailbox never holds two items of a record, and no record is linked in two mailboxes (promise 5)', () => {
  fc.assert(
    fc.property(script(anyMail, 'some'), (given) => {
      const world = settled(given);
      for (const { plan, itemBefore } of world.done) if (plan.toItem.kind === 'create') expect(itemBefore).toBeNull();
      for (const { items } of Object.values(world.boxes))
        expect(items.filter(({ goneBy }) => goneBy === null).length).toBeLessThanOrEqual(1);
      const living = Object.values(world.boxes).filter(({ link, hasHold }) => link !== null && link.state !== 'released' && !hasHold);
      expect(living.length).toBeLessThanOrEqual(1);
    }),
    usual,
  );
});

test('what a user removed does not come back while its record stays in her home (promise 5)', () => {
  fc.assert(
    fc.property(script(anyMail, 'some'), (given) => {
      const world = settled(given);
      for (const { plan, read, box } of world.done) {
        const former = box.items.find(({ id }) => id === read.link?.itemId);
        if (plan.toItem.kind === 'create' && former?.goneBy === 'user') expect(read.link?.reason).toBe('moved-home');
      }
    }),
    usual,
  );
});

test('a side is deleted only where the other was seen deleted, or the record has another home (promise 3)', () => {
  fc.assert(
    fc.property(script(anyMail, 'some'), (given) => {
      for (const { plan, read } of settled(given).done) {
        if (plan.toRecord.kind === 'delete') expect(read.item).toEqual({ kind: 'deleted' });
        if (plan.toItem.kind === 'delete') expect(['deleted', 'movedHome']).toContain(read.record.kind);
      }
    }),
    usual,
  );
});

/** The sides as they stood when a mailbox last agreed on them, kept apart from the links that are judged by it. */
class Agreements {
  private readonly seen = new Map<Person, { readonly record: Values; readonly item: Values }>();

  constructor(private readonly world: TwoSides) {}

  of(person: Person): { readonly record: Values; readonly item: Values } | undefined {
    return this.seen.get(person);
  }

  /** What waits for an admin is not agreed on: there the record is judged by how it stood before. */
  note(person: Person, { ending }: PairPlan): void {
    const { link, items } = this.world.boxes[person];
    const item = items.find(({ id }) => id === link?.itemId);
    if (link === null || link.bases === null || this.world.record === null || item === undefined) return;
    const waiting = ending.kind === 'linked' ? (ending.hold?.fields ?? []) : [];
    const before = this.seen.get(person)?.record ?? {};
    const record = { ...this.world.record.values, ...Object.fromEntries(waiting.map((field) => [field, before[field] ?? null])) };
    this.seen.set(person, { record, item: item.values });
  }
}

/** Plays a script and then settles it, and shows each plan with the sides as both last agreed on them. */
function eachPlan(
  given: Script,
  judge: (done: Done, agreed: { readonly record: Values; readonly item: Values } | undefined, world: TwoSides) => void,
): void {
  const world = new TwoSides(given.entity, given.start, given.rules, given.firstLoad, given.online);
  const agreements = new Agreements(world);
  const settle: Step[] = (['me', 'you', 'me', 'you'] as const).map((each) => ({ do: 'cycle', who: each }));
  for (const each of [...given.steps, ...settle]) {
    world.now += 10;
    const before = world.done.length;
    take(world, each);
    const last = world.done.at(-1);
    if (world.done.length === before || last === undefined) continue;
    judge(last, agreements.of(last.box.who), world);
    if (last.plan.ending.kind !== 'untouched') agreements.note(last.box.who, last.plan);
  }
}

test('nothing is deleted that was edited after both sides last agreed (promise 1)', () => {
  fc.assert(
    fc.property(script(anyMail), (given) => {
      eachPlan(given, ({ plan, read, recordBefore, itemBefore }, agreed) => {
        if (plan.toRecord.kind === 'delete') expect(recordBefore).toEqual(agreed?.record);
        if (plan.toItem.kind === 'delete' && read.record.kind === 'deleted') expect(itemBefore).toEqual(agreed?.item);
      });
    }),
    usual,
  );
});

test('an item that goes with its record’s home has first given the record what its user changed, or it is named as lost (promise 1)', () => {
  fc.assert(
    fc.property(script(anyMail), (given) => {
      eachPlan(given, ({ plan, itemBefore }, agreed, world) => {
        if (plan.toItem.kind !== 'delete' || world.record === null || itemBefore === null || agreed === undefined) return;
        for (const rule of fieldsOf(given.entity).filter((field) => directionOf(given.rules, given.entity, field) === 'both')) {
          const value = itemBefore[rule.name] ?? null;
          if (sameValue(value, agreed.item[rule.name])) continue;
          const lost = plan.lost.filter(({ field, side }) => field === rule.name && side === 'exchange').map((each) => each.value);
          if (rule.merge === 'elements')
            expectElements(rule, value, agreed.item[rule.name] ?? null, world.record.values[rule.name] ?? null, lost);
          else if (lost.length === 0 && !isBlank(value)) expect(isAgreed(rule, world.record.values[rule.name] ?? null, value)).toBe(true);
        }
      });
    }),
    usual,
  );
});

function expectElements(rule: FieldRule, now: Value, base: Value, record: Value, lost: readonly Value[]): void {
  if (isFull(rule.inDynamics, record)) return;
  for (const each of elementsOf(now)) if (!elementsOf(base).includes(each)) expect([...elementsOf(record), ...lost]).toContain(each);
}

/** True for a list that its side has no room to add to. */
function isFull(held: FieldRule['inDynamics'], list: Value): boolean {
  const more = [...elementsOf(list), 'more'];
  return held !== undefined && !sameValue(held(more), more);
}

function isAgreed(rule: FieldRule, record: Value, item: Value): boolean {
  const inExchange = rule.inExchange === undefined ? record : rule.inExchange(record);
  const inDynamics = rule.inDynamics === undefined ? item : rule.inDynamics(item);
  return sameValue(inExchange, item) || sameValue(inDynamics, record);
}

test('an edit that a merge overwrites is named as lost (promise 1)', () => {
  fc.assert(
    fc.property(script(anyMail), (given) => {
      eachPlan(given, ({ plan, recordBefore, itemBefore }, agreed) => {
        if (agreed === undefined || plan.ending.kind !== 'linked' || plan.pair.link?.bases == null) return;
        const whole = fieldsOf(given.entity).filter(({ merge }) => merge === 'whole');
        const check = (side: 'dynamics' | 'exchange', changes: Values, before: Values | null, then: Values) => {
          for (const { name } of whole) {
            const value = before?.[name] ?? null;
            if (!(name in changes) || isBlank(value) || sameValue(value, then[name])) continue;
            expect(plan.lost).toContainEqual({ field: name, side, value });
          }
        };
        if (plan.toRecord.kind === 'update') check('dynamics', plan.toRecord.changes, recordBefore, agreed.record);
        if (plan.toItem.kind === 'update') check('exchange', plan.toItem.changes, itemBefore, agreed.item);
      });
    }),
    usual,
  );
});

test('once settled, both sides of a living pair agree as far as each can hold it (promise 1)', () => {
  fc.assert(
    fc.property(script(anyMail), (given) => {
      const world = settled(given);
      for (const { who: person, link, items, hasHold } of Object.values(world.boxes)) {
        const item = items.find(({ id }) => id === link?.itemId);
        const plans = world.done.filter(({ box }) => box.who === person);
        const metAnew = plans.some(
          ({ plan, read }) => plan.reason === 'came-back' && read.link?.bases === null && plan.toItem.kind !== 'create',
        );
        if (link?.state !== 'linked' || hasHold || metAnew || item === undefined || world.record === null) continue;
        for (const rule of fieldsOf(given.entity).filter(({ direction }) => direction === 'both')) {
          if ((link.withheld && attendeeFields.some((field) => field === rule.name)) || (given.online && rule.name === 'body')) continue;
          const [left, right] = [world.record.values[rule.name] ?? null, item.values[rule.name] ?? null];
          if (rule.merge === 'whole')
            expect({ [rule.name]: [left, right], agreed: isAgreed(rule, left, right) }).toMatchObject({ agreed: true });
          else if (!isFull(rule.inExchange, right)) expect(elementsOf(right)).toEqual(expect.arrayContaining([...elementsOf(left)]));
        }
      }
    }),
    usual,
  );
});

test('under attendeeMail never nobody is written to, whatever people do (promise 2)', () => {
  fc.assert(
    fc.property(script(fc.constant('never' as const), 'some'), (given) => {
      const world = settled(given);
      expect(world.mailed.filter((each) => each !== '')).toEqual([]);
      for (const { plan } of world.done) expect(plan.mails).toEqual([]);
    }),
    usual,
  );
});

test('whoever is written to was named by the plan that did it (promise 2)', () => {
  fc.assert(
    fc.property(script(fc.constant('invite' as const), 'some'), (given) => {
      const world = settled(given);
      const named = new Set(world.done.flatMap(({ plan }) => plan.mails));
      expect(world.mailed.filter((each) => !named.has(each))).toEqual([]);
    }),
    usual,
  );
});
