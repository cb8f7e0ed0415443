import type { TokenCredential } from '@azure/identity';
import { AzureMonitorMetricExporter, AzureMonitorTraceExporter, RateLimitedSampler } from '@azure/monitor-opentelemetry-exporter';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { presetForLibraries, type TelemetryTarget } from './config';
import { type Exporting, startExporting } from './telemetry-providers';

const spansEveryMs = 5_000;
const metricsEveryMs = 60_000;
/** A request that takes longer is given up, and what it carried is lost. */
const mostMs = 10_000;
/** Spans that wait; further ones are dropped. */
const mostWaiting = 2_048;

/** The library sends figures about itself, to Microsoft and to the resource, unless it finds these. */
const quiet = { APPLICATION_INSIGHTS_NO_STATSBEAT: 'true', APPLICATIONINSIGHTS_SDKSTATS_DISABLED: 'true' };

/**
 * Has this process send traces and metrics to Application Insights, in the background and in batches. What cannot be sent is dropped: nothing is written to the
 * disk. Throws where the connection string has no instrumentation key.
 */
export function exportToAzureMonitor(
  { connectionString, tracesPerMinute }: TelemetryTarget,
  credential: TokenCredential | null,
): Exporting {
  presetForLibraries(quiet);
  const options = { connectionString, disableOfflineStorage: true, ...(credential === null ? {} : { credential }) };
  return startExporting({
    spans: new BatchSpanProcessor(new AzureMonitorTraceExporter(options), {
      scheduledDelayMillis: spansEveryMs,
      exportTimeoutMillis: mostMs,
      maxQueueSize: mostWaiting,
    }),
    metrics: new PeriodicExportingMetricReader({
      exporter: new AzureMonitorMetricExporter(options),
      exportIntervalMillis: metricsEveryMs,
      exportTimeoutMillis: mostMs,
    }),
    sampler: new RateLimitedSampler(tracesPerMinute / 60),
  });
}
