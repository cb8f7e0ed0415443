import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BicepFile, bicepFile, isProperties, type Properties, projectRoot } from './bicep';
import { declaredFunctions } from './declared-functions';
import { loggedEvents, queryFindings, timerFindings, timersIn } from './queries';
import { deployedQueues } from './queues';

interface Tile {
  readonly type: number;
  readonly content: {
    readonly query?: string;
    readonly resourceIds?: readonly string[];
    readonly crossComponentResources?: readonly string[];
  };
}

const workbook: { readonly items: readonly Tile[] } = JSON.parse(readFileSync(join(projectRoot, 'bicep', 'workbook.json'), 'utf8'));

let file: BicepFile;
let rules: Properties[];
let queueRules: Properties[];
beforeAll(async () => {
  file = await bicepFile('bicep/alerts.bicep');
  rules = listOf(file, 'rules');
  queueRules = listOf(file, 'queueRules');
});

function listOf({ variables }: BicepFile, name: string): Properties[] {
  const list = variables[name];
  return Array.isArray(list) ? list.filter(isProperties) : [];
}

const ruleNamed = (name: string): Properties => rules.find((rule) => rule.name === name) ?? {};

test('there is an alert for everything that somebody has to look at', () => {
  const names = [...rules, ...queueRules].map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      'freshness',
      'dead-letters',
      'failing-mailboxes',
      'consent-lost',
      'server-errors',
      'timers-silent',
      'brake-tripped',
      'pair-frozen',
    ]),
  );
  expect(new Set(names).size).toBe(names.length);
});

test('alerts ask for events and codes that the app really writes', () => {
  expect(
    queryFindings(
      rules.map(({ query }) => String(query)),
      loggedEvents(),
    ),
  ).toEqual([]);
});

test.each([
  ['freshness', ['count', 'p50', 'p95']],
  ['cycle-failed', ['mailbox', 'code', 'detail', 'retryAt']],
  ['poll-failed', ['integration', 'kind', 'code']],
  ['message-rejected', ['queue', 'reason']],
  ['pair-parked', ['record', 'entity', 'code']],
  ['brake-tripped', ['integration', 'scope', 'held']],
  ['pair-frozen', ['record']],
])('%s has the facts that queries read', (event, facts) => {
  // The facts of freshness come from a file of their own.
  const written = `${loggedEvents().get(event) ?? ''} ${readFileSync(join(projectRoot, 'shared', 'cycle', 'freshness.ts'), 'utf8')}`;
  for (const fact of facts) expect(written).toMatch(new RegExp(`\\b${fact}\\b`));
});

test('every timer is watched', () => {
  expect(timerFindings(timersIn(String(ruleNamed('timers-silent').query)), declaredFunctions().timers)).toEqual([]);
});

test('dead letters are watched in every queue that is read, and what cannot be read in the queue rejected', async () => {
  const names = deployedQueues(await bicepFile('bicep/service-bus.bicep')).map(({ name }) => name);
  const watched = Object.fromEntries(queueRules.map(({ metric, queues }) => [String(metric), queues]));
  expect(watched).toEqual({ DeadletteredMessages: names.filter((name) => name !== 'rejected'), ActiveMessages: ['rejected'] });
});

test('every rule looks back as far as its query does, and tells the action group', () => {
  for (const { every, over } of rules)
    expect([every, over]).toEqual([expect.stringMatching(/^PT\d+M$/), expect.stringMatching(/^PT\d+[MH]$/)]);
  expect(file.text.match(/actionGroup\.id/g)).toHaveLength(2);
});

test('the workbook asks for what the app writes, and only of resources that it is given', async () => {
  const queries = workbook.items.flatMap(({ content }) => content.query ?? []);
  expect(queries.length).toBeGreaterThan(8);
  expect(queryFindings(queries, loggedEvents())).toEqual([]);
  const { variables } = await bicepFile('bicep/workbook.bicep');
  const known = isProperties(variables.ids) ? Object.keys(variables.ids) : [];
  const named = workbook.items.flatMap(({ content }) => [...(content.resourceIds ?? []), ...(content.crossComponentResources ?? [])]);
  expect([...new Set(named)].sort()).toEqual(known.sort());
});

test('an unknown event, an unknown code and a timer that nobody watches are found', () => {
  const events = new Map([['cycle-failed', '']]);
  const query = "events\n| where event in ('cycle-failed', 'no-such')\n| where tostring(facts.code) == 'nothing'";
  expect(queryFindings([query], events)).toEqual(['no such event: no-such', 'no such code: nothing']);
  expect(timerFindings(timersIn("datatable(name: string) ['old', 5]"), { heartbeat: { schedule: '' } })).toEqual([
    'nobody would notice that heartbeat is silent',
    'no such timer: old',
  ]);
});
