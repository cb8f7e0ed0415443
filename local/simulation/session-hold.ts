import { sessionLockLost } from '../service-bus/faults';
import type { Waiting } from './wakes';

/** One delivery of a wake-up. It is settled once; who has lost the session's lock cannot settle it, and is told so. */
export interface Delivery extends Waiting {
  complete(): void;
  /** Gives it back as a failed delivery. */
  abandon(): void;
}

interface Queue {
  take(): Waiting | undefined;
  giveBack(message: Waiting): void;
  left(): void;
}

/** The lock of one receiver on one session: what is delivered meanwhile goes to it alone, a message at a time. */
export class SessionHold {
  private current: Waiting | undefined;
  private isLost = false;

  constructor(
    private readonly queue: Queue,
    readonly session: string,
  ) {}

  /** The next wake-up that is due; null where there is none. */
  receive(): Delivery | null {
    if (this.isLost) throw sessionLockLost();
    const message = this.queue.take();
    if (message === undefined) return null;
    this.current = message;
    const settle = (): void => {
      if (this.isLost || this.current !== message) throw sessionLockLost();
      this.current = undefined;
    };
    return {
      ...message,
      complete: settle,
      abandon: () => {
        settle();
        this.queue.giveBack(failed(message));
      },
    };
  }

  /** Gives the session up. A message that was not settled counts as not delivered. */
  close(): void {
    if (!this.isLost) this.end((message) => message);
  }

  /** The lock ends by itself: a message that was not settled counts as a failed delivery. */
  lose(): void {
    if (!this.isLost) this.end(failed);
  }

  private end(as: (message: Waiting) => Waiting): void {
    this.isLost = true;
    this.queue.left();
    if (this.current !== undefined) this.queue.giveBack(as(this.current));
    this.current = undefined;
  }
}

function failed(message: Waiting): Waiting {
  return { ...message, deliveries: (message.deliveries ?? 0) + 1 };
}
