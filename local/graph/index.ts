import { z } from 'zod';
import { type Person, people } from '../company/people';
import { type OpenService, type Service, type Surroundings, startService } from '../serving/service';
import { type TokenIssuer, type TokenVerifier, verifierFor } from '../serving/tokens';
import { exchangeControls } from './controls';
import { Exchange, type ExchangeState } from './exchange';
import { GraphHandler } from './handler';
import { Notifier } from './notifier';
import { seedExchange } from './seed';
import { subscriptionControls } from './subscription-controls';
import { SubscriptionDesk } from './subscription-desk';

/** A running stand-in for Microsoft Graph v1.0; clients use `${url}/v1.0` as their base URL. */
export interface GraphStandIn {
  readonly service: Service;
  readonly url: string;
  /** What can be done to it besides requests; each control checks its argument and throws where it does not fit. */
  readonly controls: Readonly<Record<string, (body: unknown) => unknown>>;
  /** Everything it knows, as JSON: `startGraph({ snapshot })` goes on from there, delta links included. */
  snapshot(): unknown;
}

const snapshotSchema = z.object({
  version: z.literal(1),
  exchange: z.custom<ExchangeState>((value) => typeof value === 'object' && value !== null),
});

/** Starts Graph with a mailbox for each of `people`, the demo company where absent. `now` (ms) is the clock for everything that it writes. */
export async function startGraph(options: {
  readonly surroundings: Surroundings;
  readonly identity: TokenIssuer;
  /** On a socket where absent. */
  readonly open?: OpenService;
  readonly port?: number;
  readonly now?: () => number;
  readonly seed?: 'company' | 'empty-company';
  readonly people?: readonly Person[];
  readonly snapshot?: unknown;
}): Promise<GraphStandIn> {
  const { surroundings, identity, now = Date.now } = options;
  const state = options.snapshot === undefined ? undefined : snapshotSchema.parse(options.snapshot).exchange;
  const exchange = new Exchange(options.people ?? people, now, state);
  if (state === undefined) seedExchange(exchange, options.seed ?? 'company');

  // Without a socket nobody is called: whoever wants to be told is refused.
  const notifier = new Notifier(exchange, options.open === undefined);
  const handler = new GraphHandler(exchange, surroundings, new SubscriptionDesk(exchange, notifier));
  const service = await (options.open ?? startService)({
    name: 'graph',
    port: options.port ?? 0,
    surroundings: withoutLatency(surroundings),
    handle: (request) => handler.handle(request, service, verifier),
    faultReply: (fault, request) => handler.faultReply(fault, request),
    endpointOf: (request) => handler.labelOf(request),
  });
  const audiences = [service.url, `${service.url}/`, 'https://graph.microsoft.com', 'https://graph.microsoft.com/'];
  const verifier: TokenVerifier = verifierFor(identity, audiences);
  return {
    service: {
      ...service,
      async close() {
        notifier.stop();
        await service.close();
      },
    },
    url: service.url,
    controls: { ...exchangeControls(exchange), ...subscriptionControls(exchange, notifier) },
    snapshot: () => structuredClone({ version: 1, exchange: exchange.snapshot() }),
  };
}

/** The handler itself waits the latency out, so that a request counts as running while it does. */
function withoutLatency({ latencyMs: _latency, ...others }: Surroundings): Surroundings {
  return others;
}
