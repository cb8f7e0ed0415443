import fc from 'fast-check';
import { type Pushable, pushables, type Subscription } from '../../../shared/model/push';
import { isPushed, planSubscriptions, type Subscribing } from '../../../shared/sync/subscriptions';
import { runs } from './runs';

const hour = 3_600_000;
const now = Date.UTC(2026, 9, 5, 8);
const address = 'https://tandem.example';
const wanted: Subscribing = { address, about: ['calendar', 'contacts'] };

function subscription(about: Pushable, changes: Partial<Subscription> = {}): Subscription {
  return { about, id: `${about} 1`, address, secret: 'digest', since: now - hour, until: now + 60 * hour, ...changes };
}

const both = [subscription('calendar'), subscription('contacts')];

describe('what to do about subscriptions', () => {
  test('nothing while everything is subscribed to and young', () => {
    expect(planSubscriptions(wanted, both, now)).toEqual([]);
    expect(isPushed(wanted, both, now)).toBe(true);
  });

  test('what is missing is made, and until then nothing counts as pushed', () => {
    expect(planSubscriptions(wanted, both.slice(0, 1), now)).toEqual([{ kind: 'create', about: 'contacts' }]);
    expect(isPushed(wanted, both.slice(0, 1), now)).toBe(false);
  });

  test('what has run out is made anew, and no request is spent on the old one', () => {
    const late = [subscription('calendar', { until: now }), both[1] ?? subscription('contacts')];
    expect(planSubscriptions(wanted, late, now)).toEqual([{ kind: 'create', about: 'calendar' }]);
    expect(isPushed(wanted, late, now)).toBe(false);
  });

  test('what has lived half of its life is renewed, and goes on pushing', () => {
    const old = subscription('calendar', { since: now - 10 * hour, until: now + 10 * hour });
    const young = subscription('contacts', { since: now - 10 * hour + 1, until: now + 10 * hour + 1 });
    expect(planSubscriptions(wanted, [old, young], now)).toEqual([{ kind: 'renew', subscription: old }]);
    expect(isPushed(wanted, [old, young], now)).toBe(true);
  });

  test('all are renewed where Graph has said that one of them is in question', () => {
    expect(planSubscriptions(wanted, both, now, true)).toEqual(both.map((each) => ({ kind: 'renew', subscription: each })));
  });

  test('what nobody needs any more is removed: mail that is not tracked, and the second of two', () => {
    const mail = subscription('mail');
    const second = subscription('calendar', { id: 'calendar 2', until: now + hour });
    expect(planSubscriptions(wanted, [...both, mail, second], now)).toEqual([
      { kind: 'remove', subscription: mail },
      { kind: 'remove', subscription: second },
    ]);
  });

  test('a new public address takes new subscriptions, and those to the old one go last', () => {
    const moved = { ...wanted, address: 'https://moved.example' };
    expect(planSubscriptions(moved, both, now).map(({ kind }) => kind)).toEqual(['create', 'create', 'remove', 'remove']);
    expect(isPushed(moved, both, now)).toBe(false);
  });

  test('without a public address there are none', () => {
    const none = { ...wanted, address: null };
    expect(planSubscriptions(none, both, now).map(({ kind }) => kind)).toEqual(['remove', 'remove']);
    expect(isPushed(none, both, now)).toBe(false);
  });
});

test('whatever there is, once the plan is carried out everything is pushed and there is nothing left to do', () => {
  const some = fc.record({
    about: fc.constantFrom(...pushables),
    id: fc.uuid(),
    address: fc.constantFrom(address, 'https://old.example'),
    secret: fc.constant('digest'),
    since: fc.integer({ min: now - 100 * hour, max: now }),
    until: fc.integer({ min: now - 50 * hour, max: now + 100 * hour }),
  });
  const about = fc.subarray([...pushables], { minLength: 1 });
  fc.assert(
    fc.property(fc.uniqueArray(some, { selector: ({ id }) => id }), about, fc.boolean(), (have, abouts, all) => {
      const wish = { address, about: abouts };
      const steps = planSubscriptions(wish, have, now, all);
      const life = { since: now, until: now + 70 * hour };
      const renewed = steps.flatMap((step) => (step.kind === 'renew' ? [{ ...step.subscription, ...life }] : []));
      const made = steps.flatMap((step) =>
        step.kind === 'create' ? [subscription(step.about, { id: `new ${step.about}`, ...life })] : [],
      );
      const touched = new Set(steps.flatMap((step) => (step.kind === 'create' ? [] : [step.subscription.id])));
      const after = [...have.filter(({ id, until }) => until > now && !touched.has(id)), ...renewed, ...made];
      expect(planSubscriptions(wish, after, now)).toEqual([]);
      expect(isPushed(wish, after, now)).toBe(true);
      expect(after.length).toBe(abouts.length);
    }),
    runs(300),
  );
});
