import { people } from '../../../local/company/people';
import type { Alert } from '../../../shared/mailboxes/alerts';
import { listAlerts, watchAlerts } from '../../../shared/mailboxes/read-alerts';
import { statusOf } from '../../../shared/mailboxes/status';
import { createLog } from '../../../shared/platform/telemetry';
import { Desk } from '../cycle/desk';
import { passTime } from '../cycle/worker';
import { anna, ben, World } from '../cycle/world';
import { allPages } from '../storage/all-pages';
import { testConfig } from '../test-config';

const minute = 60_000;
const crowd = people.slice(0, 6);

let world: World;
let lines: string[];
afterEach(() => world.close());

function services() {
  const note = (line: string) => void lines.push(line);
  const nothing = async () => ({ service: null, action: null, certificate: null });
  return {
    ...world.services,
    config: testConfig(),
    clientSecrets: { describe: nothing },
    log: createLog({ info: note, warn: note, error: note }),
  };
}

async function alerts(): Promise<readonly Alert[]> {
  const every = { integration: null, mailbox: null, level: null };
  return allPages((cursor) => listAlerts(services(), { ...every, limit: 2, cursor }));
}

async function stateOf(who: (typeof people)[number]) {
  return statusOf({ ...(await world.mailbox(who)), wanted: { act: true, incoming: false } }, world.clock.now()).overall.state;
}

const told = (event: string) => lines.filter((line) => line.includes(event)).length;

test('an outage of Exchange that outlasts every count delays all mailboxes, switches none off, is one alert told once, and ends by itself', async () => {
  world = await World.start();
  lines = [];
  for (const who of crowd) await world.enable(who);
  await world.settle();
  const id = await new Desk(world, anna).make('tasks', { subject: 'Waits for Exchange' });
  world.faults.add({ service: 'graph', kind: 'error', status: 503 });
  for (const who of crowd) await world.cycle(who);
  await passTime(world, 12 * 60 * minute, 10 * minute);

  for (const who of crowd) expect([await stateOf(who), (await world.mailbox(who)).status]).toEqual(['delayed', 'on']);
  expect((await world.mailbox(anna)).health?.failures).toBeGreaterThan(10);
  expect(await alerts()).toMatchObject([{ kind: 'outage', level: 'warning', mailbox: null, code: 'unavailable', count: crowd.length }]);
  await watchAlerts(services());
  await watchAlerts(services());
  expect([told('alert-raised'), told('alert-cured')]).toEqual([1, 0]);

  world.faults.clear();
  await passTime(world, 70 * minute, minute);
  for (const who of crowd) expect(await stateOf(who)).toBe('healthy');
  expect(await new Desk(world, anna).itemOf('tasks', id)).toMatchObject({ title: 'Waits for Exchange' });
  expect(await alerts()).toEqual([]);
  await watchAlerts(services());
  expect([told('alert-raised'), told('alert-cured')]).toEqual([1, 1]);
}, 120_000);

test('what the brake holds is an alert of its mailbox, until somebody has decided', async () => {
  const brake = { mailboxNumber: 1, mailboxPercent: 1, integrationNumber: 10_000, integrationPercent: 100 };
  world = await World.start({ settings: { brake } });
  lines = [];
  for (const who of [anna, ben]) await world.enable(who);
  const desk = new Desk(world, anna);
  const ids = [];
  for (const subject of ['a', 'b', 'c']) ids.push(await desk.inStep('tasks', { subject }));
  for (const id of ids) await desk.drop('tasks', id);
  await world.settle();

  const [alert] = await alerts();
  expect(alert).toMatchObject({ kind: 'brake', mailbox: anna.systemUserId, level: 'warning', count: 2 });
  const only = { integration: null, cursor: null, limit: 10 };
  expect((await listAlerts(services(), { ...only, mailbox: ben.systemUserId, level: null })).items).toEqual([]);
  expect((await listAlerts(services(), { ...only, mailbox: null, level: 'error' })).items).toEqual([]);

  await world.configure({});
  const partition = await world.partition(anna);
  await partition.decide((await partition.state()).holds.map((held) => ({ ...held, verdict: 'approve', by: 'x', at: world.clock.now() })));
  await world.cycle(anna, 'approval');
  expect(await alerts()).toEqual([]);
});
