import type { Person } from '../../company/people';
import type { Entry } from '../ledger';
import { itemKindOf } from '../people/fields';
import { isMeeting, type RecordSeen } from '../people/records';
import type { Scene } from '../scene';
import type { Step } from '../story';
import { allFields, anybody, edited, entityOf, entryOf, fieldOf, member, somebody } from './choices';
import type { StepKind } from './kind';

/** Everything that people do in Dynamics. */
export const dynamicsSteps: readonly StepKind[] = [
  {
    name: 'makeRecord',
    weight: 8,
    about: 'makes',
    async play(scene, step) {
      const [who, entity] = [step.who % 5 === 4 ? anybody(step) : member(step), entityOf(step)];
      const held = allFields(scene, entity, step);
      const id = await scene.records.make(who, entity, held);
      scene.ledger.made(step.on ?? '', entity, id, held);
      scene.say(`${who.key} makes the ${entity} ${step.on}`);
    },
  },
  touching('editRecord', 12, async (scene, step, entry, record) => {
    await editRecord(scene, entry, record, step);
  }),
  touching('otherColumn', 4, async (scene, _step, { entity, id, name }) => {
    await scene.records.change(
      somebody,
      entity,
      id,
      entity === 'contact' ? { websiteurl: 'https://contoso.example/winter' } : { prioritycode: 2 },
    );
    scene.say(`${name}: another column changes in Dynamics`);
  }),
  touching('completeRecord', 2, async (scene, { pick }, entry) => {
    if (entry.entity === 'contact') {
      await scene.records.change(somebody, 'contact', entry.id, { statecode: 1, statuscode: 2 });
    } else if (itemKindOf(entry.entity) === 'task' && entry.entity !== 'task') {
      await scene.records.change(somebody, entry.entity, entry.id, { statecode: pick % 3 === 0 ? 2 : 1 });
    } else if (entry.entity === 'task') {
      await scene.records.change(
        somebody,
        'task',
        entry.id,
        pick % 3 === 0 ? { statecode: 2, statuscode: 6 } : { statecode: 1, statuscode: 5 },
      );
    } else {
      await scene.records.change(somebody, entry.entity, entry.id, { statecode: 2, statuscode: 4 });
    }
    entry.wasClosed = true;
    scene.say(`${entry.name}: closed in Dynamics`);
  }),
  {
    name: 'reopenRecord',
    weight: 1,
    about: 'touches',
    async play(scene, step) {
      const entry = entryOf(scene, step);
      const record = entry === undefined ? undefined : await scene.record(entry);
      if (entry === undefined || record?.closed !== true) return;
      const open = {
        contact: { statecode: 0, statuscode: 1 },
        task: { statecode: 0, statuscode: 2 },
        appointment: { statecode: 3, statuscode: 5 },
        series: { statecode: 3, statuscode: 5 },
        ...{ phonecall: { statecode: 0 }, letter: { statecode: 0 }, fax: { statecode: 0 } },
      };
      await scene.records.change(somebody, entry.entity, entry.id, open[entry.entity]);
      scene.say(`${entry.name}: open again in Dynamics`);
    },
  },
  touching('deleteRecord', 3, async (scene, _step, entry, record) => {
    entry.mayBeMadeAnew = entry.isWished && entry.wasUntracked && !(await scene.isLinked(entry));
    await scene.records.remove(somebody, entry.entity, entry.id);
    scene.ledger.deleted(entry, 'record', record.held);
    scene.say(`${entry.name}: deleted in Dynamics`);
  }),
  touching('reassign', 4, async (scene, step, entry, record) => {
    const other = anybody(step);
    if (isMeeting(entry.entity)) {
      if (record.organizer === other.systemUserId) return;
      await scene.records.setParties(somebody, entry.id, other, record.attendees, entry.entity);
    } else {
      if (record.owner === other.systemUserId || isOtherDay(entry, other)) return;
      await scene.records.giveTo(somebody, other, entry.entity, entry.id);
    }
    entry.hasMoved = true;
    scene.say(`${entry.name}: goes to ${other.key}`);
  }),
];

/** A day that began in Exchange is a midnight in Dynamics, which is another day in another zone. */
function isOtherDay({ entity, beganWith }: Entry, other: Person): boolean {
  return entity === 'task' && beganWith !== null && beganWith.timeZone !== other.timeZone;
}

export async function editRecord(
  scene: Scene,
  entry: Entry,
  record: RecordSeen,
  step: Pick<Step, 'id' | 'pick'>,
  offset = 10,
): Promise<void> {
  const field = fieldOf(entry.entity, step);
  const before = record.held[field.name] ?? [];
  const next = edited(scene, field, before, step, 2, offset);
  await scene.records.edit(somebody, entry, { [field.name]: next });
  scene.ledger.edited(entry, 'record', record.held, field.name, next);
  scene.say(`${entry.name}: ${field.name} in Dynamics from ${before.join('|')} to ${next.join('|')}`);
}

/** A step that needs an open record. */
function touching(
  name: string,
  weight: number,
  act: (scene: Scene, step: Step, entry: Entry, record: RecordSeen) => Promise<void>,
): StepKind {
  return {
    name,
    weight,
    about: 'touches',
    async play(scene, step) {
      const entry = entryOf(scene, step);
      const record = entry === undefined ? undefined : await scene.record(entry);
      if (entry !== undefined && record !== undefined && !record.closed) await act(scene, step, entry, record);
    },
  };
}
