import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves as soon as the condition holds, which is asked every 50 ms; the test's own time-out ends the wait. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50);
}

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
