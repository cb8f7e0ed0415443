import type { Person } from '../../company/people';
import type { Json } from './json';

/** The two systems as people reach them: with their own hands, and never through Tandem. */
export interface Outside {
  readonly clock: { now(): number };
  /** Calls the Dynamics Web API as a person. */
  crm(who: Person, method: string, path: string, body?: Json, headers?: Record<string, string>): Promise<Json>;
  /** Calls Graph for a person's own mailbox, as that person. */
  outlook(who: Person, method: string, path: string, body?: Json, headers?: Record<string, string>): Promise<Json>;
  /** Does to a stand-in what no request can. */
  control(of: 'dynamics' | 'graph', name: string, body?: Json): unknown;
}

/** All pages of a list. */
export async function pagesOf(get: (path: string) => Promise<Json>, first: string): Promise<Json[]> {
  const found: Json[] = [];
  for (let path: string | undefined = first; path !== undefined; ) {
    const page: Json = await get(path);
    if (Array.isArray(page.value)) found.push(...(page.value as Json[]));
    const next = page['@odata.nextLink'];
    path = typeof next === 'string' ? next.replace(/^.*?\/(v9\.2|v1\.0\/(me|users\/[^/]+))\//, '') : undefined;
  }
  return found;
}
