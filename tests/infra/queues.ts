import { type BicepFile, isProperties } from './bicep';
import type { DeclaredFunctions } from './declared-functions';
import { type Finding, theOne } from './house-rules';

export interface DeployedQueue {
  readonly name: string;
  readonly sessions: boolean;
  readonly duplicateDetection: boolean;
}

/** The queues of a Bicep file, from its variable `queues`. */
export function deployedQueues({ path, variables }: BicepFile): DeployedQueue[] {
  const { queues } = variables;
  if (!Array.isArray(queues)) throw new Error(`${path} has no list of queues.`);
  return queues.filter(isProperties).map(({ name, sessions, duplicateDetection }) => {
    if (typeof name !== 'string' || typeof sessions !== 'boolean' || typeof duplicateDetection !== 'boolean') {
      throw new Error(`A queue of ${path} is not plain.`);
    }
    return { name, sessions, duplicateDetection };
  });
}

/** What all queues of a Bicep file have in common. */
export function queueProperties(file: BicepFile): object {
  const { properties } = theOne(file, 'Microsoft.ServiceBus/namespaces/queues').body;
  return isProperties(properties) ? properties : {};
}

/** Where queues and what the app does with them differ. `sentTo` are the queues that the app sends to. */
export function queueFindings(
  deployed: readonly DeployedQueue[],
  declared: DeclaredFunctions['queues'],
  sentTo: readonly string[],
): Finding[] {
  const names = deployed.map(({ name }) => name);
  const missing = sentTo.filter((name) => !names.includes(name)).map((name) => `the queue ${name} is sent to and not deployed`);
  const wrong = Object.entries(declared).flatMap(([name, { queueName, isSessionsEnabled = false }]) => {
    const queue = deployed.find((each) => each.name === queueName);
    if (queue === undefined) return [`${name} reads the queue ${queueName}, which is not deployed`];
    return queue.sessions === isSessionsEnabled ? [] : [`${name} and the queue ${queueName} differ about sessions`];
  });
  return [...missing, ...wrong];
}
