import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuthLevel } from './functions';
import type { HostApi } from './host-api';
import { readBody, requestData, writeResponse } from './http-messages';
import type { Invoker } from './invocation';
import { type HostKeys, isAllowed } from './keys';
import type { Logger } from './logging';
import { describeError } from './problem';
import type { RouteTable } from './routes';

export interface HttpTrigger {
  readonly bindingName: string;
  readonly authLevel: AuthLevel;
}

export interface HttpFrontEndOptions {
  readonly routes: RouteTable;
  readonly triggers: ReadonlyMap<string, HttpTrigger>;
  readonly api: HostApi;
  readonly keys: HostKeys;
  readonly invoker: Invoker;
  readonly log: Logger;
  /** False where the feature flag `DisableReservedRouteEnforcement` lets functions answer under /admin and /runtime. */
  readonly reservesRoutes: boolean;
  readonly hasHomepage: boolean;
}

/** The host's HTTP side: its own API first, then the reserved paths, then the app's routes. */
export class HttpFrontEnd {
  private readonly server: Server;
  private readonly reported = new Set<string>();
  private isStopping = false;

  constructor(private readonly options: HttpFrontEndOptions) {
    this.server = createServer((request, response) => {
      this.handle(request, response).catch((error) => {
        options.log('error', 'Host.Http', `http: ${request.method} ${request.url} failed: ${describeError(error)}`);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    });
  }

  /** Listens on loopback only; port 0 takes a free one. Resolves with the base URL. */
  listen(port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', () => {
        const { port: actual } = this.server.address() as AddressInfo;
        resolve(`http://127.0.0.1:${actual}`);
      });
    });
  }

  /** Takes no new request; those under way go on. */
  refuseRequests(): void {
    this.isStopping = true;
    this.server.close();
    this.server.closeIdleConnections();
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isStopping) return answer(response, 503);
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
    if (await this.options.api.handle(request, response, url)) return;

    const match = this.options.routes.match(request.method ?? 'GET', url.pathname);
    const trigger = match && this.options.triggers.get(match.route.functionName);
    if (this.options.reservesRoutes && isReserved(url.pathname)) {
      if (match !== undefined) this.reportReserved(url.pathname, match.route.functionName);
      return answer(response, 404);
    }
    if (match === undefined || trigger === undefined) {
      if (url.pathname !== '/' || !this.options.hasHomepage) return answer(response, url.pathname === '/' ? 204 : 404);
      return answer(response, 200, 'Your Functions app is up and running.');
    }
    if (!isAllowed(trigger.authLevel, request, url, this.options.keys)) return answer(response, 401);

    const body = await readBody(request);
    if (body === undefined) return answer(response, 413);
    const data = requestData(request, url, match.params, body);
    try {
      const { returnValue } = await this.options.invoker.invoke(match.route.functionName, {
        inputData: [{ name: trigger.bindingName, data }],
      });
      writeResponse(response, returnValue);
    } catch {
      // The invoker has logged it; Azure's host answers an empty 500 too.
      if (!response.headersSent) answer(response, 500);
    }
  }

  /** Once a function, in the words of Azure's host, with the way out. */
  private reportReserved(path: string, functionName: string): void {
    if (this.reported.has(functionName)) return;
    this.reported.add(functionName);
    this.options.log(
      'error',
      'Host.Http',
      `The request path '${path}' was rejected because it uses a reserved host route and matches the route for function '${functionName}'. ` +
        'Update the function route to use a non-reserved path, or set AzureWebJobsFeatureFlags to DisableReservedRouteEnforcement.',
    );
  }
}

/**
 * Paths that the host keeps for itself, whatever routes match them. Source: azure-functions-host pull request 11888 (July 2026),
 * `ReservedRouteGuardMiddleware`; earlier hosts let a function answer where their own API did not.
 */
function isReserved(pathname: string): boolean {
  return /^\/(?:admin|runtime)(?:\/|$)/i.test(pathname);
}

function answer(response: ServerResponse, status: number, text?: string): void {
  response.writeHead(status, text === undefined ? {} : { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}
