import { type CustomFields, customName } from '../model/custom-fields';
import type { ItemKind } from '../model/entity';
import { markerText, type SeenItem } from '../model/seen';
import type { Value, Values } from '../model/values';
import { asTandemError, errorCodes, type TandemError } from '../platform/errors';
import type { Outcome } from '../platform/outcome';
import type { Answer } from './batch';
import { contactUnechoed } from './contact';
import { customOfKind } from './custom';
import { dateWrites } from './dates';
import { existingEventId } from './errors';
import { eventUnechoed } from './event';
import type { ItemRef, ItemWrite, ItemWritten } from './exchange';
import { fateOf } from './fate';
import type { GraphPart } from './graph';
import type { Reach } from './pages';
import { itemOf, wholeItemOf } from './read-item';
import { type DatesJob, writeDates } from './write-dates';
import { createPart, type ItemCreate, isReadBack, partsOf, readBefore } from './write-parts';

/** One write with its requests, or with the error that kept it from being sent. */
interface Job {
  readonly write: ItemWrite;
  readonly parts: readonly GraphPart[];
  readonly error: TandemError | null;
}

const mostChains = 3;

/** One chain is one HTTP request for up to twenty writes; so few are not worth a second one. */
const writesPerChain = 5;

/** Carries out writes in up to three chains. The order of the writes of one item is kept; a failed one does not stop the others. Never throws. */
export async function writeAll(reach: Reach, writes: readonly ItemWrite[], notAfter?: number): Promise<ItemWritten[]> {
  const jobs = await prepare(reach, writes);
  const answers = new Map<Job, readonly Answer[]>();
  await Promise.all(dealt(jobs).map((chain) => runJobs(reach, chain, answers, notAfter)));
  const written = await Promise.all(
    jobs.map(async (job) => {
      const heard = answers.get(job) ?? [];
      return { write: job.write, outcome: await outcomeOf(reach, job, heard, notAfter), isMade: isMade(job.write, heard) };
    }),
  );
  return withDates(reach, written, notAfter);
}

interface Written {
  readonly write: ItemWrite;
  readonly outcome: ItemWritten['outcome'];
  /** Whether a create has made its item, or found that it had been made, whatever went wrong since. */
  readonly isMade: boolean;
}

function isMade({ kind }: ItemWrite, answers: readonly Answer[]): boolean {
  return kind === 'create' && answers.some(({ ok, body }) => ok || existingEventId(body) !== null);
}

/** Series whose single dates are to be written as well: once their masters are, for only then their dates can be looked up. */
async function withDates(reach: Reach, written: readonly Written[], notAfter: number | undefined): Promise<ItemWritten[]> {
  const jobs = new Map(
    written.flatMap((each): [Written, DatesJob][] => {
      const job = datesJobOf(reach, each);
      return job === null || job.dates.length === 0 ? [] : [[each, job]];
    }),
  );
  const outcomes = await writeDates(reach, [...jobs.values()], notAfter);
  const byWrite = new Map([...jobs.keys()].map((each, index) => [each, outcomes[index]]));
  return written.map((each): ItemWritten => {
    const outcome = byWrite.get(each) ?? each.outcome;
    return { key: each.write.key, outcome, ...(!outcome.ok && each.isMade ? { made: true as const } : {}) };
  });
}

function datesJobOf({ graph, zone }: Reach, { write, outcome }: Written): DatesJob | null {
  if (write.kind === 'delete' || !outcome.ok || outcome.value === null || outcome.value.kind !== 'series') return null;
  const { id, values } = outcome.value;
  const [changes, current] = write.kind === 'create' ? [write.values, {}] : [write.changes, write.current];
  return {
    id,
    values: { ...values, occurrences: [] },
    dates: dateWrites({ changes, current: { ...current, zone: values.zone ?? null }, zone, now: graph.now() }),
  };
}

async function prepare(reach: Reach, writes: readonly ItemWrite[]): Promise<Job[]> {
  const reads = writes.flatMap((write) => {
    const part = readBefore(write, reach.user);
    return part === null ? [] : [{ write, part }];
  });
  const answers = await reach.run(reads.map(({ part }) => part));
  const before = new Map(reads.map(({ write }, index) => [write, answers[index]]));
  return writes.map((write) => jobOf(reach, write, before.get(write)));
}

function jobOf(reach: Reach, write: ItemWrite, before: Answer | undefined): Job {
  if (before?.ok === false) return { write, parts: [], error: before.error };
  try {
    return { write, parts: partsOf(write, before?.body, reach), error: null };
  } catch (error) {
    return { write, parts: [], error: asTandemError(error) };
  }
}

/** The jobs as chains; all jobs of one item are in the same one. */
function dealt(jobs: readonly Job[]): Job[][] {
  const byItem = new Map<string, Job[]>();
  for (const job of jobs) {
    const item = job.write.kind === 'create' ? `create ${job.write.key}` : job.write.ref.id;
    byItem.set(item, [...(byItem.get(item) ?? []), job]);
  }
  const count = Math.min(mostChains, Math.ceil(jobs.length / writesPerChain));
  const chains: Job[][] = Array.from({ length: count }, () => []);
  for (const group of byItem.values()) shortest(chains).push(...group);
  return chains;
}

