import { castMember } from '../cast';
import type { Scene } from '../scene';
import { entryOf, somebody } from './choices';
import type { StepKind } from './kind';

/** What people do about who is asked to come to a meeting. */
export const meetingSteps: readonly StepKind[] = [
  {
    name: 'askInDynamics',
    weight: 2,
    about: 'touches',
    async play(scene, step) {
      const entry = entryOf(scene, step);
      const record = entry?.entity === 'appointment' ? await scene.record(entry) : undefined;
      const organizer = record?.organizer === null || record === undefined ? undefined : castMember(record.organizer);
      if (entry === undefined || record === undefined || record.closed || organizer === undefined) return;
      const guest = guestOf(scene, step.id);
      await scene.records.setParties(somebody, entry.id, organizer, [...record.attendees, guest]);
      entry.mayBeHeld = true;
      scene.say(`${entry.name}: ${guest} is asked to come, in Dynamics`);
    },
  },
  {
    name: 'askInOutlook',
    weight: 2,
    about: 'touches',
    async play(scene, step) {
      const entry = entryOf(scene, step);
      const held = entry?.entity === 'appointment' ? await scene.item(entry) : undefined;
      if (entry === undefined || held === undefined) return;
      const guest = guestOf(scene, step.id);
      const attendees = [...held.item.attendees, guest].map((address) => ({ emailAddress: { address }, type: 'required' }));
      await scene.items.change(held.who, held.item, { attendees });
      entry.mayBeHeld = true;
      entry.wasMarked = true;
      scene.say(`${entry.name}: ${held.who.key} asks ${guest} to come, in Outlook`);
    },
  },
];

/** Somebody outside whom nobody else asks. */
function guestOf(scene: Scene, number: number): string {
  const address = `guest${scene.seed}x${number}@fabrikam.example`;
  scene.ledger.values.add(address);
  return address;
}
