import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { bicepFile, projectRoot } from './bicep';
import { tableBelow } from './markdown';

const folder = join(projectRoot, 'infra', 'scripts');
const shellScripts = readdirSync(folder).filter((name) => name.endsWith('.sh'));
const register = readFileSync(join(folder, 'register-app.sh'), 'utf8');
const limit = readFileSync(join(folder, 'limit-mailboxes.ps1'), 'utf8');

const bashMajor = Number(/version (\d+)/.exec(spawnSync('bash', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1] ?? 0);
const withBash = bashMajor >= 5 ? describe : describe.skip;

const identity = '11111111-2222-4333-8444-555555555555';
const admin = '99999999-2222-4333-8444-555555555555';
const everything = ['--url', 'https://tandem.example', '--identity', identity, '--admin', admin, '--consent'];

/** A tenant of Entra ID as far as the script can tell. */
class Tenant {
  readonly root = mkdtempSync(join(tmpdir(), 'tandem-tenant-'));

  constructor(lists: Readonly<Record<string, string>> = {}) {
    copyFileSync(join(__dirname, 'fixtures', 'az.sh'), join(this.root, 'az'));
    for (const [name, line] of Object.entries(lists)) writeFileSync(join(this.root, name), `${line}\n`);
  }

  register(...options: string[]): { readonly status: number | null; readonly said: string } {
    const env = { ...process.env, PATH: `${this.root}${delimiter}${process.env.PATH ?? ''}`, FAKE_TENANT: this.root, IDENTITY: identity };
    const { status, stdout, stderr } = spawnSync('bash', [join(folder, 'register-app.sh'), ...options], { env, encoding: 'utf8' });
    return { status, said: stdout + stderr };
  }

  list(name: string): string[] {
    const path = join(this.root, name);
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').filter(Boolean) : [];
  }
}

let tenants: Tenant[] = [];
const tenant = (lists: Readonly<Record<string, string>> = {}): Tenant => {
  const made = new Tenant(lists);
  tenants.push(made);
  return made;
};
afterEach(() => {
  for (const { root } of tenants) rmSync(root, { recursive: true, force: true });
  tenants = [];
});

withBash('register-app.sh', () => {
  test('a dry run says what it would do and changes nothing', () => {
    const empty = tenant();
    const { status, said } = empty.register('--dry-run', ...everything);
    expect([status, empty.list('changes')]).toEqual([0, []]);
    expect(said).toContain('would: register the application Tandem');
    expect(said).toContain('would: grant the managed identity Calendars.ReadWrite');
    expect(said).not.toContain('doing:');
  });

  test('one run makes everything, and a second finds nothing to do', () => {
    const one = tenant();
    expect(one.register(...everything)).toMatchObject({ status: 0 });
    expect(one.list('roles')).toEqual(['Tandem.Admin', 'Tandem.User']);
    expect(one.list('uris')).toEqual(['api://client-id']);
    expect(one.list('subjects')).toEqual([identity]);
    expect(one.list('grants')).toHaveLength(4);
    const before = one.list('changes');
    const { status, said } = one.register(...everything);
    expect([status, one.list('changes')]).toEqual([0, before]);
    expect(said.trim()).toBe('CLIENT_ID: client-id');
  });

  test('before the deployment it makes what needs no address and no identity, and says what is left', () => {
    const early = tenant();
    const { status, said } = early.register();
    expect([status, early.list('redirects'), early.list('grants'), early.list('consented')]).toEqual([0, [], [], []]);
    expect(said.match(/^left: /gm)).toHaveLength(4);
    expect(early.list('applications')).toEqual(['client-id']);
  });

  test('redirect URIs are added to those that are there', () => {
    const one = tenant({ applications: 'client-id', redirects: 'https://other.example/callback' });
    one.register('--url', 'https://tandem.example');
    expect(one.list('redirects')).toEqual([
      'https://other.example/callback',
      'https://tandem.example/admin/api/gwsc/auth/serverContext',
      'https://tandem.example/app/api/auth/serviceAction/callback',
    ]);
  });

  test('limited mailboxes leave only what Exchange cannot grant', () => {
    const one = tenant();
    one.register(...everything);
    expect(one.register(...everything, '--mailboxes', 'limited').status).toBe(0);
    expect(one.list('grants')).toEqual(['role-Tasks.ReadWrite.All']);
  });

  test.each([
    ['a tenant that cannot be read', { broken: '' }, [], 'az login'],
    ['a tenant that refuses changes', { refuses: '' }, [], 'Insufficient privileges'],
    ['a tenant that refuses roles', { applications: 'client-id', uris: 'api://client-id', refuses: '' }, [], 'Insufficient privileges'],
    ['two applications of the name', { applications: 'one\ntwo' }, [], 'Choose another with --name'],
    ['app roles of somebody else', { applications: 'client-id', roles: 'Other.Role' }, [], 'has app roles of its own'],
    ['an unknown option', {}, ['--secret'], 'Usage:'],
    ['an address with a path', {}, ['--url', 'https://tandem.example/admin'], '--url is https://'],
    ['an identity that is no id', {}, ['--identity', 'tandem'], 'Not an object id'],
    ['an option without its value', {}, ['--url'], 'needs a value'],
  ])('%s ends it before anything is made', (_what, lists, options, reason) => {
    const one = tenant(lists);
    const { status, said } = one.register(...options);
    expect(status).not.toBe(0);
    expect(said).toContain(reason);
    expect(one.list('changes')).toEqual([]);
  });
});

withBash('shell scripts', () => {
  test.each(shellScripts)('%s has no syntax error', (name) => {
    expect(spawnSync('bash', ['-n', join(folder, name)], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  test('a syntax error would be found', () => {
    expect(spawnSync('bash', ['-n'], { input: 'if true; then', encoding: 'utf8' }).status).not.toBe(0);
  });
});

describe('what the scripts grant', () => {
  const documented = tableBelow(readFileSync(join(projectRoot, 'docs', 'roles.md'), 'utf8'), 'In Microsoft Graph');
  const namesIn = (name: string): string[] => new RegExp(`${name}=\\(([^)]*)\\)`).exec(register)?.[1]?.split(' ') ?? [];

  test('is what docs/roles.md says, mailbox by mailbox or for the tenant', () => {
    const limited = documented.filter(([, , how = '']) => how.startsWith('yes')).map(([permission]) => permission);
    const others = documented.filter(([, , how = '']) => how.startsWith('no')).map(([permission]) => permission);
    expect(limited.length + others.length).toBe(documented.length);
    expect(namesIn('mailbox_permissions')).toEqual(limited);
    expect(namesIn('tenant_permissions')).toEqual(others);
  });

  test('is in Exchange the same as in Entra ID', () => {
    const roles = [...limit.matchAll(/'(Application [\w.]+)'/g)].map(([, role]) => role);
    expect(roles).toEqual(documented.flatMap(([, , how = '']) => /^yes: (.+)$/.exec(how)?.[1] ?? []));
  });

  test('can be tried without changing anything', () => {
    expect(limit).toContain('[CmdletBinding(SupportsShouldProcess)]');
    const changes = limit.split('\n').filter((line) => /\b(New|Set|Remove)-[A-Z]\w+ -/.test(line) && !/Set-StrictMode/.test(line));
    const guards = limit.match(/ShouldProcess\(\$Name/g) ?? [];
    expect(changes.length).toBe(guards.length);
  });

  test('makes no secret', () => {
    for (const text of [register, limit]) expect(text).not.toMatch(/credential reset|--password|New-\w*Credential|client-secret/i);
  });

  test('sends people back to where the deployment says', async () => {
    const { outputs } = await bicepFile('infra/main.bicep');
    const callbacks = outputs.filter(({ name }) => name.endsWith('CALLBACK_URL')).map(({ text }) => /\}(\/.*)'$/.exec(text)?.[1]);
    expect(callbacks).toHaveLength(2);
    for (const path of callbacks) expect(register).toContain(`"$url${path}"`);
  });
});
