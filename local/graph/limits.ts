import type { Counters } from '../serving/counters';
import { GraphFailure } from './errors';
import type { Exchange } from './exchange';
import type { Mailbox } from './mailbox';

const windowMs = 600_000;

/** Outlook's limits per application and mailbox (Graph throttling limits docs): requests at once, and in ten minutes. */
export class MailboxLimits {
  private readonly running = new Map<string, number>();
  private readonly windows = new Map<string, { from: number; requests: number }>();

  constructor(
    private readonly exchange: Exchange,
    private readonly counters: Counters,
  ) {}

  /** Lets a request in until the returned function is called, or refuses it with 429; a refused one counts too. */
  enter(application: string, mailbox: Mailbox): () => void {
    const user = mailbox.person.objectId;
    const key = `${application} ${user}`;
    this.countInWindow(key);
    const running = this.running.get(key) ?? 0;
    if (running >= this.exchange.switches.mailboxConcurrency) throw throttled('MailboxConcurrency', 1);
    this.running.set(key, running + 1);
    const end = this.counters.begin(`graph:${user}`);
    return () => {
      this.running.set(key, (this.running.get(key) ?? 1) - 1);
      end();
    };
  }

  private countInWindow(key: string): void {
    const now = this.exchange.now();
    const last = this.windows.get(key);
    const window = last === undefined || now >= last.from + windowMs ? { from: now, requests: 0 } : last;
    this.windows.set(key, window);
    window.requests += 1;
    if (window.requests > this.exchange.switches.mailboxRequests)
      throw throttled('MailboxRequests', Math.ceil((window.from + windowMs - now) / 1000));
  }
}

function throttled(limit: string, retryAfterSeconds: number): GraphFailure {
  return new GraphFailure(429, 'ApplicationThrottled', `Application is over its ${limit} limit.`, {
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
}
