import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { queueNames } from '../../shared/messaging/messages';
import { type BicepFile, bicepFile, parseBicep, projectBicep, projectRoot } from './bicep';
import { declaredFunctions } from './declared-functions';
import { tableBelow } from './markdown';
import { assignedKinds, assignments, neededOnQueues, roleFindings } from './roles';

const documented = tableBelow(readFileSync(join(projectRoot, 'docs', 'roles.md'), 'utf8'), 'In Azure');

let file: BicepFile;
beforeAll(async () => {
  file = await bicepFile('bicep/roles.bicep');
});

test('the roles are those of the table in docs/roles.md, each with its reason', () => {
  expect(roleFindings(assignments(file), documented)).toEqual([]);
});

test('on queues the app has what its functions need, and no more', () => {
  const onQueues = assignments(file).filter(({ resource }) => resource.startsWith('queue '));
  const needed = neededOnQueues(declaredFunctions().queues, Object.values(queueNames));
  expect(onQueues.map(({ resource, role }) => `${resource}: ${role}`).sort()).toEqual(needed);
});

test('every line of the list becomes an assignment on that resource alone', () => {
  const kinds = assignments(file).map(({ resource }) => (resource.startsWith('queue ') ? 'queue' : resource));
  expect(assignedKinds(file).sort()).toEqual([...new Set(kinds)].sort());
  const made = file.resources.filter(({ type }) => type === 'Microsoft.Authorization/roleAssignments');
  expect(made).toHaveLength(assignedKinds(file).length);
  const scopes = made.map(({ body }) => body.scope);
  expect(scopes).toEqual(['storage', 'queues[index]', 'vault', 'insights'].map((expression) => ({ expression })));
});

test('no other file assigns a role', async () => {
  const others = (await projectBicep()).filter(({ path }) => path !== file.path);
  expect(others.flatMap(({ resources }) => resources).filter(({ type }) => /^Microsoft\.Authorization\//.test(type))).toEqual([]);
});

test('a role too much, one too few, a wrong id and a missing reason are found', async () => {
  const broken = await parseBicep("var roles = [\n { resource: 'key vault', role: 'Owner', roleId: 'x' }\n]");
  const table = [['key vault', 'Key Vault Secrets Officer', 'so']];
  expect(roleFindings(assignments(broken), table)).toEqual([
    'assigned and not documented: key vault: Owner',
    'documented and not assigned: key vault: Key Vault Secrets Officer',
    'no reason: key vault: Key Vault Secrets Officer',
    'x is not Owner',
  ]);
});
