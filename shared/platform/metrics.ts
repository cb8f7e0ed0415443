import { type Counter, type Histogram, type Meter, type MeterProvider, metrics } from '@opentelemetry/api';
import { type Signals, told } from './signals';

interface Metric {
  /** `sum`: how many; `spread`: how long, in ms. */
  readonly kind: 'sum' | 'spread';
  /** What it tells, for the table in docs/operations.md. */
  readonly means: string;
  readonly by: readonly (keyof Signals)[];
}

/** All that is measured. The names are promised to whoever has built a chart on them. */
export const metricTable = {
  'tandem.freshness.ms': {
    kind: 'spread',
    means: 'from an edit to the moment when it stood on the other side; first loads are left out',
    by: ['tandem.integration'],
  },
  'tandem.cycle.ms': {
    kind: 'spread',
    means: 'how long a cycle took; those that had nothing to do are left out',
    by: ['tandem.integration', 'tandem.end'],
  },
  'tandem.actions': { kind: 'sum', means: 'pairs that something was done about', by: ['tandem.integration', 'tandem.reason'] },
  'tandem.holds': { kind: 'sum', means: 'pairs that began to wait for an admin', by: ['tandem.integration', 'tandem.reason'] },
  'tandem.requests': { kind: 'sum', means: 'requests over the network; a batch is one', by: ['tandem.service', 'tandem.status'] },
  'tandem.throttled': { kind: 'sum', means: 'replies of 429; in a batch each part counts', by: ['tandem.service'] },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof metricTable;
type Of<Kind extends Metric['kind']> = { [Name in MetricName]: (typeof metricTable)[Name]['kind'] extends Kind ? Name : never }[MetricName];
type SignalsOf<Name extends MetricName> = Required<Pick<Signals, (typeof metricTable)[Name]['by'][number]>>;

/** Counts something that happened. */
export function count<Name extends Of<'sum'>>(name: Name, signals: SignalsOf<Name>, by = 1): void {
  instruments().counter(name).add(by, told(signals));
}

/** Notes how long something took, in ms. */
export function measure<Name extends Of<'spread'>>(name: Name, ms: number, signals: SignalsOf<Name>): void {
  instruments().histogram(name).record(ms, told(signals));
}

interface Instruments {
  counter(name: MetricName): Counter;
  histogram(name: MetricName): Histogram;
}

/** One that was made before there was a provider would measure nothing for ever, so each provider has its own. */
const known = new WeakMap<MeterProvider, Instruments>();

function instruments(): Instruments {
  const provider = metrics.getMeterProvider();
  const found = known.get(provider) ?? instrumentsOf(provider.getMeter('tandem'));
  known.set(provider, found);
  return found;
}

function instrumentsOf(meter: Meter): Instruments {
  const counters = new Map<MetricName, Counter>();
  const histograms = new Map<MetricName, Histogram>();
  return {
    counter(name) {
      const found = counters.get(name) ?? meter.createCounter(name, { description: metricTable[name].means });
      counters.set(name, found);
      return found;
    },
    histogram(name) {
      const found = histograms.get(name) ?? meter.createHistogram(name, { description: metricTable[name].means, unit: 'ms' });
      histograms.set(name, found);
      return found;
    },
  };
}
