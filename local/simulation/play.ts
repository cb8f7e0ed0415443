import { members } from './cast';
import { faultKind } from './faults';
import { oracle } from './oracle';
import { Random } from './random';
import { Scene } from './scene';
import { entitiesOf, stepKind } from './steps';
import type { Story } from './story';
import { type Broken, Tandem } from './tandem';
import { setWays } from './ways';
import { World } from './world';

const minute = 60_000;

/** What came of a story. */
export interface Played {
  readonly story: Story;
  /** What is wrong in the end, in words; nothing where every promise held. */
  readonly wrong: readonly string[];
  /** A hash of everything that was served: the same for the same story, always. */
  readonly trace: string;
  /** Requests that were served. */
  readonly requests: number;
  /** What happened, a line each. */
  readonly lines: readonly string[];
}

/** Plays a story from beginning to end: people act, things go wrong, everything settles, and the promises are checked. */
export async function play(story: Story, broken?: Broken): Promise<Played> {
  const random = new Random(story.seed ^ 0x51ed);
  const world = await World.start({ seed: 'empty-company' });
  const tandem = new Tandem(world, random, broken);
  const scene = new Scene(story.seed, world, tandem, story.ways, entitiesOf(story));
  const wrong: string[] = [];
  try {
    await setWays(scene);
    for (const who of members) await tandem.enable(who);
    await tandem.pass(5 * minute, 5 * minute);
    await live(scene, story);
    wrong.push(...(await oracle(scene)));
  } catch (error) {
    wrong.push(`the simulation stopped: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  } finally {
    await world.close();
  }
  const trace = world.ground.trace;
  return { story, wrong, trace: trace?.digest() ?? '', requests: trace?.requests ?? 0, lines: scene.lines };
}

async function live(scene: Scene, { steps, faults }: Story): Promise<void> {
  const { world, tandem } = scene;
  const planned = [...faults].sort((left, right) => left.before - right.before);
  for (const step of steps) {
    for (let next = planned[0]; next !== undefined && next.before <= step.id; next = planned[0]) {
      planned.shift();
      await faultKind(next.kind).arm(scene, next);
    }
    world.advance(step.gapMs);
    const kind = stepKind(step.kind);
    if (kind.isTime === true) await kind.play(scene, step);
    else await scene.byHand(() => kind.play(scene, step));
    if (step.rest === 'poll' || step.rest === 'round') await tandem.poll();
    if (step.rest === 'round') await tandem.serveUntil(world.clock.now() + 5_000);
    if (step.rest === 'hour') await tandem.pass(70 * minute, 35 * minute);
  }
}
