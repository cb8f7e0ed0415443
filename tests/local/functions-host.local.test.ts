import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostEvent, HostProcess } from './fixtures/host-process';

const ended: HostProcess[] = [];

async function started(environment: Record<string, string> = {}): Promise<HostProcess> {
  const host = await HostProcess.start(environment);
  ended.push(host);
  return host;
}

afterAll(() => Promise.all(ended.map((host) => host.end('SIGKILL'))));

describe('over HTTP', () => {
  let host: HostProcess;
  beforeAll(async () => {
    host = await started({ FUNCTIONS_HOST_KEY: 'host-key', FUNCTIONS_MASTER_KEY: 'master-key' });
  });

  test('a function gets method, address, parameters, query, headers and body', async () => {
    const reply = await host.get('/echo/7?a=1&a=2&b=x%20y', { method: 'POST', body: 'grüß', headers: { 'x-two': 'yes' } });
    expect(await reply.json()).toEqual({
      method: 'POST',
      url: `${host.url}/echo/7?a=1&a=2&b=x%20y`,
      params: { id: '7' },
      query: { a: '1,2', b: 'x y' },
      header: 'yes',
      body: 'grüß',
    });
    expect(reply.headers.get('content-type')).toBe('application/json');
  });

  test('status, headers, cookies and bytes come back as the function gave them', async () => {
    const reply = await host.get('/picture');
    expect(reply.status).toBe(201);
    expect(reply.headers.get('content-type')).toBe('image/png');
    expect(reply.headers.get('x-kind')).toBe('small');
    expect(reply.headers.getSetCookie()).toEqual(['one=a%20b; path=/; samesite=lax; httponly', 'two=2; max-age=60; secure']);
    expect([...new Uint8Array(await reply.arrayBuffer())]).toEqual([0, 255, 1, 254]);
  });

  test('an unknown path, a wrong method and a parameter that does not fit are 404', async () => {
    expect((await host.get('/unknown')).status).toBe(404);
    expect((await host.get('/echo', { method: 'DELETE' })).status).toBe(404);
    expect((await host.get('/echo/seven')).status).toBe(404);
  });

  test('a function that returns nothing answers 204, and / is the homepage', async () => {
    expect((await host.get('/nothing')).status).toBe(204);
    expect((await host.get('/')).status).toBe(200);
  });

  test('a function that throws answers an empty 500, and its error is told with its code', async () => {
    const reply = await host.get('/boom');
    expect([reply.status, await reply.text()]).toEqual([500, '']);
    expect(await host.lineWith('functions: boom failed')).toContain('functions: boom failed: too-bad: it broke');
  });

  test('a function that runs longer than functionTimeout fails', async () => {
    expect((await host.get('/slow/4000')).status).toBe(500);
    expect(await host.lineWith('functions: slow failed: function-timeout')).toContain('Timeout value of 3 s');
  });

  test('a keyed function asks for the host key or the master key, an admin function for the master key', async () => {
    const status = async (path: string, key?: string) =>
      (await host.get(path, key === undefined ? {} : { headers: { 'x-functions-key': key } })).status;
    expect([await status('/keyed'), await status('/keyed', 'wrong'), await status('/keyed', 'host-key')]).toEqual([401, 401, 200]);
    expect([await status('/keyed?code=host-key'), await status('/keyed', 'master-key')]).toEqual([200, 200]);
    expect([await status('/mastered', 'host-key'), await status('/mastered', 'master-key')]).toEqual([401, 200]);
  });

  test('the host tells its own state, to whom has the master key', async () => {
    expect((await host.get('/admin/host/status')).status).toBe(401);
    const reply = await host.get('/admin/host/status?code=master-key');
    expect([reply.status, await reply.json()]).toEqual([200, expect.objectContaining({ state: 'Running' })]);
    expect((await host.get('/admin/host/other?code=master-key')).status).toBe(404);
  });

  test('a route that begins with admin is in error, and the other functions go on', async () => {
    const functions = await (await host.get('/admin/functions?code=master-key')).json();
    expect(functions).toContainEqual({
      name: 'refused',
      trigger: 'http',
      problem: 'The specified route conflicts with one or more built in routes.',
    });
    expect(functions).toContainEqual(expect.objectContaining({ name: 'unset', problem: expect.stringContaining('%NOT_SET%') }));
    expect(await host.lineWith("'refused' function is in error")).toContain('built in routes');
  });

  test('a path under /admin reaches no function unless the app switches the reservation off', async () => {
    expect((await host.get('/admin/api/thing')).status).toBe(404);
    expect(await host.lineWith("matches the route for function 'area'")).toContain('DisableReservedRouteEnforcement');
    expect(await (await host.get('/manage/api/thing')).text()).toBe('manage');

    const open = await started({ AzureWebJobsFeatureFlags: 'DisableReservedRouteEnforcement' });
    expect(await (await open.get('/admin/api/thing')).text()).toBe('admin');
    expect((await open.get('/admin/host/status')).status).toBe(200);
  });

  test('routes that hide others are told at start, and the name decides', async () => {
    expect(await host.lineWith('takes requests meant for newest')).toContain('anItem (items/{id})');
    expect(await (await host.get('/items/newest')).text()).toBe('item newest');
  });

  test("hooks run, and a function's own words are filtered by level", async () => {
    await host.get('/echo');
    const events = await host.eventsWhen((all) => all.some(({ hook }) => hook === 'postInvocation'));
    expect(events[0]).toMatchObject({ hook: 'appStart' });
    expect(await host.lineWith('echo: important')).toContain('warning');
    expect(host.lines.some((line) => line.includes('echo: not important'))).toBe(false);
  });
});

