import fc from 'fast-check';
import { fieldsOf, kindOf } from '../../../shared/model/entity';
import type { Entity, Values } from '../../../shared/model/values';
import type { SyncRules } from '../../../shared/sync/rules';
import { entity, itemValues, recordValues } from './arbitraries';
import { TwoSides } from './model';
import type { Person } from './model-state';
import { rules } from './pairs';

/** One thing that somebody does; `who` says in whose mailbox. */
export type Step =
  | { readonly do: 'editRecord' | 'editItem'; readonly who: Person; readonly changes: Values }
  | { readonly do: 'assign'; readonly owner: Person | 'nobody' }
  | { readonly do: 'end'; readonly status: 'completed' | 'canceled' | 'open' }
  | { readonly do: 'readable'; readonly readable: boolean }
  | { readonly do: 'touchRecord' | 'deleteRecord' }
  | { readonly do: 'touchItem' | 'deleteItem' | 'cycle' | 'check'; readonly who: Person }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'refuse' };

export interface Script {
  readonly entity: Entity;
  readonly start: Values;
  readonly rules: SyncRules;
  readonly firstLoad: boolean;
  readonly online: boolean;
  readonly steps: readonly Step[];
}

const who = fc.constantFrom<Person>('me', 'me', 'me', 'you');

function some(values: fc.Arbitrary<Values>, names: readonly string[]): fc.Arbitrary<Values> {
  return fc
    .tuple(values, fc.subarray([...names], { minLength: 1, maxLength: 3 }))
    .map(([all, chosen]) => Object.fromEntries(chosen.map((name) => [name, all[name] ?? null])));
}

function step(of: Entity): fc.Arbitrary<Step> {
  const names = fieldsOf(of).map(({ name }) => name);
  const ended: Values[] = of === 'task' ? [{ status: 'completed' }] : [];
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('editRecord' as const),
        who,
        changes: some(
          recordValues(of),
          names.filter((name) => name !== 'status'),
        ),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('editItem' as const),
        who,
        changes: fc.oneof(
          some(
            itemValues(of),
            names.filter((name) => !['online', 'organizedHere', 'iCalUId'].includes(name)),
          ),
          ...ended.map((end) => fc.constant(end)),
        ),
      }),
    },
    { weight: 8, arbitrary: fc.record({ do: fc.constant('cycle' as const), who }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('check' as const), who }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('end' as const),
        status: fc.constantFrom<'completed' | 'canceled' | 'open'>('completed', 'canceled', 'open', 'open'),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('assign' as const), owner: fc.constantFrom<Person | 'nobody'>('me', 'me', 'you', 'nobody') }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('readable' as const), readable: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('touchRecord' as const, 'deleteRecord' as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('touchItem' as const, 'deleteItem' as const), who }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(500, 5_000, 3_600_000, 5 * 86_400_000) }) },
  );
}

const policy = fc.constantFrom<'newest' | 'dynamics' | 'exchange'>('newest', 'newest', 'dynamics', 'exchange');
const afterDeletion = fc.constantFrom<'delete' | 'release'>('delete', 'release');

/** Scripts in which Exchange takes every write, or now and then refuses one. */
export function script(attendeeMail: fc.Arbitrary<'never' | 'invite'>, refusals: 'none' | 'some' = 'none'): fc.Arbitrary<Script> {
  const refuse = fc.constant<Step>({ do: 'refuse' });
  return entity.chain((of) =>
    fc.record({
      entity: fc.constant(of),
      start: recordValues(of).map((values) =>
        values.status === undefined ? values : { ...values, status: kindOf(of) === 'task' ? 'notStarted' : 'busy' },
      ),
      rules: fc
        .record({
          attendeeMail,
          conflict: policy,
          taskDeletedInExchange: afterDeletion,
          appointmentDeletedInExchange: afterDeletion,
          contactDeletedInDynamics: afterDeletion,
        })
        .map(
          ({ conflict, ...rest }): SyncRules => ({
            ...rules,
            ...rest,
            conflict: { ...rules.conflict, [of]: conflict },
          }),
        ),
      firstLoad: fc.boolean(),
      online: fc.boolean(),
      steps: fc
        .array(refusals === 'none' ? step(of) : fc.oneof({ weight: 1, arbitrary: refuse }, { weight: 15, arbitrary: step(of) }), {
          minLength: 4,
          maxLength: 16,
          size: 'max',
        })
        .map((steps): Step[] => [{ do: 'cycle', who: 'me' }, ...steps]),
    }),
  );
}

export const anyMail = fc.constantFrom<'never' | 'invite'>('never', 'invite');

function play(given: Script): TwoSides {
  const world = new TwoSides(given.entity, given.start, given.rules, given.firstLoad, given.online);
  for (const each of given.steps) {
    world.now += 10;
    take(world, each);
  }
  return world;
}

export function take(world: TwoSides, given: Step): void {
  switch (given.do) {
    case 'editRecord':
      world.editRecord(given.changes);
      break;
    case 'editItem':
      world.editItem(given.who, given.changes);
      break;
    case 'assign':
      world.assign(given.owner);
      break;
    case 'end':
      world.endRecord(given.status);
      break;
    case 'readable':
      world.setReadable(given.readable);
      break;
    case 'touchRecord':
      world.touchRecord();
      break;
    case 'deleteRecord':
      world.deleteRecord();
      break;
    case 'touchItem':
      world.touchItem(given.who);
      break;
    case 'deleteItem':
      world.deleteItem(given.who);
      break;
    case 'cycle':
      world.cycle(given.who);
      break;
    case 'check':
      world.cycle(given.who, true);
      break;
    case 'refuse':
      world.refusesItem = true;
      break;
    case 'wait':
      world.now += given.ms;
  }
}

/** One cycle of each mailbox; true where anything was written. */
export function round(world: TwoSides, all = false): boolean {
  world.now += 10;
  const wrote = (['me', 'you'] as const).map((each) => world.cycle(each, all));
  return wrote.includes(true);
}

/** A script that is played to its end, with two rounds of cycles after it. */
export function settled(given: Script): TwoSides {
  const world = play(given);
  world.refusesItem = false;
  round(world);
  round(world);
  return world;
}
