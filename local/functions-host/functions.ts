import type { Binding, CoreModule, FunctionMetadata } from './core-module';
import { describeError, HostProblem } from './problem';
import { type HttpRoute, httpRoute, routeRefusal } from './routes';
import { parseSchedule } from './schedule';
import type { ServiceBusTrigger } from './service-bus-trigger';
import { connectionString, type Environment, expandSettings, isSwitchedOn } from './settings';
import type { TimerTrigger } from './timers';

export type AuthLevel = 'anonymous' | 'function' | 'admin';

export type Trigger =
  | { readonly kind: 'http'; readonly bindingName: string; readonly authLevel: AuthLevel; readonly route: HttpRoute }
  | { readonly kind: 'timer'; readonly scheduleText: string; readonly timer: TimerTrigger }
  | { readonly kind: 'serviceBus'; readonly serviceBus: ServiceBusTrigger };

/** A function as the host sees it: with a trigger to serve, or with the reason why it is in error or switched off. */
export type HostFunction =
  | { readonly state: 'ready'; readonly name: string; readonly trigger: Trigger }
  | { readonly state: 'disabled' | 'inError'; readonly name: string; readonly kind: string; readonly problem: string };

/**
 * Reads what the app registered. A function that the host refuses is in error and the others go on; what only *this* host lacks
 * (other triggers, output bindings, batches, retry policies) is refused for the whole app, so that nobody takes silence for support.
 * @throws HostProblem `not-supported`, with every such function
 */
export function readFunctions(core: CoreModule, environment: Environment, routePrefix: string): HostFunction[] {
  const registered = [...core.functions.values()].map(({ metadata }) => metadata);
  const unsupported = registered.flatMap((metadata) => unsupportedParts(metadata).map((part) => `${metadata.name}: ${part}`));
  if (unsupported.length > 0) throw new HostProblem('not-supported', `The local host does not support: ${unsupported.join('; ')}.`);

  const routes: HttpRoute[] = [];
  return registered.map((metadata) => readFunction(metadata, environment, routePrefix, routes));
}

function readFunction(metadata: FunctionMetadata, environment: Environment, routePrefix: string, routes: HttpRoute[]): HostFunction {
  const { name } = metadata;
  const [bindingName, binding] = triggerOf(metadata);
  const kind = binding.type.replace(/Trigger$/i, '');
  const switchName = `AzureWebJobs.${name}.Disabled`;
  if (isSwitchedOn(switchName, environment))
    return { state: 'disabled', name, kind, problem: `Disabled by the app setting ${switchName}.` };
  try {
    const trigger = readTrigger(name, bindingName, binding, environment, routePrefix);
    if (trigger.kind === 'http') {
      const refusal = routeRefusal(trigger.route, routes);
      if (refusal !== undefined) throw new HostProblem('route-refused', refusal);
      routes.push(trigger.route);
    }
    return { state: 'ready', name, trigger };
  } catch (error) {
    if (!(error instanceof HostProblem)) throw new HostProblem('function-unreadable', `${name}: ${describeError(error)}`);
    return { state: 'inError', name, kind, problem: error.message };
  }
}

function readTrigger(name: string, bindingName: string, binding: Binding, environment: Environment, routePrefix: string): Trigger {
  const text = (option: string): string | undefined => {
    const value = binding[option];
    return typeof value === 'string' ? expandSettings(value, environment) : undefined;
  };
  switch (binding.type.toLowerCase()) {
    case 'httptrigger': {
      const methods = Array.isArray(binding.methods) ? binding.methods.map(String) : [];
      return {
        kind: 'http',
        bindingName,
        authLevel: authLevelOf(text('authLevel')),
        route: httpRoute(name, methods, text('route'), routePrefix),
      };
    }
    case 'timertrigger': {
      const scheduleText = text('schedule') ?? '';
      const schedule = parseSchedule(scheduleText);
      const runOnStartup = binding.runOnStartup === true;
      return {
        kind: 'timer',
        scheduleText,
        timer: { functionName: name, bindingName, schedule, runOnStartup, useMonitor: binding.useMonitor !== false },
      };
    }
    default:
      return {
        kind: 'serviceBus',
        serviceBus: {
          functionName: name,
          bindingName,
          queueName: text('queueName') ?? '',
          connection: connectionString(text('connection') ?? 'ServiceBus', environment),
          hasSessions: binding.isSessionsEnabled === true,
          autoComplete: typeof binding.autoCompleteMessages === 'boolean' ? binding.autoCompleteMessages : undefined,
          isBinary: text('dataType') === 'binary',
        },
      };
  }
}

function unsupportedParts(metadata: FunctionMetadata): string[] {
  const parts: string[] = [];
  const [triggerName, trigger] = triggerOf(metadata);
  const type = trigger.type.toLowerCase();
  if (!['httptrigger', 'timertrigger', 'servicebustrigger'].includes(type)) parts.push(`the trigger '${trigger.type}'`);
  if (type === 'servicebustrigger' && trigger.cardinality === 'many') parts.push("cardinality 'many'");
  if (type === 'servicebustrigger' && typeof trigger.queueName !== 'string') parts.push('topics');
  if (trigger.sdkBinding === true) parts.push('sdkBinding');
  if (metadata.retryOptions) parts.push('retry policies');
  for (const [name, binding] of Object.entries(metadata.bindings)) {
    if (name === triggerName || (binding.direction === 'out' && binding.type.toLowerCase() === 'http')) continue;
    parts.push(`the ${binding.direction === 'out' ? 'output' : 'input'} binding '${name}' of type '${binding.type}'`);
  }
  return parts;
}

function triggerOf(metadata: FunctionMetadata): [name: string, binding: Binding] {
  const entry = Object.entries(metadata.bindings).find(([, binding]) => /trigger$/i.test(binding.type));
  if (entry === undefined) throw new HostProblem('no-trigger', `The function '${metadata.name}' has no trigger.`);
  return entry;
}

function authLevelOf(text: string | undefined): AuthLevel {
  const level = (text ?? 'function').toLowerCase();
  if (level === 'anonymous' || level === 'function' || level === 'admin') return level;
  throw new HostProblem('auth-level-unknown', `The authorization level '${text}' is unknown.`);
}
