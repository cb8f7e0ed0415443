import type { EventContext, Receiver } from 'rhea';
import { asFault, messageTooLarge } from './faults';
import type { Queue } from './queue';
import { sizeOf, unpack } from './wire';

/** Largest message of the Standard tier (Service Bus docs, "Quotas"). */
export const MAX_MESSAGE_BYTES = 256 * 1024;
const SEND_CREDIT = 1000;

/** Puts what a client sends on `receiver` into the queue; a batch is taken as a whole or refused as a whole. */
export function takeMessages(receiver: Receiver, queue: Queue): void {
  receiver.on('message', ({ message, delivery }: EventContext) => {
    try {
      const size = sizeOf(message);
      if (size > MAX_MESSAGE_BYTES) throw messageTooLarge(size, MAX_MESSAGE_BYTES);
      queue.send(unpack(message, delivery?.format));
      delivery?.accept();
    } catch (error) {
      const { condition, description } = asFault(error);
      delivery?.reject({ condition, description });
    }
    receiver.add_credit(1);
  });
  receiver.add_credit(SEND_CREDIT);
}
