import { createHash } from 'node:crypto';
import type { WireRequest } from '../serving/wire';

const longestNote = 65_536;

/** What was served, in order, as one hash: two runs with the same hash did the same. Nothing is left out or made alike but the bearer token, which is not read. */
export class TraceHash {
  private readonly hash = createHash('sha256');
  /** What was noted and not hashed yet: one long text is hashed faster than many short ones. */
  private noted = '';
  private served = 0;

  /** Notes a request and what it met: a status with the text of the answer, or how it went without one. */
  note(request: WireRequest, outcome: number | 'cut' | 'hung', text: string): void {
    const { method, url, body } = request;
    this.served += 1;
    this.noted += `${method} ${url.href}\n${body}\n${outcome} ${text}\n`;
    if (this.noted.length > longestNote) this.write();
  }

  /** How many requests were served so far, batches counting once. */
  get requests(): number {
    return this.served;
  }

  /** The hash so far, in hexadecimal. */
  digest(): string {
    this.write();
    return this.hash.copy().digest('hex');
  }

  private write(): void {
    this.hash.update(this.noted);
    this.noted = '';
  }
}
