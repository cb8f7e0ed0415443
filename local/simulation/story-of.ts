import { faultKinds } from './faults';
import { Random } from './random';
import { stepKinds } from './steps';
import { type Story, tell } from './story';
import { wayNames } from './ways';

/** The story of a seed. */
export function storyOf(seed: number): Story {
  return tell(new Random(seed), seed, stepKinds, faultKinds, wayNames);
}
