import { type Cookie, HttpRequest, type HttpResponseInit, InvocationContext } from '@azure/functions';
import { answer, endpoints } from '../../../functions/http/answer';
import { type Azurite, startAzurite } from '../../../local/azurite';
import { Browser as AnyBrowser, type Asked, overHttp, type Page, type SignInUse, signInPaths } from '../../../local/browser';
import { tandemApplication } from '../../../local/company/people';
import { type IdentityProvider, startIdentityProvider } from '../../../local/identity';
import { tokenForPerson } from '../../../local/identity/sign-in';
import { type KeyVault, startKeyVault } from '../../../local/key-vault';
import { Counters } from '../../../local/serving/counters';
import { Faults } from '../../../local/serving/faults';
import { type RouteName, routes } from '../../../shared/auth/route-roles';
import { IntegrationConnection } from '../../../shared/model/integration-connection';
import { IntegrationSettings } from '../../../shared/model/integration-settings';
import { createLog } from '../../../shared/platform/telemetry';
import { createParts, type Parts } from '../../../shared/services';
import type { Integration } from '../../../shared/storage/integrations';
import { testConfig } from '../../shared/test-config';
import { checkDeclared } from './declared';

export const baseUrl = 'http://127.0.0.1:5001';
export const publicUrl = 'http://127.0.0.1:7071';

/** A reply as the app gives it to the host. */
interface Seen extends Page {
  readonly cookies: readonly Cookie[];
}

/** Tandem with its sign-ins, the identity provider and the vault: as many processes of Tandem as a test wants, with one clock. */
export class SignInWorld {
  /** How far the clock of Tandem is ahead of those of the stand-ins, in ms: what they issue ends that much earlier for it. */
  ahead = 0;
  readonly logged: string[] = [];
  readonly clock = {
    now: () => Date.now() + this.ahead,
    // What waits for the end of a lease keeps no process alive.
    sleep: (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, Math.min(ms, 20)).unref()),
  };
  private number = 0;

  private constructor(
    private readonly azurite: Azurite,
    readonly identity: IdentityProvider,
    readonly vault: KeyVault,
    readonly faults: Faults,
    readonly counters: Counters,
  ) {}

  static async start(): Promise<SignInWorld> {
    const surroundings = { faults: new Faults(), counters: new Counters() };
    const [azurite, identity] = await Promise.all([startAzurite(), startIdentityProvider({ surroundings })]);
    const vault = await startKeyVault({ surroundings, identity, purgeProtection: true });
    return new SignInWorld(azurite, identity, vault, surroundings.faults, surroundings.counters);
  }

  async close(): Promise<void> {
    await this.vault.service.close();
    await this.identity.service.close();
    await this.azurite.close();
  }

  /** One process of Tandem. */
  process(changes: Readonly<Record<string, string>> = {}): Parts {
    const config = testConfig({
      AUTHORITY_URL: this.identity.url,
      KEY_VAULT_URL: this.vault.url,
      Tables: this.azurite.connectionString,
      PUBLIC_URL: publicUrl,
      REQUEST_TIMEOUT_SECONDS: '6',
      ...changes,
    });
    return createParts(config, this.clock);
  }

  /** An integration of its own, with sign-ins by code for both unless a test wants others. */
  async integration(parts: Parts, connection: unknown = {}): Promise<Integration> {
    this.number += 1;
    const id = `contoso-${this.number}`;
    const byCode = { by: 'authorizationCode', clientId: tandemApplication.clientId };
    const integration: Integration = {
      id,
      name: 'Contoso',
      baseUrl,
      settings: IntegrationSettings.parse({}),
      connection: IntegrationConnection.parse({ service: byCode, action: byCode, ...(connection as object) }),
    };
    await parts.integrations.put(integration);
    for (const use of ['service', 'action'] as const) await parts.clientSecrets.put(id, use, tandemApplication.clientSecret, null);
    return integration;
  }

  bearer(key: string): Promise<string> {
    return tokenForPerson(this.identity, key, tandemApplication.audience);
  }

  /** Calls a route as the host does, and fails where the reply is not what the contract says. */
  async call(
    parts: Parts,
    name: RouteName,
    asked: {
      readonly search?: string;
      readonly bearer?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly params?: Readonly<Record<string, string>>;
      readonly body?: object;
      readonly area?: string;
      readonly host?: string;
    } = {},
  ): Promise<Seen> {
    const endpoint = endpoints().get(name);
    if (endpoint === undefined) throw new Error(`Nothing is registered for ${name}: import functions/index.`);
    const url = new URL(`${asked.host ?? publicUrl}/x${asked.search ?? ''}`);
    const query = Object.fromEntries([...new Set(url.searchParams.keys())].map((key) => [key, url.searchParams.getAll(key).join(',')]));
    const request = new HttpRequest({
      method: routes[name].method,
      url: url.href,
      headers: {
        ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...asked.headers,
        ...(asked.bearer === undefined ? {} : { authorization: `Bearer ${asked.bearer}` }),
      },
      params: { area: asked.area ?? 'admin', ...asked.params },
      query,
      ...(asked.body === undefined ? {} : { body: { string: JSON.stringify(asked.body) } }),
    });
    const context = new InvocationContext({ functionName: name, invocationId: 'invocation-1', logHandler: () => undefined });
    const sink = {
      info: (line: string) => this.note(line),
      warn: (line: string) => this.note(line),
      error: (line: string) => this.note(line),
    };
    const response = await answer(endpoint, request, context, () => ({ ...parts, log: createLog(sink) }));
    checkDeclared(endpoint, response);
    return seen(response);
  }

  private note(line: string): void {
    this.logged.push(line);
  }

  /** Every row of the table of tokens. */
  async rows(parts: Parts): Promise<string> {
    const rows: unknown[] = [];
    for await (const row of (await parts.tables.table('tokens')).listEntities()) rows.push(row);
    return JSON.stringify(rows);
  }
}

