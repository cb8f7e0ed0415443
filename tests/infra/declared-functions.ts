/** What the app registers with the Functions host. */
export interface DeclaredFunctions {
  /** Queue triggers by function name. */
  readonly queues: Readonly<
    Record<string, { readonly queueName: string; readonly isSessionsEnabled?: boolean; readonly connection: string }>
  >;
  readonly timers: Readonly<Record<string, { readonly schedule: string }>>;
  readonly http: readonly string[];
}

/** Loads the app as the host does, and notes what it registers. */
export function declaredFunctions(): DeclaredFunctions {
  const queues: Record<string, { queueName: string; isSessionsEnabled?: boolean; connection: string }> = {};
  const timers: Record<string, { schedule: string }> = {};
  const http: string[] = [];
  const ignored = () => undefined;
  const app = {
    serviceBusQueue: (name: string, options: { queueName: string; connection: string }) => {
      queues[name] = options;
    },
    timer: (name: string, options: { schedule: string }) => {
      timers[name] = options;
    },
    http: (name: string) => {
      http.push(name);
    },
    hook: { appStart: ignored, appTerminate: ignored, preInvocation: ignored },
  };
  jest.doMock('@azure/functions', () => ({ ...jest.requireActual<object>('@azure/functions'), app }));
  require('../../functions/index');
  return { queues, timers, http };
}
