import { context, metrics, trace } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, type MetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, ParentBasedSampler, type Sampler, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { callContext } from './call-context';

export interface Exports {
  readonly spans: SpanProcessor;
  readonly metrics: MetricReader;
  /** Which traces are exported. */
  readonly sampler: Sampler;
}

/** What was set up to export traces and metrics. */
export interface Exporting {
  /** Sends what is waiting; rejects where that fails. */
  flush(): Promise<void>;
  /** Sends what is waiting and exports nothing from then on. */
  end(): Promise<void>;
}

/** Has this process export its traces and metrics. Until somebody does, spans and measurements go nowhere and cost next to nothing. */
export function startExporting({ spans, metrics: reader, sampler }: Exports): Exporting {
  const resource = resourceFromAttributes({ 'service.name': 'tandem' });
  // The host says that its requests are not sampled unless it exports them by OpenTelemetry itself, so its word does not count here.
  const root = new ParentBasedSampler({ root: sampler, remoteParentSampled: sampler, remoteParentNotSampled: sampler });
  const tracers = new BasicTracerProvider({ resource, sampler: root, spanProcessors: [spans] });
  const meters = new MeterProvider({ resource, readers: [reader] });
  context.setGlobalContextManager(callContext());
  trace.setGlobalTracerProvider(tracers);
  metrics.setGlobalMeterProvider(meters);
  return {
    async flush() {
      await Promise.all([tracers.forceFlush(), meters.forceFlush()]);
    },
    async end() {
      await Promise.all([tracers.shutdown(), meters.shutdown()]);
      trace.disable();
      metrics.disable();
      context.disable();
    },
  };
}
