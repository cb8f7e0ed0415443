import { queues as localQueues } from '../../local/stack/queues';
import { queueNames } from '../../shared/messaging/messages';
import { type BicepFile, bicepFile, parseBicep } from './bicep';
import { type DeclaredFunctions, declaredFunctions } from './declared-functions';
import { deployedQueues, queueFindings, queueProperties } from './queues';

let file: BicepFile;
let declared: DeclaredFunctions;
beforeAll(async () => {
  file = await bicepFile('bicep/service-bus.bicep');
  declared = declaredFunctions();
});

test('every queue that a function reads or sends to is deployed, with sessions exactly where the function declares them', () => {
  expect(Object.keys(declared.queues)).toEqual(expect.arrayContaining(['pollSource', 'syncMailbox']));
  expect(queueFindings(deployedQueues(file), declared.queues, Object.values(queueNames))).toEqual([]);
});

test('the queues of the local stack and the deployed ones are the same, property by property', () => {
  const { lockDuration, maxDeliveryCount, duplicateDetectionHistoryTimeWindow } = queueProperties(file) as Record<string, unknown>;
  expect([lockDuration, maxDeliveryCount, duplicateDetectionHistoryTimeWindow]).toEqual(['PT1M', 10, 'PT10M']);
  const deployed = deployedQueues(file).map(({ name, sessions, duplicateDetection }) => [
    name,
    { sessions, lockMs: 60_000, maxDeliveryCount: 10, duplicateWindowMs: duplicateDetection ? 600_000 : 0 },
  ]);
  const usual = { sessions: false, lockMs: 60_000, maxDeliveryCount: 10, duplicateWindowMs: 0 };
  const local = Object.entries(localQueues).map(([name, options]) => [name, { ...usual, ...options }]);
  expect(Object.fromEntries(deployed)).toEqual(Object.fromEntries(local));
});

test('each property is set from the list', () => {
  expect(queueProperties(file)).toMatchObject({
    requiresSession: { expression: 'queue.sessions' },
    requiresDuplicateDetection: { expression: 'queue.duplicateDetection' },
  });
});

test('a queue without its sessions, a missing one and an unknown one are found', async () => {
  const broken = await parseBicep("var queues = [\n { name: 'polls', sessions: false, duplicateDetection: true }\n]");
  const found = queueFindings(deployedQueues(broken), declared.queues, Object.values(queueNames));
  expect(found).toEqual(
    expect.arrayContaining([
      'pollSource and the queue polls differ about sessions',
      'syncMailbox reads the queue wakeups, which is not deployed',
      'the queue rejected is sent to and not deployed',
    ]),
  );
});