describe('timers', () => {
  const isTick = ({ timer }: HostEvent): boolean => timer === 'tick';

  test('run on their schedule from a setting, never over themselves', async () => {
    const host = await started({ TICK_SCHEDULE: '* * * * * *' });
    const events = await host.eventsWhen((all) => all.filter(isTick).length >= 4);
    expect(
      events
        .filter(isTick)
        .map(({ begin }) => begin)
        .slice(0, 4),
    ).toEqual([true, false, true, false]);
    expect(events.find(isTick)?.input).toMatchObject({ isPastDue: false, scheduleStatus: null });
  });

  test('may be an interval, run at start, and be started by hand', async () => {
    const host = await started({ TICK_SCHEDULE: '00:00:01' });
    const [early] = (await host.eventsWhen((all) => all.some(({ timer }) => timer === 'early'))).filter(({ timer }) => timer === 'early');
    expect(early?.input).toMatchObject({ isPastDue: false, scheduleStatus: { next: expect.stringMatching(/-01-01T00:00:00/) } });
    expect((await host.get('/admin/functions/early', { method: 'POST' })).status).toBe(202);
    await host.eventsWhen((all) => all.filter(({ timer }) => timer === 'early').length === 2 && all.some(isTick));
    expect((await host.get('/admin/functions/echo', { method: 'POST' })).status).toBe(404);
  });

  test('can be switched off by a setting', async () => {
    const host = await started({ 'AzureWebJobs.early.Disabled': 'true' });
    expect(await host.lineWith('early is switched off')).toContain('AzureWebJobs.early.Disabled');
    expect((await host.events()).filter(({ timer }) => timer === 'early')).toEqual([]);
  });
});

describe('the host', () => {
  test('waits at SIGTERM for what runs, takes nothing new, runs the terminate hooks and ends with 0', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'functions-host-'));
    const file = join(folder, 'terminated');
    const host = await started({ TERMINATE_FILE: file });
    const slow = host.get('/slow/1000');
    await host.eventsWhen((events) => events.some((event) => event.slow === 'started'));
    const end = host.end('SIGTERM');
    expect(await (await slow).text()).toBe('done');
    expect(await end).toBe(0);
    expect(existsSync(file) && readFileSync(file, 'utf8')).toBe('terminated');
    rmSync(folder, { recursive: true });
  });

  test('can be killed at any time', async () => {
    const host = await started();
    expect(await host.end('SIGKILL')).toBeNull();
  });

  test('ends by itself when the process that started it is gone', async () => {
    const host = await started();
    expect(await host.leave()).toBe(0);
  });

  test('does not start an app that needs what it lacks', async () => {
    await expect(HostProcess.start({ WITH_OUTPUT: '1' })).rejects.toThrow(
      /not support: sender: the output binding '\w+' of type 'serviceBus'/,
    );
  });
});
