import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TraceLine } from '../local/serving/trace';
import { type AppRequest, requestOf } from './requests';

/** A trace in a directory of its own. */
export interface TraceFile {
  readonly path: string;
  /** What the app has asked of Dynamics and Exchange, as far as it is written down by now. */
  requests(): Promise<AppRequest[]>;
  remove(): Promise<void>;
}

export async function newTrace(): Promise<TraceFile> {
  const directory = await mkdtemp(join(tmpdir(), 'tandem-bench-'));
  const path = join(directory, 'trace.jsonl');
  return {
    path,
    async requests() {
      // What follows the last line break is a line that is still being written.
      const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
      return lines.flatMap((line) => requestOf(JSON.parse(line) as TraceLine) ?? []);
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
