import type { Fault } from '../serving/faults';
import { pauseIn, type Service, type Surroundings } from '../serving/service';
import type { TokenVerifier } from '../serving/tokens';
import type { WireReply, WireRequest } from '../serving/wire';
import { authenticate, type Caller, reachMailbox, unsupported } from './access';
import { attachmentRoutes } from './attachment-routes';
import { serveBatch } from './batch';
import { calendarRoutes } from './calendar-routes';
import type { Call } from './call';
import { contactRoutes } from './contact-routes';
import { errorReply, GraphFailure, type RequestIds } from './errors';
import { eventRoutes } from './event-routes';
import type { Exchange } from './exchange';
import { MailboxLimits } from './limits';
import { linkedResourceRoutes } from './linked-resource-routes';
import { listRoutes } from './list-routes';
import { messageRoutes } from './message-routes';
import { personRoutes } from './person-routes';
import { type Preferences, readPreferences } from './preferences';
import { parsePath, Router } from './router';
import { isAboutSubscriptions, type SubscriptionDesk, subscriptionLabel } from './subscription-desk';
import { taskRoutes } from './task-routes';

const router = new Router([
  ...personRoutes,
  ...eventRoutes,
  ...attachmentRoutes,
  ...calendarRoutes,
  ...contactRoutes,
  ...listRoutes,
  ...taskRoutes,
  ...linkedResourceRoutes,
  ...messageRoutes,
]);

/** Serves Graph's requests: who calls, what is asked, within which limits; every failure leaves in Graph's shape. */
export class GraphHandler {
  private readonly limits: MailboxLimits;
  private served = 0;

  constructor(
    private readonly exchange: Exchange,
    private readonly surroundings: Surroundings,
    private readonly desk: SubscriptionDesk,
  ) {
    this.limits = new MailboxLimits(exchange, surroundings.counters);
  }

  async handle(request: WireRequest, service: Service, verifier: TokenVerifier): Promise<WireReply> {
    const ids = this.idsOf(request);
    try {
      const caller = await authenticate(verifier, request);
      if (isBatch(request)) return await serveBatch(request, service, ids, this.exchange.switches.batchOrder);
      if (isAboutSubscriptions(request.url)) return await this.desk.serve(request, caller, service.url, ids);
      return await this.serve(request, service, ids, caller);
    } catch (error) {
      if (error instanceof GraphFailure) return errorReply(error, ids);
      throw error;
    }
  }

  labelOf(request: WireRequest): string {
    return subscriptionLabel(request) ?? router.labelOf(request);
  }

  /** An armed fault in Graph's shape: 429 TooManyRequests, or the status that was asked for. */
  faultReply(fault: Fault, request: WireRequest): WireReply {
    const throttles = fault.kind === 'throttle' || fault.status === 429;
    const seconds = fault.retryAfterSeconds ?? (fault.kind === 'throttle' ? 10 : undefined);
    const headers = seconds === undefined ? {} : { headers: { 'retry-after': String(seconds) } };
    const failure = throttles
      ? new GraphFailure(429, 'TooManyRequests', 'Please retry again later.', headers)
      : new GraphFailure(fault.status, codeOf(fault.status), 'The service could not do this now.', headers);
    return errorReply(failure, this.idsOf(request));
  }

  private async serve(request: WireRequest, service: Service, ids: RequestIds, caller: Caller): Promise<WireReply> {
    const path = parsePath(request.url);
    const found = path === undefined ? undefined : router.find(request.method, path);
    if (path === undefined || found === undefined) throw unsupported(request);
    const mailbox = reachMailbox(this.exchange, caller, path, found.user);
    const leave = found.route.path === 'users/{}' ? () => {} : this.limits.enter(caller.application, mailbox);
    try {
      await pauseIn(this.surroundings, this.surroundings.latencyMs ?? 0);
      const prefer = readPreferences(request.headers.prefer);
      const call: Call = {
        request,
        origin: service.url,
        ids,
        prefer: found.route.path.startsWith('users/{}/todo/') ? withoutOutlook(prefer) : prefer,
        query: new Map([...request.url.searchParams].map(([name, value]) => [name.toLowerCase(), value])),
        parameters: found.parameters,
        exchange: this.exchange,
        mailbox,
      };
      return found.route.handle(call);
    } finally {
      leave();
    }
  }

  private idsOf(request: WireRequest): RequestIds {
    this.served += 1;
    const requestId = `9e0c9ab1-0000-4000-8000-${this.served.toString(16).padStart(12, '0')}`;
    return { requestId, clientRequestId: request.headers['client-request-id'] ?? requestId, at: this.exchange.now() };
  }
}

/** To Do tells its times in UTC and its bodies as they are, whatever Outlook's preferences say. */
function withoutOutlook(preferences: Preferences): Preferences {
  return { ...preferences, timeZone: undefined, bodyType: undefined };
}

function isBatch(request: WireRequest): boolean {
  return request.method === 'POST' && /^\/v1\.0\/\$batch$/i.test(decodeURI(request.url.pathname));
}

function codeOf(status: number): string {
  if (status === 500) return 'ErrorInternalServerTransientError';
  if (status >= 500) return 'ServiceUnavailable';
  return status === 401 ? 'InvalidAuthenticationToken' : 'UnknownError';
}
