import type { z } from 'zod';
import type { faultRuleSchema } from '../../serving/faults';
import type { PlannedFault } from '../story';
import type { World } from '../world';
import type { FaultKind } from './kind';

const minute = 60_000;
const methods = ['GET', 'POST', 'PATCH', 'DELETE'] as const;

/** What each service refuses with, by what was asked; a 404 on a read is no fault but a lie, and is never told. */
const readStatuses = [401, 403, 423, 429, 500, 501, 502, 503, 504, 509] as const;
const writeStatuses = [...readStatuses, 400, 409, 412, 413, 507] as const;

const serviceOf = ({ pick }: PlannedFault) => (pick % 2 === 0 ? ('graph' as const) : ('dynamics' as const));

/** Refusals, cut connections and time-outs of both services. Each rule goes by when its hits are used up or its time is over. */
export const wireFaults: readonly FaultKind[] = [
  {
    name: 'refusal',
    weight: 8,
    arm({ world, say }, fault) {
      const method = methods[fault.pick2 % 4] ?? 'GET';
      const statuses = method === 'GET' || isBatch(fault) ? readStatuses : writeStatuses;
      const status = statuses[Math.floor(fault.pick2 / 4) % statuses.length] ?? 503;
      add(world, fault, { kind: 'error', status, method: isBatch(fault) ? 'POST' : method, ...batchPath(fault), ...retryAfter(fault) });
      say(`${serviceOf(fault)} will refuse a ${method} with ${status}`);
    },
  },
  cutting('cutBefore', 5),
  cutting('cutAfter', 8),
  cutting('timeout', 3),
  {
    name: 'throttle',
    weight: 3,
    arm({ world, say }, fault) {
      world.control('dynamics', 'setThrottleLimit', { limit: ['requests', 'time', 'concurrency'][fault.pick2 % 3] });
      world.faults.add({
        service: serviceOf(fault),
        kind: 'throttle',
        from: 1 + (fault.pick2 % 12),
        times: 1 + (fault.pick2 % 4),
        ...retryAfter(fault),
      });
      say(`${serviceOf(fault)} will throttle`);
    },
  },
  {
    name: 'storm',
    weight: 1,
    arm({ world, say }, fault) {
      const forMs = (1 + (fault.pick2 % 30)) * minute;
      world.faults.add({ service: serviceOf(fault), kind: fault.pick2 % 3 === 0 ? 'error' : 'throttle', forMs, ...retryAfter(fault) });
      say(`${serviceOf(fault)} is away for ${forMs / minute} minutes`);
    },
  },
  {
    name: 'expiredDelta',
    weight: 4,
    arm({ world, say }, fault) {
      if (fault.pick2 % 3 === 0) world.control('graph', 'expireDeltas');
      else
        world.faults.add({
          service: 'graph',
          method: 'GET',
          path: '[Dd]elta',
          kind: 'expireCursor',
          from: 1 + (fault.pick2 % 3),
          times: 1 + (fault.pick2 % 2),
        });
      say('delta links of Graph expire');
    },
  },
  {
    name: 'expiredTracking',
    weight: 3,
    arm({ world, say }, { pick2 }) {
      world.control('dynamics', 'expireChangeTracking', pick2 % 2 === 0 ? { status: 410 } : { status: 400 });
      say('delta links of Dynamics expire');
    },
  },
];

/** Arms a rule that hits one of the first matching calls of the service, and perhaps the next ones. */
function add(world: World, fault: PlannedFault, rule: Omit<z.input<typeof faultRuleSchema>, 'service'>): void {
  world.faults.add({
    service: serviceOf(fault),
    from: 1 + (Math.floor(fault.pick / 64) % 5),
    times: 1 + (Math.floor(fault.pick2 / 64) % 2),
    ...rule,
  });
}

function cutting(kind: 'cutBefore' | 'cutAfter' | 'timeout', weight: number): FaultKind {
  return {
    name: kind,
    weight,
    arm({ world, say }, fault) {
      const method = methods[fault.pick2 % 4] ?? 'GET';
      add(world, fault, { kind, ...(isBatch(fault) ? { method: 'POST' } : { method }), ...batchPath(fault) });
      say(`${serviceOf(fault)}: ${kind} of a ${isBatch(fault) ? 'batch' : method}`);
    },
  };
}

/** Some faults hit a whole batch of Graph, the others a part of one or a request by itself. */
function isBatch({ pick }: PlannedFault): boolean {
  return pick % 8 === 0;
}

function batchPath(fault: PlannedFault): { readonly path?: string } {
  return isBatch(fault) ? { path: 'batch$' } : {};
}

function retryAfter({ pick }: PlannedFault): { readonly retryAfterSeconds?: number } {
  const draw = Math.floor(pick / 16) % 4;
  return draw === 0 ? {} : { retryAfterSeconds: [0, 7, 120][draw - 1] ?? 7 };
}
