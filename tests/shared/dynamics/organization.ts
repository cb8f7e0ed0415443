import { person, tandemApplication } from '../../../local/company/people';
import { type DynamicsStandIn, type DynamicsOptions as StandInOptions, startDynamics } from '../../../local/dynamics';
import { type IdentityProvider, startIdentityProvider } from '../../../local/identity';
import { tokenForApplication } from '../../../local/identity/sign-in';
import { Counters } from '../../../local/serving/counters';
import { Faults } from '../../../local/serving/faults';
import { createDynamics, type DynamicsOptions } from '../../../shared/dynamics/client';
import type { Dynamics } from '../../../shared/dynamics/dynamics';
import { systemClock } from '../../../shared/platform/clock';

export const anna = person('anna');
export const ben = person('ben');
export const asAnna = { objectId: anna.objectId };
export const service = tandemApplication;

/** A stand-in organization with people only, and ways to do in it what people do. */
export interface Organization {
  readonly standIn: DynamicsStandIn;
  readonly faults: Faults;
  readonly counters: Counters;
  /** A client with other options than the usual ones. */
  client(more?: Partial<DynamicsOptions>): Dynamics;
  /** Makes a row as Anna and returns its id. */
  create(set: string, columns: object): Promise<string>;
  /** Changes a row behind the client's back. */
  patch(path: string, columns: object): Promise<void>;
  remove(path: string): Promise<void>;
  get(path: string): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export async function startOrganization(options: Pick<StandInOptions, 'now'> = {}): Promise<Organization> {
  const surroundings = { faults: new Faults(), counters: new Counters() };
  const identity: IdentityProvider = await startIdentityProvider({ surroundings: { faults: new Faults(), counters: new Counters() } });
  const standIn = await startDynamics({ surroundings, identity, seed: 'empty-company', ...options });
  const getToken = () => tokenForApplication(identity, standIn.url);

  async function raw(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(`${standIn.url}/api/data/v9.2/${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${await getToken()}`,
        CallerObjectId: anna.objectId,
        'Content-Type': 'application/json',
        ...(method === 'PATCH' ? { 'If-Match': '*' } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  return {
    standIn,
    ...surroundings,
    client: (more = {}) => createDynamics({ baseUrl: standIn.url, getToken, timeoutMs: 5_000, clock: systemClock, ...more }),
    async create(set, columns) {
      const response = await raw('POST', set, columns);
      return /\(([0-9a-f-]+)\)$/.exec(response.headers.get('odata-entityid') ?? '')?.[1] ?? '';
    },
    async patch(path, columns) {
      await raw('PATCH', path, columns);
    },
    async remove(path) {
      await raw('DELETE', path);
    },
    get: async (path) => (await raw('GET', path)).json() as Promise<Record<string, unknown>>,
    async close() {
      await standIn.service.close();
      await identity.service.close();
    },
  };
}
