import { context, type Link, ROOT_CONTEXT, type Span, SpanKind, type SpanOptions, SpanStatusCode, trace } from '@opentelemetry/api';
import { TandemError } from './errors';
import { type Signals, told } from './signals';

/** What is going on, while it does. */
export interface Noting {
  add(signals: Signals): void;
}

/** `call`: a request to somebody else; `send`: messages for a queue; `step`: something that Tandem itself does. */
export type SpanSort = 'call' | 'send' | 'step';

const sorts = { call: SpanKind.CLIENT, send: SpanKind.PRODUCER, step: SpanKind.INTERNAL };

/**
 * Runs something as a span of the trace that it is part of; it costs next to nothing where nobody exports traces. Of an error only its code is told: its message
 * and its stack are not.
 */
export function spanned<T>(name: string, sort: SpanSort, signals: Signals, run: (noting: Noting) => Promise<T>): Promise<T> {
  return tracer().startActiveSpan(name, { kind: sorts[sort], attributes: told(signals) }, (span) => ended(span, run));
}

/** Where an invocation comes from, in the format of the W3C header `traceparent`; null where nobody says. */
export interface Origins {
  /** The host's own request, of which the invocation is a part. */
  readonly host: string | null;
  /** Who sent the message that it serves. It is linked and no parent: a chain of wake-ups may go on for weeks. */
  readonly sender: string | null;
}

/** Runs one invocation of a function as the first span of the process in its trace. */
export function invocation<T>(name: string, { host, sender }: Origins, run: () => Promise<T>): Promise<T> {
  const [parent, other] = [spanContextOf(host), spanContextOf(sender)];
  const links: Link[] = other === null ? [] : [{ context: other }];
  const options: SpanOptions = { kind: SpanKind.INTERNAL, links };
  const from = parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
  return tracer().startActiveSpan(name, options, from, (span) => ended(span, run));
}

/** The span that runs now, as a `traceparent`; null where none is exported. */
export function traceParent(): string | null {
  const now = trace.getSpanContext(context.active());
  if (now === undefined || !trace.isSpanContextValid(now)) return null;
  return `00-${now.traceId}-${now.spanId}-${now.traceFlags.toString(16).padStart(2, '0')}`;
}

function tracer() {
  return trace.getTracer('tandem');
}

async function ended<T>(span: Span, run: (noting: Noting) => Promise<T>): Promise<T> {
  try {
    return await run({ add: (signals) => span.setAttributes(told(signals)) });
  } catch (error) {
    span.setAttributes(told({ 'tandem.error': error instanceof TandemError ? error.code : 'unexpected' }));
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/** Version 00 of the header (W3C Trace Context, 3.2); a later one begins the same way. */
const traceParentPattern = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-|$)/;

function spanContextOf(header: string | null) {
  const [, traceId = '', spanId = '', flags = ''] = traceParentPattern.exec(header ?? '') ?? [];
  const found = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return trace.isSpanContextValid(found) ? found : null;
}
