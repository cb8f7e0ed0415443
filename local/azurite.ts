import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';

/** A running storage account on loopback. */
export interface Azurite {
  readonly connectionString: string;
  readonly blobPort: number;
  readonly queuePort: number;
  readonly tablePort: number;
  readonly pid: number;
  close(): Promise<void>;
}

export interface AzuriteOptions {
  /** Where it keeps its data; in memory where absent. */
  readonly dataDirectory?: string;
  /** Blob, queue and table port; free ones where absent or 0. */
  readonly ports?: readonly [blob: number, queue: number, table: number];
}

/** The emulator's fixed account, the same on every machine. Source: Azurite's documentation, "Default storage account". */
export const storageAccount = 'devstoreaccount1';
export const storageAccountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const readyWithinMs = 30_000;
const endedWithinMs = 5_000;

/** Starts Azurite as a child process and waits until it listens. It ends with this process at the latest, however that ends. */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  const [blob, queue, table] = options.ports ?? [0, 0, 0];
  const ports = ['--blobPort', blob, '--queuePort', queue, '--tablePort', table].map(String);
  const place = options.dataDirectory === undefined ? ['--inMemoryPersistence'] : ['--location', options.dataDirectory];
  const child = spawnTied([...place, '--silent', '--skipApiVersionCheck', '--disableTelemetry', ...ports]);
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);

  const close = async (): Promise<void> => {
    process.removeListener('exit', endWithUs);
    await ended(child);
  };
  try {
    const [blobPort, queuePort, tablePort] = await listening(child);
    const endpoints = { Blob: blobPort, Queue: queuePort, Table: tablePort };
    const places = Object.entries(endpoints).map(([name, port]) => `${name}Endpoint=http://127.0.0.1:${port}/${storageAccount}`);
    const connectionString = [
      'DefaultEndpointsProtocol=http',
      `AccountName=${storageAccount}`,
      `AccountKey=${storageAccountKey}`,
      ...places,
    ].join(';');
    return { connectionString, blobPort, queuePort, tablePort, pid: child.pid ?? 0, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Azurite in a process that ends as soon as its channel to this one is gone, also where this one is killed. It is in a group of its own, so
 * that a Ctrl-C in the terminal does not take the storage away from an app that is just stopping.
 */
function spawnTied(args: readonly string[]): ChildProcess {
  const program = join(dirname(require.resolve('azurite/package.json')), 'dist', 'src', 'azurite.js');
  // The channel must not be what keeps it alive when it is asked to end.
  const script = `process.on('disconnect', () => process.exit()); process.channel.unref(); require(${JSON.stringify(program)});`;
  return spawn(process.execPath, ['-e', script, 'azurite', ...args], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
}

/** Resolves with the three ports when all of them take connections; rejects with what Azurite said if it ends before. */
function listening(child: ChildProcess): Promise<[blob: number, queue: number, table: number]> {
  let said = '';
  return new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => reject(new Error(`Azurite was not ready after ${readyWithinMs} ms: ${said.trim()}`)), readyWithinMs);
    const portOf = (service: string) =>
      Number(new RegExp(`${service} service is successfully listening at http://[^:]+:(\\d+)`).exec(said)?.[1]);
    const settle = (act: () => void) => {
      clearTimeout(giveUp);
      act();
    };
    child.once('error', (error) => settle(() => reject(error)));
    child.once('close', () => settle(() => reject(new Error(`Azurite ended before it was ready: ${said.trim()}`))));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        if (said.length > 10_000) return;
        said += chunk.toString();
        const [blob, queue, table] = ['Blob', 'Queue', 'Table'].map(portOf);
        if (blob && queue && table) settle(() => resolve([blob, queue, table]));
      });
    }
  });
}

/** Asks it to end, so that it writes what it keeps on disk, and makes it end if it does not. */
function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return resolve();
    const insist = setTimeout(() => child.kill('SIGKILL'), endedWithinMs);
    child.once('exit', () => {
      clearTimeout(insist);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
