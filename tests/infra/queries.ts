import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodes } from '../../shared/platform/errors';
import { projectRoot } from './bicep';
import type { DeclaredFunctions } from './declared-functions';
import type { Finding } from './house-rules';

/** Every event that the app writes to its log, with the source around it. */
export function loggedEvents(): Map<string, string> {
  const events = new Map<string, string>();
  for (const folder of ['shared', 'functions']) {
    const names = readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    for (const name of names) {
      const source = readFileSync(join(projectRoot, folder, name), 'utf8');
      const written = source.matchAll(/\.(?:info|warn|error)\(\s*'([a-z-]+)'/g);
      for (const [, event = ''] of written) events.set(event, (events.get(event) ?? '') + source);
    }
  }
  return events;
}

const quoted = /'([^']+)'/g;

/** What queries name and the app does not know: events, error codes, functions. */
export function queryFindings(queries: readonly string[], events: ReadonlyMap<string, string>): Finding[] {
  const codes: readonly string[] = Object.values(errorCodes);
  return queries.flatMap((query) => [
    ...namesAfter(query, /\bevent (?:==|in)/g)
      .filter((name) => !events.has(name))
      .map((name) => `no such event: ${name}`),
    ...namesAfter(query, /\bfacts\.code\) (?:==|in)/g)
      .filter((name) => !codes.includes(name))
      .map((name) => `no such code: ${name}`),
  ]);
}

/** The names of timers that a query is about, in its list of what is due. */
export function timersIn(query: string): string[] {
  const list = /datatable\([^)]*\) \[([^\]]*)\]/.exec(query)?.[1] ?? '';
  return [...list.matchAll(quoted)].map(([, name = '']) => name);
}

export function timerFindings(named: readonly string[], timers: DeclaredFunctions['timers']): Finding[] {
  const declared = Object.keys(timers);
  return [
    ...declared.filter((name) => !named.includes(name)).map((name) => `nobody would notice that ${name} is silent`),
    ...named.filter((name) => !declared.includes(name)).map((name) => `no such timer: ${name}`),
  ];
}

/** The texts after a comparison: the one, or those in parentheses. */
function namesAfter(query: string, comparison: RegExp): string[] {
  return [...query.matchAll(comparison)].flatMap((match) => {
    const rest = query.slice(match.index + match[0].length);
    const list = /^\s*(\([^)]*\)|'[^']*')/.exec(rest)?.[1] ?? '';
    return [...list.matchAll(quoted)].map(([, name = '']) => name);
  });
}
