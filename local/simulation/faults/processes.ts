import { stepKind } from '../steps';
import { moments } from './doom';
import type { FaultKind } from './kind';

/** What can befall the processes that serve messages. */
export const processFaults: readonly FaultKind[] = [
  {
    name: 'crash',
    weight: 10,
    arm({ tandem, say }, { pick, pick2 }) {
      const death = { nth: 1 + (pick % 22), moment: moments[pick2 % 3] ?? 'before' };
      tandem.doom.deaths.push(death);
      say(`a process will die ${death.moment} its write ${death.nth}`);
    },
  },
  {
    name: 'twins',
    weight: 6,
    arm({ tandem, say }, { pick }) {
      const count = 1 + (pick % 3);
      for (let each = 0; each < count; each += 1) tandem.doom.twins.push(pick % 5 === 0 ? 3 : 2);
      say('several workers hold the same mailbox at once');
    },
  },
  {
    name: 'pollTwins',
    weight: 2,
    arm({ tandem, say }) {
      tandem.doom.pollTwins.push(2, 2, 2, 2);
      say('two instances read the same feeds at once');
    },
  },
  {
    name: 'badStorage',
    weight: 6,
    arm({ tandem, say }, { pick, pick2 }) {
      const bad = { from: pick % 25, times: 1 + (pick2 % 5), status: pick2 % 2 === 0 ? 503 : 500, afterwards: pick2 % 7 < 3 };
      tandem.doom.storage.push(bad);
      say(`storage will fail ${bad.times} times${bad.afterwards ? ' after it has written' : ''}`);
    },
  },
  {
    name: 'badQueue',
    weight: 2,
    arm({ tandem, say }, { pick, pick2 }) {
      tandem.doom.sending.push({ from: pick % 4, times: 1 + (pick2 % 3), status: 0, afterwards: pick2 % 2 === 0 });
      say('the queue will take no message');
    },
  },
  {
    name: 'meanwhile',
    weight: 6,
    arm(scene, { id, pick, pick2 }) {
      const names = [...scene.ledger.entries.keys()];
      const on = names[pick % Math.max(1, names.length)] ?? null;
      const kind = meantime[pick2 % meantime.length] ?? 'editRecord';
      const step = { id: 900 + id, kind, on, who: pick, pick: pick2, gapMs: 0, rest: 'none' } as const;
      const act = () => scene.byHand(() => stepKind(kind).play(scene, step));
      scene.tandem.doom.interruptions.push({ nth: 1 + (pick2 % 25), act });
      scene.say(`meanwhile somebody will ${kind} ${on}`);
    },
  },
];

/** What somebody may do while a cycle runs and Tandem can still notice: Exchange offers no precondition for its tasks, so those are left alone. */
const meantime = ['editRecord', 'editRecord', 'deleteRecord', 'reassign', 'completeRecord'];
