import type { FaultKind } from './kind';

const minute = 60_000;

/** What a queue and clocks that differ can do to wake-ups. */
export const queueFaults: readonly FaultKind[] = [
  {
    name: 'lostWakeUps',
    weight: 3,
    arm({ world: { wakes }, say }) {
      say(`${wakes.waiting.length} wake-ups are lost`);
      wakes.waiting.length = 0;
    },
  },
  {
    name: 'duplicatedWakeUps',
    weight: 3,
    arm({ world: { wakes }, say }) {
      wakes.waiting.push(...wakes.waiting);
      say('wake-ups come twice');
    },
  },
  {
    name: 'delayedWakeUps',
    weight: 3,
    arm({ world: { wakes }, say }, { pick }) {
      const late = wakes.waiting.splice(0).map((each) => ({ ...each, at: each.at + (pick % (40 * minute)) }));
      wakes.waiting.push(...late);
      say('wake-ups come late');
    },
  },
  {
    name: 'skewedWakeUps',
    weight: 3,
    arm({ world: { wakes }, say }, { pick }) {
      const skew = (pick % (10 * minute)) - 5 * minute;
      const skewed = wakes.waiting
        .splice(0)
        .map(({ wakeUp, at }) => ({ at, wakeUp: { ...wakeUp, sentAt: Math.max(0, wakeUp.sentAt + skew) } }));
      wakes.waiting.push(...skewed);
      say(`wake-ups were sent by a clock that is ${skew} ms off`);
    },
  },
  {
    name: 'reorderedWakeUps',
    weight: 3,
    arm({ world: { wakes }, say }) {
      const times = wakes.waiting.map(({ at }) => at).reverse();
      const turned = wakes.waiting.splice(0).map((each, index) => ({ ...each, at: times[index] ?? each.at }));
      wakes.waiting.push(...turned.reverse());
      say('wake-ups come in another order');
    },
  },
];
