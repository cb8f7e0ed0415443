import { z } from 'zod';
import { IntegrationSettings } from './integration-settings';
import { counterparts, withoutCounterpart } from './orgdb-settings';

/** What a schema says of one setting, as JSON Schema has it. */
const node = z.looseObject({
  type: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxLength: z.number().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});
type Node = z.output<typeof node>;

interface Row {
  readonly name: string;
  readonly node: Node;
}

/** Every integration setting by its path, groups before what is in them. */
export function integrationSettingNames(): string[] {
  return rows().map(({ name }) => name);
}

/** The settings of an integration as a page for people, in Markdown. */
export function integrationSettingsPage(): string {
  return [
    '# Settings of an integration',
    '',
    'What an admin decides for one Dynamics environment, saved with `PUT integrations/{id}` as `settings`. What is left out keeps its default; a name that',
    'nobody knows is refused. A change counts from the next cycle of each mailbox on. This page is made from `shared/model/integration-settings.ts`.',
    '',
    '| Setting | Default | Values | What it means | Stands for |',
    '|---|---|---|---|---|',
    ...rows().map(tableRow),
    '',
    '## Coming from server-side synchronization',
    '',
    'Settings of an organization in Dynamics that steer how appointments, contacts and tasks sync, and what stands in for each. Tandem does not read them.',
    '',
    '| Setting of the organization | Here | Differences |',
    '|---|---|---|',
    ...Object.entries(counterparts).map(([theirs, { setting, difference }]) => `| \`${theirs}\` | \`${setting}\` | ${difference} |`),
    '',
    'Those without a counterpart, and why:',
    '',
    '| Setting of the organization | Why there is none |',
    '|---|---|',
    ...Object.entries(withoutCounterpart).map(([theirs, why]) => `| \`${theirs}\` | ${why} |`),
    '',
    '## Switching a kind of record off',
    '',
    'A kind that is off is not polled, not loaded and not planned. Nothing is released or deleted by that: its links, and whatever of it is parked or held, stay as',
    'they are. Once it is on again, every mailbox of the integration is loaded anew, as when it was enabled: edits of both sides are merged, and nobody is invited',
    'to a meeting that was made meanwhile. What was done in Exchange alone is found by the sweep that follows ten minutes later.',
    '',
  ].join('\n');
}

function rows(): Row[] {
  return rowsOf(node.parse(z.toJSONSchema(IntegrationSettings, { io: 'input', unrepresentable: 'any' })), '');
}

function rowsOf({ properties = {} }: Node, prefix: string): Row[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const child = node.parse(schema);
    const name = `${prefix}${key}`;
    // The keys of a record have no words of their own: its row says what stands below them.
    if (prefix !== '' && child.description === undefined) return [];
    return [{ name, node: child }, ...rowsOf(child, `${name}.`)];
  });
}

function tableRow({ name, node: of }: Row): string {
  const theirs = Object.entries(counterparts).flatMap(([orgDb, { setting }]) => (setting === name ? [`\`${orgDb}\``] : []));
  const cells = [`\`${name}\``, fallback(of), values(of), of.description ?? '', theirs.join(', ')];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function fallback({ properties, default: given }: Node): string {
  return isGroup(properties) || given === undefined ? '' : `\`${JSON.stringify(given)}\``;
}

function values({ type, enum: words, minimum, maximum, maxLength, properties }: Node): string {
  if (isGroup(properties)) return 'see below';
  if (words !== undefined) return words.map((word) => `\`${word}\``).join(', ');
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'integer') return `${minimum ?? 0} to ${maximum ?? 'any'}`;
  if (type === 'string') return maxLength === undefined ? 'text' : `text of up to ${maxLength} characters`;
  return type === 'array' ? 'a list' : 'by kind of record';
}

function isGroup(properties: Node['properties']): boolean {
  return Object.values(properties ?? {}).some((each) => node.parse(each).description !== undefined);
}
