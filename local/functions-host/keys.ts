import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AuthLevel } from './functions';
import type { Environment } from './settings';

/** The keys that callers must present; with none set nobody is asked for one, as in Azure Functions Core Tools. */
export interface HostKeys {
  readonly host: string | undefined;
  readonly master: string | undefined;
}

/** Keys come from the settings `FUNCTIONS_HOST_KEY` and `FUNCTIONS_MASTER_KEY`; Azure keeps them in a secret store instead. */
export function hostKeys(environment: Environment): HostKeys {
  return { host: environment.FUNCTIONS_HOST_KEY || undefined, master: environment.FUNCTIONS_MASTER_KEY || undefined };
}

/** Whether a request may call what asks for `level`: the key is in `x-functions-key` or `?code=`, and the master key opens everything. */
export function isAllowed(level: AuthLevel, request: IncomingMessage, url: URL, keys: HostKeys): boolean {
  if (level === 'anonymous' || (keys.host === undefined && keys.master === undefined)) return true;
  const header = request.headers['x-functions-key'];
  const presented = typeof header === 'string' ? header : (url.searchParams.get('code') ?? '');
  return isSame(presented, keys.master) || (level === 'function' && isSame(presented, keys.host));
}

function isSame(presented: string, key: string | undefined): boolean {
  if (key === undefined) return false;
  const [a, b] = [Buffer.from(presented), Buffer.from(key)];
  return a.length === b.length && timingSafeEqual(a, b);
}
