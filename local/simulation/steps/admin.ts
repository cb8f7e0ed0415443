import { latecomer } from '../cast';
import type { Scene } from '../scene';
import { member } from './choices';
import type { StepKind } from './kind';

const hour = 3_600_000;
const second = 1_000;

/** What an admin does, and what time does. */
export const adminSteps: readonly StepKind[] = [
  {
    name: 'join',
    weight: 1,
    about: 'alone',
    isTime: true,
    async play(scene) {
      if (scene.world.takingPart.includes(latecomer)) return;
      await scene.tandem.enable(latecomer);
      scene.say(`${latecomer.key} takes part from now on`);
    },
  },
  {
    name: 'pause',
    weight: 1,
    about: 'alone',
    isTime: true,
    async play(scene, step) {
      const who = member(step);
      await scene.tandem.pause(who);
      scene.say(`the mailbox of ${who.key} is switched off`);
    },
  },
  {
    name: 'resume',
    weight: 2,
    about: 'alone',
    isTime: true,
    async play(scene, step) {
      const who = member(step);
      await scene.tandem.enable(who);
      scene.say(`the mailbox of ${who.key} is switched on`);
    },
  },
  {
    name: 'sweep',
    weight: 1,
    about: 'alone',
    isTime: true,
    async play(scene, step) {
      await scene.tandem.ask(member(step), 'sweep');
      scene.say(`a sweep of ${member(step).key}`);
    },
  },
  {
    name: 'syncNow',
    weight: 2,
    about: 'alone',
    isTime: true,
    async play(scene, step) {
      await scene.tandem.ask(member(step), 'syncNow');
      scene.say(`sync now for ${member(step).key}`);
    },
  },
  {
    name: 'quietDay',
    weight: 1,
    about: 'alone',
    isTime: true,
    async play(scene) {
      await scene.tandem.pass(24 * hour, 8 * hour);
      scene.say('a day goes by');
    },
  },
  {
    name: 'holidays',
    weight: 0.4,
    about: 'alone',
    isTime: true,
    async play(scene) {
      await scene.tandem.pass(9 * 24 * hour, 54 * hour);
      scene.say('nine days go by');
    },
  },
  {
    name: 'changeSettings',
    weight: 1,
    about: 'alone',
    isTime: true,
    async play(scene, { pick }) {
      await change(scene, pick);
    },
  },
  {
    name: 'minute',
    weight: 2,
    about: 'alone',
    isTime: true,
    async play(scene) {
      await scene.tandem.pass(70 * second, 35 * second);
      scene.say('a minute goes by');
    },
  },
];

async function change(scene: Scene, pick: number): Promise<void> {
  const settings = scene.world.integration.settings;
  const policies = ['newest', 'dynamics', 'exchange'] as const;
  const policy = policies[pick % 3] ?? 'newest';
  const after = pick % 2 === 0 ? 'delete' : 'release';
  const changed = [
    { ...settings, conflict: { ...settings.conflict, task: policy, contact: policy } },
    { ...settings, conflict: { ...settings.conflict, appointment: policy } },
    { ...settings, taskDeletedInExchange: after, appointmentDeletedInExchange: after } as const,
    { ...settings, contactDeletedInDynamics: after } as const,
  ][Math.floor(pick / 6) % 4];
  if (changed === undefined) return;
  await scene.configure(changed);
  scene.say('the settings change');
}
