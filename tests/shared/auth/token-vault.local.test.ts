import '../../../functions/index';
import { decodeJwt } from 'jose';
import { person, tandemApplication } from '../../../local/company/people';
import { createTokenSource } from '../../../shared/auth/token-source';
import { createTokenVault, type TokenVault } from '../../../shared/auth/token-vault';
import { IntegrationConnection } from '../../../shared/model/integration-connection';
import type { Parts } from '../../../shared/services';
import type { Integration } from '../../../shared/storage/integrations';
import { openKeyVault } from '../../../shared/storage/key-vault';
import { tableTokenStates } from '../../../shared/storage/token-states';
import { Browser, SignInWorld } from '../../functions/http/sign-in-world';
import { strangeProvider } from '../../functions/http/strange-provider';

/** Without a host the library would warn at every registration. */
jest.mock('@azure/functions-core', () => ({ setProgrammingModel() {}, registerHook() {}, registerFunction() {} }), { virtual: true });

const me = { objectId: person('anna').objectId };
const minute = 60_000;
const hour = 60 * minute;
const provider = strangeProvider();

let world: SignInWorld;
let parts: Parts;
let contoso: Integration;
beforeAll(async () => {
  world = await SignInWorld.start();
  parts = world.process();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.ahead = 0;
  contoso = await world.integration(parts);
  await new Browser(world, parts).all('action', 'anna', contoso.id);
});
afterEach(() => {
  world.faults.clear();
  world.identity.controls.fail?.({ error: 'none', code: 1, times: 0 });
});

const ask = (from: Parts = parts) => from.tokensOf(contoso).person(me.objectId);
const state = () => parts.tokenVault.describe(contoso.id, me);

/** What was asked of the token endpoint by now. */
function requests(): number {
  return world.counters.snapshot().endpoints.identity?.['POST /{tenant}/oauth2/v2.0/token']?.requests ?? 0;
}

/** How many secrets whose names begin so are there, and how many are deleted. */
function names(stem: string): { living: string[]; deleted: string[] } {
  const all = world.vault.controls.names?.({}) as Record<'living' | 'deleted', { name: string }[]>;
  const own = (list: { name: string }[]) => list.map(({ name }) => name).filter((name) => name.startsWith(stem));
  return { living: own(all.living), deleted: own(all.deleted) };
}

/** So late that the token has to be renewed; the tokens with which Tandem reaches its own vault are renewed beforehand. */
async function later(ms = hour - 2 * minute, ...processes: Parts[]): Promise<void> {
  world.ahead += ms;
  for (const each of [parts, ...processes]) await each.clientSecrets.read(contoso.id, 'action');
}

