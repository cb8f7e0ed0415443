import Module from 'node:module';
import type { Logger, LogLevel } from './logging';

/** A binding as `@azure/functions` registers it: its own options plus `type`, `direction` and `name`. */
export interface Binding {
  readonly type: string;
  readonly direction: string;
  readonly name?: string;
  readonly [option: string]: unknown;
}

export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly retryOptions?: unknown;
}

export type FunctionCallback = (...inputs: unknown[]) => unknown;

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

/** Data on the wire between host and library; one member is set. Source: azure-functions-language-worker-protobuf, `TypedData`. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly http?: unknown;
}

export interface InvocationRequest {
  readonly invocationId: string;
  readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
  readonly triggerMetadata?: Readonly<Record<string, TypedData>>;
}

export interface InvocationResponse {
  readonly returnValue?: TypedData | null;
}

export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly request: InvocationRequest;
  readonly metadata: FunctionMetadata;
  state: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined;
  log(level: LogLevel, category: string, message: string): void;
}

/** What the library does for one invocation. */
export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

export interface ProgrammingModel {
  readonly name: string;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
  getInvocationModel(context: CoreInvocationContext): InvocationModel | Promise<InvocationModel>;
}

const HOOKS = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] as const;
export type HookName = (typeof HOOKS)[number];
type Hook = (context: unknown) => unknown;

class Disposable {
  constructor(private readonly onDispose: () => void) {}
  dispose(): void {
    this.onDispose();
  }
}

/**
 * The module `@azure/functions-core`, which the Functions worker hands to the `@azure/functions` library: functions, hooks and the
 * programming model are registered through it. Source: azure-functions-nodejs-worker, `setupCoreModule`.
 */
export class CoreModule {
  readonly functions = new Map<string, RegisteredFunction>();
  model: ProgrammingModel | undefined;
  /** Set once the app is loaded; from then on no function can be registered. */
  isLocked = false;
  private readonly hookLists = new Map<HookName, Hook[]>(HOOKS.map((name) => [name, []]));

  constructor(private readonly log: Logger) {}

  hooks(name: HookName): readonly Hook[] {
    return this.hookLists.get(name) ?? [];
  }

  /** Answers every `require('@azure/functions-core')` of this process until the returned function is called. */
  install(): () => void {
    const original = Module.prototype.require;
    const exported = this.exports();
    Module.prototype.require = new Proxy(original, {
      apply: (target, self, args: [string]) => (args[0] === '@azure/functions-core' ? exported : Reflect.apply(target, self, args)),
    });
    return () => {
      Module.prototype.require = original;
    };
  }

  private exports(): object {
    return {
      version: '3.99.0',
      hostVersion: '4.1000.0',
      Disposable,
      getProgrammingModel: () => this.model,
      setProgrammingModel: (model: ProgrammingModel) => {
        this.model = model;
      },
      registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) => this.registerFunction(metadata, callback),
      registerHook: (name: string, hook: Hook) => this.registerHook(name, hook),
      log: (level: LogLevel, _category: string, message: string) => this.log(level, 'Worker', message),
    };
  }

  private registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
    if (this.isLocked) throw new Error('A function can only be registered during app startup.');
    if (this.functions.has(metadata.name)) throw new Error(`A function with name "${metadata.name}" has already been registered.`);
    this.functions.set(metadata.name, { metadata, callback });
    return new Disposable(() => this.functions.delete(metadata.name));
  }

  private registerHook(name: string, hook: Hook): Disposable {
    const known = HOOKS.find((candidate) => candidate === name);
    const list = known === undefined ? undefined : this.hookLists.get(known);
    if (list === undefined) throw new RangeError(`Unrecognized hook "${name}"`);
    list.push(hook);
    return new Disposable(() => list.splice(list.indexOf(hook), 1));
  }
}
