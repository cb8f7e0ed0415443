import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StackProblem } from './problem';

/** The project's directory, from its sources and from its build alike: the nearest one above that has a host.json. */
export function projectRoot(from = __dirname): string {
  if (existsSync(join(from, 'host.json'))) return from;
  const above = dirname(from);
  if (above === from) throw new StackProblem('There is no host.json above the stack, so there is no app to start.');
  return projectRoot(above);
}
