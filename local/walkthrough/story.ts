import { connecting } from './connecting';
import { ending } from './ending';
import { pushing } from './pushing';
import type { Step } from './step';
import { atRest, syncing } from './syncing';

/** What a newcomer is shown, from an empty deployment to an empty one, in order; each step builds on those before. */
export const story: readonly Step[] = [...connecting, ...syncing, ...pushing, atRest, ...ending];
