import type { Scene } from '../scene';
import type { KindOfFault, PlannedFault } from '../story';

/** One way in which the world can misbehave. Adding one to the table is all it takes for stories to have it. */
export interface FaultKind extends KindOfFault {
  /** Arms it. */
  arm(scene: Scene, fault: PlannedFault): Promise<void> | void;
}