function seen({ status = 200, headers, body, cookies = [] }: HttpResponseInit): Seen {
  return { status, headers: new Headers(headers as Record<string, string>), text: typeof body === 'string' ? body : '', cookies };
}

/** A browser whose requests to Tandem go to one process of it, without a host in between. */
export class Browser {
  private readonly browser: AnyBrowser;

  constructor(
    private readonly world: SignInWorld,
    private readonly parts: Parts,
  ) {
    this.browser = new AnyBrowser((url, asked) => (url.origin === publicUrl ? this.ask(url, asked) : overHttp(url, asked)));
  }

  /** Tandem's cookies. */
  get jar(): Map<string, string> {
    return this.browser.jarOf(publicUrl);
  }

  /** Begins a sign-in as the person, and returns where it leads. */
  async start(use: SignInUse, key: string, integration: string): Promise<URL> {
    return this.browser.start(publicUrl, use, integration, await this.world.bearer(key));
  }

  /** Signs in at the provider, and returns where it sends the browser to. */
  signIn(url: URL, key: string): Promise<URL> {
    return this.browser.signIn(url, key);
  }

  /** Brings what the provider said to the callback of this use. */
  callback({ search }: URL, use: SignInUse): Promise<Page> {
    return this.browser.open(new URL(`${signInPaths[use].callback}${search}`, publicUrl));
  }

  async all(use: SignInUse, starter: string, integration: string, who = starter): Promise<Page> {
    return this.callback(await this.signIn(await this.start(use, starter, integration), who), use);
  }

  private async ask({ pathname, search }: URL, { headers }: Asked): Promise<Page> {
    const { authorization, ...others } = headers;
    const bearer = authorization === undefined ? {} : { bearer: authorization.replace(/^Bearer /, '') };
    const { cookies, ...page } = await this.world.call(this.parts, routeAt(pathname), { search, headers: others, ...bearer });
    for (const { name, value, maxAge } of cookies) page.headers.append('set-cookie', `${name}=${value}; Max-Age=${maxAge}`);
    return page;
  }
}

function routeAt(pathname: string): RouteName {
  const names = {
    [signInPaths.service.start]: 'startServiceSignIn',
    [signInPaths.service.callback]: 'finishServiceSignIn',
    [signInPaths.action.start]: 'startActionSignIn',
    [signInPaths.action.callback]: 'finishActionSignIn',
  } as const satisfies Readonly<Record<string, RouteName>>;
  const found = Object.entries(names).find(([path]) => path === pathname);
  if (found === undefined) throw new Error(`No sign-in goes to ${pathname}.`);
  return found[1];
}
