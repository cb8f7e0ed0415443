import { type BicepFile, isProperties } from './bicep';
import type { DeclaredFunctions } from './declared-functions';
import type { Finding } from './house-rules';

export interface Assignment {
  readonly resource: string;
  readonly role: string;
  readonly roleId: string;
}

/** Azure's ids of the built-in roles (Azure built-in roles reference). */
export const builtInRoles: Readonly<Record<string, string>> = {
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
  'Azure Service Bus Data Owner': '090c5cfd-751d-490a-894a-3ce6f1109419',
  'Azure Service Bus Data Sender': '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39',
  'Key Vault Secrets Officer': 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb',
};

/** The assignments of a Bicep file, from its variable `roles`. */
export function assignments({ path, variables }: BicepFile): Assignment[] {
  const { roles } = variables;
  if (!Array.isArray(roles)) throw new Error(`${path} has no list of roles.`);
  return roles.filter(isProperties).map(({ resource, role, roleId }) => ({
    resource: String(resource),
    role: String(role),
    roleId: String(roleId),
  }));
}

/** Where the assignments and the table in the docs differ, and where a role's name and id are not of one role. */
export function roleFindings(assigned: readonly Assignment[], documented: readonly (readonly string[])[]): Finding[] {
  const inBicep = assigned.map(({ resource, role }) => `${resource}: ${role}`);
  const inDocs = documented.map(([resource, role]) => `${resource}: ${role}`);
  return [
    ...inBicep.filter((each) => !inDocs.includes(each)).map((each) => `assigned and not documented: ${each}`),
    ...inDocs.filter((each) => !inBicep.includes(each)).map((each) => `documented and not assigned: ${each}`),
    ...inBicep.filter((each, index) => inBicep.indexOf(each) !== index).map((each) => `assigned twice: ${each}`),
    ...documented.filter(([, , why = '']) => why.length < 10).map(([resource, role]) => `no reason: ${resource}: ${role}`),
    ...assigned.filter(({ role, roleId }) => builtInRoles[role] !== roleId).map(({ role, roleId }) => `${roleId} is not ${role}`),
  ];
}

/** The roles on queues that the functions need: of those that they read, all; of those that the app only sends to, sending. */
export function neededOnQueues(declared: DeclaredFunctions['queues'], sentTo: readonly string[]): string[] {
  const read = Object.values(declared).map(({ queueName }) => queueName);
  return [
    ...read.map((name) => `queue ${name}: Azure Service Bus Data Owner`),
    ...sentTo.filter((name) => !read.includes(name)).map((name) => `queue ${name}: Azure Service Bus Data Sender`),
  ].sort();
}

/** The kinds of resource on which a Bicep file makes assignments out of its list. */
export function assignedKinds({ text }: BicepFile): string[] {
  const kinds = [...text.matchAll(/role\.resource == '([^']+)'/g)].map(([, kind = '']) => kind);
  return text.includes("startsWith(role.resource, 'queue ')") ? [...kinds, 'queue'] : kinds;
}
