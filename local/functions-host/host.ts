import { resolve } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { CoreModule } from './core-module';
import { type HostFunction, readFunctions } from './functions';
import { type FunctionInfo, HostApi } from './host-api';
import { type HostJson, readHostJson } from './host-json';
import { HttpFrontEnd } from './http';
import { Invoker } from './invocation';
import { hostKeys } from './keys';
import { loadApp } from './load-app';
import { createLogger, type HostLogLine, type Logger } from './logging';
import { HostProblem } from './problem';
import { RouteTable } from './routes';
import { ServiceBusDriver } from './service-bus-trigger';
import { type Environment, hasFeatureFlag, isSwitchedOn } from './settings';
import { TimerDriver } from './timers';

export type { FunctionInfo, HostLogLine };

export interface HostOptions {
  /** Where the app's package.json and host.json are. */
  readonly appDirectory: string;
  /** The HTTP port on loopback; 0 or nothing takes a free one. */
  readonly port?: number;
  /** App settings; they are put into `process.env` before the app is loaded. */
  readonly environment: Environment;
  readonly log?: (line: HostLogLine) => void;
}

export interface RunningHost {
  readonly url: string;
  readonly functions: readonly FunctionInfo[];
  /** Runs a timer function now, after a run under way; rejects with its error. */
  invokeTimer(name: string): Promise<void>;
  /** Takes no new work, waits up to ten seconds for what runs, runs the `appTerminate` hooks. */
  stop(): Promise<void>;
}

/** How long running invocations get when the host stops, in ms. */
const GRACE = 10_000;

/** How long connections get to close after that, in ms. */
const CLOSE_LIMIT = 2_000;

let isUsed = false;

/**
 * Loads an app as the Azure Functions host and its Node worker do and serves its triggers. One host a process, once: the library keeps state
 * that cannot be undone.
 * @throws HostProblem where the app cannot be served; a single function in error only shows in `functions`
 */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  if (isUsed) throw new HostProblem('host-used', 'A process can run the Functions host once.', 'Start another process.');
  isUsed = true;
  const { environment } = options;
  const appDirectory = resolve(options.appDirectory);
  const hostJson = readHostJson(appDirectory);
  const log = createLogger(hostJson.logging.logLevel, options.log ?? (() => undefined));

  applySettings(environment, appDirectory);
  const core = new CoreModule(log);
  const uninstall = core.install();
  await loadApp(appDirectory, core);
  const functions = readFunctions(core, environment, hostJson.extensions.http.routePrefix);
  const invoker = new Invoker(core, log, hostJson.functionTimeout);
  await invoker.runAppHooks('appStart');

  const timers = startableTimers(functions, invoker);
  const http = httpFrontEnd(functions, timers, invoker, log, environment);
  announce(functions, log);
  const url = await http.listen(options.port ?? 0);
  const { drivers, clients } = serviceBusDrivers(functions, hostJson, invoker, log);
  for (const driver of [...timers.values(), ...drivers]) driver.start();

  const stopAll = async (): Promise<void> => {
    http.refuseRequests();
    const stopping = Promise.allSettled([...timers.values(), ...drivers].map((driver) => driver.stop()));
    await Promise.race([Promise.all([invoker.settled(GRACE), stopping]), delay(GRACE)]);
    if (invoker.runningCount > 0) log('warning', 'Host.Shutdown', `functions: stopping with ${invoker.runningCount} still running`);
    await invoker.runAppHooks('appTerminate').catch((error) => log('error', 'Host.Shutdown', `appTerminate failed: ${error}`));
    await Promise.race([Promise.allSettled([...clients.values()].map((client) => client.close())), delay(CLOSE_LIMIT)]);
    http.close();
    uninstall();
  };
  let stopped: Promise<void> | undefined;

  return {
    url,
    functions: functions.map(functionInfo),
    invokeTimer: async (name) => timerNamed(timers, name).runNow(),
    stop: () => {
      stopped ??= stopAll();
      return stopped;
    },
  };
}

/** Settings become environment variables, with those that the host itself sets in Azure. */
function applySettings(environment: Environment, appDirectory: string): void {
  const own = { FUNCTIONS_WORKER_RUNTIME: 'node', AZURE_FUNCTIONS_ENVIRONMENT: 'Development', AzureWebJobsScriptRoot: appDirectory };
  for (const [name, value] of Object.entries({ ...own, ...environment })) {
    if (value !== undefined) process.env[name] = value;
  }
}

