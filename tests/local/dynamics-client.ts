import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type Person, tandemApplication } from '../../local/company/people';
import { type DynamicsOptions, type DynamicsStandIn, startDynamics } from '../../local/dynamics';
import { Counters } from '../../local/serving/counters';
import { Faults } from '../../local/serving/faults';

/** Made once a test file: making a key takes longer than most tests. */
const keyPair = generateKeyPair('RS256');
const issuer = 'http://identity.example/tenant/v2.0';

export type Json = Record<string, unknown>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; empty where there is none. */
  readonly json: Json;
  readonly rows: readonly Json[];
  readonly code: unknown;
}

export interface Sending {
  readonly as?: Person | 'application' | 'nobody' | { readonly token: string };
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A running stand-in, and requests to it as the application unless said otherwise. */
export interface Dynamics {
  readonly standIn: DynamicsStandIn;
  readonly faults: Faults;
  readonly counters: Counters;
  readonly base: string;
  token(claims: Readonly<Json>, audience?: string): Promise<string>;
  send(method: string, path: string, sending?: Sending): Promise<Answer>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  close(): Promise<void>;
}

/** Starts the stand-in with an identity provider that consists of one key. */
export async function startWithTokens(options: Partial<DynamicsOptions> & { readonly latencyMs?: number } = {}): Promise<Dynamics> {
  const { privateKey, publicKey } = await keyPair;
  const key = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const provider = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [key] }));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const faults = new Faults();
  const counters = new Counters();
  const { latencyMs, ...rest } = options;
  const standIn = await startDynamics({
    surroundings: { faults, counters, ...(latencyMs === undefined ? {} : { latencyMs }) },
    identity: { keysUrl: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/keys`, issuers: [issuer] },
    ...rest,
  });
  const base = `${standIn.url}/api/data/v9.2/`;

  const token = (claims: Readonly<Json>, audience = standIn.url) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey);

  async function authorization(as: Sending['as'] = 'application'): Promise<Record<string, string>> {
    if (as === 'nobody') return {};
    if (typeof as === 'object' && 'token' in as) return { authorization: `Bearer ${as.token}` };
    const claims =
      as === 'application' ? { appid: tandemApplication.clientId, idtyp: 'app' } : { oid: as.objectId, scp: 'user_impersonation' };
    return { authorization: `Bearer ${await token(claims)}` };
  }

  async function send(method: string, path: string, { as, headers = {}, body }: Sending = {}): Promise<Answer> {
    const isText = typeof body === 'string';
    const response = await fetch(path.startsWith('http') ? path : base + path, {
      method,
      headers: {
        accept: 'application/json',
        'if-none-match': 'null',
        ...(await authorization(as)),
        ...(body === undefined || isText ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
    const json = (isJson ? JSON.parse(text) : {}) as Json;
    const rows = Array.isArray(json.value) ? (json.value as Json[]) : [];
    return { status: response.status, headers: response.headers, text, json, rows, code: (json.error as Json | undefined)?.code };
  }

  return {
    standIn,
    faults,
    counters,
    base,
    token,
    send,
    get: (path, headers = {}) => send('GET', path, { headers }),
    close: async () => {
      await standIn.service.close();
      provider.closeAllConnections();
      await new Promise((resolve) => provider.close(resolve));
    },
  };
}

/** The id in an `OData-EntityId`. */
export function idOf(answer: Answer): string {
  return /\(([^)]+)\)$/.exec(answer.headers.get('odata-entityid') ?? '')?.[1] ?? '';
}
