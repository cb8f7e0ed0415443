import { count } from './metrics';
import { spanned } from './tracing';

/** Who is asked over the network. */
export type AskedService = 'dynamics' | 'exchange';

/** A fetch that makes a span of each request and counts it. Nothing of the address is told but the route: what a path is about is left out, and so is the query. */
export function tracedFetch(service: AskedService, send: typeof fetch): typeof fetch {
  return (input, init) => {
    const method = init?.method ?? 'GET';
    const route = routeOf(typeof input === 'string' ? input : input instanceof URL ? input.href : input.url);
    const signals = { 'tandem.service': service, 'tandem.route': route, 'http.request.method': method };
    return spanned(`${method} ${route}`, 'call', signals, async (noting) => {
      try {
        const response = await send(input, init);
        noting.add({ 'http.response.status_code': response.status });
        count('tandem.requests', { 'tandem.service': service, 'tandem.status': `${Math.floor(response.status / 100)}xx` });
        if (response.status === 429) count('tandem.throttled', { 'tandem.service': service });
        return response;
      } catch (error) {
        count('tandem.requests', { 'tandem.service': service, 'tandem.status': 'none' });
        throw error;
      }
    });
  };
}

/** A segment that names what is asked for: a word, and in brackets the key of a row or what a function is given. An id has hyphens or long numbers. */
const segment = /^((?![^(]*\d{4})[A-Za-z$][\w.$]{0,79})(\(.*\))?$/s;

/** The path of an address with `{}` for every key and everything else that is no word of the API. */
export function routeOf(url: string): string {
  const { pathname } = new URL(url);
  return pathname
    .split('/')
    .map((text) => {
      if (text === '') return '';
      const [, name, keys] = segment.exec(text) ?? [];
      if (name === undefined) return '{}';
      return keys === undefined || keys === '()' ? text : `${name}({})`;
    })
    .join('/')
    .slice(0, 200);
}
