import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { HostProblem } from './problem';
import { timeSpanToMs } from './timespan';

function toMs(text: string, context: z.core.$RefinementCtx<string>): number {
  const ms = timeSpanToMs(text);
  if (ms === undefined) context.addIssue({ code: 'custom', message: `"${text}" is not a time span such as 00:01:00` });
  return ms ?? 0;
}

const duration = z.string().transform(toMs);
const durationOrEndless = z.string().transform((text, context) => (text === '-1' ? undefined : toMs(text, context)));

/** Settings of the Service Bus extension 5.x; the host reads those it acts on and knows the others by name. */
const serviceBusSchema = z.strictObject({
  autoCompleteMessages: z.boolean().default(true),
  maxAutoLockRenewalDuration: duration.prefault('00:05:00'),
  maxConcurrentCalls: z.int().min(1).default(16),
  maxConcurrentSessions: z.int().min(1).default(8),
  sessionIdleTimeout: duration.prefault('00:01:00'),
  clientRetryOptions: z.unknown().optional(),
  enableCrossEntityTransactions: z.boolean().optional(),
  maxBatchWaitTime: z.string().optional(),
  maxMessageBatchSize: z.int().optional(),
  minMessageBatchSize: z.int().optional(),
  prefetchCount: z.int().optional(),
  transportType: z.string().optional(),
  webProxy: z.string().optional(),
});

const logLevel = z.enum(['Trace', 'Debug', 'Information', 'Warning', 'Error', 'Critical', 'None']);

const hostJsonSchema = z.looseObject({
  version: z.literal('2.0').default('2.0'),
  functionTimeout: durationOrEndless.prefault('00:30:00'),
  logging: z.looseObject({ logLevel: z.record(z.string(), logLevel).default({}) }).prefault({}),
  extensions: z
    .looseObject({
      http: z.looseObject({ routePrefix: z.string().default('api') }).prefault({}),
      serviceBus: serviceBusSchema.prefault({}),
    })
    .prefault({}),
});

/** host.json with the defaults of the host; durations in ms, an endless `functionTimeout` (-1) is undefined. */
export type HostJson = z.output<typeof hostJsonSchema>;
export type ServiceBusSettings = z.output<typeof serviceBusSchema>;
export type LogLevelName = z.output<typeof logLevel>;

/**
 * Reads host.json of an app; an absent file means defaults. Source: "host.json reference for Azure Functions 2.x and later".
 * @throws HostProblem `host-json-invalid` with the path of each wrong value
 */
export function readHostJson(appDirectory: string): HostJson {
  const file = join(appDirectory, 'host.json');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '{}';
  const parsed = hostJsonSchema.safeParse(parseJson(file, text));
  if (!parsed.success) throw new HostProblem('host-json-invalid', `${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HostProblem('host-json-invalid', `${file} is not JSON: ${cause instanceof Error ? cause.message : cause}.`);
  }
}
