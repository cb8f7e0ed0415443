import { type ChildProcess, spawn } from 'node:child_process';
import { type AddressInfo, connect, createServer } from 'node:net';
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
  /** Blob, queue and table port; free ones where absent. */
  readonly ports?: readonly [blob: number, queue: number, table: number];
}

/** The emulator's fixed account, the same on every machine. Source: Azurite's documentation, "Default storage account". */
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const readyWithinMs = 30_000;
const lookEveryMs = 25;

/** Starts Azurite as a child process and waits until it answers. It ends with this process at the latest. */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  const [blobPort, queuePort, tablePort] = options.ports ?? [await freePort(), await freePort(), await freePort()];
  const ports = ['--blobPort', blobPort, '--queuePort', queuePort, '--tablePort', tablePort].map(String);
  const place = options.dataDirectory === undefined ? ['--inMemoryPersistence'] : ['--location', options.dataDirectory];
  const program = join(dirname(require.resolve('azurite/package.json')), 'dist', 'src', 'azurite.js');
  const quiet = ['--silent', '--skipApiVersionCheck', '--disableTelemetry'];
  const child = spawn(process.execPath, [program, ...place, ...quiet, ...ports], { stdio: ['ignore', 'pipe', 'pipe'] });
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);

  const close = async (): Promise<void> => {
    process.removeListener('exit', endWithUs);
    await ended(child);
  };
  try {
    await ready(child, [blobPort, queuePort, tablePort]);
  } catch (error) {
    await close();
    throw error;
  }
  const endpoints = { Blob: blobPort, Queue: queuePort, Table: tablePort };
  const places = Object.entries(endpoints).map(([name, port]) => `${name}Endpoint=http://127.0.0.1:${port}/${account}`);
  const connectionString = ['DefaultEndpointsProtocol=http', `AccountName=${account}`, `AccountKey=${accountKey}`, ...places].join(';');
  return { connectionString, blobPort, queuePort, tablePort, pid: child.pid ?? 0, close };
}

/** Resolves when all ports take connections; rejects with what Azurite said if it ends before. */
async function ready(child: ChildProcess, ports: readonly number[]): Promise<void> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      if (said.length < 2_000) said += chunk.toString();
    });
  }
  const until = Date.now() + readyWithinMs;
  while (!(await Promise.all(ports.map(answers))).every(Boolean)) {
    if (hasEnded(child)) throw new Error(`Azurite ended before it was ready: ${said.trim()}`);
    if (Date.now() > until) throw new Error(`Azurite was not ready after ${readyWithinMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (hasEnded(child)) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
