import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api';

/** Lets a span know, across everything that is awaited within it, which span it is part of. */
export function callContext(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (context, run, self, ...args) => storage.run(context, () => Reflect.apply(run, self, args)),
    bind: (context, target) =>
      typeof target === 'function'
        ? new Proxy(target, { apply: (run, self, args) => storage.run(context, () => Reflect.apply(run, self, args)) })
        : target,
    enable: () => manager,
    disable: () => {
      storage.disable();
      return manager;
    },
  };
  return manager;
}
