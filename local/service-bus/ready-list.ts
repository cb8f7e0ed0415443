import type { StoredMessage } from './stored-message';

const COMPACT_AFTER = 1024;

/** Messages ready for delivery, lowest sequence number first: one that comes back takes its old place. */
export class ReadyList {
  #items: StoredMessage[] = [];
  /** Items before this index have been taken. */
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  add(message: StoredMessage): void {
    const last = this.#items.at(-1);
    if (this.size === 0 || last === undefined || last.sequenceNumber < message.sequenceNumber) this.#items.push(message);
    else this.#items.splice(this.#position(message.sequenceNumber), 0, message);
  }

  takeFirst(): StoredMessage | undefined {
    const first = this.#items[this.#head];
    if (first === undefined) return undefined;
    this.#head += 1;
    if (this.#head === this.#items.length || (this.#head > COMPACT_AFTER && this.#head * 2 > this.#items.length)) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return first;
  }

  /** Takes out one message, wherever it stands; nothing happens if it is not in the list. */
  remove(message: StoredMessage): void {
    const position = this.#position(message.sequenceNumber);
    if (this.#items[position] === message) this.#items.splice(position, 1);
  }

  /** Index of the first message whose number is not below `sequenceNumber`. */
  #position(sequenceNumber: number): number {
    let low = this.#head;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const item = this.#items[middle];
      if (item !== undefined && item.sequenceNumber < sequenceNumber) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
