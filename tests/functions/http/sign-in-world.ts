import { type Cookie, HttpRequest, type HttpResponseInit, InvocationContext } from '@azure/functions';
import { answer, endpoints } from '../../../functions/http/answer';
import { type Azurite, startAzurite } from '../../../local/azurite';
import { person, tandemApplication } from '../../../local/company/people';
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

/** What a browser got, or what a program did. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
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
      REQUEST_TIMEOUT_SECONDS: '2',
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
      headers: { ...asked.headers, ...(asked.bearer === undefined ? {} : { authorization: `Bearer ${asked.bearer}` }) },
      params: { area: asked.area ?? 'admin' },
      query,
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

/** What one browser does: it keeps cookies, follows links, and signs in as a person at the provider's page. */
export class Browser {
  readonly jar = new Map<string, string>();

  constructor(
    private readonly world: SignInWorld,
    private readonly parts: Parts,
  ) {}

  /** Begins a sign-in as the person whose token it is, and returns where it leads. */
  async start(use: 'service' | 'action', key: string, integration: string): Promise<URL> {
    const name = use === 'service' ? 'startServiceSignIn' : 'startActionSignIn';
    const reply = await this.world.call(this.parts, name, {
      bearer: await this.world.bearer(key),
      search: `?integration=${integration}`,
      headers: this.cookies(),
    });
    this.keep(reply);
    if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
    return new URL((JSON.parse(reply.text) as { url: string }).url);
  }

  /** Signs in at the provider, and returns where it sends the browser to. */
  async signIn(url: URL, key: string): Promise<URL> {
    const asked = new URL(url);
    asked.searchParams.set('login_hint', person(key).email);
    if (asked.searchParams.get('prompt') === 'select_account') asked.searchParams.delete('prompt');
    const reply = await fetch(asked, { redirect: 'manual' });
    const location = reply.headers.get('location');
    if (location === null) throw new Error(`${reply.status} ${await reply.text()}`);
    return new URL(location);
  }

  /** Goes where the provider sends the browser. */
  async callback(url: URL, use: 'service' | 'action'): Promise<Seen> {
    const name = use === 'service' ? 'finishServiceSignIn' : 'finishActionSignIn';
    const reply = await this.world.call(this.parts, name, { search: url.search, headers: this.cookies() });
    this.keep(reply);
    return reply;
  }

  async all(use: 'service' | 'action', starter: string, integration: string, who = starter): Promise<Seen> {
    return this.callback(await this.signIn(await this.start(use, starter, integration), who), use);
  }

  private cookies(): Record<string, string> {
    return this.jar.size === 0 ? {} : { cookie: [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  private keep({ cookies }: Seen): void {
    for (const { name, value, maxAge } of cookies) {
      if (maxAge === 0) this.jar.delete(name);
      else this.jar.set(name, value);
    }
  }
}
