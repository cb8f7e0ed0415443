import { appendFileSync } from 'node:fs';
import type { Person } from '../company/people';
import { startControl } from '../control';
import { Counters } from '../serving/counters';
import { Faults } from '../serving/faults';
import type { Service, Surroundings } from '../serving/service';
import { openTrace } from '../serving/trace';
import { HostProcess } from './host-process';
import { Opened } from './opened';
import { type Part, type Ports, partsOf, portsOf } from './parts';
import { freePort, refuseTakenPorts, usualPorts } from './ports';
import { messageOf, StackProblem } from './problem';
import { projectRoot } from './root';
import { keepSaving, SavedState } from './saved-state';
import { appSettings } from './settings';
import { type StandIns, startStandIns } from './stand-ins';

export type { Part, PartName, Ports } from './parts';
export { StackProblem } from './problem';
export type { StandIns } from './stand-ins';

export interface StackOptions {
  /** Where parts listen; free ports where absent. */
  readonly ports?: Ports;
  /** True puts parts on their usual ports as far as those are free. */
  readonly usualPorts?: boolean;
  /** Where state is kept from one run to the next; in memory where absent. */
  readonly dataDirectory?: string;
  /** A file to which each served request is appended as a line of JSON. */
  readonly traceFile?: string;
  /** What is there at first: the demo company with its business (default), or its people only. */
  readonly seed?: 'company' | 'empty-company';
  /** Who has a user in Dynamics and a mailbox; the demo company where absent. */
  readonly people?: readonly Person[];
  /** App settings that differ from those of the stack. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where the app is that the Functions host runs; the project's own build where absent. */
  readonly appDirectory?: string;
  /** False leaves the Functions host to `startHost`. */
  readonly host?: boolean;
  /** How long the stand-ins of remote APIs wait before they serve a request, in ms. */
  readonly latencyMs?: number;
  /** Gets each line that the Functions host prints. */
  readonly log?: (line: string) => void;
  /** Gets each message that is sent to a queue, with all its properties, as text. */
  readonly messages?: (queue: string, message: string) => void;
}

export interface Stack extends StandIns {
  /** As they are now: the functions host is listed once it was started. */
  readonly parts: readonly Part[];
  readonly control: Service;
  readonly surroundings: Surroundings;
  /** The settings of the app, as the Functions host gets them. */
  readonly settings: Readonly<Record<string, string>>;
  /** Where the Functions host answers; empty before its first start. It comes back on the same port. */
  readonly hostUrl: string;
  /** Of the Functions host, while it runs. */
  readonly hostPid: number | undefined;
  /** @param changes app settings that are others until its next start */
  startHost(changes?: Readonly<Record<string, string>>): Promise<void>;
  /** Ends the Functions host as a crash does (SIGKILL), and resolves when it is gone. */
  killHost(): Promise<void>;
  stopHost(): Promise<void>;
  /** Stops everything. With a data directory, state is saved before. */
  close(): Promise<void>;
}

/**
 * Starts everything that stands in for Azure and Microsoft 365, and the app on it. What it needs is in `dist` (run the build first).
 * @throws StackProblem where a port is taken, a directory cannot be used or the host does not start; nothing is left running then
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const saved = options.dataDirectory === undefined ? undefined : new SavedState(options.dataDirectory);
  const ports: Ports = { ...(options.usualPorts === true ? await usualPorts() : {}), ...saved?.ports(), ...options.ports };
  await refuseTakenPorts(ports);
  const opened = new Opened();
  try {
    const surroundings = await surroundingsOf(options, opened);
    const { seed = 'company', people, messages } = options;
    const standIns = await startStandIns({ surroundings, ports, saved, seed, people, messages }, opened);
    if (saved !== undefined) await opened.add(keepSaving(saved, standIns, options.log), (saving) => saving.end());
    const stack = await assemble(options, ports, standIns, surroundings, opened);
    if (options.host !== false) await stack.startHost();
    saved?.savePorts({ ...ports, ...portsOf(stack.parts) });
    return stack;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function surroundingsOf(options: StackOptions, opened: Opened): Promise<Surroundings> {
  const { traceFile, latencyMs } = options;
  const trace = traceFile === undefined ? undefined : await opened.add(traceTo(traceFile), (it) => it.close());
  return {
    faults: new Faults(),
    counters: new Counters(),
    ...(trace === undefined ? {} : { trace }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
  };
}

function traceTo(file: string) {
  try {
    appendFileSync(file, '');
  } catch (error) {
    throw new StackProblem(`The trace file ${file} cannot be written: ${messageOf(error)}`);
  }
  return openTrace(file);
}

async function assemble(
  options: StackOptions,
  ports: Ports,
  standIns: StandIns,
  surroundings: Surroundings,
  opened: Opened,
): Promise<Stack> {
  const { identity, graph, keyVault, azurite, serviceBus } = standIns;
  // The app has to be told its own address before it has one.
  const hostPort = ports.functions || (await freePort());
  const settings = appSettings(
    {
      identity: identity.url,
      graph: graph.url,
      keyVault: keyVault.url,
      storage: azurite.connectionString,
      serviceBus: serviceBus.connectionString,
      app: `http://127.0.0.1:${hostPort}`,
    },
    options.settings,
  );
  const log = options.log ?? (() => undefined);
  const root = projectRoot();
  const host = new HostProcess({ root, appDirectory: options.appDirectory ?? root, settings, port: hostPort, log });
  const parts = (): Part[] => partsOf(standIns, host, control);
  const control: Service = await opened.add(startControl({ surroundings, standIns, parts, host }, ports.control), (it) => it.close());
  await opened.add(host, (it) => it.stop());
  return {
    ...standIns,
    control,
    surroundings,
    settings,
    get parts() {
      return parts();
    },
    get hostUrl() {
      return host.url;
    },
    get hostPid() {
      return host.pid;
    },
    startHost: (changes) => host.start(changes),
    killHost: () => host.kill(),
    stopHost: () => host.stop(),
    close: () => opened.close(),
  };
}
