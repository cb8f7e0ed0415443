import { AggregationTemporality, InMemoryMetricExporter, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { AlwaysOnSampler, InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { startExporting } from '../../../shared/platform/telemetry-providers';

/** One measurement, summed up since the start. */
export interface Measured {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** A sum, or how many values there were. */
  readonly value: number;
}

export interface InMemoryTelemetry {
  spans(): readonly ReadableSpan[];
  measured(): Promise<readonly Measured[]>;
  /** Everything that would be exported, as text. */
  text(): Promise<string>;
  end(): Promise<void>;
}

/** Keeps what this process tells of itself, until its end. */
export function startInMemoryTelemetry(): InMemoryTelemetry {
  const spans = new InMemorySpanExporter();
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const metrics = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const exporting = startExporting({ spans: new SimpleSpanProcessor(spans), metrics, sampler: new AlwaysOnSampler() });

  async function collected() {
    await exporting.flush();
    return (exporter.getMetrics().at(-1)?.scopeMetrics ?? []).flatMap((scope) => scope.metrics);
  }

  return {
    spans: () => spans.getFinishedSpans(),
    async measured() {
      return (await collected()).flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ attributes, value }) => ({
          name: descriptor.name,
          attributes,
          value: typeof value === 'number' ? value : value.count,
        })),
      );
    },
    async text() {
      const told = spans.getFinishedSpans().map(({ name, attributes, events, status, links, resource }) => ({
        name,
        attributes,
        events,
        status,
        links,
        of: resource.attributes,
      }));
      return JSON.stringify([told, await collected()]);
    },
    end: () => exporting.end(),
  };
}