describe('renewing', () => {
  test('a hundred callers in four processes at once make one refresh, and nobody waits in vain', async () => {
    const processes = [parts, world.process(), world.process(), world.process()];
    await later(hour - 2 * minute, ...processes);
    const before = requests();
    const tokens = await Promise.all(Array.from({ length: 100 }, (_, index) => ask(processes[index % 4])));
    expect(requests() - before).toBe(1);
    for (const token of tokens) expect(decodeJwt(token).oid).toBe(me.objectId);
  });

  test('where the old token has ended, all hundred get the new one', async () => {
    const processes = [parts, world.process(), world.process(), world.process()];
    const old = await ask();
    await later(2 * hour, ...processes);
    const before = requests();
    const tokens = await Promise.all(Array.from({ length: 100 }, (_, index) => ask(processes[index % 4])));
    expect([requests() - before, new Set(tokens).size, tokens.includes(old)]).toEqual([1, 1, false]);
  });

  test('a token that is good for a while is asked for nowhere', async () => {
    await ask();
    const before = requests();
    await Promise.all(Array.from({ length: 50 }, () => ask()));
    expect(requests()).toBe(before);
  });

  test('a reply that was lost locks nobody out: the old refresh token is used again', async () => {
    await later(2 * hour);
    world.faults.add({ service: 'identity', path: '/token', kind: 'cutAfter', times: 1 });
    await expect(ask()).rejects.toMatchObject({ code: 'unavailable', retry: 'later' });
    expect(await state()).toMatchObject({ state: 'in', leasedUntil: null });
    await later(minute);
    await expect(ask()).resolves.toMatch(/^eyJ/);
    expect(await state()).toMatchObject({ state: 'in', failure: null });
  });

  test('while the service is in trouble the old token goes on as long as it is good, and the service is not pestered', async () => {
    await later();
    world.faults.add({ service: 'identity', path: '/token', kind: 'error', status: 503 });
    const before = requests();
    for (let times = 0; times < 20; times++) await expect(ask()).resolves.toMatch(/^eyJ/);
    expect(requests() - before).toBe(1);
    expect(await state()).toMatchObject({ state: 'in', failure: { code: 'unavailable' } });
  });

  test('a service that asks for patience gets it', async () => {
    await later(2 * hour);
    world.faults.add({ service: 'identity', path: '/token', kind: 'throttle', retryAfterSeconds: 120 });
    const before = requests();
    for (let times = 0; times < 5; times++) await expect(ask()).rejects.toMatchObject({ code: 'throttled', retry: 'later' });
    expect(requests() - before).toBe(1);
    world.faults.clear();
    await later(3 * minute);
    await expect(ask()).resolves.toMatch(/^eyJ/);
  });

  test('a process that died in the middle holds nobody up for longer than its lease', async () => {
    await later(2 * hour);
    const states = tableTokenStates(parts.tables);
    const known = await states.read(contoso.id, me);
    if (known === null) throw new Error('Not signed in.');
    const { etag, ...row } = known;
    await states.save(contoso.id, me, { ...row, leasedUntil: world.clock.now() + 500 }, etag);
    const startedAt = world.clock.now();
    await expect(ask()).resolves.toMatch(/^eyJ/);
    expect(world.clock.now() - startedAt).toBeGreaterThanOrEqual(400);
  });

  test('what the service gave is used only once it is safe', async () => {
    await later(2 * hour);
    world.faults.add({ service: 'keyVault', method: 'PUT', kind: 'error', status: 403 });
    await expect(ask()).rejects.toMatchObject({ code: 'unavailable', retry: 'later' });
    world.faults.clear();
    await later(minute);
    await expect(ask()).resolves.toMatch(/^eyJ/);
  });
});

describe('when only a person can help', () => {
  test.each<[string, () => void]>([
    ['invalid_grant AADSTS50173', () => void world.identity.controls.revoke?.({ user: 'anna' })],
    ['invalid_grant AADSTS700082', () => void world.identity.controls.expire?.({ user: 'anna' })],
    ['interaction_required', () => void world.identity.controls.fail?.({ error: 'interaction_required', code: 50076 })],
    ['consent_required', () => void world.identity.controls.fail?.({ error: 'consent_required', code: 65001 })],
    ['login_required', () => void world.identity.controls.fail?.({ error: 'login_required', code: 50058 })],
  ])('%s asks for a new sign-in, tells where, asks no more, and ends with it', async (why, fate) => {
    const other = world.process();
    await later(2 * hour, other);
    fate();
    const error = await ask().catch((thrown: unknown) => thrown);
    const fix = expect.stringContaining(`/app/api/auth/serviceAction/start?integration=${contoso.id}`);
    expect(error).toMatchObject({ code: 'sign-in-needed', retry: 'later', fix });
    expect(await state()).toMatchObject({ state: 'again', failure: { detail: expect.stringContaining(why), fix } });
    const before = requests();
    await expect(ask(other)).rejects.toMatchObject({ code: 'sign-in-needed' });
    expect(requests()).toBe(before);
    world.ahead = 0;
    await new Browser(world, parts).all('action', 'anna', contoso.id);
    await expect(ask()).resolves.toMatch(/^eyJ/);
  });

  test('a client that is refused is a matter of settings and no reason to sign in again', async () => {
    await parts.clientSecrets.put(contoso.id, 'action', 'wrong', null);
    await later(2 * hour);
    await expect(ask()).rejects.toMatchObject({ code: 'settings', detail: expect.stringContaining('AADSTS7000215') });
    expect(await state()).toMatchObject({ state: 'in' });
    await parts.clientSecrets.put(contoso.id, 'action', tandemApplication.clientSecret, null);
    await later(6 * minute);
    await expect(ask()).resolves.toMatch(/^eyJ/);
  });

  test('a refresh token is never shown to another client or address than the one that it came from', async () => {
    const moved = { ...contoso, connection: IntegrationConnection.parse({ action: provider.signIn }) };
    await later(2 * hour);
    await expect(parts.tokensOf(moved).person(me.objectId)).rejects.toMatchObject({ code: 'sign-in-needed' });
    expect(provider.heard).toEqual([]);
  });

  test('tokens are never shown to another environment, although it has taken the name of the one that they are for', async () => {
    const other = { ...contoso, baseUrl: 'http://127.0.0.1:5002' };
    const ofOther = (from: Parts) => from.tokensOf(other).person(me.objectId);
    await ask();
    for (const each of [parts, world.process()]) await expect(ofOther(each)).rejects.toMatchObject({ code: 'sign-in-needed' });
    await parts.tokenVault.disconnectAll(contoso);
    await expect(ofOther(parts)).rejects.toMatchObject({ code: 'sign-in-needed' });
  });

  test('trouble with the vault is never taken for an answer of Dynamics (promise 3)', async () => {
    const other = world.process();
    await other.clientSecrets.read(contoso.id, 'action');
    for (const denied of [true, false]) {
      world.vault.controls.deny?.({ denied });
      if (denied) await expect(ask(other)).rejects.toMatchObject({ code: 'unavailable', retry: 'later', status: undefined });
      else await expect(ask(other)).resolves.toMatch(/^eyJ/);
    }
  });
});

