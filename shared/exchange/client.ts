import { createCheck } from './check';
import type { Exchange } from './exchange';
import { createGraph, type GraphOptions } from './graph';
import { createMailbox } from './mailbox';
import { probe } from './probe';
import { createSubscriptions } from './subscriptions';

export type ExchangeOptions = GraphOptions;

/** Exchange Online by way of Microsoft Graph, called as the application. */
export function createExchange(options: ExchangeOptions): Exchange {
  const graph = createGraph(options);
  return {
    mailbox: (user) => createMailbox(graph, user),
    check: (userId) => createCheck(graph, userId),
    probe: (targets) => probe(graph, targets),
    subscriptions: createSubscriptions(graph),
  };
}
