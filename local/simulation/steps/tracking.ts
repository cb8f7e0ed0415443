import type { Person } from '../../company/people';
import type { AllHeld, Entry } from '../ledger';
import type { Entity } from '../people/fields';
import { type ItemSeen, trackingCategory } from '../people/items';
import type { Holding, Scene } from '../scene';
import type { Step } from '../story';
import { allFields, entityOf, entryOf, member } from './choices';
import type { StepKind } from './kind';

/** What people do to have items of theirs in Dynamics, and to have them there no longer. */
export const trackingSteps: readonly StepKind[] = [
  {
    name: 'trackItem',
    weight: 5,
    about: 'makes',
    async play(scene, step) {
      const { who, entity, held } = await untracked(scene, step);
      scene.ledger.tracked(step.on ?? '', entity, who, held);
      scene.say(`${who.key} tracks the ${entity} ${step.on}`);
    },
  },
  touching('takeCategory', 3, async (scene, _step, entry, { who, item }) => {
    if (!isTracked(item)) return;
    await scene.items.change(who, item, { categories: item.categories.filter((category) => category !== trackingCategory) });
    Object.assign(entry, { isWished: false, wasUntracked: true, wasMarked: true });
    scene.say(`${entry.name}: ${who.key} takes the tracking category off`);
  }),
  touching('putCategory', 3, async (scene, _step, entry, { who, item }) => {
    if (isTracked(item) || entry.deleted.size > 0) return;
    await scene.items.change(who, item, { categories: [...item.categories, trackingCategory] });
    Object.assign(entry, { isWished: true, wasMarked: true });
    scene.say(`${entry.name}: ${who.key} puts the tracking category on`);
  }),
];

function isTracked({ categories }: ItemSeen): boolean {
  return categories.includes(trackingCategory);
}

/** An item of which Dynamics knows nothing, and that is tracked now: one that is made with the category or is given it at once, or one that somebody has had for long. */
async function untracked(scene: Scene, step: Step): Promise<{ readonly who: Person; readonly entity: Entity; readonly held: AllHeld }> {
  const [who, entity] = [member(step), entityOf(step)];
  const way = Math.floor(step.pick / 11) % 3;
  const known = way === 0 ? await longKept(scene) : null;
  if (known !== null) return known;
  const held = allFields(scene, entity, step);
  const categories = [trackingCategory];
  const id = await scene.items.make(who, entity, held, way === 1 ? { categories } : {});
  if (way === 1) return { who, entity, held };
  const item = (await scene.items.all(who, entity)).find((each) => each.id === id);
  if (item !== undefined) await scene.items.change(who, item, { categories });
  return { who, entity, held };
}

/** The first item, but no series, that somebody made in Exchange by hand and that is no copy of another; it is tracked from now on. */
async function longKept(scene: Scene): Promise<{ readonly who: Person; readonly entity: Entity; readonly held: AllHeld } | null> {
  for (const own of scene.ledger.own.values()) {
    if (own.entity === 'series') continue;
    const item = (await scene.items.all(own.who, own.entity)).find(({ id, marker }) => id === own.id && marker === null);
    if (item === undefined) continue;
    await scene.items.change(own.who, item, { categories: [...item.categories, trackingCategory] });
    scene.ledger.own.delete(own.name);
    return own;
  }
  return null;
}

/** A step that needs an item. */
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
