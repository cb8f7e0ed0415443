import { type Explanation, explain, type Question } from '../../../shared/mailboxes/explain';
import type { World } from '../cycle/world';

/** Asks why something is as it is, and expects that asking changed nothing: on neither side, and in no table. */
export async function asked(world: World, question: Question): Promise<Explanation> {
  world.counters.reset();
  const rows = await world.rows();
  const answer = await explain(world.services, world.integration.id, question);
  expect(world.writes()).toBe(0);
  expect(await world.rows()).toEqual(rows);
  return answer;
}
