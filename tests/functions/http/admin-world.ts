import { HttpRequest, type HttpResponseInit, InvocationContext } from '@azure/functions';
import { decodeJwt, type JWTPayload } from 'jose';
import { z } from 'zod';
import { answer, endpoints } from '../../../functions/http/answer';
import type { Endpoint } from '../../../functions/http/contract';
import { type Azurite, startAzurite } from '../../../local/azurite';
import { type Person, people, tandemApplication, tenantId } from '../../../local/company/people';
import { type IdentityProvider, startIdentityProvider } from '../../../local/identity';
import { walkthroughClientId } from '../../../local/identity/clients';
import { type KeyVault, startKeyVault } from '../../../local/key-vault';
import { type ServiceBusStandIn, startServiceBus } from '../../../local/service-bus';
import { Counters } from '../../../local/serving/counters';
import { Faults } from '../../../local/serving/faults';
import { type RouteName, routes } from '../../../shared/auth/route-roles';
import type { Dynamics } from '../../../shared/dynamics/dynamics';
import type { ListedUser } from '../../../shared/dynamics/users';
import type { Exchange, Mailbox } from '../../../shared/exchange/exchange';
import { TandemError } from '../../../shared/platform/errors';
import { createLog } from '../../../shared/platform/telemetry';
import { createParts, type Services } from '../../../shared/services';
import { testConfig } from '../../shared/test-config';
import { checkDeclared } from './declared';

export interface Asked {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

/** The admin API over running stand-ins; Dynamics and Exchange know the people of Contoso and nothing else. */
export class AdminWorld {
  private constructor(
    private readonly azurite: Azurite,
    private readonly identity: IdentityProvider,
    private readonly vault: KeyVault,
    readonly bus: ServiceBusStandIn,
    readonly services: Services,
    readonly faults: Faults,
  ) {}

  /**
   * @param settings app settings beside those of the stand-ins
   * @param more services in place of the usual ones
   */
  static async start(settings: Readonly<Record<string, string>> = {}, more: Partial<Services> = {}): Promise<AdminWorld> {
    const surroundings = { faults: new Faults(), counters: new Counters() };
    const [azurite, identity] = await Promise.all([startAzurite(), startIdentityProvider({ surroundings })]);
    const vault = await startKeyVault({ surroundings, identity });
    const queue = { sessions: true, duplicateWindowMs: 60_000 };
    const bus = await startServiceBus({
      queues: { polls: queue, wakeups: queue, assignments: { duplicateWindowMs: 60_000 }, rejected: {} },
    });
    const config = testConfig({
      AUTHORITY_URL: identity.url,
      KEY_VAULT_URL: vault.url,
      LOOPBACK_HOSTS: '127.0.0.1',
      Tables: azurite.connectionString,
      ServiceBus: bus.connectionString,
      ...settings,
    });
    const quiet = () => undefined;
    const log = createLog({ info: quiet, warn: quiet, error: quiet });
    const services: Services = { ...createParts(config), log, dynamics: () => dynamics, exchange, ...more };
    return new AdminWorld(azurite, identity, vault, bus, services, surroundings.faults);
  }

  async close(): Promise<void> {
    await this.services.messenger.close();
    await this.bus.close();
    await this.vault.service.close();
    await this.identity.service.close();
    await this.azurite.close();
  }

  /** An access token of a person, for Tandem's API where nothing else is said. */
  token(email: string, scope = `${tandemApplication.audience}/user_impersonation`): Promise<string> {
    return this.granted({ grant_type: 'password', client_id: walkthroughClientId, username: email, password: 'x', scope });
  }

  /** An access token of an application for Tandem's API, in nobody's name. */
  tokenOfApplication(): Promise<string> {
    const { clientId: client_id, clientSecret: client_secret, audience } = tandemApplication;
    return this.granted({ grant_type: 'client_credentials', client_id, client_secret, scope: `${audience}/.default` });
  }

  /** A token like the given one with other claims, signed by the same keys. */
  changed(token: string, claims: JWTPayload): Promise<string> {
    return this.identity.sign({ ...decodeJwt(token), ...claims });
  }

  private async granted(form: Readonly<Record<string, string>>): Promise<string> {
    const url = `${this.identity.url}/${tenantId}/oauth2/v2.0/token`;
    const reply = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
    return z.object({ access_token: z.string() }).parse(await reply.json()).access_token;
  }

