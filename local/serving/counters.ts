/** What one service has served, by endpoint label (method and path template). */
export interface Count {
  /** Requests on the wire; a batch counts once. */
  requests: number;
  /** Operations: a plain request is one, a batch is as many as it has parts. */
  operations: number;
}

/** Requests per service and endpoint, and how many ran at once. */
export class Counters {
  private counts = new Map<string, Map<string, Count>>();
  private running = new Map<string, number>();
  private peaks = new Map<string, number>();

  request(service: string, endpoint: string, isBatch: boolean): void {
    const count = this.at(service, endpoint);
    count.requests += 1;
    if (!isBatch) count.operations += 1;
  }

  part(service: string, endpoint: string): void {
    this.at(service, endpoint).operations += 1;
  }

  /** Marks `key` (a mailbox, a service) as busy with `weight` more requests until the returned function is called. */
  begin(key: string, weight = 1): () => void {
    const now = (this.running.get(key) ?? 0) + weight;
    this.running.set(key, now);
    this.peaks.set(key, Math.max(this.peaks.get(key) ?? 0, now));
    return () => this.running.set(key, (this.running.get(key) ?? weight) - weight);
  }

  snapshot(): { endpoints: Record<string, Record<string, Count>>; peaks: Record<string, number> } {
    const endpoints: Record<string, Record<string, Count>> = {};
    for (const [service, counts] of this.counts) {
      endpoints[service] = Object.fromEntries([...counts].map(([endpoint, count]) => [endpoint, { ...count }]));
    }
    return { endpoints, peaks: Object.fromEntries(this.peaks) };
  }

  reset(): void {
    this.counts.clear();
    this.peaks.clear();
  }

  private at(service: string, endpoint: string): Count {
    const counts = this.counts.get(service) ?? new Map<string, Count>();
    this.counts.set(service, counts);
    const count = counts.get(endpoint) ?? { requests: 0, operations: 0 };
    counts.set(endpoint, count);
    return count;
  }
}
