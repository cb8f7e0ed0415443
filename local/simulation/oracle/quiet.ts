import type { Scene } from '../scene';

const hour = 3_600_000;

/** Promise 4: with nothing new, a cycle writes nothing, whoever asks for it; not even the sweep, which finds what no feed tells. */
export async function quietWrongs(scene: Scene): Promise<string[]> {
  const { world, tandem } = scene;
  world.counters.reset();
  for (const reason of ['syncNow', 'sweep'] as const) {
    for (const who of world.takingPart) await tandem.ask(who, reason);
    await tandem.round(hour);
  }
  const writes = world.writes();
  if (writes === 0) return [];
  return [`promise 4: with nothing new there were ${writes} writes: ${JSON.stringify(world.counters.snapshot().endpoints)}`];
}
