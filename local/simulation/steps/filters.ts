import type { Entry, Mark } from '../ledger';
import type { Entity } from '../people/fields';
import { canBeFiltered, markColumns } from '../people/filters';
import type { Scene } from '../scene';
import { entityOf, entryOf, member, somebody } from './choices';
import type { StepKind } from './kind';

/** What makes records leave the filters and return to them. */
export const filterSteps: readonly StepKind[] = [
  {
    name: 'filterAll',
    weight: 1.5,
    about: 'alone',
    isTime: true,
    async play(scene, step) {
      const entity = entityOf(step);
      if (!canBeFiltered(entity)) return;
      const { system, everSystem } = scene.filters;
      if (!system.delete(entity)) system.add(entity);
      everSystem.add(entity);
      await noteLeavers(scene);
      await scene.filter();
      scene.say(`the integration ${system.has(entity) ? 'filters every' : 'lets through every'} ${entity}`);
    },
  },
  {
    name: 'filterOwn',
    weight: 1,
    about: 'alone',
    isTime: true,
    async play(scene, step) {
      const [who, entity] = [member(step), entityOf(step)];
      if (!canBeFiltered(entity)) return;
      const { own, everOwn } = scene.filters;
      const now = new Set<Entity>(own.get(who.systemUserId));
      if (!now.delete(entity)) now.add(entity);
      if (!(await scene.tandem.saveFilters(who, now))) return;
      own.set(who.systemUserId, now);
      everOwn.add(entity);
      await noteLeavers(scene);
      scene.say(`${who.key} has ${now.has(entity) ? 'a' : 'no'} filter of her own for every ${entity}`);
    },
  },
  {
    name: 'mark',
    weight: 5,
    about: 'touches',
    async play(scene, step) {
      const entry = entryOf(scene, step);
      const record = entry === undefined ? undefined : await scene.record(entry);
      if (entry === undefined || record === undefined || record.closed || !canBeFiltered(entry.entity)) return;
      const marks: readonly Mark[] = entry.mark === null ? ['out', 'out', 'kept'] : [null, null, 'kept', 'out'];
      entry.mark = marks[step.pick % marks.length] ?? null;
      await noteLeaver(scene, entry);
      await scene.records.change(somebody, entry.entity, entry.id, markColumns(entry.entity, entry.mark));
      scene.say(`${entry.name}: marked as ${entry.mark ?? 'nothing'} in Dynamics`);
    },
  },
];

async function noteLeavers(scene: Scene): Promise<void> {
  for (const entry of scene.ledger.entries.values()) await noteLeaver(scene, entry);
}

/** Writes down that a record may be left out from now on, and whether its item was there to be seen. */
async function noteLeaver(scene: Scene, entry: Entry): Promise<void> {
  if (!scene.filters.mayLeaveOut(entry.entity, entry.mark)) return;
  entry.mayHaveLeft = true;
  const held = await scene.byHand(() => scene.item(entry));
  if (held !== undefined) entry.staysInExchange = true;
}
