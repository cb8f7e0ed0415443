import { app, type InvocationContext } from '@azure/functions';
import { createLog } from '../shared/platform/telemetry';
import type { Exporting } from '../shared/platform/telemetry-providers';
import { invocation } from '../shared/platform/tracing';
import { ownParts } from '../shared/services';

/** How long the end of the process may wait for what is to be sent yet, in ms. */
const lastWordsMs = 5_000;

let exporting: Exporting | null = null;

// Telemetry never keeps the app from starting: what is wrong with its settings each function says itself.
app.hook.appStart(async () => {
  try {
    const { config, tokens } = ownParts();
    if (config.telemetry === null) return;
    // An import() stays one in the built file, where a path has its extension.
    const { exportToAzureMonitor } = await import('../shared/platform/azure-monitor.js');
    exporting = exportToAzureMonitor(config.telemetry, config.telemetry.asIdentity ? tokens.asTokenCredential() : null);
  } catch (error) {
    createLog(console).error('telemetry-off', error);
  }
});

app.hook.preInvocation((call) => {
  if (exporting === null) return;
  const handler = call.functionHandler;
  call.functionHandler = (trigger, context) => invocation(context.functionName, originsOf(context), async () => handler(trigger, context));
});

app.hook.appTerminate(async () => {
  if (exporting === null) return;
  await Promise.race([exporting.end().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, lastWordsMs).unref())]);
});

function originsOf({ traceContext, triggerMetadata }: InvocationContext) {
  const properties: unknown = triggerMetadata?.applicationProperties;
  const sender: unknown = typeof properties === 'object' && properties !== null ? Reflect.get(properties, 'traceparent') : null;
  return { host: traceContext?.traceParent ?? null, sender: typeof sender === 'string' ? sender : null };
}