describe('ending a sign-in', () => {
  test('overwrites and deletes, for every process within a minute; a new sign-in works though no old name can be used again', async () => {
    const stem = `token-${contoso.id}-${me.objectId}`;
    const other = world.process();
    await ask(other);
    for (const number of [1, 2, 3]) {
      expect(names(stem).living).toEqual([`${stem}-${number}`]);
      await parts.tokenVault.disconnect(contoso, me);
      expect(names(stem)).toMatchObject({ living: [] });
      await expect(ask()).rejects.toMatchObject({ code: 'sign-in-needed' });
      await later(minute + 1);
      await expect(ask(other)).rejects.toMatchObject({ code: 'sign-in-needed' });
      world.ahead = 0;
      await new Browser(world, parts).all('action', 'anna', contoso.id);
    }
    expect(names(stem).deleted).toHaveLength(3);
  });

  test('a new sign-in puts an end to the tokens of the old one', async () => {
    const stem = `token-${contoso.id}-${me.objectId}`;
    await new Browser(world, parts).all('action', 'anna', contoso.id);
    expect(names(stem)).toEqual({ living: [`${stem}-2`], deleted: [`${stem}-1`] });
    await expect(ask()).resolves.toMatch(/^eyJ/);
  });

  test('a renewal that is under way leaves nothing behind', async () => {
    const stem = `token-${contoso.id}-${me.objectId}`;
    await later(2 * hour);
    const asked = ask().catch(() => 'refused');
    await parts.tokenVault.disconnect(contoso, me);
    await asked;
    expect(names(stem).living).toEqual([]);
    expect(await state()).toMatchObject({ state: 'out', version: null });
  });

  test('the sign-ins of others stay, unless the whole integration goes', async () => {
    const ben = { objectId: person('ben').objectId };
    await new Browser(world, parts).all('action', 'ben', contoso.id);
    await parts.tokenVault.disconnect(contoso, me);
    await expect(parts.tokensOf(contoso).person(ben.objectId)).resolves.toMatch(/^eyJ/);
    await parts.tokenVault.disconnectAll(contoso);
    expect(names(`token-${contoso.id}-`).living).toEqual([]);
  });

  test('of very many sign-ins as many are ended as there is time for, and each of them once', async () => {
    await new Browser(world, parts).all('action', 'ben', contoso.id);
    const { holders } = tableTokenStates(parts.tables);
    expect(await holders(contoso.id)).toHaveLength(2);
    expect(await parts.tokenVault.disconnectAll(contoso, world.clock.now())).toBe(false);
    expect(await holders(contoso.id)).toHaveLength(1);
    expect(await parts.tokenVault.disconnectAll(contoso)).toBe(true);
    expect(await holders(contoso.id)).toEqual([]);
  });

  test('a deletion that broke off is finished by the next change', async () => {
    const stem = `token-${contoso.id}-${me.objectId}`;
    world.faults.add({ service: 'keyVault', method: 'DELETE', kind: 'error', status: 403, times: 10 });
    await expect(parts.tokenVault.disconnect(contoso, me)).rejects.toMatchObject({ retry: 'later' });
    world.faults.clear();
    await expect(ask()).rejects.toMatchObject({ code: 'sign-in-needed' });
    await parts.tokenVault.disconnect(contoso, me);
    expect(names(stem).living).toEqual([]);
  });

  describe('a sign-in that was not kept to its end', () => {
    const kept = { tokens: { accessToken: 'a', refreshToken: 'r', expiresAt: Number.MAX_SAFE_INTEGER }, account: null };
    const ben = { objectId: person('ben').objectId };

    /** A process whose attempts to save what is known of tokens fail from one of them on, or wait for something. */
    function vaultThat(save: (attempt: number) => Promise<unknown>): TokenVault {
      const states = tableTokenStates(parts.tables);
      let attempt = 0;
      return createTokenVault({
        config: parts.config,
        clock: world.clock,
        secrets: openKeyVault(parts.config, createTokenSource(parts.config)),
        states: {
          ...states,
          save: async (...given) => {
            attempt += 1;
            await save(attempt);
            return states.save(...given);
          },
        },
        clientOf: parts.signInClient,
      });
    }

    test.each([
      ['who never was', ben],
      ['who was', me],
    ])('leaves nothing that a disconnection does not find, for somebody %s signed in', async (_, holder) => {
      const stem = `token-${contoso.id}-${holder.objectId}`;
      const dying = vaultThat(async (attempt) => {
        if (attempt > 1) throw new Error('The process died.');
      });
      await expect(dying.keep(contoso, holder, 'client', kept)).rejects.toThrow('The process died.');
      expect(names(stem).living).toHaveLength(holder === me ? 2 : 1);
      await parts.tokenVault.disconnectAll(contoso);
      expect(names(stem).living).toEqual([]);
    });

    test('that was never begun leaves no secret', async () => {
      const stem = `token-${contoso.id}-${ben.objectId}`;
      const failing = vaultThat(() => Promise.reject(new Error('The table is away.')));
      await expect(failing.keep(contoso, ben, 'client', kept)).rejects.toThrow('The table is away.');
      expect(names(stem)).toEqual({ living: [], deleted: [] });
    });

    test('because somebody disconnected meanwhile is told so, and leaves nothing', async () => {
      const stem = `token-${contoso.id}-${me.objectId}`;
      const slow = vaultThat(async (attempt) => {
        if (attempt === 2) await parts.tokenVault.disconnect(contoso, me);
      });
      await expect(slow.keep(contoso, me, 'client', kept)).rejects.toMatchObject({ code: 'conflict', fix: 'Sign in again.' });
      expect(names(stem).living).toEqual([]);
      await expect(ask()).rejects.toMatchObject({ code: 'sign-in-needed' });
    });

    test('is no hindrance to the next one', async () => {
      const dying = vaultThat(async (attempt) => {
        if (attempt > 1) throw new Error('The process died.');
      });
      await expect(dying.keep(contoso, me, 'client', kept)).rejects.toThrow('The process died.');
      await new Browser(world, parts).all('action', 'anna', contoso.id);
      await expect(ask()).resolves.toMatch(/^eyJ/);
      expect(names(`token-${contoso.id}-${me.objectId}`).living).toHaveLength(1);
    });
  });

  test('a service that can revoke is told to; what it refuses is deleted all the same', async () => {
    const strange = await world.integration(parts, { action: provider.signIn });
    const client = await parts.signInClient(strange, me);
    const tokens = { accessToken: 'a', refreshToken: 'opaque-refresh', expiresAt: world.clock.now() + hour };
    for (const status of [200, 400]) {
      await parts.tokenVault.keep(strange, me, client.name, { tokens, account: me.objectId });
      provider.metadata = { revocation_endpoint: `${provider.url}/revoke` };
      provider.reply = (_, response) =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}');
      const revocation = await parts.tokenVault.disconnect(strange, me);
      expect(revocation.kind).toBe(status === 200 ? 'revoked' : 'failed');
      expect(provider.heard.at(-1)?.form.get('token')).toBe('opaque-refresh');
      expect(names(`token-${strange.id}-`).living).toEqual([]);
    }
    provider.metadata = { revocation_endpoint: 'https://elsewhere.example/revoke' };
    await parts.tokenVault.keep(strange, me, client.name, { tokens, account: me.objectId });
    expect((await parts.tokenVault.disconnect(strange, me)).kind).toBe('notPossible');
  });
});
