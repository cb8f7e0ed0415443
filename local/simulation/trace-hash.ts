import { createHash } from 'node:crypto';
import type { WireRequest } from '../serving/wire';

/** What was served, in order, as one hash: two runs with the same hash did the same. Nothing is left out or made alike but the bearer token, which is not read. */
export class TraceHash {
  private readonly hash = createHash('sha256');
  private served = 0;

  /** Notes a request and what it met: a status with the text of the answer, or how it went without one. */
  note(request: WireRequest, outcome: number | 'cut' | 'hung', text: string): void {
    const { method, url, body } = request;
    this.served += 1;
    this.hash.update(`${method} ${url.href}\n${body}\n${outcome} ${text}\n`);
  }

  /** How many requests were served so far, batches counting once. */
  get requests(): number {
    return this.served;
  }

  /** The hash so far, in hexadecimal. */
  digest(): string {
    return this.hash.copy().digest('hex');
  }
}
