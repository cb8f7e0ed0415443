import type { IncomingMessage, ServerResponse } from 'node:http';
import { type HostKeys, isAllowed } from './keys';
import { describeError } from './problem';

export interface FunctionInfo {
  readonly name: string;
  readonly trigger: string;
  /** As it answers, prefix included. */
  readonly route?: string;
  /** Why it does not run: in error, or switched off by a setting. */
  readonly problem?: string;
}

export interface HostApiOptions {
  readonly functions: () => readonly FunctionInfo[];
  readonly keys: HostKeys;
  /** Starts a timer function; throws for a function that cannot be started by hand. */
  readonly startTimer: (name: string) => void;
}

/**
 * The host's own HTTP API, as far as it has a use on one machine. It comes before the app's routes, and nothing else answers under
 * /admin/host, /admin/functions, /admin/vfs and /admin/zip. Source: azure-functions-host wiki, "Admin API"; "Manually run a non
 * HTTP-triggered function".
 */
export class HostApi {
  private readonly startedAt = Date.now();

  constructor(private readonly options: HostApiOptions) {}

  /** True where the request was one for the host itself and is answered. */
  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> {
    const path = url.pathname.toLowerCase().replace(/\/$/, '');
    if (!/^\/admin\/(?:host|functions|vfs|zip)(?:\/|$)/.test(path)) return false;
    request.resume();
    if (path === '/admin/host/ping') reply(response, 200);
    else if (!isAllowed('admin', request, url, this.options.keys)) reply(response, 401);
    else this.answer(`${request.method} ${path}`, url, response);
    return true;
  }

  private answer(call: string, url: URL, response: ServerResponse): void {
    const functionName = /^post \/admin\/functions\/([^/]+)$/i.exec(call) && decodeURIComponent(url.pathname.split('/')[3] ?? '');
    if (call === 'GET /admin/host/status') reply(response, 200, this.status());
    else if (call === 'GET /admin/functions') reply(response, 200, this.options.functions());
    else if (functionName) this.start(functionName, response);
    else reply(response, 404);
  }

  /** Starts a timer function by hand; Azure answers 202 and does not wait for it either. */
  private start(name: string, response: ServerResponse): void {
    try {
      this.options.startTimer(name);
      reply(response, 202);
    } catch (error) {
      reply(response, 404, { error: describeError(error) });
    }
  }

  private status(): object {
    const errors = this.options.functions().flatMap(({ name, problem }) => (problem === undefined ? [] : [`${name}: ${problem}`]));
    return { id: 'local', state: 'Running', version: '4.1000.0', processUptime: Date.now() - this.startedAt, errors };
  }
}

function reply(response: ServerResponse, status: number, body?: unknown): void {
  if (body === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