function startableTimers(functions: readonly HostFunction[], invoker: Invoker): Map<string, TimerDriver> {
  const timers = functions.flatMap(({ name, ...rest }) =>
    rest.state === 'ready' && rest.trigger.kind === 'timer' ? [[name, new TimerDriver(rest.trigger.timer, invoker)] as const] : [],
  );
  return new Map(timers);
}

function timerNamed(timers: ReadonlyMap<string, TimerDriver>, name: string): TimerDriver {
  const timer = timers.get(name);
  if (timer === undefined) throw new HostProblem('timer-unknown', `There is no timer function '${name}' that is ready to run.`);
  return timer;
}

function httpFrontEnd(
  functions: readonly HostFunction[],
  timers: ReadonlyMap<string, TimerDriver>,
  invoker: Invoker,
  log: Logger,
  environment: Environment,
): HttpFrontEnd {
  const triggers = functions.flatMap(({ name, ...rest }) =>
    rest.state === 'ready' && rest.trigger.kind === 'http' ? [[name, rest.trigger] as const] : [],
  );
  const routes = new RouteTable(triggers.map(([, trigger]) => trigger.route));
  for (const { hidden, by } of routes.shadowed()) {
    const text = `functions: ${by.functionName} (${by.fullTemplate}) takes requests meant for ${hidden.functionName} (${hidden.fullTemplate})`;
    log('warning', 'Host.Startup', `${text}: the Functions host goes by the names of functions. Rename one, or constrain the parameter.`);
  }
  const keys = hostKeys(environment);
  const startTimer = (name: string): void => {
    // The invoker logs a failure; the caller was answered long before.
    timerNamed(timers, name)
      .runNow()
      .catch(() => undefined);
  };
  return new HttpFrontEnd({
    routes,
    triggers: new Map(triggers),
    api: new HostApi({ functions: () => functions.map(functionInfo), keys, startTimer }),
    keys,
    invoker,
    log,
    reservesRoutes: !hasFeatureFlag('DisableReservedRouteEnforcement', environment),
    hasHomepage: !isSwitchedOn('AzureWebJobsDisableHomepage', environment),
  });
}

function serviceBusDrivers(
  functions: readonly HostFunction[],
  hostJson: HostJson,
  invoker: Invoker,
  log: Logger,
): { drivers: ServiceBusDriver[]; clients: Map<string, ServiceBusClient> } {
  const clients = new Map<string, ServiceBusClient>();
  const clientFor = (connection: string): ServiceBusClient => {
    const client = clients.get(connection) ?? new ServiceBusClient(connection);
    clients.set(connection, client);
    return client;
  };
  const drivers = functions.flatMap((each) => {
    if (each.state !== 'ready' || each.trigger.kind !== 'serviceBus') return [];
    const { serviceBus } = each.trigger;
    return [new ServiceBusDriver(serviceBus, hostJson.extensions.serviceBus, clientFor(serviceBus.connection), invoker, log)];
  });
  return { drivers, clients };
}

function announce(functions: readonly HostFunction[], log: Logger): void {
  if (functions.length === 0) log('warning', 'Host.Startup', 'functions: none found');
  for (const each of functions) {
    if (each.state === 'ready') log('information', 'Host.Startup', `functions: ${each.name} (${describeTrigger(each.trigger)})`);
    else if (each.state === 'disabled') log('information', 'Host.Startup', `functions: ${each.name} is switched off. ${each.problem}`);
    else log('error', 'Host.Startup', `The '${each.name}' function is in error: ${each.problem}`);
  }
}

function describeTrigger(trigger: Extract<HostFunction, { state: 'ready' }>['trigger']): string {
  switch (trigger.kind) {
    case 'http':
      return `http ${trigger.route.methods.join(',') || 'any'} /${trigger.route.fullTemplate}`;
    case 'timer':
      return `timer ${trigger.scheduleText}`;
    case 'serviceBus':
      return `queue ${trigger.serviceBus.queueName}${trigger.serviceBus.hasSessions ? ', sessions' : ''}`;
  }
}

function functionInfo(each: HostFunction): FunctionInfo {
  if (each.state !== 'ready') return { name: each.name, trigger: each.kind, problem: each.problem };
  const { kind } = each.trigger;
  return { name: each.name, trigger: kind, ...(each.trigger.kind === 'http' ? { route: each.trigger.route.fullTemplate } : {}) };
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
