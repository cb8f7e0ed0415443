/**
 * Texts as Table Storage keys. A key must not hold `/ \ # ?` or control characters (Table service documentation, "Characters Disallowed in Key
 * Fields"), and everything else that a URL would change is better not there either. Keys compare by UTF-16 unit; ids of letters, digits and
 * hyphens keep their order.
 */

/** What stands in a key as it is. `~` starts an escape, `|` joins parts. */
const plain = /[^A-Za-z0-9\-_.:@=]/g;
const escaped = /~([0-9a-f]{4})/g;

/** Any text as one part of a key: no two texts give the same part. At most five times as long. */
export function encodeKey(text: string): string {
  return text.replace(plain, (unit) => `~${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The text of a part that `encodeKey` made. */
export function decodeKey(part: string): string {
  return part.replace(escaped, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Texts as one key, such as `feed|contoso|task`: no two lists of texts with at least one text give the same key. */
export function joinKey(...parts: readonly [string, ...string[]]): string {
  return parts.map(encodeKey).join('|');
}

/** The texts that `joinKey` joined. */
export function splitKey(key: string): string[] {
  return key.split('|').map(decodeKey);
}

/** Where the keys end that start with `prefix|`: the next character after the bar. For filters `ge prefix|` and `lt afterKey(prefix)`. */
export function afterKey(prefix: string): string {
  return `${prefix}}`;
}
