import { type Entity, entitiesFollowed } from '../people/fields';
import type { Story } from '../story';
import { adminSteps } from './admin';
import { correspondenceSteps } from './correspondence';
import { dynamicsSteps } from './dynamics';
import { exchangeSteps } from './exchange';
import { filterSteps } from './filters';
import type { StepKind } from './kind';
import { meetingSteps } from './meetings';
import { seriesSteps } from './series';
import { trackingSteps } from './tracking';

/** Everything that can happen in a story. */
export const stepKinds: readonly StepKind[] = [
  ...[...dynamicsSteps, ...exchangeSteps, ...meetingSteps],
  ...[...correspondenceSteps, ...seriesSteps],
  ...[...trackingSteps, ...filterSteps],
  ...adminSteps,
];

/** What a story is about. */
export function entitiesOf({ steps }: Story): readonly Entity[] {
  return [...new Set([...entitiesFollowed, ...steps.flatMap((step) => stepKind(step.kind).entities?.(step) ?? [])])];
}

export function stepKind(name: string): StepKind {
  const kind = stepKinds.find((each) => each.name === name);
  if (kind === undefined) throw new Error(`No step is called ${name}.`);
  return kind;
}
