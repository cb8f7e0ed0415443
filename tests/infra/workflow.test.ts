import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const directory = join(root, '.github', 'workflows');

/** A job of a workflow: its name and its lines. */
interface Job {
  readonly name: string;
  readonly lines: readonly string[];
}

/** What GitHub would read as YAML is read by lines here: two spaces a level, one key a line. */
function jobsOf(workflow: string): Job[] {
  const [, jobs = ''] = workflow.split(/^jobs:\n/m);
  return jobs
    .split(/^ {2}(?=[a-z])/m)
    .slice(1)
    .map((text) => ({ name: text.slice(0, text.indexOf(':')), lines: text.split('\n').slice(1) }));
}

/** The lines below a key, at a deeper level. */
function below(lines: readonly string[], key: RegExp): string[] {
  const at = lines.findIndex((line) => key.test(line));
  if (at < 0) return [];
  const depth = indentOf(lines[at] ?? '');
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => line.trim() !== '' && indentOf(line) <= depth);
  return (end < 0 ? rest : rest.slice(0, end)).map((line) => line.trim()).filter((line) => line !== '');
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function usesOf(workflow: string): string[] {
  return [...workflow.matchAll(/uses:\s*(.*)$/gm)].map(([, what = '']) => what.trim());
}

/** Which job may write what. */
const writes: Readonly<Record<string, readonly string[]>> = { preview: ['id-token: write'], codeql: ['security-events: write'] };

const rules = {
  'pins every action to a commit and names its release': (workflow: string) =>
    usesOf(workflow).filter((what) => !/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(what)),

  'has one commit an action': (workflow: string) => {
    const pins = new Map<string, Set<string>>();
    for (const what of usesOf(workflow)) {
      const repository = what.split('@')[0]?.split('/').slice(0, 2).join('/') ?? '';
      pins.set(repository, (pins.get(repository) ?? new Set()).add(what.split('@')[1] ?? ''));
    }
    return [...pins].filter(([, commits]) => commits.size > 1).map(([repository]) => repository);
  },

  'may only read, unless a job says what else it needs': (workflow: string) => {
    const everywhere = below(workflow.split('\n'), /^permissions:/);
    const extra = jobsOf(workflow).flatMap(({ name, lines }) =>
      below(lines, /^ {4}permissions:/).filter((line) => line !== 'contents: read' && !(writes[name] ?? []).includes(line)),
    );
    return [...(everywhere.join() === 'contents: read' ? [] : ['permissions']), ...extra, ...(workflow.match(/write-all|read-all/g) ?? [])];
  },

  'leaves no token behind for later steps': (workflow: string) => {
    const checkouts = workflow.match(/uses: actions\/checkout@/g)?.length ?? 0;
    const without = workflow.match(/persist-credentials: false/g)?.length ?? 0;
    return checkouts === without ? [] : [`${checkouts} checkouts, ${without} without credentials`];
  },

  'ends jobs that hang, and runs that are out of date': (workflow: string) => [
    ...jobsOf(workflow).flatMap(({ name, lines }) => (lines.some((line) => /^ {4}timeout-minutes: \d+$/.test(line)) ? [] : [name])),
    ...(/^concurrency:\n {2}group: /m.test(workflow) ? [] : ['concurrency']),
  ],

  'does not run what a stranger wrote with rights, nor puts it into a command': (workflow: string) => [
    ...(workflow.match(/pull_request_target|workflow_run/g) ?? []),
    ...(workflow.match(/run:.*\$\{\{.*/g) ?? []),
  ],

  'runs only commands that there are': (workflow: string) => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    return [...workflow.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script).filter((script) => !(script in scripts));
  },
} satisfies Record<string, (workflow: string) => string[]>;

describe.each(readdirSync(directory))('The workflow %s', (file) => {
  const workflow = readFileSync(join(directory, file), 'utf8');

  test.each(Object.entries(rules))('%s', (_name, rule) => {
    expect(rule(workflow)).toEqual([]);
  });
});

test('every change is linted and tested on each version of Node, packaged, built, previewed and reviewed', () => {
  const workflow = readFileSync(join(directory, 'ci.yml'), 'utf8');
  expect(jobsOf(workflow).map(({ name }) => name)).toEqual(['test', 'package', 'bicep', 'preview', 'dependencies', 'codeql']);
  expect(workflow).toMatch(/node: \[20, 22, 24\]/);
});

const sha = 'a'.repeat(40);

test.each<readonly [keyof typeof rules, string]>([
  ['pins every action to a commit and names its release', 'uses: actions/checkout@v6'],
  ['pins every action to a commit and names its release', `uses: actions/checkout@${sha}`],
  ['has one commit an action', `uses: a/b/init@${sha} # v1.0.0\nuses: a/b/run@${'b'.repeat(40)} # v1.0.1`],
  ['may only read, unless a job says what else it needs', 'name: x\njobs:\n'],
  [
    'may only read, unless a job says what else it needs',
    'permissions:\n  contents: read\njobs:\n  test:\n    permissions:\n      packages: write\n',
  ],
  ['leaves no token behind for later steps', `uses: actions/checkout@${sha} # v1.0.0`],
  ['ends jobs that hang, and runs that are out of date', 'concurrency:\n  group: x\njobs:\n  test:\n    runs-on: x\n'],
  ['does not run what a stranger wrote with rights, nor puts it into a command', `run: echo "\${{ github.event.pull_request.title }}"`],
  ['runs only commands that there are', 'run: npm run nothing'],
])('the rule "%s" finds what breaks it', (name, workflow) => {
  expect(rules[name](workflow)).not.toEqual([]);
});

test('Dependabot looks after both packages and actions', () => {
  const dependabot = readFileSync(join(root, '.github', 'dependabot.yml'), 'utf8');
  expect([...dependabot.matchAll(/package-ecosystem: (\S+)/g)].map(([, name]) => name)).toEqual(['npm', 'github-actions']);
});
