import { randomUUID } from 'node:crypto';
import type { CoreInvocationContext, CoreModule, InvocationRequest, InvocationResponse, RegisteredFunction } from './core-module';
import type { Logger, LogLevel } from './logging';
import { describeError, HostProblem } from './problem';

export type Invocation = Omit<InvocationRequest, 'invocationId'>;

/** Runs functions through the library, one invocation at a time each, with hooks and time-out, and knows how many are running. */
export class Invoker {
  private readonly appHookData: Record<string, unknown> = {};
  private readonly running = new Set<Promise<unknown>>();

  constructor(
    private readonly core: CoreModule,
    private readonly log: Logger,
    private readonly timeoutMs: number | undefined,
  ) {}

  get runningCount(): number {
    return this.running.size;
  }

  /**
   * Runs one function once. A failure is logged here, with the function's name and the error's code and message, and thrown again.
   * After `functionTimeout` the invocation counts as failed; its code cannot be stopped and runs on (Azure restarts the worker process).
   */
  invoke(name: string, invocation: Invocation): Promise<InvocationResponse> {
    const run = this.invokeAndLog(name, invocation).finally(() => this.running.delete(run));
    this.running.add(run);
    return run;
  }

  /** Runs `appStart` or `appTerminate` hooks in the order in which they were registered. */
  async runAppHooks(name: 'appStart' | 'appTerminate'): Promise<void> {
    for (const hook of this.core.hooks(name)) await hook({ hookData: {}, appHookData: this.appHookData });
  }

  /** Resolves when nothing runs any more, or after `limitMs`. */
  async settled(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    await Promise.race([Promise.allSettled([...this.running]), limit]);
    clearTimeout(timer);
  }

  private async invokeAndLog(name: string, invocation: Invocation): Promise<InvocationResponse> {
    const registered = this.core.functions.get(name);
    if (registered === undefined) throw new HostProblem('function-unknown', `There is no function '${name}'.`);
    const invocationId = randomUUID();
    const startedAt = Date.now();
    try {
      const response = await this.withTimeout(name, invocationId, this.run(registered, { invocationId, ...invocation }));
      this.log('debug', `Function.${name}`, `functions: ${name} succeeded in ${Date.now() - startedAt} ms`, invocationId);
      return response;
    } catch (error) {
      this.log('error', `Function.${name}`, `functions: ${name} failed: ${describeError(error)}`, invocationId);
      if (error instanceof Error) this.log('debug', `Function.${name}`, error.stack ?? error.message, invocationId);
      throw error;
    }
  }

  /** The steps of the worker's invocation handler: arguments, hooks, the function itself, hooks, response. */
  private async run(registered: RegisteredFunction, request: InvocationRequest): Promise<InvocationResponse> {
    if (this.core.model === undefined) throw new HostProblem('no-programming-model', 'The app does not use @azure/functions.');
    const { metadata } = registered;
    const { invocationId } = request;
    let invocationContext: unknown;
    const coreContext: CoreInvocationContext = {
      invocationId,
      request,
      metadata,
      state: undefined,
      log: (level, category, message) => this.logFor(metadata.name, invocationId, invocationContext, level, category, message),
    };
    const model = await this.core.model.getInvocationModel(coreContext);
    const { context, inputs } = await model.getArguments();
    invocationContext = context;
    const shared = { hookData: {}, appHookData: this.appHookData, invocationContext: context };

    coreContext.state = 'preInvocationHooks';
    const before = { ...shared, functionCallback: registered.callback, inputs };
    for (const hook of this.core.hooks('preInvocation')) await hook(before);

    coreContext.state = 'invocation';
    const after: typeof shared & { inputs: unknown[]; result: unknown; error: unknown } = {
      ...shared,
      inputs: before.inputs,
      result: null,
      error: null,
    };
    try {
      after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
    } catch (error) {
      after.error = error ?? new Error('The function failed with no error.');
    }

    coreContext.state = 'postInvocationHooks';
    for (const hook of this.core.hooks('postInvocation')) await hook(after);
    coreContext.state = undefined;

    if (after.error) throw after.error;
    return model.getResponse(context, after.result);
  }

  private logFor(name: string, invocationId: string, invocationContext: unknown, level: LogLevel, category: string, message: string): void {
    const entry = { hookData: {}, level, message, category, invocationContext };
    for (const hook of this.core.hooks('log')) hook(entry);
    this.log(entry.level, category === 'user' ? `Function.${name}.User` : `Function.${name}`, entry.message, invocationId);
  }

  private async withTimeout<T>(name: string, invocationId: string, run: Promise<T>): Promise<T> {
    if (this.timeoutMs === undefined) return run;
    const seconds = this.timeoutMs / 1000;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      const message = `Timeout value of ${seconds} s exceeded by function '${name}' (Id: '${invocationId}').`;
      timer = setTimeout(() => reject(new HostProblem('function-timeout', message)), this.timeoutMs);
    });
    try {
      return await Promise.race([run, limit]);
    } finally {
      clearTimeout(timer);
    }
  }
}
