import type { Entry } from '../ledger';
import { itemKindOf } from '../people/fields';
import type { Holding, Scene } from '../scene';
import type { Step } from '../story';
import { allFields, edited, entityOf, entryOf, fieldOf, member } from './choices';
import { editRecord } from './dynamics';
import type { StepKind } from './kind';

/** Everything that people do in Exchange. */
export const exchangeSteps: readonly StepKind[] = [
  touching('editItem', 12, editItem),
  touching('flagItem', 2, async (scene, _step, entry, { who, item }) => {
    await scene.items.change(who, item, { categories: [...new Set([...item.categories, 'Red category'])] });
    entry.wasMarked = true;
    scene.say(`${entry.name}: ${who.key} gives the item a colour`);
  }),
  touching('completeItem', 2, async (scene, _step, entry, { who, item }) => {
    if (itemKindOf(entry.entity) !== 'task') return;
    await scene.items.change(who, item, { status: 'completed' });
    entry.wasClosed = true;
    scene.say(`${entry.name}: ${who.key} completes the item`);
  }),
  touching('deleteItem', 3, async (scene, _step, entry, { who, item }) => {
    await scene.items.remove(who, item);
    scene.ledger.deleted(entry, 'item', item.held);
    scene.say(`${entry.name}: ${who.key} deletes the item`);
  }),
  touching('deleteAndRestore', 1, async (scene, _step, entry, { who, item }) => {
    if (itemKindOf(entry.entity) === 'task') return;
    await scene.items.remove(who, item);
    await scene.items.restore(who, item);
    entry.wasRestored = true;
    scene.say(`${entry.name}: ${who.key} deletes the item and takes it back`);
  }),
  touching('moveItem', 3, async (scene, _step, entry, { who, item }) => {
    if (!item.isUsual || entry.entity === 'series') return;
    await scene.items.moveTo(who, item, 'Later');
    entry.wasElsewhere = true;
    scene.say(`${entry.name}: ${who.key} moves the item to another folder`);
  }),
  touching('moveItemBack', 3, async (scene, _step, entry, { who, item }) => {
    if (item.isUsual) return;
    await scene.items.moveTo(who, item, null);
    scene.say(`${entry.name}: ${who.key} moves the item to where such items usually lie`);
  }),
  touching('moveThereAndBack', 2, async (scene, _step, entry, { who, item }) => {
    if (!item.isUsual || entry.entity === 'series') return;
    const id = await scene.items.moveTo(who, item, 'Later');
    await scene.items.moveTo(who, { ...item, id }, null);
    scene.say(`${entry.name}: ${who.key} moves the item away and back`);
  }),
  touching('clash', 6, async (scene, step, entry, holding) => {
    const record = await scene.record(entry);
    if (record === undefined || record.closed) return;
    const exchangeFirst = step.pick % 2 === 0;
    if (exchangeFirst) await editItem(scene, step, entry, holding);
    await editRecord(scene, entry, record, step, 15);
    if (!exchangeFirst) await editItem(scene, step, entry, holding);
  }),
  touching('copyItem', 1, async (scene, step, entry, { who, item }) => {
    if (itemKindOf(entry.entity) === 'task' || entry.entity === 'series') return;
    const held = allFields(scene, entry.entity, step);
    const id = await scene.items.copy(who, item, held);
    scene.ledger.madeOwn({ name: `copy ${step.id}`, entity: entry.entity, who, id, held });
    scene.say(`${entry.name}: ${who.key} copies the item`);
  }),
  {
    name: 'makeItem',
    weight: 2,
    about: 'alone',
    async play(scene, step) {
      const [who, entity] = [member(step), entityOf(step)];
      const held = allFields(scene, entity, step);
      const id = await scene.items.make(who, entity, held);
      scene.ledger.madeOwn({ name: `own ${step.id}`, entity, who, id, held });
      scene.say(`${who.key} makes a ${entity} of her own in Exchange`);
    },
  },
];

export async function editItem(scene: Scene, step: Pick<Step, 'id' | 'pick'>, entry: Entry, { who, item }: Holding): Promise<void> {
  const field = fieldOf(entry.entity, step);
  const before = item.held[field.name] ?? [];
  const next = edited(scene, field, before, step, 2);
  await scene.items.edit(who, item, { [field.name]: next });
  scene.ledger.edited(entry, 'item', item.held, field.name, next);
  scene.say(`${entry.name}: ${who.key} sets ${field.name} of the item from ${before.join('|')} to ${next.join('|')}`);
}

/** A step that needs an item that Tandem has made. */
function touching(name: string, weight: number, act: (scene: Scene, step: Step, entry: Entry, held: Holding) => Promise<void>): StepKind {
  return {
    name,
    weight,
    about: 'touches',
    async play(scene, step) {
      const entry = entryOf(scene, step);
      const held = entry === undefined ? undefined : await scene.item(entry);
      if (entry !== undefined && held !== undefined) await act(scene, step, entry, held);
    },
  };
}
