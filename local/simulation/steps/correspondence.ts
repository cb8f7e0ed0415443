import { correspondence, type Entity } from '../people/fields';
import type { Step } from '../story';
import { allFields, anybody, member } from './choices';
import type { StepKind } from './kind';

/** Phone calls, letters and faxes: what is done to them once they are there is what is done to every record and its task. */
export const correspondenceSteps: readonly StepKind[] = [
  {
    name: 'makeCorrespondence',
    weight: 2,
    about: 'makes',
    entities: (step) => [kindOf(step)],
    async play(scene, step) {
      const [who, entity] = [step.who % 5 === 4 ? anybody(step) : member(step), kindOf(step)];
      const held = allFields(scene, entity, step);
      const id = await scene.records.make(who, entity, held);
      scene.ledger.made(step.on ?? '', entity, id, held);
      scene.say(`${who.key} makes the ${entity} ${step.on}`);
    },
  },
];

function kindOf({ pick }: Step): Entity {
  return correspondence[pick % correspondence.length] ?? 'phonecall';
}
