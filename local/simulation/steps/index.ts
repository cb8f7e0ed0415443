import { adminSteps } from './admin';
import { dynamicsSteps } from './dynamics';
import { exchangeSteps } from './exchange';
import type { StepKind } from './kind';
import { meetingSteps } from './meetings';

/** Everything that can happen in a story. */
export const stepKinds: readonly StepKind[] = [...dynamicsSteps, ...exchangeSteps, ...meetingSteps, ...adminSteps];

export function stepKind(name: string): StepKind {
  const kind = stepKinds.find((each) => each.name === name);
  if (kind === undefined) throw new Error(`No step is called ${name}.`);
  return kind;
}
