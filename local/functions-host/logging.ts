import type { LogLevelName } from './host-json';

const ORDER = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'] as const;
export type LogLevel = (typeof ORDER)[number];

export interface HostLogLine {
  readonly at: Date;
  readonly level: LogLevel;
  /** `Host.Startup`, `Function.syncMailbox` (the host about it), `Function.syncMailbox.User` (its own words). */
  readonly category: string;
  readonly message: string;
  readonly invocationId?: string;
}

export type Logger = (level: LogLevel, category: string, message: string, invocationId?: string) => void;

/**
 * A logger that lets through what `logging.logLevel` of host.json allows: the longest category that is a prefix decides, else `default`,
 * else Information. Source: "How to configure monitoring for Azure Functions", log levels and categories.
 */
export function createLogger(levels: Readonly<Record<string, LogLevelName>>, sink: (line: HostLogLine) => void): Logger {
  const rules = Object.entries(levels).map(([category, level]) => ({
    category: category.toLowerCase(),
    least: ORDER.indexOf(lower(level)),
  }));
  rules.sort((a, b) => b.category.length - a.category.length);
  const fallback = rules.find((rule) => rule.category === 'default')?.least ?? ORDER.indexOf('information');
  const known = new Map<string, number>();

  const leastOf = (category: string): number => {
    const cached = known.get(category);
    if (cached !== undefined) return cached;
    const name = category.toLowerCase();
    const rule = rules.find((candidate) => name === candidate.category || name.startsWith(`${candidate.category}.`));
    const least = rule?.least ?? fallback;
    known.set(category, least);
    return least;
  };

  return (level, category, message, invocationId) => {
    if (level === 'none' || ORDER.indexOf(level) < leastOf(category)) return;
    sink({ at: new Date(), level, category, message, ...(invocationId === undefined ? {} : { invocationId }) });
  };
}

/** A log line as the terminal shows it: time, level and category only where they say something, message. */
export function formatLogLine(line: HostLogLine): string {
  const time = line.at.toISOString().slice(11, 23);
  const level = line.level === 'information' ? '' : ` ${line.level}`;
  const [area, name, kind] = line.category.split('.');
  const source = area === 'Function' && kind === 'User' ? ` ${name}:` : '';
  return `${time}${level}${source} ${line.message}`;
}

function lower(level: LogLevelName): LogLevel {
  return level.toLowerCase() as LogLevel;
}
