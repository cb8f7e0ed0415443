import type { Office } from './office';

/** One thing that a newcomer is shown. It throws with what went otherwise. */
export interface Step {
  readonly what: string;
  readonly play: (office: Office) => Promise<void>;
}
