import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ports } from './parts';
import { messageOf, StackProblem } from './problem';
import type { StandIns } from './stand-ins';

/** The parts that are asked for their state; Azurite keeps its own. */
const savedParts = ['keyVault', 'dynamics', 'graph'] as const;
export type SavedPart = (typeof savedParts)[number];

/** What survives a stop in a directory: the ports, because addresses are part of the data, and what the simulators and the vault know. */
export class SavedState {
  /** Where Azurite keeps its own data. */
  readonly storageDirectory: string;

  /** Makes the directory where it is missing; only its owner may read it, because secrets lie there. Throws StackProblem. */
  constructor(private readonly directory: string) {
    this.storageDirectory = join(directory, 'azurite');
    try {
      mkdirSync(this.storageDirectory, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new StackProblem(`The data directory ${directory} cannot be used: ${messageOf(error)}`);
    }
  }

  /** The ports of the last run. */
  ports(): Ports {
    return (this.read('ports') ?? {}) as Ports;
  }

  savePorts(ports: Ports): void {
    this.write('ports', ports);
  }

  /** What a part knew at the last save; undefined before the first. */
  snapshot(part: SavedPart): unknown {
    return this.read(part);
  }

  /** What to say where a part cannot go on from what it knew. */
  misfit(name: string, error: unknown): StackProblem {
    return new StackProblem(`${this.file(name)} cannot be used: ${messageOf(error)} Delete ${this.directory} to begin anew.`);
  }

  saveSnapshot(part: SavedPart, snapshot: unknown): void {
    this.write(part, snapshot);
  }

  private read(name: string): unknown {
    const file = this.file(name);
    if (!existsSync(file)) return undefined;
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      throw this.misfit(name, error);
    }
  }

  /** In one step, so that a stop in between leaves the old file. */
  private write(name: string, value: unknown): void {
    const file = this.file(name);
    writeFileSync(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  private file(name: string): string {
    return join(this.directory, `${name}.json`);
  }
}

const saveEveryMs = 30_000;

/** Saves what the parts know now and then, and for the last time at the end. What cannot be saved on the way is said, and tried again. */
export function keepSaving(
  saved: SavedState,
  parts: Pick<StandIns, SavedPart>,
  log: (line: string) => void = () => undefined,
): { end(): Promise<void> } {
  const save = (): void => {
    for (const part of savedParts) saved.saveSnapshot(part, parts[part].snapshot());
  };
  const timer = setInterval(() => {
    try {
      save();
    } catch (error) {
      log(`error The state could not be saved: ${messageOf(error)}`);
    }
  }, saveEveryMs);
  return {
    async end() {
      clearInterval(timer);
      save();
    },
  };
}
