import type { Entry } from '../ledger';
import { itemKindOf } from '../people/fields';
import type { Scene } from '../scene';
import { approveAll, brakeWrongs } from './brake';
import { linkWrongs } from './links';
import { look, type Seen } from './look';
import { mailWrongs } from './mail';
import { entryWrongs, ownWrongs, strayWrongs } from './pairs';
import { quietWrongs } from './quiet';
import { secretWrongs } from './secrets';
import { settle } from './settle';

const hour = 3_600_000;

/** Lets everything settle and says what is wrong then, promise by promise, from nothing but what people did. */
export async function oracle(scene: Scene): Promise<string[]> {
  const unsettled = await settle(scene);
  if (unsettled.length > 0) return unsettled;
  const unbraked = brakeWrongs(scene);
  await approveAll(scene);
  const entries = [...scene.ledger.entries.values()];
  for (const entry of entries) entry.mayHaveLeft ||= scene.filters.mayLeaveOut(entry.entity, entry.mark);
  const early = await look(scene);
  const found = entries.filter((entry) => !isSweepsBusiness(entry)).flatMap((entry) => entryWrongs(scene, entry, early));
  const seen = entries.some(isSweepsBusiness) ? await lookAfterSweeps(scene) : early;
  return [
    ...unbraked,
    ...found,
    ...entries.filter(isSweepsBusiness).flatMap((entry) => entryWrongs(scene, entry, seen)),
    ...[...scene.ledger.own.values()].flatMap((own) => ownWrongs(own, seen)),
    ...strayWrongs(scene, seen),
    ...(await linkWrongs(scene, seen)),
    ...mailWrongs(scene),
    ...(await quietWrongs(scene)),
    ...(await secretWrongs(scene)),
  ];
}

/**
 * No feed tells of contacts in other folders and events in other calendars, nor of filters that change: what is edited there is found within a day
 * (docs/limits.md, docs/operations.md).
 */
function isSweepsBusiness({ wasElsewhere, entity, mayHaveLeft }: Entry): boolean {
  return mayHaveLeft || (wasElsewhere && itemKindOf(entity) !== 'task');
}

async function lookAfterSweeps(scene: Scene): Promise<Seen> {
  const { world, tandem } = scene;
  for (const who of world.takingPart) await tandem.ask(who, 'sweep');
  await tandem.pass(2 * hour);
  await approveAll(scene);
  return look(scene);
}