  /** Calls a route. Fails where it answers otherwise than its contract says. */
  async call(name: RouteName, token: string | null, asked: Asked = {}): Promise<Answered> {
    const endpoint = endpoints().get(name);
    if (endpoint === undefined) throw new Error(`Nothing is registered for ${name}: import functions/index.`);
    const response = await this.respond(endpoint, token, asked);
    checkDeclared(endpoint, response);
    return answered(response);
  }

  /** Calls a route that something else answers. */
  async callInstead(name: RouteName, run: Endpoint['run'], token: string | null, asked: Asked = {}): Promise<Answered> {
    return answered(await this.respond({ name, run }, token, asked));
  }

  private respond(endpoint: Pick<Endpoint, 'name' | 'run'>, token: string | null, asked: Asked): Promise<HttpResponseInit> {
    const request = new HttpRequest({
      method: routes[endpoint.name].method,
      url: 'http://localhost/admin/api',
      headers: {
        ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...asked.headers,
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      params: { ...asked.params },
      query: { ...asked.query },
      ...(asked.body === undefined ? {} : { body: { string: typeof asked.body === 'string' ? asked.body : JSON.stringify(asked.body) } }),
    });
    const context = new InvocationContext({ functionName: endpoint.name, invocationId: 'invocation-1', logHandler: () => undefined });
    return answer(endpoint, request, context, () => this.services);
  }
}

function answered({ status = 200, headers, body }: HttpResponseInit): Answered {
  const given = new Headers(headers as Record<string, string>);
  const isJson = /json$/.test(given.get('content-type') ?? '');
  return {
    status,
    headers: given,
    body: typeof body === 'string' && isJson ? JSON.parse(body) : {},
    text: typeof body === 'string' ? body : '',
  };
}

function notUsed(): never {
  throw new Error('The admin API has no business here.');
}

function listed({ systemUserId, objectId, email, firstName, lastName }: Person): ListedUser {
  return { systemUserId, objectId, email, name: `${firstName} ${lastName}`, isEnabled: true, isInteractive: true, isLicensed: true };
}

const dynamics: Dynamics = {
  environment: { version: notUsed, withoutTracking: notUsed },
  readFeed: notUsed,
  readRecords: notUsed,
  existence: notUsed,
  organizers: notUsed,
  resources: notUsed,
  listHome: notUsed,
  createRecord: notUsed,
  listHomeNames: notUsed,
  updateRecord: notUsed,
  columnRights: notUsed,
  passing: notUsed,
  check: async () => undefined,
  deleteRecord: notUsed,
  attachments: { list: notUsed, content: notUsed, add: notUsed, remove: notUsed },
  emails: { tracked: notUsed, people: notUsed, receive: notUsed, regard: notUsed },
  records: {
    facts: notUsed,
    page: notUsed,
    byId: notUsed,
    fate: notUsed,
    changes: notUsed,
    labels: notUsed,
    locale: notUsed,
    memberships: notUsed,
  },
  users: {
    page: async () => ({ users: people.map(listed), nextLink: null }),
    one: async (systemUserId) => people.filter((person) => person.systemUserId === systemUserId).map(listed)[0] ?? null,
    membersOf: notUsed,
    privileges: notUsed,
    actingAs: notUsed,
  },
  workspace: { user: notUsed, record: notUsed, children: notUsed, find: notUsed, run: notUsed },
  webhooks: { organizationId: notUsed, register: notUsed, read: notUsed, remove: notUsed },
  async user(systemUserId) {
    const found = people.find((person) => person.systemUserId === systemUserId);
    if (found === undefined) throw new TandemError('not-found', { retry: 'never', fix: 'Add the user.', detail: 'no such user' });
    return {
      systemUserId,
      objectId: found.objectId,
      email: found.email,
      name: `${found.firstName} ${found.lastName}`,
      zone: 'Europe/Berlin',
    };
  },
};

const mailbox: Mailbox = {
  standardFolders: async () => ({ taskList: 'tasks', deletedItems: 'deleted' }),
  drain: notUsed,
  readItems: notUsed,
  readExpected: notUsed,
  fate: notUsed,
  findMeeting: notUsed,
  findByMarker: notUsed,
  listFolder: notUsed,
  sightings: notUsed,
  sightingsOf: notUsed,
  write: notUsed,
  attachments: { list: notUsed, content: notUsed, add: notUsed, remove: notUsed },
  mail: { mark: notUsed, folders: notUsed, drain: notUsed, read: notUsed, bodies: notUsed },
  restsUntil: () => null,
};

const exchange: Exchange = {
  mailbox: () => mailbox,
  check: notUsed,
  probe: notUsed,
  subscriptions: { create: notUsed, renew: notUsed, remove: async () => undefined },
};
