import { tokenForPerson } from '../identity/sign-in';
import type { Part, Stack } from '../stack';
import { demoPeople } from './connect';

/** The parts as a table of plain text. */
export function statusTable(parts: readonly Part[]): string {
  const rows = [['part', 'address', 'stands in for'], ...parts.map(({ name, url, standsFor }) => [name, url, standsFor])];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}

/** Commands to copy: one that shows what arrived, one that changes something on either side. */
export async function whatToTry(stack: Stack): Promise<string> {
  const { control, dynamics, graph } = stack;
  const list = await defaultTaskList(stack);
  const bearer = (part: string) => `-H "Authorization: Bearer $(curl -s ${control.url}/tokens/anna/${part})"`;
  return [
    `In step: ${demoPeople.map(({ firstName, lastName }) => `${firstName} ${lastName}`).join(', ')}.`,
    '',
    "Anna's tasks in Exchange:",
    `  curl -s ${bearer('graph')} \\`,
    `    '${graph.url}/v1.0/me/todo/lists/${list}/tasks?$select=title,status'`,
    'A new task of hers in Dynamics, which appears there two seconds later:',
    `  curl -s ${bearer('dynamics')} \\`,
    `    -H 'Content-Type: application/json' -d '{"subject":"Call Fabrikam"}' ${dynamics.url}/api/data/v9.2/tasks`,
    'Trouble: Graph answers 429 for ten seconds.',
    `  curl -s -d '{"service":"graph","kind":"throttle","retryAfterSeconds":2,"forMs":10000}' ${control.url}/faults`,
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
}

async function defaultTaskList({ identity, graph }: Stack): Promise<string> {
  const token = await tokenForPerson(identity, 'anna', graph.url);
  const response = await fetch(`${graph.url}/v1.0/me/todo/lists`, { headers: { authorization: `Bearer ${token}` } });
  const { value } = (await response.json()) as { value: { id: string; wellknownListName: string }[] };
  return value.find(({ wellknownListName }) => wellknownListName === 'defaultList')?.id ?? '';
}
