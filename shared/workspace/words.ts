import type { Dynamics } from '../dynamics/dynamics';
import type { TableFacts } from '../dynamics/record-columns';
import type { RecordReads } from '../dynamics/record-reads';
import { atOnce } from '../platform/at-once';
import type { Clock } from '../platform/clock';
import { errorCodes, TandemError } from '../platform/errors';
import type { Log } from '../platform/telemetry';
import type { Integration } from '../storage/integrations';
import { type RecordLoads, type RecordWords, type WordPart, withWords } from '../storage/record-loads';
import type { OptionLabels } from './record';
import type { RecordTableName } from './tables';

export interface WordServices {
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly recordLoads: Pick<RecordLoads, 'words' | 'addWords'>;
  dynamics(integration: Integration): Pick<Dynamics, 'records'>;
}

/** A new option of a choice is offered that much later at most, ms. */
const freshMs = 60 * 60_000;
const labelsAtOnce = 4;

/**
 * How the choices of these tables are called, with the language and the currencies of the environment, as they were last read for all processes: by a load, or
 * here where nobody has read them yet or not for an hour. What is old is better than nothing: a passing failure leaves it as it is for another hour.
 * @throws TandemError as Dynamics does where nobody knows them yet; what the service may not read is left out
 */
export async function wordsFor(services: WordServices, integration: Integration, tables: readonly RecordTableName[]): Promise<RecordWords> {
  const { clock } = services;
  const known = await services.recordLoads.words(integration.id);
  const now = clock.now();
  const parts: readonly WordPart[] = ['locale', ...tables];
  const missing = parts.filter((part) => known.readAt[part] === undefined);
  const old = parts.filter((part) => now - (known.readAt[part] ?? now) >= freshMs);
  // Said before they are read: whoever comes meanwhile goes on with the old ones.
  if (old.length > 0) await keep(services, integration, { readAt: at(old, now) });
  let words = known;
  for (const part of [...missing, ...old]) {
    const read = { ...(await partOf(services, integration, part, old.includes(part))), readAt: at([part], now) };
    await keep(services, integration, read);
    words = withWords(words, read);
  }
  return words;
}

/** The labels of these choices of a table, by `table.column`. */
export async function labelsOf(reads: RecordReads, table: RecordTableName, choices: TableFacts['choices']): Promise<OptionLabels> {
  const labels = await atOnce(
    labelsAtOnce,
    choices,
    async (choice) => [`${table}.${choice.name}`, await reads.labels(table, choice)] as const,
  );
  return Object.fromEntries(labels);
}

/** What can be read of a part now; nothing where what is known has to do. */
async function partOf(services: WordServices, integration: Integration, part: WordPart, isKnown: boolean): Promise<Partial<RecordWords>> {
  const { records } = services.dynamics(integration);
  try {
    return part === 'locale' ? await records.locale() : { labels: await labelsNow(records, integration, part) };
  } catch (error) {
    if (!(error instanceof TandemError) || (!isKnown && error.retry !== 'never')) throw error;
    services.log.warn('record-words-unread', { integration: integration.id, table: part, code: error.code, detail: error.detail ?? '' });
    return {};
  }
}

/** Writes down what was read, for everybody. Where too many do so at once somebody else has, or will. */
async function keep({ recordLoads }: WordServices, { id }: Integration, words: Partial<RecordWords>): Promise<void> {
  try {
    await recordLoads.addWords(id, words);
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== errorCodes.stale) throw error;
  }
}

async function labelsNow(reads: RecordReads, { connection }: Integration, table: RecordTableName): Promise<OptionLabels> {
  const { choices } = await reads.facts(table, connection.tables[table]?.columns ?? []);
  return labelsOf(reads, table, choices);
}

function at(parts: readonly WordPart[], now: number): RecordWords['readAt'] {
  return Object.fromEntries(parts.map((part) => [part, now]));
}
