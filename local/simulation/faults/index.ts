import type { FaultKind } from './kind';
import { processFaults } from './processes';
import { queueFaults } from './queue';
import { wireFaults } from './wire';

/** Every way in which a story's world can misbehave. */
export const faultKinds: readonly FaultKind[] = [...wireFaults, ...queueFaults, ...processFaults];

export function faultKind(name: string): FaultKind {
  const kind = faultKinds.find((each) => each.name === name);
  if (kind === undefined) throw new Error(`No fault is called ${name}.`);
  return kind;
}