function shortest(chains: readonly Job[][]): Job[] {
  return chains.reduce((best, chain) => (chain.length < best.length ? chain : best));
}

async function runJobs(
  reach: Reach,
  chain: readonly Job[],
  answers: Map<Job, readonly Answer[]>,
  notAfter: number | undefined,
): Promise<void> {
  const parts = chain.flatMap((job) => job.parts);
  const all = await reach.run(parts, notAfter);
  let place = 0;
  for (const job of chain) {
    answers.set(job, all.slice(place, place + job.parts.length));
    place += job.parts.length;
  }
}

async function outcomeOf(reach: Reach, job: Job, answers: readonly Answer[], notAfter?: number): Promise<Outcome<SeenItem | null>> {
  try {
    if (job.error !== null) throw job.error;
    return { ok: true, value: await resultOf(reach, job, answers, notAfter) };
  } catch (error) {
    return { ok: false, error: asTandemError(error) };
  }
}

async function resultOf(reach: Reach, { write, parts }: Job, answers: readonly Answer[], notAfter?: number): Promise<SeenItem | null> {
  const failed = answers.find((answer) => !answer.ok);
  if (failed?.ok === false) return afterFailure(reach, write, failed, notAfter);
  if (write.kind === 'delete') return null;
  const body = answers.at(-1)?.body;
  if (write.kind === 'create') return createdItem(reach, write, body);
  const { feed } = write.ref;
  const item = isReadBack(parts) ? wholeItemOf(body, feed, reach) : itemOf(body, feed, reach, false);
  return withSent(reach, item, { ...write.current, ...write.changes });
}

function createdItem(reach: Reach, write: ItemCreate, body: unknown): SeenItem {
  const item = itemOf(body, write.feed, reach, false);
  const sent = withSent(reach, item, { ...blank(item.kind, reach.custom), ...write.values, ...noDates(item.kind) });
  return { ...sent, marker: markerText(write.marker) };
}

type Failed = Extract<Answer, { ok: false }>;

/** What is gone is deleted; what a lost request created is taken over. */
async function afterFailure(reach: Reach, write: ItemWrite, failed: Failed, notAfter?: number): Promise<SeenItem | null> {
  if (write.kind === 'delete' && (await isGone(reach, write.ref, failed.error))) return null;
  if (write.kind === 'create') return existingOrAnew(reach, write, failed, notAfter);
  throw failed.error;
}

/** For so many deleted events of one record a new one is tried for. */
const mostDeleted = 3;

/**
 * The event that Exchange says was made already. Where that was deleted since, the record, which may have been deleted with it and restored, gets another one: linked
 * to what is deleted, it would be taken for deleted in Exchange (promise 3).
 */
async function existingOrAnew(reach: Reach, write: ItemCreate, first: Failed, notAfter?: number): Promise<SeenItem> {
  let failed = first;
  for (let tried = 0; tried < mostDeleted; tried += 1) {
    const id = failed.error.code === errorCodes.duplicate ? existingEventId(failed.body) : null;
    if (id === null) break;
    const fate = await fateOf(reach, { kind: write.itemKind, feed: 'calendar', id }, '');
    if (fate.kind === 'exists') return fate.item;
    const [answer] = await reach.run([createPart(write, reach, id)], notAfter);
    if (answer?.ok === true) return createdItem(reach, write, answer.body);
    if (answer !== undefined) failed = answer;
  }
  throw failed.error;
}

/** A deleted event or contact still answers, in a newer version: only its fate tells it from one that was edited. */
async function isGone(reach: Reach, ref: ItemRef, error: TandemError): Promise<boolean> {
  if (error.code === errorCodes.gone) return true;
  if (error.code !== errorCodes.stale || ref.kind === 'task') return false;
  return (await fateOf(reach, ref, '')).kind === 'deleted';
}

/** The item with what a reply does not show taken from what was sent. */
function withSent({ custom }: Pick<Reach, 'custom'>, item: SeenItem, sent: Values): SeenItem {
  const unseen = unechoed(item.kind, custom).flatMap((field): [string, Value][] => {
    const value = sent[field];
    return field in item.values || value === undefined ? [] : [[field, value]];
  });
  return { ...item, values: { ...item.values, ...Object.fromEntries(unseen) } };
}

/** A new series has no dates that differ from it; what was wanted is written next. */
function noDates(kind: ItemKind): Values {
  return kind === 'series' ? { occurrences: [] } : {};
}

function blank(kind: ItemKind, custom: CustomFields): Values {
  return Object.fromEntries(unechoed(kind, custom).map((field) => [field, null]));
}

/** The fields that live where no reply to a write shows them. */
function unechoed(kind: ItemKind, custom: CustomFields): readonly string[] {
  return [...plainUnechoed(kind), ...customOfKind(custom, kind).map(customName)];
}

function plainUnechoed(kind: ItemKind): readonly string[] {
  switch (kind) {
    case 'task':
      return ['regarding'];
    case 'contact':
      return contactUnechoed;
    case 'event':
      return eventUnechoed;
    case 'series':
      return [...eventUnechoed, 'occurrences'];
  }
}
