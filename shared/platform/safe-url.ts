import { z } from 'zod';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** An address without a slash at its end. Plain http only where the other end is on this machine: tokens travel along. */
export const SafeUrl = z
  .string()
  .refine((value) => URL.canParse(value), { error: 'is not an address', abort: true })
  .refine(isSafe, 'is not an https address')
  .overwrite((value) => value.replace(/\/+$/, ''));

function isSafe(value: string): boolean {
  const { protocol, hostname, username, password } = new URL(value);
  return username === '' && password === '' && (protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname)));
}
