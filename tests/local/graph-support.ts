import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { person, tandemApplication, tenantId } from '../../local/company/people';
import { type GraphStandIn, startGraph } from '../../local/graph';
import { Counters } from '../../local/serving/counters';
import { Faults } from '../../local/serving/faults';
import type { Surroundings } from '../../local/serving/service';

/** What tests look at in an answer's JSON; a property that is not named here is unknown. */
export interface Body {
  readonly id: string;
  readonly value: readonly Body[];
  readonly error: { readonly code: string; readonly message: string; readonly [name: string]: unknown };
  readonly responses: readonly {
    readonly id: string;
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Body;
  }[];
  readonly start: { readonly dateTime: string; readonly timeZone: string };
  readonly body: { readonly contentType: string; readonly content: string };
  readonly location: { readonly displayName: string };
  readonly locations: readonly { readonly displayName: string }[];
  readonly organizer: { readonly emailAddress: object };
  readonly linkedResources: readonly Body[];
  readonly subject: string;
  readonly title: string;
  readonly displayName: string;
  readonly iCalUId: string;
  readonly parentFolderId: string;
  readonly changeKey: string;
  readonly '@odata.etag': string;
  readonly '@odata.nextLink'?: string;
  readonly '@odata.deltaLink'?: string;
  readonly '@removed'?: object;
  readonly [name: string]: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface GraphWorld {
  readonly graph: GraphStandIn;
  readonly faults: Faults;
  readonly counters: Counters;
  /** The clock of the stand-in, in ms. */
  clock: { now: number };
  /** A request as the application, on a path below `/v1.0` or an absolute link. */
  call(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Answer>;
  /** The same with another token, or none. */
  callAs(token: string | undefined, method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Answer>;
  /** Uses one of the stand-in's controls. */
  control(name: string, body: unknown): unknown;
  applicationToken(claims?: Record<string, unknown>): Promise<string>;
  personToken(key: string): Promise<string>;
  close(): Promise<void>;
}

const keyPair = generateKeyPair('ES256');
const issuer = `https://login.microsoftonline.com/${tenantId}/v2.0`;
export const anna = `users/${person('anna').objectId}`;
export const ben = `users/${person('ben').email}`;
export const immutable = { prefer: 'IdType="ImmutableId"' };

/** A Graph stand-in with tokens of its own issuer, on a clock that the test holds. */
export async function startWorld(
  options: { seed?: 'company' | 'empty-company'; latencyMs?: number; snapshot?: unknown } = {},
): Promise<GraphWorld> {
  const { publicKey, privateKey } = await keyPair;
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' };
  const keys = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
  const keysUrl = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/keys`;

  const clock = { now: Date.parse('2026-10-05T08:00:00Z') };
  const surroundings: Surroundings = {
    faults: new Faults(),
    counters: new Counters(),
    ...(options.latencyMs === undefined ? {} : { latencyMs: options.latencyMs }),
  };
  const graph = await startGraph({
    surroundings,
    identity: { keysUrl, issuers: [issuer] },
    now: () => clock.now,
    seed: options.seed ?? 'empty-company',
    ...(options.snapshot === undefined ? {} : { snapshot: options.snapshot }),
  });

  const sign = (claims: Record<string, unknown>) =>
    new SignJWT({ appid: tandemApplication.clientId, aud: 'https://graph.microsoft.com', iss: issuer, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'test' })
      .setExpirationTime('1h')
      .sign(privateKey);
  const ownToken = await sign({ idtyp: 'app' });

  const callAs: GraphWorld['callAs'] = async (token, method, path, body, headers = {}) => {
    const url = path.startsWith('http') ? path : `${graph.url}/v1.0/${path}`;
    const response = await fetch(url, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as Body };
  };
  return {
    graph,
    faults: surroundings.faults,
    counters: surroundings.counters,
    clock,
    callAs,
    call: (method, path, body, headers) => callAs(ownToken, method, path, body, headers),
    control(name, body) {
      const control = graph.controls[name];
      if (control === undefined) throw new Error(`There is no control '${name}'.`);
      return control(body);
    },
    applicationToken: (claims = {}) => sign({ idtyp: 'app', ...claims }),
    personToken: (key) => sign({ oid: person(key).objectId, scp: 'Calendars.ReadWrite' }),
    async close() {
      await graph.service.close();
      await new Promise((resolve) => {
        keys.close(resolve);
        keys.closeAllConnections();
      });
    },
  };
}

/** An id as one segment of a path. */
export function segment(id: string): string {
  return encodeURIComponent(id);
}

/** A timed event on the day after the clock's start. */
export function meeting(more: object = {}): object {
  return {
    subject: 'Review',
    start: { dateTime: '2026-10-06T09:00:00', timeZone: 'UTC' },
    end: { dateTime: '2026-10-06T10:00:00', timeZone: 'UTC' },
    ...more,
  };
}

export function attendee(key: string, type = 'required'): object {
  return { type, emailAddress: { address: person(key).email, name: person(key).firstName } };
}

/** Follows a delta from a link or a first path to its deltaLink. */
export async function drain(
  world: GraphWorld,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ items: Body[]; link: string; pages: number }> {
  const items: Body[] = [];
  let next = path;
  for (let pages = 1; ; pages += 1) {
    const { status, body } = await world.call('GET', next, undefined, headers);
    if (status !== 200) throw new Error(`Delta answered ${status}: ${JSON.stringify(body)}`);
    items.push(...body.value);
    const { '@odata.deltaLink': last, '@odata.nextLink': more } = body;
    if ((last === undefined) === (more === undefined)) throw new Error('A delta page ends with exactly one of nextLink and deltaLink.');
    if (last !== undefined) return { items, link: last, pages };
    next = more ?? '';
  }
}
