import { TandemError } from './errors';

/** What a log line may say beside its event: ids, counts and switches. Never a value that a person entered. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** The log: an event by name, and ids to find what it was about. */
export interface Log {
  info(event: string, facts?: Facts): void;
  warn(event: string, facts?: Facts): void;
  /** Of the error only its code, reason, cure and place are printed, and never what its cause holds. */
  error(event: string, error: unknown, facts?: Facts): void;
}

/** Where lines go: a function's `InvocationContext`, or the console. */
export interface Sink {
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** A log that writes one line of JSON an event. */
export function createLog(sink: Sink): Log {
  return {
    info: (event, facts) => sink.info(line(event, facts)),
    warn: (event, facts) => sink.warn(line(event, facts)),
    error: (event, error, facts) => sink.error(line(event, { ...facts, ...errorFacts(error) })),
  };
}

const longest = 2_000;

/** What looks like a credential, wherever it came from: the last net, not the rule. */
const credentials = [
  /\beyJ[\w-]+\.[\w-]*(\.[\w-]*)*/g,
  /\b(bearer|basic)\s+[\w\-.~+/=]+/gi,
  /\b(AccountKey|SharedAccessKey|SharedAccessSignature|sig|client_secret|refresh_token|access_token|code)=[^;&\s"]+/gi,
];

function line(event: string, facts: Facts | undefined): string {
  const clean = Object.entries(facts ?? {}).map(([name, value]) => [name, typeof value === 'string' ? scrub(value) : value]);
  return JSON.stringify({ event, ...Object.fromEntries(clean) });
}

function scrub(text: string): string {
  const clean = credentials.reduce((rest, pattern) => rest.replace(pattern, '[removed]'), text);
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean;
}

/** A TandemError's message is made to be printed; any other error's may hold anything, so it gives only its name and its place in the code. */
function errorFacts(error: unknown): Facts {
  if (!(error instanceof Error)) return { error: typeof error };
  const place = { error: error.name, at: placeOf(error) };
  if (!(error instanceof TandemError)) return place;
  const { code, retry, fix, detail = null, status = null } = error;
  return { ...place, code, retry, fix, detail, status, cause: error.cause instanceof Error ? error.cause.name : null };
}

/** The frames of the stack, without the message that stands before them. */
function placeOf(error: Error): string {
  const frames = error.stack?.match(/^ {4}at .+$/gm) ?? [];
  return frames
    .slice(0, 5)
    .map((frame) => frame.trim())
    .join(' ');
}
