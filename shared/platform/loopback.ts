import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Whether the host of a URL is the machine itself, by its number or by a name that is kept for that (RFC 6761, 6.3). */
export function isLoopback(hostname: string): boolean {
  const host = bare(hostname);
  const version = isIP(host);
  if (version === 0) return /^(?:.+\.)?localhost\.?$/i.test(host);
  return loopback.check(host, version === 6 ? 'ipv6' : 'ipv4');
}

/** The host of a URL without the brackets that stand around the newer addresses. */
export function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
