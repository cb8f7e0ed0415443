import type { Entity } from '../people/fields';
import type { Scene } from '../scene';
import type { KindOfStep, Step } from '../story';

/** One kind of thing that people do. Adding one to the table is all it takes for stories to have it. */
export interface StepKind extends KindOfStep {
  /** True for what is no person's doing, so that faults may meet it. */
  readonly isTime?: true;
  /** What a story with it is about, besides what every story is. */
  readonly entities?: (step: Step) => readonly Entity[];
  /** Does it and writes it down in the ledger; does nothing where it cannot be done. */
  play(scene: Scene, step: Step): Promise<void>;
}
